from odoo import api, fields, models
from odoo.exceptions import UserError

# The receiver has it: whatever comes later only says more about it.
HANDED_STATES = ("handed", "acknowledged", "partial", "rejected")


class BillingFilingBatch(models.Model):
    """Claims that go to one receiver at once: a file under control numbers of its own, or forms and letters.

    What is handed over is never handed over again. Claims that do not fit are taken out, with the reason, and the
    others go.
    """

    _name = "billing.filing.batch"
    _description = "Batch of claims"
    _inherit = ["billing.document"]
    _order = "id desc"
    _keeps_readonly = True

    _state_moves = {
        "draft": ("made", "dropped"),
        "made": ("made", "handed", "dropped"),
        "handed": ("acknowledged", "partial", "rejected", "dropped"),
        "acknowledged": ("partial", "rejected"),
        "partial": ("rejected",),
        "rejected": (),
        "dropped": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "To make"),
            ("made", "To hand over"),
            ("handed", "Handed over"),
            ("acknowledged", "Acknowledged"),
            ("partial", "Partly rejected"),
            ("rejected", "Rejected"),
            ("dropped", "Not sent"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        help="To make: claims are chosen. To hand over: the file or the forms are made, nobody has them yet. "
             "Acknowledged: the receiver could read it. Partly rejected: some claims came back.",
    )
    route_id = fields.Many2one(
        comodel_name="billing.filing.route",
        string="Goes by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    format = fields.Selection(related="route_id.format", store=True)
    drop_path = fields.Char(related="route_id.drop_path", string="Drop folder")
    is_test = fields.Boolean(
        string="Test",
        readonly=True,
        help="The file says that it is a test: its claims stay to be sent.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
    )
    date = fields.Date(
        string="Made on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    handed_at = fields.Datetime(string="Handed over on", readonly=True, copy=False)
    handed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Handed over by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    line_ids = fields.One2many(
        comodel_name="billing.filing.batch.line",
        inverse_name="batch_id",
        string="In this batch",
        readonly=True,
        domain=[("is_problem", "=", False)],
    )
    problem_ids = fields.One2many(
        comodel_name="billing.filing.batch.line",
        inverse_name="batch_id",
        string="Taken out",
        readonly=True,
        domain=[("is_problem", "=", True)],
    )
    claim_count = fields.Integer(string="Claims", compute="_compute_figures", store=True)
    amount_total = fields.Monetary(string="In all", compute="_compute_figures", store=True)
    problem_count = fields.Integer(string="Claims taken out", compute="_compute_figures", store=True)
    rejected_count = fields.Integer(string="Claims rejected", compute="_compute_figures", store=True)
    acknowledged_count = fields.Integer(string="Claims acknowledged", compute="_compute_figures", store=True)
    dropped_in = fields.Char(
        string="Laid down in",
        readonly=True,
        copy=False,
        help="The folder in which the file was laid down for the transfer program.",
    )
    file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    file_name = fields.Char(readonly=True, copy=False)
    checksum = fields.Char(
        string="Checksum",
        readonly=True,
        copy=False,
        help="SHA-256 of the file, by which it is recognised.",
    )
    interchange_number = fields.Char(
        string="Control number",
        readonly=True,
        copy=False,
        help="Number of the interchange (ISA13): acknowledgements name it, and it never comes again.",
    )
    group_number = fields.Char(
        string="Group number",
        readonly=True,
        copy=False,
        help="Number of the functional group (GS06).",
    )
    set_number = fields.Char(
        string="Set number",
        readonly=True,
        copy=False,
        help="Number of the transaction set (ST02).",
    )
    acknowledgement_line_ids = fields.One2many(
        comodel_name="billing.acknowledgement.line",
        inverse_name="batch_id",
        string="Acknowledgements",
        readonly=True,
    )

    _interchange_once = models.UniqueIndex(
        "(route_id, interchange_number) WHERE interchange_number IS NOT NULL",
        "This control number has gone this way already.",
    )
    _group_once = models.UniqueIndex(
        "(route_id, group_number) WHERE group_number IS NOT NULL",
        "This group number has gone this way already.",
    )
    _set_once = models.UniqueIndex(
        "(route_id, set_number) WHERE set_number IS NOT NULL",
        "This set number has gone this way already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.amount", "line_ids.state", "problem_ids.state", "line_ids.is_problem")
    def _compute_figures(self):
        for batch in self:
            batch.claim_count = len(batch.line_ids)
            batch.amount_total = sum(batch.line_ids.mapped("amount"))
            batch.problem_count = len(batch.problem_ids)
            states = batch.line_ids.mapped("state")
            batch.rejected_count, batch.acknowledged_count = states.count("rejected"), states.count("acknowledged")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._(
                "Choose claims in the list of claims and press Send: the batch is made of them.",
            ))
        return super().create(vals_list)

    # === ACTIONS === #

    def action_make(self):
        """Make the file or the forms: what does not fit is taken out, and the rest is ready to hand over."""
        for batch in self:
            batch._apart_from_screen()._make()

    def action_hand_over(self):
        """The receiver has it from now on: a file is laid down or downloaded, forms are in the post."""
        for batch in self:
            batch._apart_from_screen()._hand_over()
        if len(self) == 1 and self.format == "file" and not self.drop_path:
            # Unlike "download" this lets the form behind it show what became of it.
            return {**self.action_download(), "target": "new"}
        return None

    def action_download(self):
        """The file, or the forms to print, as they were made."""
        self.ensure_one()
        self._check_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.file_id.id}?download=true",
            "target": "download",
        }

    def action_drop(self):
        """It is not sent: its claims can go with another batch."""
        for batch in self:
            batch._apart_from_screen()._drop(self.env._("%(user)s did not send it.", user=self.env.user.name))

    def action_take_back(self):
        """It was not sent after all: ask why."""
        self.ensure_one()
        self._check_may_take_back()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(batch)s was not sent after all", batch=self.name),
            "res_model": "billing.filing.take.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": self.id},
        }

    def action_view_rejected(self):
        """The claims that came back."""
        self.ensure_one()
        claims = self.line_ids.filtered(lambda line: line.state == "rejected").claim_id
        return claims._get_records_action(name=self.env._("Rejected in %(batch)s", batch=self.name))
