from odoo import fields, models


class BillingAgencyFee(models.Model):
    """A row of an agency's fee table: its part of what it collects, from an age and an amount on."""

    _name = "billing.agency.fee"
    _description = "Fee of a collection agency"
    _order = "agreement_id, age_from, amount_from, id"

    agreement_id = fields.Many2one(
        comodel_name="billing.agency.agreement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="agreement_id.currency_id",
    )
    age_from = fields.Integer(
        default=0,
        string="From days past due",
        help="Of the oldest bill on the day on which the debt is handed over.",
    )
    amount_from = fields.Monetary(
        default=0.0,
        string="From amount",
        help="The sum handed over.",
    )
    percent = fields.Float(
        string="Commission (%)",
        required=True,
        digits=(5, 2),
    )

    _percent_range = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100)",
        "A commission is between 0 and 100 percent of what is collected.",
    )
    _from_positive = models.Constraint(
        "CHECK (age_from >= 0 AND amount_from >= 0)",
        "Ages and amounts of a fee table begin at zero.",
    )
    _once = models.UniqueIndex(
        "(agreement_id, age_from, amount_from)",
        "A fee table has one row for an age and an amount.",
    )
