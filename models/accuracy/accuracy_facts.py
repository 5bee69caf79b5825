from itertools import pairwise

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.accuracy import (
    Ceiling,
    Code,
    Document,
    Edits,
    Pair,
    Person,
    Policy,
    Service,
    Terms,
)
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from ..charges.service_line import MODIFIER_FIELDS
from ..coverage.insurance_plan_rules import RuleBook

# Who was treated, and by whom, these payers do not ask.
NO_IDENTITY = ("employer", "other")
ADDRESS_FIELDS = ("street", "city", "zip")
# A claim of a person goes to the payer's edits for practitioners; those for facilities are for institutional claims.
SETTING = "practitioner"


class BillingAccuracyDocument(models.AbstractModel):
    """What the checks want to know, gathered for many documents in a fixed number of queries."""

    _inherit = "billing.accuracy.document"

    _accuracy_kind = None

    def _prepare_documents(self, prices):
        """These documents of one company as the checks want them.

        :param dict prices: what has been asked of price lists in this run
        :return: {document: tools.accuracy.Document}
        """
        today = fields.Date.context_today(self)
        others = self._get_other_services()
        insurance = self._prepare_policies()
        known = self._find_known_flaws()
        expected = self._get_accuracy_lines()._get_expected_prices(prices)
        told = self._find_told()
        book = RuleBook()
        return {
            document: Document(
                kind=self._accuracy_kind,
                date=document._get_accuracy_date() or today,
                today=today,
                services=tuple(
                    line._prepare_accuracy_service(document, book, expected.get(line), told.get((document, line)))
                    for line in document._get_accuracy_lines().sorted("sequence")
                ),
                others=tuple(others.get(document, ())),
                diagnoses=tuple(_to_code(code) for code in document._get_accuracy_diagnoses()),
                patient=document._prepare_person(document.patient_id),
                provider=document.provider_id.name or "",
                npi=document.provider_id.npi or "",
                office=document.company_id.name,
                office_npi=document.company_id.partner_id.npi or "",
                policy=insurance.get(document),
                lost=document._get_lost_coverage(),
                unit=to_unit(document.currency_id.rounding),
                known=tuple(known.get(document, ())),
                **document._prepare_totals(),
            )
            for document in self
        }

    # === HOOKS === #

    def _find_told(self):
        """{(document, service): what the payer who is asked would be told of it}; one search for its habits."""
        plans = {document: document._get_accuracy_coverage().plan_id for document in self}
        habits = self.env["billing.payer.habit"]._get_habits(
            self.env["billing.insurance.plan"].concat(*plans.values()).payer_id, self.company_id,
        )
        asked = {
            (document, line): line._get_asked(plan)
            for document, plan in plans.items() if plan and document.date
            for line in document._get_accuracy_lines()
        }
        told = habits._tell(asked.values())
        return {key: told[one] for key, one in asked.items()}

    def _get_accuracy_diagnoses(self):
        """The diagnosis codes, the most important one first."""
        self.ensure_one()
        return self.diagnosis_ids.code_id

    def _get_other_services(self):
        """{document: services of the same patient on the same day that stand elsewhere}."""
        return {}

    def _find_known_flaws(self):
        """{document: flaws that the models find themselves}: accounts, authorizations, what is held."""
        return {}

    def _get_lost_coverage(self):
        """(plan, last day or None) of a coverage that is not in force on the day, where none is; else None."""

    def _prepare_totals(self):
        """The amount of the document and what its services add up to, in its currency."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        amounts = (to_decimal(line.amount, unit) for line in self._get_accuracy_lines())
        return {"total": to_decimal(self.amount_total, unit), "total_of_services": sum(amounts, to_decimal(0))}

    # === INSURANCE AND PEOPLE === #

    def _prepare_policies(self):
        """{document: Policy} of those that ask a payer; the payers' answers are read in one search."""
        coverages = {document: document._get_accuracy_coverage() for document in self}
        wanted = {
            (coverage, document._get_accuracy_date())
            for document, coverage in coverages.items() if coverage and document._get_accuracy_date()
        }
        deciding = self.env["billing.coverage"]._get_deciding_checks(wanted)
        return {
            document: document._prepare_policy(coverage, deciding[coverage, document._get_accuracy_date()])
            for document, coverage in coverages.items()
            if (coverage, document._get_accuracy_date()) in deciding
        }

    def _prepare_policy(self, coverage, check):
        self.ensure_one()
        date, plan = self._get_accuracy_date(), coverage.plan_id
        days = plan.timely_filing_days
        return Policy(
            plan=plan.name,
            payer=coverage.payer_id.name,
            asks_identity=coverage.payer_id.payer_type not in NO_IDENTITY,
            systems=frozenset(plan.code_system_ids.mapped("code")),
            member_number=coverage.member_number or "",
            is_in_force=coverage.active and coverage._is_in_force(date),
            deadline=fields.Date.add(date, days=days) if days else None,
            verification=check._get_verification(),
            answer=check.result or None,
            verified_on=check.date or None,
            subscriber=self._prepare_person(coverage.subscriber_id),
        )

    def _prepare_person(self, partner):
        return Person(
            name=partner.name or "",
            birth_date=partner.birth_date or None,
            address_missing=tuple(name for name in ADDRESS_FIELDS if not partner[name]),
        ) if partner and not partner.is_company else None

    # === WHAT THE OFFICE AND THE PAYERS SAY === #

    def _get_terms(self):
        company = self.company_id
        return Terms(
            price_tolerance=to_decimal(company.billing_price_tolerance) / 100,
            filing_days=company.billing_filing_days,
            wants_npi=company.account_fiscal_country_id.code == "US",
        )

    def _get_edits(self, documents):
        """The pairs and ceilings that speak of what payers are told, whatever day: two searches.

        :param documents: ``tools.accuracy.Document``, all of them
        """
        texts = sorted({
            service.payer_code.text.upper()
            for document in documents for service in (*document.services, *document.others) if service.payer_code
        })
        if not texts:
            return Edits()
        pairs, ceilings = {}, {}
        for pair in self.env["billing.code.pair"].sudo().search_fetch(
            Domain("code_1", "in", texts) & Domain("code_2", "in", texts) & Domain("setting", "=", SETTING),
            ["system_id", "code_1", "code_2", "date_from", "date_to", "modifier_allowed", "reason"],
        ):
            pairs.setdefault((pair.code_1.upper(), pair.code_2.upper()), []).append(Pair(
                code_1=pair.code_1, code_2=pair.code_2, system=pair.system_id.code, date_from=pair.date_from or None,
                date_to=pair.date_to or None, modifier_allowed=pair.modifier_allowed, reason=pair.reason or "",
            ))
        for ceiling in self.env["billing.code.ceiling"].sudo().search_fetch(
            Domain("code", "in", texts) & Domain("setting", "=", SETTING),
            ["system_id", "code", "units", "per", "date_from", "date_to"],
        ):
            ceilings.setdefault((ceiling.system_id.code, ceiling.code.upper()), []).append(Ceiling(
                code=ceiling.code, system=ceiling.system_id.code, units=ceiling.units, per=ceiling.per,
                date_from=ceiling.date_from or None, date_to=ceiling.date_to or None,
            ))
        return Edits(pairs=pairs, ceilings=ceilings)


