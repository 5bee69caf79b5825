from odoo import api, fields, models
from odoo.tools import SQL, format_date


class BillingPlacementFigure(models.Model):
    """What agencies make of what they get, by the month in which they got it.

    Amounts are in the currency of the company, at the rate of the day on which each debt was handed over.
    """

    _name = "billing.placement.figure"
    _description = "Rate of recovery of collection agencies"
    _auto = False
    _order = "month desc, agency_id"
    _rec_name = "agency_id"
    _depends = {
        "billing.placement": [
            "state", "agency_id", "agreement_id", "company_id", "date", "rate", "amount_placed", "amount_recovered",
            "amount_commission", "amount_direct", "amount_open",
        ],
        "res.company": ["currency_id"],
    }

    agency_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    agreement_id = fields.Many2one(comodel_name="billing.agency.agreement", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    month = fields.Date(string="Handed over in", readonly=True)
    count = fields.Integer(string="Debts", readonly=True)
    amount_placed = fields.Monetary(string="Handed over", readonly=True)
    amount_recovered = fields.Monetary(string="Collected", readonly=True)
    amount_direct = fields.Monetary(string="Paid to us", readonly=True)
    amount_commission = fields.Monetary(string="Commission", readonly=True)
    amount_net = fields.Monetary(
        string="Left for us",
        readonly=True,
        help="Collected by the agency, less its commission.",
    )
    rate = fields.Float(
        string="Collected (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of what was handed over, what the agency has collected by now.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(placement.id) AS id,
                   placement.agency_id,
                   placement.agreement_id,
                   placement.company_id,
                   company.currency_id,
                   DATE_TRUNC('month', placement.date)::date AS month,
                   COUNT(*)::int AS count,
                   SUM(placement.amount_placed / placement.rate) AS amount_placed,
                   SUM(placement.amount_recovered / placement.rate) AS amount_recovered,
                   SUM(placement.amount_direct / placement.rate) AS amount_direct,
                   SUM(placement.amount_commission / placement.rate) AS amount_commission,
                   SUM((placement.amount_recovered - placement.amount_commission) / placement.rate) AS amount_net,
                   100 * SUM(placement.amount_recovered / placement.rate)
                       / NULLIF(SUM(placement.amount_placed / placement.rate), 0) AS rate
              FROM billing_placement placement
              JOIN res_company company ON company.id = placement.company_id
             WHERE placement.state NOT IN ('ready', 'dropped') AND placement.rate > 0
          GROUP BY placement.agency_id, placement.agreement_id, placement.company_id, company.currency_id,
                   DATE_TRUNC('month', placement.date)
            """,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The rate of many rows is that of their sums: small months weigh little."""
        if aggregate_spec == "rate:avg":
            return SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "amount_recovered", query),
                self._field_to_sql(self._table, "amount_placed", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("agency_id", "month")
    def _compute_display_name(self):
        for figure in self:
            month = figure.month and format_date(self.env, figure.month, date_format="MMMM yyyy")
            figure.display_name = ", ".join(filter(None, (figure.agency_id.display_name, month)))

    def action_view_placements(self):
        """The debts behind a figure."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_placement_action")
        end = fields.Date.add(self.month, months=1)
        return {
            **action,
            "domain": [
                ("agreement_id", "=", self.agreement_id.id), ("date", ">=", self.month), ("date", "<", end),
            ],
            "context": {},
        }
