from odoo import api, fields, models
from odoo.tools import SQL


class BillingContactFigure(models.Model):
    """What calls and visits lead to: whom we reach, who promises to pay, and which promises are kept.

    One row for each contact that was made or tried, with the promise that came of it, and one for each promise that no
    contact stands behind. Amounts are in the currency of the company. A promise counts as kept or broken once that is
    decided; one that was cancelled, or still runs, counts for neither.
    """

    _name = "billing.contact.figure"
    _description = "Contacts and promises"
    _inherit = ["billing.rated.analysis"]
    _auto = False
    _rates = {
        "reach_rate": ("talked_count", "contact_count"),
        "promise_rate": ("promised_count", "contact_count"),
        "kept_rate": ("kept_count", "judged_count"),
    }
    _depends = {
        "billing.collection.contact": [
            "case_id", "company_id", "partner_id", "channel", "is_incoming", "at", "user_id", "outcome", "talked",
            "promise_id",
        ],
        "billing.collection.promise": [
            "case_id", "company_id", "partner_id", "user_id", "state", "date", "amount", "amount_paid",
        ],
        "billing.collection.case": ["debtor_class"],
        "billing.collection.step": ["case_id", "state", "date", "stage_id"],
        "res.company": ["currency_id"],
    }
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    case_id = fields.Many2one(comodel_name="billing.collection.case", readonly=True)
    promise_id = fields.Many2one(comodel_name="billing.collection.promise", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Who owes", readonly=True)
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        readonly=True,
        help="The last step that had been done by then.",
    )
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind of debtor",
        readonly=True,
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Made by", readonly=True)
    channel = fields.Selection(
        selection=lambda self: (
            self.env["billing.collection.contact"]._fields["channel"]._description_selection(self.env)
        ),
        readonly=True,
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["billing.collection.contact"]._fields["outcome"]._description_selection(self.env)
        ),
        readonly=True,
    )
    promise_state = fields.Selection(
        selection=lambda self: self.env["billing.collection.promise"]._fields["state"]._description_selection(self.env),
        string="What became of it",
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    date = fields.Date(string="Date", readonly=True)
    contact_count = fields.Integer(string="Contacts", readonly=True, help="Made or tried, by us or by them.")
    talked_count = fields.Integer(string="Conversations", readonly=True)
    promised_count = fields.Integer(string="Contacts with a promise", readonly=True)
    promise_count = fields.Integer(string="Promises", readonly=True)
    kept_count = fields.Integer(string="Kept", readonly=True)
    broken_count = fields.Integer(string="Broken", readonly=True)
    judged_count = fields.Integer(string="Kept or broken", readonly=True)
    amount_promised = fields.Monetary(string="Promised", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid of it",
        readonly=True,
        help="What the bills have lost since, no more than was promised.",
    )
    reach_rate = fields.Float(
        string="Reached (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the contacts that were tried, those that became a conversation.",
    )
    promise_rate = fields.Float(
        string="Promises (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the contacts that were tried, those that led to a promise.",
    )
    kept_rate = fields.Float(
        string="Kept (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the promises that are decided, those that were kept.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
              WITH told AS (%(told)s)
            SELECT figure.*, %(rates)s
              FROM (
            SELECT told.id, told.case_id, told.promise_id, told.partner_id, reached.stage_id, files.debtor_class,
                   told.user_id, told.channel, told.outcome, promise.state AS promise_state, told.company_id,
                   company.currency_id, told.date, told.contact_count, told.talked_count,
                   CASE WHEN told.contact_count = 1 AND promise.id IS NOT NULL THEN 1 ELSE 0 END AS promised_count,
                   CASE WHEN promise.id IS NOT NULL THEN 1 ELSE 0 END AS promise_count,
                   CASE WHEN promise.state = 'kept' THEN 1 ELSE 0 END AS kept_count,
                   CASE WHEN promise.state = 'broken' THEN 1 ELSE 0 END AS broken_count,
                   CASE WHEN promise.state IN ('kept', 'broken') THEN 1 ELSE 0 END AS judged_count,
                   COALESCE(promise.amount, 0) AS amount_promised,
                   LEAST(COALESCE(promise.amount_paid, 0), COALESCE(promise.amount, 0)) AS amount_paid
              FROM told
              JOIN res_company company ON company.id = told.company_id
         LEFT JOIN billing_collection_promise promise ON promise.id = told.promise_id
         LEFT JOIN billing_collection_case files ON files.id = told.case_id
         LEFT JOIN (SELECT DISTINCT ON (told.id) told.id, step.stage_id
                      FROM told
                      JOIN billing_collection_step step ON step.case_id = told.case_id AND step.state = 'done'
                                                       AND step.date <= told.date
                  ORDER BY told.id, step.date DESC, step.id DESC
                   ) reached ON reached.id = told.id
                   ) figure
            """,
            told=self._select_told(),
            rates=self._select_rates("figure"),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _select_told(self):
        """Contacts, on the day that it was for the reader, and promises that nobody wrote a contact down for.

        A promise counts with the first contact that names it.
        """
        return SQL(
            """
            SELECT 2 * contact.id AS id, contact.case_id, first.promise_id, contact.partner_id, contact.company_id,
                   contact.user_id, contact.channel, contact.outcome,
                   (contact.at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date,
                   1 AS contact_count, CASE WHEN contact.talked THEN 1 ELSE 0 END AS talked_count
              FROM billing_collection_contact contact
         LEFT JOIN (SELECT MIN(id) AS contact_id, promise_id
                      FROM billing_collection_contact
                     WHERE promise_id IS NOT NULL
                  GROUP BY promise_id) first ON first.contact_id = contact.id
             UNION ALL
            SELECT 2 * promise.id + 1, promise.case_id, promise.id, promise.partner_id, promise.company_id,
                   promise.user_id, NULL, NULL, promise.date, 0, 0
              FROM billing_collection_promise promise
             WHERE NOT EXISTS (SELECT 1 FROM billing_collection_contact contact WHERE contact.promise_id = promise.id)
            """,
            tz=str(self.env.tz),
        )

    def _get_source(self):
        return self.case_id
