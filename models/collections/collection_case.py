from odoo import api, fields, models


class BillingCollectionCase(models.Model):
    """Everything that somebody owes a company and that is late, in one place: how much, since when, what comes next.

    One open case for each debtor and company; amounts are in the currency of the company, whatever those of the bills.
    It is opened by the nightly run, closes by itself when nothing is overdue any more, and keeps its history.
    """

    _name = "billing.collection.case"
    _description = "Collection case"
    _inherit = ["billing.state.gate", "mail.thread", "mail.activity.mixin", "billing.asking", "billing.nightly"]
    _order = "priority desc, amount_overdue desc, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "partner_id.billing_account_number"]
    _check_company_auto = True
    _mail_post_access = "read"
    _keeps_readonly = True

    _state_moves = {
        "open": ("closed",),
        "closed": ("open",),
    }

    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who owes",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    debtor_class = fields.Selection(
        selection="_select_debtor_class",
        required=True,
        readonly=True,
        default="person",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Stage",
        readonly=True,
        index=True,
        ondelete="restrict",
        group_expand="_expand_stages",
        help="The last step that was done; before any, the first one.",
    )
    date_stage = fields.Date(
        string="Since",
        readonly=True,
        copy=False,
        help="The day of the last step.",
    )
    date_next = fields.Date(
        string="Next step",
        readonly=True,
        copy=False,
        index=True,
        help="The first day on which there may be another step.",
    )
    date_closed = fields.Date(
        readonly=True,
        copy=False,
    )
    item_ids = fields.One2many(
        comodel_name="billing.collection.item",
        inverse_name="case_id",
        string="Bills",
        readonly=True,
    )

    step_ids = fields.One2many(
        comodel_name="billing.collection.step",
        inverse_name="case_id",
        string="Steps",
        readonly=True,
    )

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'open'",
        "Somebody has one open case in a company.",
    )

    @api.model
    def _select_debtor_class(self):
        return self.env["billing.collection.stage"]._fields["debtor_class"]._description_selection(self.env)

    @api.model
    def _expand_stages(self, stages, domain):
        """The stages of the class of debtors on the screen, also those at which nobody is, unless they are folded."""
        wanted = self.env.context.get("default_debtor_class")
        return self.env["billing.collection.stage"].search([
            ("company_id", "in", self.env.companies.ids),
            *([("debtor_class", "=", wanted)] if wanted else [("id", "in", stages.ids)]),
            "|", ("fold", "=", False), ("id", "in", stages.ids),
        ])
