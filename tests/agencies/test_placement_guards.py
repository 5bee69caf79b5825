from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementGuards(AgencyCase):
    """What stands against handing over, said for each debtor; and the time that the law gives."""

    def _line(self, case=None, agreement=None):
        case = case or self._open_cases()
        wizard = self._prepare(case, agreement)
        return wizard.line_ids.filtered(lambda line: line.case_id == case)

    def test_what_may_go_and_what_stays_each_with_its_reason(self):
        self._bill_nora(90.0, "2026-03-10")
        line = self._line()
        self.assertEqual((line.goes, line.amount, line.bill_count, line.against), (True, 600.0, 2, ""))
        self.assertIn("90.00: It is not late before 04/10/2026.", line.stays)

    def test_each_guard_is_named(self):
        cases = (
            ({"billing_bankrupt_on": "2026-03-01"}, "Bankrupt since 03/01/2026"),
            ({"billing_deceased_on": "2026-03-01"}, "Died on 03/01/2026"),
            ({"billing_contact_stopped_on": "2026-03-01"}, "Asked on 03/01/2026 not to be contacted"),
            ({"birth_date": "2010-01-01"}, "Is a minor"),
        )
        case = self._open_cases()
        for values, sentence in cases:
            with self.subTest(sentence=sentence):
                self.nora.write(values)
                line = self._line(case)
                self.assertIn(sentence, line.against)
                self.assertFalse(line.goes)
                with self.assertRaisesRegex(UserError, "Nobody is chosen whose debt may go"):
                    self._prepare(case).action_prepare()
                self.nora.write(dict.fromkeys(values, False))
        self.nora.special_concerns = "Needs an interpreter"
        self.assertTrue(self._line(case).goes)

    def test_money_that_waits_stops_it(self):
        case = self._open_cases()
        self.env["account.payment"].create({
            "partner_id": self.nora.id, "amount": 5.0, "payment_type": "inbound", "partner_type": "customer",
            "journal_id": self.company.billing_payment_journal_id.id, "date": TODAY,
        }).action_post()
        self.assertIn("5.00 of payments or credits belong to no bill yet", self._line(case).against)

    def test_insurance_that_decides_and_a_kept_plan_stay_here(self):
        case = self._open_cases()
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        self.assertEqual(self._line(case).against, "in a payment plan")

    def test_what_an_agency_has_goes_into_no_plan(self):
        self._open_cases()
        placement = self._place()
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        with self.assertRaisesRegex(UserError, f"Rigor Inkasso has it: call back {placement.name} first"):
            plan._take_debts()

    def test_an_agreement_without_its_paper_or_out_of_time(self):
        for values, sentence in (
            ({"document": False}, "The signed agreement is not on file."),
            ({"date_from": "2026-03-17"}, "The agreement begins on 03/17/2026."),
            ({"date_from": "2025-01-01", "date_to": "2026-03-15"}, "The agreement has ended."),
            ({"amount_min": 600.01}, "It is less than the agency takes."),
        ):
            with self.subTest(sentence=sentence):
                agreement = self._agree(name=sentence, **values)
                self.assertEqual(self._line(agreement=agreement).against, sentence)

    def test_days_since_the_first_bill(self):
        """January's bill of the 10th is 65 days old on the 16th of March, February's of the 10th 34."""
        for days, amount in ((34, 600.0), (35, 200.0), (65, 200.0), (66, 0.0)):
            with self.subTest(days=days):
                self.assertEqual(self._line(agreement=self._agree(name=str(days), since_bill=days)).amount, amount)

    def test_days_since_the_final_demand(self):
        """The final demand of this pipeline is its last stage; it was sent on 20 April and covered both bills."""
        agreement = self._agree(name="30 days", since_demand=30)
        self.assertEqual(self._line(agreement=agreement).against, "No final demand has been sent.")
        for day in ("2026-03-16", "2026-03-19", "2026-04-02", "2026-04-20"):
            self._night(day)
        case = self._case()
        self.assertEqual(case.stage_id, self.final)
        with freeze_time("2026-05-19"):
            self.assertIn("it may go from 05/20/2026", self._line(case, agreement).against)
        with freeze_time("2026-05-20"):
            self.assertEqual(self._line(case, agreement).amount, 600.0)

    def test_a_case_without_fee_in_the_table_is_refused_with_the_way_out(self):
        self.agreement.fee_ids.age_from = 90
        with self.assertRaisesRegex(UserError, "has no fee for a debt of .*600.00 that is 35 days late. Add a row"):
            self._prepare().action_prepare()

    def test_a_case_of_which_an_agency_has_everything_says_so_wherever_it_is_looked_at(self):
        case = self._open_cases()
        self._place(case)
        left_alone = "What is overdue is left alone: with a collection agency."
        self.assertEqual(case.outlook, left_alone)
        action = self.env["billing.collection.preview"].action_look()
        self.assertEqual(self.env["billing.collection.preview"].search(action["domain"]).reason, left_alone)
        self.assertIn("Leave it to collections: $", self.nora.billing_next_step.replace("\xa0", ""))
        self.assertIn(left_alone, self.nora.billing_case_note)
