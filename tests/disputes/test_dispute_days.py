from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeDays(DisputeCase):
    """Days in the life of a dispute: what of which bill is left alone, from when until when."""

    def test_the_next_letter_asks_for_the_rest_of_the_bill(self):
        dispute = self._dispute()
        self._night()
        case = self._case()
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 520.0)])
        self.assertEqual(
            case.step_ids.line_ids.mapped(lambda line: (line.move_id, line.amount)),
            [(self.january, 120.0), (self.february, 400.0)],
        )
        self.assertEqual((case.amount_overdue, case.amount_disputed, case.dispute_count), (600.0, 80.0, 1))
        self.assertEqual(dispute.amount_held, 80.0)
        item = case.item_ids.filtered(lambda item: item.move_id == self.january)
        self.assertEqual(item.held_note, "$\N{NO-BREAK SPACE}80.00: disputed")

    def test_after_a_credit_note_the_rest_stays(self):
        dispute = self._dispute()
        self._night()
        self._resolve(dispute, "credited")
        self.assertEqual((dispute.state, dispute.amount_credited, dispute.amount_held), ("resolved", 80.0, 0.0))
        self.assertEqual(self.january.amount_residual, 120.0)
        self._night("2026-03-19")
        self.assertEqual(self._steps()[1:], [("2026-03-19", "First notice", 520.0)])

    def test_a_rejected_part_is_asked_for_again_from_its_day(self):
        dispute = self._dispute()
        self._night()
        self._resolve(dispute, "rejected")
        self.assertEqual((str(dispute.answered_on), str(dispute.date_lift)), (TODAY, "2026-03-30"))
        self._night("2026-03-29")
        self._night("2026-04-20")
        self.assertEqual(self._steps()[1:], [
            ("2026-03-29", "First notice", 520.0), ("2026-04-20", "Second notice", 600.0),
        ])

    def test_until_our_answer_has_gone_out_nothing_is_asked_for(self):
        dispute = self._dispute()
        self._resolve(dispute, "rejected", channel="later")
        self.assertEqual((dispute.state, dispute.answered_on, dispute.date_lift), ("resolved", False, False))
        with freeze_time("2026-06-01"):
            self.assertEqual(self._held(self.january), [80.0])
            dispute.action_print_answer()
        with freeze_time("2026-06-14"):
            self.assertEqual(self._held(self.january), [80.0])
        with freeze_time("2026-06-15"):
            self.assertEqual(self._held(self.january), [0.0])
            # Printed once more, the days do not begin anew.
            dispute.action_print_answer()
            self.assertEqual(self._held(self.january), [0.0])

    def test_what_is_withdrawn_is_asked_for_at_once(self):
        dispute = self._dispute()
        dispute.action_withdraw()
        self.assertEqual((self._held(self.january), str(dispute.ended_on)), ([0.0], TODAY))
        self.assertFalse(dispute.activity_ids)
        with self.assertRaisesRegex(UserError, r"ended on 03/16/2026. Reopen it"):
            dispute.action_resolve()
        dispute.action_reopen()
        self.assertEqual((self._held(self.january), len(dispute.activity_ids)), ([80.0], 1))

    def test_money_that_comes_meanwhile_leaves_no_more_alone_than_is_open(self):
        dispute = self._dispute()
        self._pay(self.january, 150.0, date="2026-03-17")
        self.assertEqual((self._held(self.january), dispute.amount_held), ([50.0], 50.0))
        self._night("2026-03-18")
        self.assertEqual(self._steps(), [("2026-03-18", "Reminder", 400.0)])
        self._pay(self.january, 50.0, date="2026-03-19")
        self.assertEqual((self._held(self.january), dispute.amount_held), ([0.0], 0.0))

    def test_two_disputes_on_one_bill_hold_both_parts(self):
        self._dispute()
        self._dispute((self.january, 100.0))
        self.assertEqual(self._held(self.january), [180.0])
        self.assertEqual(self.january.billing_disputed, 180.0)
        with self.assertRaisesRegex(ValidationError, r"\$.20.01 of .* cannot be disputed: \$.200.00 of it is open, and "
                                                     r"\$.180.00 of that is in another dispute"), \
                self.cr.savepoint():
            self._dispute((self.january, 20.01))
        third = self._dispute((self.january, 20.0))
        self._pay(self.january, 190.0, date="2026-03-17")
        self.assertEqual(self._held(self.january), [10.0])
        self.assertEqual(third.amount_held, 10.0)

    def test_more_than_is_open_is_refused(self):
        with self.assertRaisesRegex(ValidationError, r"\$.200.01 of .* cannot be disputed: \$.200.00 of it is open"):
            self._dispute((self.january, 200.01))
        self._pay(self.january, 150.0)
        with self.assertRaisesRegex(ValidationError, r"\$.50.00 of it is open"):
            self._dispute()
        with self.assertRaisesRegex(ValidationError, "less than nothing"):
            self._dispute((self.january, -1.0))

    def test_a_new_dispute_takes_what_no_other_one_holds(self):
        self._dispute()
        dispute = self._dispute(item_ids=[Command.create({"move_line_id": self._item(self.january).id})])
        self.assertEqual(dispute.item_ids.amount, 120.0)

    def test_bills_of_others_and_things_that_are_no_bills_are_refused(self):
        other = self._bill(self._create_encounter(self.patient, is_self_pay=True))
        with self.assertRaisesRegex(ValidationError, "is asked of Ana López"):
            self._dispute((self.january, 80.0), (other, 10.0))
        revenue = self.january.line_ids - self._item(self.january)
        with self.assertRaisesRegex(ValidationError, "is no posted bill to a debtor"):
            self._dispute(item_ids=[Command.create({"move_line_id": revenue[:1].id, "amount": 0.0})])
        dispute = self._dispute()
        with self.assertRaisesRegex(ValidationError, "is asked of Nora Neu"):
            dispute.partner_id = self.patient

    def test_what_is_answered_stays_as_it_was_answered(self):
        dispute = self._dispute()
        self._resolve(dispute, "explained")
        for change in (
            lambda: dispute.item_ids.write({"amount": 1.0}),
            lambda: dispute.item_ids.unlink(),
            lambda: dispute.write({"item_ids": [
                Command.create({"move_line_id": self._item(self.february).id, "amount": 1.0}),
            ]}),
        ):
            with self.assertRaisesRegex(UserError, "is over: its bills and amounts stay"), self.cr.savepoint():
                change()
        with self.assertRaisesRegex(UserError, "stays on record"):
            dispute.unlink()
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            dispute.state = "open"

    def test_a_payment_plan_goes_on_untouched(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        self._dispute()
        self.assertEqual((plan.state, plan.amount_to_pay), ("active", 600.0))
        self._night("2026-03-17")
        self.assertFalse(self._case())

    def test_who_disputes_without_naming_a_bill_is_looked_at_before_the_next_step(self):
        dispute = self._dispute(item_ids=[])
        self._night()
        step = self._case().step_ids
        self.assertEqual((step.state, step.reasons, step.amount), ("review", "question", 600.0))
        self.assertIn("nobody has said yet which bills", self._case().guard_note)
        dispute.action_take_bills()
        self.assertEqual(dispute.item_ids.mapped("amount"), [200.0, 400.0])
        self._night("2026-03-17")
        self.assertEqual(step.state, "dropped")

    def test_from_the_bill_the_account_and_the_call_a_dispute_opens_with_what_is_open(self):
        self._night()
        for action, amounts in (
            (self.january.action_billing_dispute(), [(self.january, 200.0)]),
            (self._case()._action_dispute(), [(self.january, 0.0), (self.february, 0.0)]),
            (self._case().action_view_disputes(), [(self.january, 0.0), (self.february, 0.0)]),
            (self.nora.action_billing_disputes(), [(self.january, 0.0), (self.february, 0.0)]),
        ):
            new = self.env["billing.dispute"].with_context(action["context"]).new({})
            self.assertEqual((new.partner_id, new.company_id), (self.nora, self.company))
            self.assertEqual(new.item_ids.mapped(lambda item: (item.move_line_id.move_id, item.amount)), amounts)
        # What was left at nothing is no part of it.
        dispute = self.env["billing.dispute"].with_context(action["context"]).create({
            "category_id": self.wrong_amount.id,
            "item_ids": [
                Command.create({"move_line_id": self._item(self.january).id, "amount": 0.0}),
                Command.create({"move_line_id": self._item(self.february).id, "amount": 40.0}),
            ],
        })
        self.assertEqual(dispute.item_ids.move_id, self.february)
        self.assertEqual(self.february.action_billing_dispute()["res_id"], dispute.id)
        self.assertEqual(self.nora.action_billing_disputes()["res_id"], dispute.id)
        self.assertEqual(self._case().action_view_disputes()["res_id"], dispute.id)

    def test_the_bill_says_what_of_it_is_disputed(self):
        dispute = self._dispute()
        self.assertEqual(
            self.january.billing_dispute_note,
            f"$\N{NO-BREAK SPACE}80.00 of it is disputed; nobody asks for that part. "
            f"{dispute.name} is to be answered by 03/30/2026.",
        )
        self.assertFalse(self.february.billing_dispute_note)

    def test_an_account_with_a_dispute_is_not_closed_behind_its_back(self):
        dispute = self._dispute()
        self.assertIn((f"Dispute {dispute.name} is not answered.", dispute), self.nora._get_open_business())

    def test_a_dispute_is_written_down_by_code_for_somebody_in_the_portal(self):
        portal = self.env["res.users"].create({
            "name": "Nora Neu", "login": "nora", "partner_id": self.nora.id,
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        })
        dispute = self.env["billing.dispute"].with_user(portal).sudo().create({
            "partner_id": self.nora.id, "origin": "portal", "company_id": self.company.id,
            "category_id": self.wrong_amount.id,
            "item_ids": [Command.create({"move_line_id": self._item(self.january).id, "amount": 80.0})],
        })
        self.assertFalse(dispute.user_id)
        self.assertEqual(self._held(self.january), [80.0])

    def test_what_disputes_hold_is_read_in_one_query_however_many_there_are(self):
        bills = self.january + self.february + self.january.browse().union(*(
            self._bill_nora(100.0 + number, "2026-02-10") for number in range(8)
        ))
        for bill in bills:
            self._dispute((bill, 10.0))
        lines = [self._item(bill).id for bill in bills]
        held = self.env["billing.dispute.item"]
        held._get_held_amounts(lines)
        for few in (lines[:1], lines):
            self.env.flush_all()
            with self.assertQueryCount(1):
                self.assertEqual(sum(held._get_held_amounts(few).values()), 10 * len(few))

    def test_the_screens_read_disputes_in_the_same_number_of_queries(self):
        bills = self.january + self.january.browse().union(*(
            self._bill_nora(100.0 + number, "2026-02-10") for number in range(8)
        ))
        disputes = self.env["billing.dispute"].union(*(self._dispute((bill, 10.0)) for bill in bills))

        def count(records, names):
            counts = []
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                records.read(names)
                counts.append(self.cr.sql_log_count - before)
            return counts[-1]

        for records, names in (
            (disputes, ("amount_held", "display_name", "waits_for_approval")),
            (bills, ("billing_disputed", "billing_dispute_note")),
        ):
            self.assertEqual(count(records[:2], names), count(records, names))

    def test_a_dispute_leads_to_the_case_of_whoever_disputes(self):
        dispute = self._dispute()
        self.assertFalse(dispute.has_case, "nobody is chased yet")
        self._night()
        self.assertTrue(dispute.has_case)
        self.assertEqual(dispute.action_view_case()["res_id"], self._case().id)
