from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools import likeness


class BillingRegistration(models.TransientModel):
    """Who is here already: shown while typing, and used instead of opening a second account."""

    _inherit = "billing.registration"

    duplicate_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Here already?",
        context={"active_test": False},
        compute="_compute_duplicate_ids",
    )
    duplicate_reasons = fields.Text(
        compute="_compute_duplicate_ids",
    )
    is_likely_duplicate = fields.Boolean(
        compute="_compute_duplicate_ids",
    )

    @api.depends(
        "name", "birth_date", "phone", "email", "is_company", "guarantor_id", "coverage_line_ids.member_number",
    )
    def _compute_duplicate_ids(self):
        partners = self.env["res.partner"]
        for registration in self:
            found = registration._find_duplicates()
            registration.duplicate_ids = partners.concat(*(partner for partner, _reasons, _likely in found))
            registration.duplicate_reasons = "\n".join(
                self.env._(
                    "%(person)s: %(reasons)s", person=partner.name, reasons=partners._describe_billing_reasons(reasons),
                )
                for partner, reasons, _likely in found
            )
            registration.is_likely_duplicate = any(likely for _partner, _reasons, likely in found)

    def _find_duplicates(self):
        self.ensure_one()
        numbers = (line.member_number for line in self.coverage_line_ids)
        person = likeness.Person(
            name=self.name or "",
            birth_date=False if self.is_company else self.birth_date,
            phone=self.phone,
            email=self.email,
            members=frozenset(number.strip() for number in numbers if number and number.strip()),
        )
        return self.env["res.partner"]._find_billing_duplicates(
            person, is_company=self.is_company, known=self.guarantor_id._origin,
        )

    def _use_account(self, account):
        """Take what was typed over to an account that is here already: nothing typed is lost, nothing known changed.

        :param account: the existing account or contact; it becomes an account if it was none
        """
        self.ensure_one()
        typed = self._get_same_values()
        if account.street:
            typed = {
                name: value for name, value in typed.items()
                if name not in ("street", "street2", "zip", "city", "state_id", "country_id")
            }
        blanks = {name: value for name, value in typed.items() if value and not account[name]}
        if not account.guarantor_id and (guarantor := self._get_guarantor() - account):
            blanks["guarantor_id"] = guarantor.id
        if not account.is_billing_account:
            blanks["is_billing_account"] = True
        if not account.active:
            blanks["active"] = True
        if blanks:
            account.write(blanks)
        self._add_coverages(account)
        self._add_consents(account)
        account.message_post(body=self.env._("Registered again: what was new has been added to this account."))
        account.action_billing_submit()
