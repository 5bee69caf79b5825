from odoo import fields, models


class BillingPayerRates(models.AbstractModel):
    """How payers treat our claims: what they let pass at once, what they deny, how fast and how fully they pay.

    Each analysis counts these over its own rows, and names in ``_rates`` from which of its amounts the last two rates
    are made.
    """

    _name = "billing.payer.rates"
    _description = "Rates of payers"
    _inherit = ["billing.rated.analysis"]

    _rates = {
        "first_pass_rate": ("first_pass_count", "answered_count"),
        "denial_rate": ("denied_count", "answered_count"),
    }

    payer_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    answered_count = fields.Integer(string="Answered", readonly=True)
    first_pass_count = fields.Integer(
        string="Passed at once",
        readonly=True,
        help="Answered, nothing of it was denied, and no answer had to be taken back.",
    )
    denied_count = fields.Integer(
        string="With a denial",
        readonly=True,
        help="Answered, and something of it was denied, whatever became of that.",
    )
    first_pass_rate = fields.Float(
        string="First pass (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the claims that were answered, those that passed at once.",
    )
    denial_rate = fields.Float(
        string="Denied (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the claims that were answered, those of which something was denied.",
    )
    days_to_pay = fields.Float(
        string="Days to pay",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the day on which it was first sent (else billed) to the first answer in force that brought money.",
    )
    amount_honoured = fields.Monetary(
        string="Honoured",
        readonly=True,
        help="Of what was expected, what the payer has paid or left to the patient as the patient's share.",
    )
    amount_at_stake = fields.Monetary(
        string="At stake",
        readonly=True,
        help="What is open on claims that were denied or appealed.",
    )
    paid_rate = fields.Float(
        string="Paid of expected (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="What the payer has paid of claims that were answered and of which it was expected to pay something, "
             "against what was expected.",
    )
    contract_rate = fields.Float(
        string="Contract honoured (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of what was expected of claims that were answered, what the payer has paid or left to the patient.",
    )
