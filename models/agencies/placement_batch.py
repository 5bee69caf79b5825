from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .collection_step import HANDING_OVER


class BillingPlacementBatch(models.Model):
    """What an agency is told at once: the debts that it gets, or what has changed about those it has.

    What is handed over is looked at once more at that moment; then nothing can be sent as new a second time: the file
    is made once, and kept.
    """

    _name = "billing.placement.batch"
    _description = "File to a collection agency"
    _inherit = ["billing.document"]
    _order = "date desc, id desc"
    _keeps_readonly = True

    _state_moves = {
        "draft": ("sent", "dropped"),
        "sent": (),
        "dropped": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "To hand over"),
            ("sent", "Handed over"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(
        selection=[
            ("placement", "New debts"),
            ("change", "Changes"),
        ],
        required=True,
        readonly=True,
        default="placement",
    )
    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    agency_id = fields.Many2one(
        related="agreement_id.agency_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    date = fields.Date(
        required=True,
        readonly=True,
    )
    placement_ids = fields.One2many(
        comodel_name="billing.placement",
        inverse_name="batch_id",
        string="Debts",
        readonly=True,
    )
    amount_total = fields.Monetary(
        string="In all",
        compute="_compute_amount_total",
        store=True,
        help="In the currency of the company.",
    )
    placement_count = fields.Integer(
        string="Count",
        compute="_compute_amount_total",
        store=True,
    )
    notice_waits = fields.Boolean(
        compute="_compute_notice_waits",
    )
    file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        copy=False,
    )
    file_total = fields.Char(
        string="Control total",
        readonly=True,
        copy=False,
        help="Rows and sum in the file: what the agency confirms.",
    )

    # === COMPUTE METHODS === #

    @api.depends("placement_ids.amount_placed", "placement_ids.state")
    def _compute_amount_total(self):
        for batch in self:
            goes = batch.placement_ids.filtered(lambda placement: placement.state != "dropped")
            batch.amount_total = sum(placement._to_company(placement.amount_placed) for placement in goes)
            batch.placement_count = len(goes)

    @api.depends("placement_ids.notice_waits")
    def _compute_notice_waits(self):
        for batch in self:
            batch.notice_waits = any(batch.placement_ids.mapped("notice_waits"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._(
                "Choose cases in the pipeline and press Hand Over: the batch is made of what may go.",
            ))
        return super().create(vals_list)

    # === ACTIONS === #

    def action_hand_over(self):
        """The agency has these debts from now on: everything is looked at once more, and the file is made."""
        for batch in self:
            batch._apart_from_screen()._hand_over()
        return self.action_download() if len(self) == 1 and self.file_id else None

    def action_drop(self):
        """Nothing of it is handed over."""
        for batch in self:
            batch.placement_ids.filtered(lambda placement: placement.state == "ready")._drop(
                self.env._("%(batch)s was dropped.", batch=batch.name),
            )
        self._set_state("dropped")

    def action_download(self):
        """The file as it was made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.file_id.id}?download=true",
            "target": "download",
        }

    def action_print_notices(self):
        """The letters that tell the debtors who has their debts now: all that wait, in one document."""
        waiting = self.placement_ids.filtered(lambda placement: placement.notice_waits)
        if not waiting:
            raise UserError(self.env._("All notices of %(batch)s are printed.", batch=self[:1].name))
        return waiting.action_print_notice()

    # === BUSINESS METHODS === #

    def _hand_over(self):
        """Hand over what may still go.

        :raise UserError: it was handed over before
        """
        self.ensure_one()
        self._lock_or_refuse()
        if self.state != "draft":
            raise UserError(self.env._(
                "%(batch)s was handed over on %(date)s, with %(total)s. Nothing is sent as new twice: download its "
                "file again, or hand over what has been added since from the pipeline.",
                batch=self.name, date=format_date(self.env, self.date), total=self.file_total or "",
            ) if self.state == "sent" else self.env._("%(batch)s was dropped.", batch=self.name))
        goes = self._look_again()
        if not goes:
            self._set_state("dropped", self.env._("Nothing of it may be handed over any more."))
            return
        self._do_steps(goes)
        goes._place()
        self._set_state("sent", date=fields.Date.context_today(self))
        self.sudo()._make_placement_file()
        self._tell_cases(goes)

    def _look_again(self):
        """Bring the debts up to date, and leave here what may not go any more.

        :return: what goes
        """
        placements = self.placement_ids.filtered(lambda placement: placement.state == "ready")
        placements._lock_or_refuse()
        placements.case_id._lock_or_refuse()
        placements.item_ids.move_line_id._billing_lock(self.name)
        looks = placements.case_id._look_at_placing(self.agreement_id, batch=self)
        standings = placements.case_id._get_standings()
        goes = placements.browse()
        for placement in placements:
            case = placement.case_id
            seen = looks[case]
            keys = {bill.key for bill in seen.goes} if seen.is_placeable else set()
            kept = placement.sudo().item_ids.filtered(lambda item, keys=keys: item.move_line_id.id in keys)
            if not kept:
                placement._drop(case._say_look(seen, standings[case]) or self.env._("Nothing is open any more."))
                continue
            (placement.sudo().item_ids - kept).unlink()
            goes += placement
        goes._refresh_start()
        return goes

    def _do_steps(self, placements):
        """The steps of the pipeline that hand over are done with it."""
        steps = placements.case_id.waiting_step_id.filtered(lambda step: step.stage_id.is_placement)
        review = steps.filtered(lambda step: step.state == "review")
        review._check_reviewer()
        review._set_state("ready", user_id=self.env.uid)
        done = steps.with_context(billing_handing_over=HANDING_OVER)._do()
        for placement in placements.sudo():
            placement.step_id = done.filtered(lambda step, case=placement.case_id: step.case_id == case)[:1]

    def _tell_cases(self, placements):
        """The history of each case says who has what."""
        placements.case_id._message_log_batch(bodies={
            case.id: self.env._(
                "%(amount)s handed over to %(agency)s: %(placements)s.",
                amount=", ".join(
                    placement.currency_id.format(placement.amount_placed) for placement in of_case
                ),
                agency=self.agency_id.name,
                placements=", ".join(of_case.mapped("name")),
            )
            for case, of_case in placements.grouped("case_id").items()
        })
