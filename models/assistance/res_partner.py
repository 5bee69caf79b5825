from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from ..groups import HEALTH_GROUP
from ..written_numbers import format_number


class ResPartner(models.Model):
    """Financial assistance on the account page: what is in force, what waits for a decision, what can be applied.

    The one who pays is asked: a guarantor's assistance counts for everybody they pay for.
    """

    _inherit = "res.partner"

    billing_assistance_ids = fields.One2many(
        comodel_name="billing.assistance.application",
        inverse_name="applicant_id",
        string="Assistance applications",
        groups="billing_coordinator.group_coordinator",
    )
    billing_assistance_note = fields.Char(
        string="Financial assistance",
        compute="_compute_billing_assistance",
        groups=HEALTH_GROUP,
        help="The assistance in force today, and an application that waits for a decision. What is behind it stays "
             "confidential.",
    )
    billing_assistance_pending = fields.Boolean(
        string="Assistance to decide",
        compute="_compute_billing_assistance",
        groups=HEALTH_GROUP,
        help="An application has been handed in: do not press for payment before it is decided.",
    )
    billing_assistance_bill_count = fields.Integer(
        string="Bills to discount",
        compute="_compute_billing_assistance_bill_count",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "lang", "allowed_company_ids", "tz")
    def _compute_billing_assistance(self):
        today = fields.Date.context_today(self)
        company = self.env.company
        people = self._origin
        in_force = people._find_billing_assistance({(partner, company, today) for partner in people})
        pending = people._get_billing_assistance_pending(self.env.companies)
        for partner in self:
            person = partner._origin
            sentences = []
            if application := in_force.get((person, company, today)):
                sentences.append(self.env._(
                    "%(percent)s %% of each bill until %(date)s",
                    percent=format_number(self.env, application.discount_percent),
                    date=format_date(self.env, application.date_to),
                ))
            if since := pending.get(person):
                sentences.append(self.env._(
                    "an application handed in on %(date)s waits for a decision", date=format_date(self.env, since),
                ))
            partner.billing_assistance_note = "; ".join(sentences)
            partner.billing_assistance_pending = person in pending

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_assistance_bill_count(self):
        bills = self._origin._get_billing_assistance_bills()
        for partner in self:
            partner.billing_assistance_bill_count = len(partner._origin._filter_billing_own_bills(bills))

    # === ACTIONS === #

    def action_billing_assistance(self):
        """The applications of who pays for this person; a first one to fill in where there is none."""
        self.ensure_one()
        applicant = self._get_billing_debtor()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_coordinator.billing_assistance_application_action"
        )
        action["domain"] = [("applicant_id", "=", applicant.id)]
        action["context"] = {"default_applicant_id": applicant.id}
        if not applicant.billing_assistance_ids:
            action["views"] = [(False, "form")]
        return action

    def action_billing_apply_assistance(self):
        """Show what assistance takes off this person's bills, before anything is posted."""
        self.ensure_one()
        bills = self._filter_billing_own_bills(self._get_billing_assistance_bills())
        return self.env["billing.assistance.wizard"]._open(
            bills, self.env._("Assistance for %(person)s", person=self.display_name),
        )

    # === THE NEXT STEP === #

    def _get_billing_snapshot(self):
        accounts = super()._get_billing_snapshot()
        pending = self._origin._find_billing_assistance_pending(self.env.companies)
        for (person, _company), application in pending.items():
            accounts[person.id]["facts"]["assistance"] = application
        return accounts

    def _get_billing_next_step(self, account):
        application = account["facts"].get("assistance")
        if application and account["billing_owed"]:
            visible = self.env["billing.assistance.application"].has_access("read")
            return self.env._(
                "Wait with asking for money: the application for assistance handed in on %(date)s is to be decided.",
                date=format_date(self.env, application.submitted_date),
            ), application.sudo(False) if visible else None
        return super()._get_billing_next_step(account)

    # === BUSINESS METHODS === #

    def _get_billing_assistance(self, company, date):
        """The financial assistance that discounts this person's bills for services of a day.

        For many people at once see :meth:`_find_billing_assistance`.

        :param company: the company that bills
        :param date: date of service
        :return: the ``billing.assistance.application`` in force, with its ``discount_percent``, or none. It is read
            with the system's rights; what it says about income is not for every reader
        """
        self.ensure_one()
        return self._find_billing_assistance([(self, company, date)])[self, company, date]

    @api.model
    def _find_billing_assistance(self, wanted):
        """The financial assistance in force for many people, in one search.

        :param wanted: (person, company, date of service) triples
        :return: {triple: application or none}, with an entry for each triple
        """
        wanted = list(wanted)
        debtors = {person: person.sudo()._get_billing_debtor().sudo(False) for person, _company, _date in wanted}
        found = self.env["billing.assistance.application"]._get_in_force(
            {(debtors[person], company, date) for person, company, date in wanted}
        )
        return {
            (person, company, date): found[debtors[person], company, date] for person, company, date in wanted
        }

    def _get_billing_assistance_pending(self, companies):
        """Whose application waits for a decision: nobody presses these people for payment meanwhile.

        :return: {person: date on which the oldest one was handed in, in any of the companies}, in one query
        """
        return {
            person: application.submitted_date
            for (person, _company), application in self._find_billing_assistance_pending(companies).items()
        }

    def _find_billing_assistance_pending(self, companies):
        """Whose application waits for a decision, and in which company: another one's bills know nothing of it.

        :return: {(person, company): the oldest application, with the system's rights}, the oldest of all last
        """
        dependents = defaultdict(self.browse)
        for person in self:
            dependents[person._get_billing_debtor()] |= person
        waiting = self.env["billing.assistance.application"].sudo().search_fetch(
            [
                ("applicant_id", "in", [debtor.id for debtor in dependents]),
                ("company_id", "in", companies.ids),
                ("state", "=", "submitted"),
            ],
            ["applicant_id", "company_id", "submitted_date"],
            order="submitted_date desc, id desc",
        )
        found = {}
        for application in waiting:
            for person in dependents[application.applicant_id]:
                # Put in last, so that whoever goes through all of a person's ends with the oldest.
                found.pop((person, application.company_id), None)
                found[person, application.company_id] = application
        return found

    def _get_billing_assistance_bills(self):
        """Bills that assistance still lowers: those that these people pay, and those for their own visits."""
        debtors = self | self.guarantor_id
        applications = self.env["billing.assistance.application"].sudo().search([
            ("applicant_id", "in", debtors.ids),
            ("company_id", "in", self.env.companies.ids),
            ("state", "in", ("accepted", "expired")),
        ])
        bills = applications.sudo(False)._get_bills()
        return bills.browse([bill.id for bill in applications._find_discounts(bills)])

    def _filter_billing_own_bills(self, bills):
        """Those of these bills that are about this person: as the one who pays, or as the patient."""
        return bills.filtered(lambda bill: self in bill.partner_id | bill.billing_patient_id)
