from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class BillingEncounter(models.Model):
    """A service record: who was seen, when, by whom and where, what was found and what was done.

    It is where a charge begins. Until it is billed its amount is unbilled work; once billed its lines are what
    the invoices, claims and papers point back to, and it can no longer be changed.
    """

    _name = "billing.encounter"
    _description = "Visit"
    _inherit = ["billing.service.document", "billing.document"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "patient_id.name", "patient_id.billing_account_number"]
    _mail_post_access = "read"

    _state_moves = {
        "draft": ("ready", "cancelled"),
        "ready": ("draft", "billed", "cancelled"),
        "billed": ("ready",),
        "cancelled": ("draft",),
    }

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("ready", "To bill"),
            ("billed", "Billed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
        help="Draft: still being recorded. To bill: complete and checked. Billed: invoices and claims exist.",
    )
    diagnosis_ids = fields.One2many(
        comodel_name="billing.encounter.diagnosis",
        inverse_name="encounter_id",
        copy=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.encounter.line",
        inverse_name="encounter_id",
        string="Services",
        copy=True,
    )
    invoice_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="encounter_id",
        string="Invoices",
        copy=False,
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count",
    )
    amount_total = fields.Monetary(
        string="Charge",
        compute="_compute_amount_total",
        store=True,
    )
    amount_unbilled = fields.Monetary(
        string="Unbilled",
        compute="_compute_amount_total",
        store=True,
        help="What has been done and recorded but not billed yet.",
    )
    notes = fields.Text(
        string="Notes for billing",
        copy=False,
    )

    _company_state_date_idx = models.Index("(company_id, state, date)")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.amount", "state")
    def _compute_amount_total(self):
        for encounter in self:
            encounter.amount_total = sum(encounter.line_ids.mapped("amount"))
            open_states = ("draft", "ready")
            encounter.amount_unbilled = encounter.amount_total if encounter.state in open_states else 0.0

    @api.depends("invoice_ids")
    def _compute_invoice_count(self):
        for encounter in self:
            encounter.invoice_count = len(encounter.invoice_ids)

    @api.depends("name", "patient_id", "date")
    def _compute_display_name(self):
        for encounter in self:
            encounter.display_name = f"{encounter.name} {encounter.patient_id.name or ''}".strip()

    # === CONSTRAINS === #

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for encounter in self:
            if encounter.state != "draft" and encounter.date > today:
                encounter._refuse_future_date()

    def _refuse_future_date(self):
        raise ValidationError(self.env._(
            "%(visit)s is dated %(date)s, which is still to come. A service can be billed once it was rendered.",
            visit=self.display_name,
            date=format_date(self.env, self.date),
        ))

    # === CRUD === #

    def write(self, vals):
        self._check_editable(vals)
        return super().write(vals)

    _editable_when_billed = frozenset({"state", "notes", "amount_total", "amount_unbilled"})

    def _check_editable(self, vals):
        """A billed visit is what invoices and claims stand on: what they say must stay what it says."""
        touched = {
            name for name in vals
            if name not in self._editable_when_billed
            and name in self._fields
            and not name.startswith(("message_", "activity_"))
        }
        billed = self.filtered(lambda e: e.state in ("billed", "cancelled"))
        if touched and billed:
            visit = billed[0]
            if visit.state == "cancelled":
                raise UserError(self.env._(
                    "%(visit)s is cancelled and can no longer be changed. Take it up again first.",
                    visit=visit.display_name,
                ))
            raise UserError(self.env._(
                "%(visit)s is billed and can no longer be changed. Undo its billing first, correct it and bill it "
                "again.",
                visit=visit.display_name,
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for encounter in self:
            if encounter.state == "billed" or encounter.invoice_ids:
                raise UserError(self.env._(
                    "%(visit)s has invoices behind it and cannot be deleted. Undo its billing and cancel it instead: "
                    "the record of what happened stays.",
                    visit=encounter.display_name,
                ))

    # === ACTIONS === #

    def action_ready(self):
        """The visit is complete: it may be billed."""
        for encounter in self:
            encounter._check_complete()
        self._set_state("ready")

    def action_draft(self):
        """Take the visit back for correction."""
        self._set_state("draft")

    def action_cancel(self):
        """The service did not take place, or was recorded twice."""
        self._set_state("cancelled")

    def action_bill(self):
        """Ask what to bill and how, for one visit or many."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bill"),
            "res_model": "billing.bill.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_encounter_ids": self.ids},
        }

    def action_view_invoices(self):
        """The invoices of this visit, to payers and to the patient."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        action["domain"] = Domain("encounter_id", "in", self.ids)
        action["context"] = {"create": False}
        if len(self.invoice_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.invoice_ids.id)
        return action

    # === BUSINESS METHODS === #

    def _check_complete(self):
        """What a visit needs before anybody can be billed for it: the service was rendered.

        Hook: the room of accuracy looks at everything else.

        :raise UserError: naming the visit and what is missing
        """
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            self._refuse_future_date()
