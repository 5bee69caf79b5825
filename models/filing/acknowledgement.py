from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingAcknowledgement(models.Model):
    """A file in which a receiver says what it could read of ours: 999, 997, TA1, or claim by claim 277CA.

    It is read once, whatever it is called; what is in it twice is taken once. What fits no batch or claim of ours
    waits until somebody says to what it belongs.
    """

    _name = "billing.acknowledgement"
    _description = "Acknowledgement"
    _inherit = ["billing.document"]
    _order = "id desc"
    _keeps_readonly = True

    _state_moves = {
        "waiting": ("done",),
        "done": (),
    }

    state = fields.Selection(
        selection=[
            ("waiting", "To match"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        copy=False,
        tracking=True,
        index=True,
        help="To match: some lines fit no batch or claim of ours.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    date = fields.Date(
        string="Read on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    kinds = fields.Char(readonly=True, help="What the file is made of: TA1, 999, 277CA.")
    file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    file_name = fields.Char(readonly=True)
    checksum = fields.Char(readonly=True, copy=False)
    warnings = fields.Text(
        string="Noticed in the file",
        readonly=True,
        help="What is not as it should be in the file itself, and does not change what it says.",
    )
    line_ids = fields.One2many(
        comodel_name="billing.acknowledgement.line",
        inverse_name="acknowledgement_id",
        readonly=True,
    )
    accepted_count = fields.Integer(string="Accepted", compute="_compute_counts", store=True)
    rejected_count = fields.Integer(string="Rejected", compute="_compute_counts", store=True)
    waiting_count = fields.Integer(string="Fits nothing", compute="_compute_counts", store=True)

    _file_once = models.UniqueIndex(
        "(company_id, checksum)",
        "This file has been read already. Nothing was changed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.verdict", "line_ids.outcome")
    def _compute_counts(self):
        for acknowledgement in self:
            verdicts = acknowledgement.line_ids.mapped("verdict")
            acknowledgement.accepted_count = verdicts.count("accepted")
            acknowledgement.rejected_count = verdicts.count("rejected")
            acknowledgement.waiting_count = acknowledgement.line_ids.mapped("outcome").count("unmatched")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Acknowledgements are made by reading files. Press Read files."))
        return super().create(vals_list)

    # === ACTIONS === #

    def action_download(self):
        """The file as it came."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.file_id.id}?download=true",
            "target": "download",
        }

    def action_view_rejected(self):
        """The claims that came back with it."""
        self.ensure_one()
        claims = self.line_ids.filtered(lambda line: line.verdict == "rejected").claim_id
        return claims._get_records_action(name=self.env._("Rejected in %(file)s", file=self.name))

    # === BUSINESS METHODS === #

    def _finish(self):
        """What has nothing to match any more is done."""
        self.filtered(lambda one: one.state == "waiting" and not one.waiting_count)._set_state("done")
