from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import SERVICE_WORDS, PaperCase

REPORT = "billing_coordinator.action_report_assistance_letter"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceLetter(PaperCase):
    """What the applicant reads: the answer first, why, what it means, and nothing about health."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme = cls.env["billing.assistance.programme"].create({
            "name": "Care Fund", "guideline_amount": 15000.0, "guideline_per_person": 5000.0,
            "bracket_ids": [Command.create({"guideline_percent": 300.0, "discount_percent": 60.0})],
        })
        cls.patient.company_id = cls.company
        cls.coverage.unlink()

    def _decide(self, income=40000.0, action="action_accept", **decision):
        application = self.env["billing.assistance.application"].create({
            "applicant_id": self.patient.id, "programme_id": self.programme.id, "date": "2026-03-01", "income": income,
        })
        application.action_submit()
        application.write(decision)
        getattr(application, action)()
        return application

    def test_an_accepted_one_says_how_much_for_how_long_and_why(self):
        bill = self._bill(self._create_encounter(diagnosis_ids=[Command.create({"code_id": self.diabetes.id})]))
        application = self._decide()
        application._apply_discounts(bill)
        text = self._read(REPORT, application)
        self.assertIn("Your application for financial assistance", text)
        self.assertIn("Dear Ana López", text)
        self.assertIn("We have accepted it.", text)
        self.assertIn(f"Your discount 60 % from March 1, 2026 until August 31, 2026 Reference {application.name}", text)
        self.assertIn("A yearly income of", text)
        self.assertIn("is at most 300 % of the guideline", text)
        self.assertIn(f"{bill.name} March 5, 2026 -$300.00 $200.00", text)
        self.assertIn("This letter is not a bill.", text)
        self.assertIn("What you have paid before stays as it is.", text)
        self.assertIn("please apply again shortly before", text)

    def test_it_goes_where_the_applicant_asked_to_be_written_to(self):
        self.patient.write({
            "street": "77 Alder Way", "billing_confidential_address": "PO Box 218\nBerwyn, IL 60402",
            "billing_addressee": "c/o Susan Reed",
        })
        text = self._read(REPORT, self._decide())
        self.assertIn("Ana López c/o Susan Reed PO Box 218 Berwyn, IL 60402", text)
        self.assertNotIn("77 Alder Way", text)

    def test_nothing_about_health_is_on_it(self):
        bill = self._bill(self._create_encounter(diagnosis_ids=[Command.create({"code_id": self.diabetes.id})]))
        application = self._decide()
        application._apply_discounts(bill)
        text = self._read(REPORT, application)
        for words in (*SERVICE_WORDS, "Dr. Ruth Stein"):
            self.assertNotIn(words, text)

    def test_a_discount_other_than_proposed_tells_the_managers_reason_alone(self):
        text = self._read(REPORT, self._decide(discount_percent=80.0, decision_note="You lost your job in February."))
        self.assertIn("Your discount 80 %", text)
        self.assertIn("You lost your job in February.", text)
        self.assertNotIn("of the guideline", text)

    def test_a_refused_one_says_why_and_what_can_be_done(self):
        text = self._read(REPORT, self._decide(income=90000.0, action="action_refuse"))
        self.assertIn("Our answer No discount", text)
        self.assertIn("we cannot give you a discount at this time", text)
        self.assertIn("is above every limit of the programme", text)
        self.assertIn("You can apply again at any time", text)
        self.assertNotIn("until", text.split("Questions")[0])

    def test_what_is_given_back_is_shown_as_credit(self):
        self.programme.refund_paid = True
        bill = self._bill()
        self._pay(bill)
        application = self._decide()
        application._apply_discounts(bill)
        text = self._read(REPORT, application)
        self.assertIn("$0.00 your credit: $300.00", text)
        self.assertIn("the rest is yours: we refund it", text)

    def test_before_a_decision_there_is_no_letter(self):
        application = self.env["billing.assistance.application"].create({
            "applicant_id": self.patient.id, "programme_id": self.programme.id, "date": "2026-03-01", "income": 1.0,
        })
        with self.assertRaisesRegex(UserError, "Nothing is decided about"):
            self._read(REPORT, application)

    def test_it_is_for_those_who_see_the_application(self):
        readonly = new_test_user(
            self.env, "rosa", groups="billing_coordinator.group_readonly", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        application = self._decide()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._read(REPORT, application, user=readonly)
