from odoo import fields, models
from odoo.tools import SQL


class BillingDisputeFigure(models.Model):
    """Disputes by cause: how many, over how much, what was taken back, and how long people wait for an answer.

    What was taken back is read from the documents: credit notes less bills that took their place, and corrections.
    Amounts are in the currency of the company, at the rate of each bill; in that of the dispute beside it.
    """

    _name = "billing.dispute.figure"
    _description = "Disputes by cause"
    _inherit = ["billing.analysis"]
    _auto = False
    _depends = {
        "billing.dispute": [
            "category_id", "partner_id", "company_id", "currency_id", "date", "ended_on", "date_deadline", "state",
            "resolution", "amount_disputed", "origin", "user_id",
        ],
        "billing.dispute.item": ["dispute_id", "move_line_id", "amount"],
        "account.move": [
            "billing_dispute_id", "move_type", "state", "amount_total", "amount_total_signed", "commercial_partner_id",
            "company_id",
        ],
        "account.move.line": ["balance", "amount_currency", "company_currency_id"],
        "billing.adjustment": ["dispute_id", "move_id", "state", "amount"],
        "res.partner": ["is_payer", "is_company", "payer_type"],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
    }
    _order = "date desc, id desc"
    _rec_name = "dispute_id"

    dispute_id = fields.Many2one(comodel_name="billing.dispute", readonly=True)
    category_id = fields.Many2one(comodel_name="billing.dispute.category", string="Reason", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Who disputes", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Who answers", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    dispute_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the dispute",
        readonly=True,
    )
    date = fields.Date(string="Received on", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["billing.dispute"]._fields["state"]._description_selection(self.env),
        readonly=True,
    )
    resolution = fields.Selection(
        selection=lambda self: self.env["billing.dispute"]._fields["resolution"]._description_selection(self.env),
        string="Outcome",
        readonly=True,
    )
    origin = fields.Selection(
        selection=lambda self: self.env["billing.dispute"]._fields["origin"]._description_selection(self.env),
        string="How it came",
        readonly=True,
    )
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind of debtor",
        readonly=True,
    )
    payer_type = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["payer_type"]._description_selection(self.env),
        string="Kind of payer",
        readonly=True,
    )
    amount_disputed = fields.Monetary(string="Disputed", readonly=True)
    amount_dispute = fields.Monetary(
        string="Disputed in its currency",
        readonly=True,
        currency_field="dispute_currency_id",
    )
    amount_credited = fields.Monetary(string="Taken back", readonly=True)
    days = fields.Float(string="Days to resolve", readonly=True, aggregator="avg", digits=(16, 1))
    late_count = fields.Integer(string="Answered late", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT dispute.id,
                   dispute.id AS dispute_id,
                   dispute.category_id,
                   dispute.partner_id,
                   dispute.user_id,
                   dispute.company_id,
                   company.currency_id,
                   dispute.currency_id AS dispute_currency_id,
                   dispute.date,
                   dispute.state,
                   dispute.resolution,
                   dispute.origin,
                   %(debtor_class)s AS debtor_class,
                   CASE WHEN partner.is_payer THEN partner.payer_type END AS payer_type,
                   dispute.amount_disputed AS amount_dispute,
                   COALESCE(disputed.amount, 0) AS amount_disputed,
                   COALESCE(credited.amount, 0) + COALESCE(corrected.amount, 0) AS amount_credited,
                   (dispute.ended_on - dispute.date)::float8 AS days,
                   CASE WHEN COALESCE(dispute.ended_on, %(today)s) > dispute.date_deadline THEN 1 ELSE 0 END
                       AS late_count
              FROM billing_dispute dispute
              JOIN res_company company ON company.id = dispute.company_id
         LEFT JOIN (SELECT item.dispute_id AS dispute,
                           SUM(CASE WHEN line.amount_currency = line.balance THEN item.amount
                                    ELSE ROUND(item.amount * line.balance / NULLIF(line.amount_currency, 0),
                                               currency.decimal_places) END) AS amount
                      FROM billing_dispute_item item
                      JOIN account_move_line line ON line.id = item.move_line_id
                      JOIN res_currency currency ON currency.id = line.company_currency_id
                  GROUP BY item.dispute_id
                   ) disputed ON disputed.dispute = dispute.id
         LEFT JOIN res_partner partner ON partner.id = dispute.partner_id
         LEFT JOIN (SELECT move.billing_dispute_id AS dispute, move.commercial_partner_id AS partner,
                           SUM(-move.amount_total_signed) AS amount
                      FROM account_move move
                     WHERE move.billing_dispute_id IS NOT NULL AND move.state = 'posted'
                       AND move.move_type IN ('out_refund', 'out_invoice')
                  GROUP BY move.billing_dispute_id, move.commercial_partner_id
                   ) credited ON credited.dispute = dispute.id AND credited.partner = dispute.partner_id
         LEFT JOIN (SELECT adjustment.dispute_id AS dispute,
                           SUM(CASE WHEN bill.amount_total_signed = bill.amount_total THEN adjustment.amount
                                    ELSE ROUND(adjustment.amount * bill.amount_total_signed
                                               / NULLIF(bill.amount_total, 0), currency.decimal_places) END) AS amount
                      FROM billing_adjustment adjustment
                      JOIN account_move bill ON bill.id = adjustment.move_id
                      JOIN res_company owner ON owner.id = bill.company_id
                      JOIN res_currency currency ON currency.id = owner.currency_id
                     WHERE adjustment.dispute_id IS NOT NULL AND adjustment.state = 'posted'
                  GROUP BY adjustment.dispute_id
                   ) corrected ON corrected.dispute = dispute.id
            """,
            today=fields.Date.context_today(self),
            debtor_class=self.env["res.partner"]._debtor_class_of("partner"),
        )

    def _get_source(self):
        return self.dispute_id
