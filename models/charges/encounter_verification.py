from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class BillingEncounter(models.Model):
    """Whether the payers of a visit have confirmed that the patient is insured on that day."""

    _inherit = "billing.encounter"

    insurance_status = fields.Selection(
        selection=[
            ("verified", "Verified"),
            ("problem", "Payer disagrees"),
            ("unverified", "Not verified"),
            ("none", "No insurance"),
        ],
        string="Insurance",
        compute="_compute_insurance_status",
        search="_search_insurance_status",
        help="Verified: each coverage in force on the day of the visit was confirmed by an answer that still counts on "
        "that day. Payer disagrees: the latest answer about one of them is not “Active”.",
    )
    insurance_note = fields.Char(
        compute="_compute_insurance_status",
    )
    is_to_verify = fields.Boolean(
        string="Insurance to verify",
        compute="_compute_is_to_verify",
        search="_search_is_to_verify",
        help="A visit of today or the coming days, not billed, of which a coverage is not verified.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "coverage_ids", "date", "patient_id.coverage_ids.check_ids.state", "patient_id.coverage_ids.check_ids.result",
    )
    def _compute_insurance_status(self):
        deciding = self.env["billing.coverage"]._get_deciding_checks({
            (coverage, encounter.date) for encounter in self for coverage in encounter.coverage_ids
        })
        for encounter in self:
            checks = {coverage: deciding[coverage, encounter.date] for coverage in encounter.coverage_ids}
            statuses = {check._get_verification() for check in checks.values()}
            encounter.insurance_status = next(
                (status for status in ("problem", "unverified", "verified") if status in statuses), "none",
            )
            encounter.insurance_note = encounter._get_insurance_note(checks)

    def _get_insurance_note(self, checks):
        """What the badge of a visit says.

        :param checks: {coverage: the check that decides about it, or none}
        """
        if not checks:
            return False
        if self.insurance_status == "verified":
            return self.env._(
                "Insurance verified on %(date)s",
                date=format_date(self.env, min(check.date for check in checks.values())),
            )
        if not any(checks.values()):
            return self.env._("Insurance not verified")
        return " ".join(coverage._get_verification_sentence(check) for coverage, check in checks.items())

    def _search_insurance_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "none": ~self._where_coverage(SQL("TRUE")),
            "problem": self._where_coverage(SQL("answer.result != 'active'")),
            "unverified": (
                self._where_coverage(SQL("answer.result IS NULL"))
                & ~self._where_coverage(SQL("answer.result != 'active'"))
            ),
            "verified": (
                self._where_coverage(SQL("TRUE"))
                & ~self._where_coverage(SQL("answer.result IS DISTINCT FROM 'active'"))
            ),
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    def _compute_is_to_verify(self):
        to_verify = self.search(Domain("id", "in", self._origin.ids) & Domain("is_to_verify", "=", True))
        for encounter in self:
            encounter.is_to_verify = encounter._origin in to_verify

    def _search_is_to_verify(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        coming = Domain("state", "in", ("draft", "ready")) & Domain("date", ">=", today) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<=", fields.Date.add(today, days=company.billing_verify_ahead_days))
            for company in self.env["res.company"].sudo().search([])
        )
        to_verify = coming & self._where_coverage(SQL("answer.result IS DISTINCT FROM 'active'"))
        return to_verify if True in value else ~to_verify

    def _where_coverage(self, condition):
        """Visits with a coverage in force on their day for which ``condition`` holds.

        The same rule as :meth:`_get_in_force` and :meth:`_get_deciding_checks` of the coverage, in the database: a
        worklist counts ten thousands of visits in one query.

        :param SQL condition: on ``answer``, the check that decides about the coverage on that day (all NULL: none)
        """
        self.env["billing.encounter"].flush_model(["patient_id", "company_id", "date", "is_self_pay"])
        self.env["billing.coverage"].flush_model(["patient_id", "company_id", "date_from", "date_to", "active"])
        self.env["billing.eligibility.check"].flush_model()

        def to_sql(_model, alias, _query):
            visit = SQL.identifier(alias)
            return SQL(
                """(NOT COALESCE(%(visit)s.is_self_pay, FALSE) AND EXISTS (
                    SELECT 1
                      FROM billing_coverage coverage
                 LEFT JOIN LATERAL (
                               SELECT checked.result
                                 FROM billing_eligibility_check checked
                                WHERE checked.coverage_id = coverage.id
                                  AND checked.state = 'applied'
                                  AND %(visit)s.date BETWEEN checked.valid_from AND checked.valid_until
                             ORDER BY checked.date DESC, checked.id DESC
                                LIMIT 1
                           ) answer ON TRUE
                     WHERE coverage.patient_id = %(visit)s.patient_id
                       AND coverage.company_id = %(visit)s.company_id
                       AND coverage.active
                       AND coverage.date_from <= %(visit)s.date
                       AND (coverage.date_to IS NULL OR coverage.date_to >= %(visit)s.date)
                       AND %(condition)s
                ))""",
                visit=visit,
                condition=condition,
            )

        return Domain.custom(to_sql=to_sql)

    # === ACTIONS === #

    def action_verify(self):
        """Ask the payers of this visit, one after the other, whether the patient is insured on that day."""
        self.ensure_one()
        coverage = self._get_unverified_coverages()[:1] or self.primary_coverage_id
        if not coverage:
            raise UserError(self.env._(
                "%(patient)s has no coverage in force on %(date)s, so there is nobody to ask. Add the insurance card "
                "on the account page.",
                patient=self.patient_id.display_name,
                date=format_date(self.env, self.date),
            ))
        return self._get_verify_action(coverage)

    # === BUSINESS METHODS === #

    def _get_unverified_coverages(self):
        """The coverages of these visits that no answer confirms on the day of the visit, in the order of billing."""
        pairs = [(coverage, encounter.date) for encounter in self for coverage in encounter.coverage_ids]
        deciding = self.env["billing.coverage"]._get_deciding_checks(pairs)
        return self.env["billing.coverage"].concat(*(
            coverage for coverage, date in pairs if deciding[coverage, date]._get_verification() != "verified"
        ))

    def _get_verify_action(self, coverage):
        self.ensure_one()
        return coverage._get_verify_action(self.date, encounter_id=self.id)
