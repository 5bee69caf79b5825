from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionGuards(CollectionCase):
    """What stands against asking somebody for money, and what the case says about it."""

    def _stands(self, sentence, stops=True):
        """The night asks for nothing, or lets somebody look first, and the case says why."""
        self._night()
        case = self._case()
        self.assertEqual(case.guard_note, sentence)
        self.assertEqual(self._steps(), [])
        self.assertEqual(case.step_ids.mapped("state"), [] if stops else ["review"])
        if not stops:
            self.assertEqual(case.step_ids.reason_note, sentence)

    def test_bankrupt(self):
        self.nora.billing_bankrupt_on = "2026-03-01"
        self._stands("Bankrupt since 03/01/2026: nobody asks for what was owed before.")
        self.assertEqual(self._case().outlook, "Nobody asks for anything as long as this stands against it.")

    def test_deceased(self):
        self.nora.billing_deceased_on = "2026-03-01"
        self._stands("Died on 03/01/2026: a manager decides what becomes of the debt.")

    def test_asked_not_to_be_contacted(self):
        self.nora.billing_contact_stopped_on = "2026-03-02"
        self._stands("Asked on 03/02/2026 not to be contacted.")

    def test_a_minor_until_the_eighteenth_birthday(self):
        self.nora.birth_date = "2008-03-17"
        self._stands("Is a minor: name a parent or guardian as guarantor, and bill them.")
        self._night("2026-03-17")
        self.assertEqual(len(self._steps()), 1)

    def test_born_on_29_february(self):
        self.nora.birth_date = "2008-02-29"
        self._night("2026-02-28")
        self.assertFalse(self._steps(), "eighteen on the first of March")
        self._night("2026-03-01")
        self.assertEqual(len(self._steps()), 1)

    def test_an_application_for_assistance_that_is_not_decided(self):
        programme = self.env["billing.assistance.programme"].create({
            "name": "Care Fund", "company_id": self.company.id, "guideline_amount": 15000.0,
            "guideline_per_person": 5000.0,
            "bracket_ids": [Command.create({"guideline_percent": 200.0, "discount_percent": 100.0})],
        })
        application = self.env["billing.assistance.application"].create({
            "applicant_id": self.nora.id, "programme_id": programme.id, "company_id": self.company.id,
            "date": "2026-03-01", "income": 20000.0,
        })
        application.action_submit()
        self._stands("Has applied for financial assistance, which is not decided yet.")

    def test_money_that_belongs_to_no_bill_yet(self):
        self._credit(650.0)
        self._stands("$\u00a0650.00 of payments or credits belong to no bill yet. Match them with bills first.")

    def test_less_money_than_is_due_only_makes_somebody_look(self):
        self._credit(50.0)
        self._stands(
            "$\u00a050.00 of payments or credits belong to no bill yet. Match them with bills first.", stops=False,
        )

    def _credit(self, amount):
        self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.nora.id, "amount": amount,
            "date": "2026-03-10", "journal_id": self.company_data["default_journal_bank"].id,
        }).action_post()

    def test_a_special_concern(self):
        self.nora.special_concerns = "Speaks through a friend."
        self._stands("Has a special concern. Read it before you ask for money.", stops=False)

    def test_what_insurance_still_decides_is_left_alone(self):
        own = self._create_encounter(self.patient, [(self.service, 300.0)], date="2026-01-05")
        payers_bill = self._bill(own, date="2026-01-05")
        claim = own.claim_ids
        self._answer(claim, 100.0, [(self.pr_1, 200.0)], date="2026-01-20")
        bills = own.invoice_ids - payers_bill
        self.patient.email = "ana@example.com"
        self._night("2026-05-04")
        case = self._case(self.patient)
        self.assertEqual((case.amount_open, case.amount_waiting, len(bills)), (200.0, 0.0, 1))
        self.assertEqual(len(self._steps(self.patient)), 1)

    def test_a_kept_plan_is_left_alone_and_said_apart(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({
            "partner_id": self.nora.id, "policy_id": policy.id, "date": TODAY, "date_first": "2026-04-01",
        })
        plan._take_debts()
        plan.action_accept()
        self._bill_nora(90.0, "2026-02-01")
        self._night()
        case = self._case()
        self.assertEqual((case.amount_open, case.amount_on_plan, case.amount_overdue), (690.0, 600.0, 90.0))
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 90.0)])
        self.assertEqual(
            sorted(case.item_ids.filtered("held_note").mapped("held_note")), ["in a payment plan"] * 2,
        )
