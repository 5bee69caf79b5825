from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionRun(CollectionCase):
    """Nights in the life of a debtor: what is asked for, when, and when it is left."""

    def test_a_case_gathers_what_somebody_owes_from_the_ledger(self):
        self._night()
        case = self._case()
        self.assertEqual(
            (case.state, case.amount_open, case.amount_overdue, str(case.date_oldest), case.debtor_class),
            ("open", 600.0, 600.0, "2026-02-09", "person"),
        )
        self._pay(self.january, 150.0, date="2026-03-16")
        self.assertEqual((case.amount_open, case.amount_overdue), (450.0, 450.0))

    def test_everybody_is_asked_as_what_they_are(self):
        """Insurers, though they are companies, as payers; in the statements of the night as on a record."""
        firm = self._create_patient("Acme", is_company=True)
        insurer = self._create_payer("Red Insurance", is_company=True)
        debtors = self.nora + firm + insurer
        self.assertEqual(
            debtors.mapped(lambda debtor: debtor._get_debtor_class()), ["person", "company", "payer"],
        )
        rule = debtors._debtor_class_of("partner")
        self.assertEqual(
            dict(self.env.execute_query(SQL(
                """
                SELECT wanted.id, %s
                  FROM (VALUES (%s), (%s), (%s), (NULL)) wanted (id)
             LEFT JOIN res_partner partner ON partner.id = wanted.id
                """,
                rule, *debtors.ids,
            ))),
            {self.nora.id: "person", firm.id: "company", insurer.id: "payer", None: None},
        )

    def test_one_step_a_night_and_the_gentlest_first(self):
        for day in ("2026-03-16", "2026-03-17", "2026-03-18"):
            self._night(day)
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 600.0)])
        self._night("2026-03-19")
        self._night("2026-04-02")
        self._night("2026-04-20")
        self.assertEqual(self._steps(), [
            ("2026-03-16", "Reminder", 600.0), ("2026-03-19", "First notice", 600.0),
            ("2026-04-02", "Second notice", 600.0), ("2026-04-20", "Final demand", 600.0),
        ])

    def test_a_part_payment_changes_the_sum_and_no_step(self):
        self._night("2026-03-16")
        self._pay(self.january, 150.0, date="2026-03-17")
        self._night("2026-03-19")
        self.assertEqual(self._steps()[1:], [("2026-03-19", "First notice", 450.0)])

    def test_a_new_bill_joins_with_its_own_stage(self):
        self._night("2026-03-16")
        self._night("2026-03-19")
        new = self._bill_nora(90.0, "2026-02-25")
        self._night("2026-04-02")
        step = self._case().step_ids.sorted("date")[-1]
        self.assertEqual({line.move_id: line.stage_id for line in step.line_ids}, {
            self.january: self.second, self.february: self.second, new: self.reminder,
        })

    def test_who_has_paid_is_left_in_peace_and_the_case_closes_by_itself(self):
        self._night("2026-03-16")
        self._pay(self.january + self.february, 600.0, date="2026-03-17")
        self._night("2026-03-19")
        case = self._case()
        self.assertEqual((case.state, str(case.date_closed), len(case.step_ids)), ("closed", "2026-03-19", 1))
        self._bill_nora(90.0, "2026-02-25")
        self._night("2026-04-10")
        self.assertEqual(self._case().mapped("state"), ["open", "closed"])

    def test_a_kept_payment_plan_and_a_pending_answer_are_left_alone(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        self._night("2026-03-17")
        self.assertFalse(self._case())

    def test_whoever_is_bankrupt_or_died_is_not_asked(self):
        self.nora.billing_bankrupt_on = "2026-03-01"
        self._night()
        self.assertEqual((self._steps(), self._case().date_next), ([], False))

    def test_the_same_night_twice_is_one_night(self):
        self._night()
        self._night()
        self.assertEqual(len(self._case().step_ids), 1)
