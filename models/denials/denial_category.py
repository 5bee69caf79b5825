from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingDenialCategory(models.Model):
    """A cause of denials: the payers' reasons that it gathers, what usually happened, what to do, and whose it is."""

    _name = "billing.denial.category"
    _description = "Cause of denials"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    reason_ids = fields.Many2many(
        comodel_name="billing.adjustment.reason",
        relation="billing_denial_category_reason_rel",
        column1="category_id",
        column2="reason_id",
        string="Payers' reasons",
        domain="[('group', '!=', 'OFFICE')]",
        help="The reasons with which payers deny for this cause. Each reason belongs to one cause.",
    )
    cause = fields.Text(
        string="What usually happened",
        translate=True,
    )
    next_step = fields.Text(
        string="What to do",
        translate=True,
        help="Shown to whoever works on such a denial.",
    )
    suggestion = fields.Selection(
        selection=[
            ("resend", "Correct and send again"),
            ("appeal", "Appeal"),
            ("pass_on", "Pass on"),
            ("write_off", "Write off"),
        ],
        string="Usual answer",
        help="What the window proposes when somebody decides about such denials.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose it is",
        domain="[('share', '=', False)]",
        help="Gets new denials for this cause, unless the payer has somebody of its own. Empty: nobody in particular.",
    )
    checks_contract = fields.Boolean(
        string="Reductions by contract",
        help="What payers take off with these reasons is compared with the contract price of the service. What they "
             "take off beyond it is an underpayment.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("reason_ids", "active")
    def _check_reasons_once(self):
        """Each reason says one thing: it belongs to one cause."""
        others = self.search([("reason_ids", "in", self.reason_ids.ids)])
        for category in self.filtered("active"):
            for other in others - category:
                if shared := category.reason_ids & other.reason_ids:
                    raise ValidationError(self.env._(
                        "%(reason)s belongs to “%(other)s” already. Remove it there before you add it to "
                        "“%(category)s”.",
                        reason=shared[0].display_name, other=other.name, category=category.name,
                    ))

    # === BUSINESS METHODS === #

    @api.model
    def _get_by_reason(self):
        """{reason: the cause that it belongs to}."""
        return {reason: category for category in self.sudo().search([]) for reason in category.reason_ids}

    @api.model
    def _get_contract_reasons(self):
        """The reasons with which payers take off what the contract gives up."""
        return self.sudo().search([("checks_contract", "=", True)]).reason_ids
