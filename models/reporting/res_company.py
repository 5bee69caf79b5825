from odoo import fields, models


class ResCompany(models.Model):
    """What a company counts as the cost of bringing its money in."""

    _inherit = "res.company"

    billing_cost_account_ids = fields.Many2many(
        comodel_name="account.account",
        relation="billing_company_cost_account",
        column1="company_id",
        column2="account_id",
        string="Cost of the billing office",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="Accounts that count as cost to collect, besides the commissions of agencies: wages of the billing "
             "office, postage, clearing houses.",
    )
