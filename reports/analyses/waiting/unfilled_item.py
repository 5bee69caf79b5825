from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TO_SEND

from .rates import select_rates
from .unbilled_item import AGES

# What a row says, and its type in the database; rooms that add rows leave out what does not apply.
COLUMNS = {
    "res_id": SQL("integer"),
    "name": SQL("varchar"),
    "patient_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "payer_id": SQL("integer"),
    "provider_id": SQL("integer"),
    "product_id": SQL("integer"),
    "code_id": SQL("integer"),
    "user_id": SQL("integer"),
    "company_id": SQL("integer"),
    "document_currency_id": SQL("integer"),
    "date": SQL("date"),
    "date_deadline": SQL("date"),
    "units": SQL("double precision"),
    "amount_document": SQL("numeric"),
    "amount": SQL("numeric"),
}
# So many kinds of rows have ids of their own.
KINDS_AT_MOST = 16


class BillingUnfilledItem(models.Model):
    """Something that was agreed on or begun, and has not gone on: what was accepted and not rendered, what was billed
    and not sent.

    Amounts are in the currency of the company: that of the books where there is an invoice, else at the rate of today.
    Units of an authorization have no price, and no amount.
    """

    _name = "billing.unfilled.item"
    _description = "Not done yet"
    _inherit = ["billing.analysis"]
    _auto = False
    _depends = {
        "billing.estimate": [
            "name", "state", "date", "date_accepted", "patient_id", "provider_id", "company_id", "currency_id",
            "amount_total",
        ],
        "billing.authorization": [
            "name", "state", "date_from", "date_to", "date_decided", "patient_id", "payer_id", "provider_id", "user_id",
            "company_id",
        ],
        "billing.authorization.line": [
            "authorization_id", "product_id", "code_id", "units_approved", "units_used",
        ],
        "billing.encounter": ["state", "provider_id"],
        "billing.encounter.line": ["encounter_id", "authorization_line_id", "quantity"],
        "billing.claim": ["name", "state", "invoice_id", "encounter_id", "payer_id", "patient_id", "date_deadline"],
        "account.move": ["company_id", "currency_id", "invoice_date", "amount_total", "amount_total_signed"],
        "res.company": ["currency_id", "parent_path"],
        "res.currency": ["decimal_places"],
        "res.currency.rate": ["name", "rate", "company_id", "currency_id"],
    }
    _order = "date_deadline, date, id"

    kind = fields.Selection(
        selection=[
            ("1_estimate", "Accepted, no visit yet"),
            ("2_authorization", "Authorized, not rendered"),
            ("3_claim", "Claim not sent"),
        ],
        string="What waits",
        readonly=True,
    )
    res_model = fields.Char(string="Model of the document", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    patient_id = fields.Many2one(comodel_name="res.partner", string="Patient or client", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Waits for it",
        readonly=True,
        help="Who was promised it, or is to hear of it.",
    )
    payer_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    provider_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Service", readonly=True)
    code_id = fields.Many2one(comodel_name="billing.code", string="Procedure", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Responsible", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    document_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the document",
        readonly=True,
    )
    date = fields.Date(
        string="Waits since",
        readonly=True,
        help="When it was accepted, authorized or billed.",
    )
    days = fields.Integer(string="Days", readonly=True, aggregator="max")
    bucket = fields.Selection(selection=AGES, string="Age", readonly=True)
    date_deadline = fields.Date(
        string="Until",
        readonly=True,
        help="The day planned for a service, the last day of an authorization, the last day to file a claim.",
    )
    days_left = fields.Integer(string="Days left", readonly=True, aggregator="min")
    units = fields.Float(string="Units", readonly=True, digits="Product Unit")
    amount_document = fields.Monetary(
        string="In its currency",
        readonly=True,
        currency_field="document_currency_id",
    )
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT item.id, item.kind, item.res_model, item.res_id, item.name, item.patient_id, item.partner_id,
                   item.payer_id, item.provider_id, item.product_id, item.code_id, item.user_id, item.company_id,
                   company.currency_id,
                   COALESCE(item.document_currency_id, company.currency_id) AS document_currency_id,
                   item.date,
                   %(today)s::date - item.date AS days,
                   %(bucket)s AS bucket,
                   item.date_deadline,
                   item.date_deadline - %(today)s::date AS days_left,
                   item.units,
                   item.amount_document,
                   CASE WHEN item.amount IS NOT NULL THEN item.amount
                        WHEN item.document_currency_id = company.currency_id THEN item.amount_document
                        ELSE ROUND((item.amount_document * COALESCE(ours.rate, 1)
                                    / COALESCE(theirs.rate, 1))::numeric, currency.decimal_places)
                   END AS amount
              FROM (%(rows)s) item
              JOIN res_company company ON company.id = item.company_id
         LEFT JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN %(rates)s ours ON ours.company_id = company.id AND ours.currency_id = company.currency_id
         LEFT JOIN %(rates)s theirs ON theirs.company_id = company.id
                                   AND theirs.currency_id = item.document_currency_id
            """,
            today=today,
            bucket=self._bucket_of(SQL("item.date"), today),
            rows=SQL(" UNION ALL ").join(self._get_unfilled_selects()),
            rates=select_rates(today),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_unfilled_selects(self):
        """One SELECT for each kind of what is not done, made by :meth:`_select_kind`.

        Hook: other rooms add theirs, their kind to ``kind`` and their fields to ``_depends``.

        :rtype: list[SQL]
        """
        return [self._select_estimates(), self._select_authorizations(), self._select_claims()]

    @api.model
    def _select_kind(self, number, kind, res_model, source, **columns):
        """The rows of one kind.

        :param int number: tells the kinds apart, from 0 to 15
        :param str kind: value of the field ``kind``
        :param str res_model: the model of the documents that open on click
        :param SQL source: from FROM on
        :param columns: what stands in the columns of ``COLUMNS``; ``res_id`` and ``company_id`` at least
        """
        row_id = columns.pop("row_id", columns["res_id"])
        return SQL(
            "SELECT %(row_id)s::bigint * %(kinds)s + %(number)s AS id, %(kind)s::varchar AS kind, "
            "%(model)s::varchar AS res_model, %(columns)s %(source)s",
            row_id=row_id, kinds=KINDS_AT_MOST, number=number, kind=kind, model=res_model, source=source,
            columns=SQL(", ").join(
                SQL("(%s)::%s AS %s", columns.get(name, SQL("NULL")), sql_type, SQL.identifier(name))
                for name, sql_type in COLUMNS.items()
            ),
        )

    @api.model
    def _select_estimates(self):
        """Estimates that somebody has said yes to, and that no visit was made of."""
        return self._select_kind(
            1, "1_estimate", "billing.estimate",
            SQL("FROM billing_estimate estimate WHERE estimate.state = 'accepted'"),
            res_id=SQL("estimate.id"),
            name=SQL("estimate.name"),
            patient_id=SQL("estimate.patient_id"),
            partner_id=SQL("estimate.patient_id"),
            provider_id=SQL("estimate.provider_id"),
            user_id=SQL("estimate.create_uid"),
            company_id=SQL("estimate.company_id"),
            document_currency_id=SQL("estimate.currency_id"),
            date=SQL("estimate.date_accepted"),
            date_deadline=SQL("estimate.date"),
            amount_document=SQL("estimate.amount_total"),
        )

    @api.model
    def _select_authorizations(self):
        """Units that a payer has granted and that may still be used, less those of visits recorded already."""
        return self._select_kind(
            2, "2_authorization", "billing.authorization",
            SQL(
                """
                FROM billing_authorization_line line
                JOIN billing_authorization request ON request.id = line.authorization_id
           LEFT JOIN (SELECT service.authorization_line_id AS id, SUM(service.quantity) AS units
                        FROM billing_encounter_line service
                        JOIN billing_encounter visit ON visit.id = service.encounter_id
                       WHERE service.authorization_line_id IS NOT NULL AND visit.state IN ('draft', 'ready')
                    GROUP BY service.authorization_line_id
                     ) planned ON planned.id = line.id
               WHERE request.state IN ('approved', 'partly_approved')
                 AND (request.date_to IS NULL OR request.date_to >= %s)
                 AND line.units_approved - line.units_used - COALESCE(planned.units, 0) > 0.000001
                """,
                fields.Date.context_today(self),
            ),
            row_id=SQL("line.id"),
            res_id=SQL("request.id"),
            name=SQL("request.name"),
            patient_id=SQL("request.patient_id"),
            partner_id=SQL("request.patient_id"),
            payer_id=SQL("request.payer_id"),
            provider_id=SQL("request.provider_id"),
            product_id=SQL("line.product_id"),
            code_id=SQL("line.code_id"),
            user_id=SQL("request.user_id"),
            company_id=SQL("request.company_id"),
            date=SQL("COALESCE(request.date_decided, request.date_from)"),
            date_deadline=SQL("request.date_to"),
            units=SQL("line.units_approved - line.units_used - COALESCE(planned.units, 0)"),
        )

    @api.model
    def _select_claims(self):
        """Claims that nobody has sent."""
        return self._select_kind(
            3, "3_claim", "billing.claim",
            SQL(
                """
                FROM billing_claim claim
                JOIN account_move invoice ON invoice.id = claim.invoice_id
           LEFT JOIN billing_encounter visit ON visit.id = claim.encounter_id
               WHERE claim.state IN %s
                """,
                CLAIM_TO_SEND,
            ),
            res_id=SQL("claim.id"),
            name=SQL("claim.name"),
            patient_id=SQL("claim.patient_id"),
            partner_id=SQL("claim.payer_id"),
            payer_id=SQL("claim.payer_id"),
            provider_id=SQL("visit.provider_id"),
            user_id=SQL("claim.create_uid"),
            company_id=SQL("invoice.company_id"),
            document_currency_id=SQL("invoice.currency_id"),
            date=SQL("invoice.invoice_date"),
            date_deadline=SQL("claim.date_deadline"),
            amount_document=SQL("invoice.amount_total"),
            amount=SQL("invoice.amount_total_signed"),
        )

    def _get_source(self):
        return self.env[self.res_model].browse(self.res_id)
