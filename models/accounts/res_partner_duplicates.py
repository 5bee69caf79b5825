from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools import likeness

# More than a person can compare.
MOST_SHOWN = 8


class ResPartner(models.Model):
    """Who is here already: accounts and contacts that are likely the same person as one about to be registered."""

    _inherit = "res.partner"

    billing_name_key = fields.Char(
        compute="_compute_billing_name_key",
        store=True,
        help="The name without accents, case and order, by which the same person is found again.",
    )
    billing_phone_key = fields.Char(
        compute="_compute_billing_phone_key",
        store=True,
        help="The last digits of the phone number, however it is written.",
    )

    _billing_name_key_idx = models.Index("(billing_name_key) WHERE billing_name_key IS NOT NULL")
    _billing_phone_key_idx = models.Index("(billing_phone_key) WHERE billing_phone_key IS NOT NULL")
    _billing_birth_date_idx = models.Index("(birth_date) WHERE birth_date IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_billing_name_key(self):
        for partner in self:
            partner.billing_name_key = likeness.name_key(partner.name) or False

    @api.depends("phone")
    def _compute_billing_phone_key(self):
        for partner in self:
            partner.billing_phone_key = likeness.phone_digits(partner.phone) or False

    # === ACTIONS === #

    def action_billing_use_this(self):
        """Use this account instead of opening a second one, and take over what was typed."""
        self.ensure_one()
        registration = self.env["billing.registration"].browse(self.env.context.get("billing_registration_id")).exists()
        if not registration:
            raise UserError(self.env._(
                "The registration is not open any more. Open %(account)s from the list of accounts.",
                account=self.display_name,
            ))
        registration._use_account(self)
        return self._get_records_action(
            views=[(self.env.ref("billing_coordinator.billing_partner_view_form").id, "form")],
        )

    # === BUSINESS METHODS === #

    @api.model
    def _find_billing_duplicates(self, person, is_company=False, known=None):
        """Accounts and contacts that may be this person, the likeliest first.

        The database finds who shares a birth date, a number, an address or the name in any order; which of them are
        alike is decided by ``tools/likeness.py``. The number of queries does not depend on how many are found.

        :param person: a :class:`likeness.Person`
        :param known: people of whom it is known that they are others: the guarantor
        :return: list of (partner, reasons, whether it is likely the same), at most eight
        """
        candidates = self._get_billing_candidates(person, is_company)
        candidates -= known or self.browse()
        numbers = defaultdict(set)
        coverages = self.env["billing.coverage"].with_context(active_test=False)
        for coverage in coverages.search([("patient_id", "in", candidates.ids)]):
            numbers[coverage.patient_id.id].add(coverage.member_number)
        found = []
        for partner in candidates:
            other = likeness.Person(
                name=partner.name,
                birth_date=partner.birth_date,
                phone=partner.phone,
                email=partner.email,
                members=frozenset(numbers[partner.id]),
            )
            reasons = likeness.common(person, other)
            if likeness.is_candidate(reasons):
                found.append((partner, reasons, likeness.is_likely(reasons, person, other)))
        found.sort(key=lambda row: (not row[2], -len(row[1]), row[0].id))
        return found[:MOST_SHOWN]

    def _get_billing_candidates(self, person, is_company):
        shared = [Domain("billing_name_key", "=", likeness.name_key(person.name))] if person.name else []
        if person.birth_date:
            shared.append(Domain("birth_date", "=", person.birth_date))
        if digits := likeness.phone_digits(person.phone):
            shared.append(Domain("billing_phone_key", "=", digits))
        if email := likeness.email_key(person.email):
            shared.append(Domain("email_normalized", "=", email))
        if keys := likeness.member_keys(person.members):
            coverages = self.env["billing.coverage"].with_context(active_test=False)
            found = coverages.search([("member_key", "in", list(keys))])
            shared.append(Domain("id", "in", found.patient_id.ids))
        if not shared:
            return self.browse()
        who = Domain("is_payer", "=", False) & Domain("type", "=", "contact") & Domain("is_company", "=", is_company)
        # Archived or not: somebody who comes back is still the same person.
        return self.with_context(active_test=False).search(Domain.OR(shared) & who, limit=200)

    @api.model
    def _describe_billing_reasons(self, reasons):
        """Why somebody may be the same person, in words."""
        words = {
            likeness.MEMBER: self.env._("same member number"),
            likeness.BIRTH: self.env._("same birth date"),
            likeness.NAME: self.env._("same or similar name"),
            likeness.PHONE: self.env._("same phone"),
            likeness.EMAIL: self.env._("same e-mail"),
        }
        return ", ".join(words[reason] for reason in reasons)


class BillingCoverage(models.Model):
    """The number on a card, by which its owner is found again."""

    _inherit = "billing.coverage"

    member_key = fields.Char(
        compute="_compute_member_key",
        store=True,
        index=True,
        help="The member number without blanks, hyphens and small letters, however it was typed.",
    )

    @api.depends("member_number")
    def _compute_member_key(self):
        for coverage in self:
            coverage.member_key = likeness.member_key(coverage.member_number)