class BillingServiceLine(models.AbstractModel):
    """A service of a visit or an estimate as the checks want it."""

    _inherit = "billing.service.line"

    def _prepare_accuracy_service(self, document, book=None, expected=None, told=None):
        """
        :param book: a ``RuleBook``, which says what modifiers it needs; None: nobody asks
        :param expected: the price per unit that the price list gives, None where nobody knows
        :param told: what the payer is told of it, None: what stands here
        """
        self.ensure_one()
        modifiers = [self[name] for name in MODIFIER_FIELDS]
        unit = to_unit(document.currency_id.rounding)
        return Service(
            key=self.id,
            name=self.name or "",
            product=self.product_id.id,
            code=_to_code(self.code_id) if self.code_id else None,
            modifiers=tuple(_to_code(modifier) for modifier in modifiers if modifier),
            has_modifier_gap=any(one and not before for before, one in pairwise(modifiers)),
            modifiers_needed=self._get_modifiers_needed(document, book) if book else (),
            pointers=len(self._get_accuracy_pointers()),
            units=to_decimal(self.quantity),
            # A unit may cost less than the smallest coin: drugs are priced by the milligram.
            price=to_decimal(self.price_unit),
            discount=to_decimal(self.discount),
            amount=to_decimal(self.amount, unit),
            expected=expected,
            provider=self._get_accuracy_provider().id,
            document=self._get_document().display_name,
            told=_to_code(told.code) if told and told.code else None,
            told_modifiers=told.modifiers if told else None,
        )

    def _get_accuracy_pointers(self):
        """The diagnoses that explain the service, as somebody chose them. Hook: estimates have none."""
        return ()

    def _get_accuracy_provider(self):
        """Who renders the service."""
        return self._get_document().provider_id

    def _get_modifiers_needed(self, document, book):
        """Of which modifiers the plan that is asked wants one."""
        plan = document._get_accuracy_coverage().plan_id
        date = document._get_accuracy_date()
        if not (plan and self.product_id and date):
            return ()
        return tuple(plan._find_rule(self.product_id, self.code_id, date, book).modifier_needed_ids.mapped("code"))


def _to_code(code):
    """A code of the list as the checks want it."""
    return Code(
        text=code.code,
        system=code.system_id.code,
        kind=code.kind,
        date_from=code.date_from or None,
        date_to=code.date_to or None,
        is_billable=code.is_billable,
        is_active=code.active,
    )
