from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import ContactCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionPromise(ContactCase):
    """A promise pauses dunning; the ledger tells whether it was kept.

    Nora owes 200 (January) and 400 (February). The journal items of a kept promise are those of any payment:
    Dr BANK 200 / Cr AR[Nora] 200, reconciled with the bill. The promise itself posts nothing.
    """

    def _stands(self, promise):
        return promise.state, promise.amount_paid, promise.amount_open

    # === TAKING ONE === #

    def test_a_promise_is_written_down_and_posts_nothing(self):
        case = self._open()
        before = self.env["account.move"].search_count([])
        promise = self._promise(case, ("2026-03-20", 250.0))
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self._stands(promise), ("running", 0.0, 250.0))
        self.assertRegex(promise.name, r"^PTP-2026-\d{5}$")
        self.assertEqual(
            promise.item_ids.mapped(lambda item: (item.move_id, item.amount_start)),
            [(self.january, 200.0), (self.february, 400.0)],
        )
        self.assertEqual((case.amount_promised, str(case.date_promised)), (250.0, "2026-03-20"))

    def test_the_case_says_that_a_step_is_left_out_while_a_promise_runs_and_closes_when_it_is_paid(self):
        self.reminder.review = "user"
        self._night()
        case = self._case()
        self.assertEqual(case.outlook, "“Reminder” waits for somebody to look at it.")
        self._promise(case, ("2026-03-20", 600.0))
        self.env.invalidate_all()
        self.assertEqual(case.outlook, "“Reminder” is left out as long as this stands against it.")
        self._pay(self.january, 200.0)
        self._pay(self.february, 400.0)
        self.env.invalidate_all()
        self.assertEqual(case.outlook, "Nothing is open any more: the case closes in the coming night.")

    def test_nobody_promises_more_than_is_open(self):
        case = self._open()
        for user in (self.cora, self.max):
            with self.assertRaisesRegex(UserError, r"owes \$.600.00, and cannot promise \$.600.01. Type at most what"):
                self._promise(case, ("2026-03-20", 300.0), ("2026-03-27", 300.01), user=user)
        self.assertEqual(self._promise(case, ("2026-03-20", 600.0)).amount, 600.0)

    def test_nothing_is_no_promise(self):
        case = self._open()
        for parts in ((), (("2026-03-20", 0.0),), (("2026-03-20", 100.0), ("2026-03-27", -50.0))):
            with self.assertRaisesRegex(UserError, "Type how much Nora Neu has promised to pay on each day"):
                self._promise(case, *parts)

    def test_a_promise_is_for_a_day_to_come_and_each_day_once(self):
        case = self._open()
        with self.assertRaisesRegex(UserError, "is for today or a day to come"):
            self._promise(case, ("2026-03-15", 100.0))
        with self.assertRaisesRegex(UserError, "Two parts of the promise of Nora Neu are for the same day"):
            self._promise(case, ("2026-03-20", 100.0), ("2026-03-20", 50.0))
        self.assertEqual(self._promise(case, ("2026-03-16", 100.0)).state, "running")

    def test_only_a_manager_takes_a_promise_far_ahead(self):
        case = self._open()
        with self.assertRaisesRegex(
            UserError, "for 04/16/2026 lies more than 30 days ahead. Agree on a day until 04/15/2026, ask a manager",
        ):
            self._promise(case, ("2026-04-16", 100.0))
        self.assertEqual(self._promise(case, ("2026-04-16", 100.0), user=self.max).state, "running")
        case.promise_id.action_cancel()
        self.assertEqual(self._promise(case, ("2026-04-15", 100.0)).state, "running")

    def test_one_promise_runs_at_a_time(self):
        case = self._open()
        first = self._promise(case, ("2026-03-20", 100.0))
        told = rf"has promised already to pay \$.100.00 by 03/20/2026 \(Bank transfer\). Cancel that .*{first.name}"
        with self.assertRaisesRegex(UserError, told):
            self._promise(case, ("2026-03-27", 100.0))
        first.with_user(self.cora).action_cancel()
        second = self._promise(case, ("2026-03-27", 100.0))
        self.assertEqual((first.state, second.state, case.promise_id), ("cancelled", "running", second))

    def test_what_was_promised_is_not_edited(self):
        promise = self._promise(self._open(), ("2026-03-20", 100.0))
        with self.assertRaisesRegex(UserError, "stays as it was given. Cancel it, and take the new promise"):
            promise.with_user(self.max).write({"way": "cash"})
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            promise.with_user(self.max).write({"state": "kept"})
        with self.assertRaises(AccessError):
            promise.with_user(self.max).part_ids.write({"amount": 1.0})
        with self.assertRaises(AccessError):
            promise.with_user(self.rosa).action_cancel()
        with self.assertRaises(UserError):
            promise.sudo().unlink()

    def test_a_closed_case_takes_no_promise(self):
        case = self._open()
        self._pay(self.january + self.february, 600.0, date="2026-03-16")
        self._night("2026-03-17")
        with self.assertRaisesRegex(UserError, "The case of Nora Neu is closed: nothing is overdue"):
            self._promise(case, ("2026-03-20", 1.0), day="2026-03-17")

    # === IT PAUSES === #

    def test_nothing_is_asked_until_its_day_and_the_days_of_waiting_are_over(self):
        case = self._open()
        self._promise(case, ("2026-03-25", 100.0))
        for day in ("2026-03-19", "2026-03-25", "2026-03-27"):
            self._night(day)
        self.assertEqual(len(self._steps()), 1)
        self.assertEqual(
            case.guard_note, "Has promised to pay $\N{NO-BREAK SPACE}100.00 by 03/25/2026 (Bank transfer).",
        )
        self._night("2026-03-28")
        self.assertEqual(self._steps()[1:], [("2026-03-28", "First notice", 600.0)])

    def test_a_step_that_waits_is_dropped_when_they_promise(self):
        self.reminder.review = "user"
        case = self._open()
        step = case.step_ids
        self.assertEqual(step.state, "review")
        self._promise(case, ("2026-03-25", 100.0))
        self._night("2026-03-17")
        self.assertEqual((step.state, step.reasons), ("dropped", "promise"))

    # === KEPT === #

    def test_kept_by_one_payment(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        payment = self._pay(self.january, 200.0, date="2026-03-19")
        self.assertItems(payment.move_id, [
            (payment.outstanding_account_id, self.nora, 200.0, 0.0),
            (self._receivable(self.nora), self.nora, 0.0, 200.0),
        ])
        self.assertEqual(self._stands(promise), ("running", 200.0, 0.0))
        self._night("2026-03-20")
        self.assertEqual((self._stands(promise), str(promise.ended_on)), (("kept", 200.0, 0.0), "2026-03-20"))
        self.assertConserved()

    def test_kept_by_two_payments_of_any_bill(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 250.0))
        self._pay(self.february, 150.0, date="2026-03-17")
        self._night("2026-03-18")
        self.assertEqual(self._stands(promise), ("running", 150.0, 100.0))
        self._pay(self.january, 100.0, date="2026-03-20")
        self._night("2026-03-21")
        self.assertEqual(self._stands(promise), ("kept", 250.0, 0.0))

    def test_kept_by_a_credit_note(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        with freeze_time("2026-03-18 19:00:00"):
            self.january.encounter_id.action_unbill()
        self.assertEqual(self.january.amount_residual, 0.0)
        self._night("2026-03-23")
        self.assertEqual(self._stands(promise), ("kept", 200.0, 0.0))

    def test_the_day_and_the_days_of_waiting_are_in_time(self):
        promise = self._promise(self._open(), ("2026-03-20", 200.0))
        self._night("2026-03-22")
        self.assertEqual(promise.state, "running")
        self._pay(self.january, 200.0, date="2026-03-22")
        self._night("2026-03-23")
        self.assertEqual(promise.state, "kept")

    def test_who_pays_everything_has_kept_it_and_the_case_closes(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 600.0))
        self._pay(self.january + self.february, 600.0, date="2026-03-17")
        self._night("2026-03-18")
        self.assertEqual((case.state, promise.state), ("closed", "kept"))

    # === BROKEN === #

    def test_broken_when_nothing_has_come(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        score = case.score
        self._night("2026-03-22")
        self.assertEqual(promise.state, "running")
        self._night("2026-03-23")
        self.assertEqual((self._stands(promise), str(promise.ended_on)), (("broken", 0.0, 200.0), "2026-03-23"))
        self.assertEqual((promise.is_partly, promise.needs_look, case.broken_promise_count), (False, True, 1))
        self.assertEqual(case.score, score + 5)
        # Without the days to wait since the reminder of the 16th, on the same night.
        self.assertEqual(self._steps()[1:], [("2026-03-23", "First notice", 600.0)])

    def test_after_a_broken_promise_the_next_step_comes_at_once_or_when_its_time_has_come(self):
        for after, expected in (("next", "2026-03-31"), ("usual", "2026-04-07")):
            self.company.billing_promise_after = after
            with self.subTest(after=after), self.cr.savepoint() as savepoint:
                self._night("2026-03-16")
                self._night("2026-03-24")
                self._promise(self._case(), ("2026-03-28", 200.0), day="2026-03-25")
                for day in ("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-06", "2026-04-07"):
                    self._night(day)
                self.assertEqual(self._steps(), [
                    ("2026-03-16", "Reminder", 600.0), ("2026-03-24", "First notice", 600.0),
                    (expected, "Second notice", 600.0),
                ])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_too_little_is_partly_kept_and_counts_as_broken(self):
        promise = self._promise(self._open(), ("2026-03-20", 200.0))
        self._pay(self.january, 199.99, date="2026-03-20")
        self._night("2026-03-23")
        self.assertEqual((self._stands(promise), promise.is_partly), (("broken", 199.99, 0.01), True))
        # What comes later is another matter.
        self._pay(self.january, 0.01, date="2026-03-24")
        self._night("2026-03-24")
        self.assertEqual(self._stands(promise), ("broken", 199.99, 0.01))

    def test_the_first_part_missed_breaks_it(self):
        promise = self._promise(self._open(), ("2026-03-20", 100.0), ("2026-04-03", 100.0))
        self._night("2026-03-22")
        self.assertEqual(str(promise.date_next), "2026-03-20")
        self._night("2026-03-23")
        self.assertEqual(promise.state, "broken")

    def test_money_fills_the_parts_in_their_order(self):
        promise = self._promise(self._open(), ("2026-03-20", 100.0), ("2026-04-03", 100.0))
        self._pay(self.january, 150.0, date="2026-03-20")
        self._night("2026-03-23")
        self.assertEqual((promise.state, str(promise.date_next)), ("running", "2026-04-03"))
        self.assertEqual(promise.part_ids.mapped("amount_paid"), [100.0, 50.0])
        self._night("2026-04-06")
        self.assertEqual((promise.state, promise.is_partly), ("broken", True))

    def test_broken_by_a_payment_that_bounces(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        payment = self._pay(self.january, 200.0, date="2026-03-19")
        self._night("2026-03-20")
        self.assertEqual(promise.state, "kept")
        self.january.line_ids.remove_move_reconcile()
        payment.action_draft()
        payment.action_cancel()
        self._night("2026-03-24")
        self.assertEqual((promise.state, promise.amount_paid, str(promise.ended_on)), ("broken", 0.0, "2026-03-24"))
        self.assertEqual(case.broken_promise_count, 1)

    def test_a_payment_that_bounces_before_its_day_leaves_time_to_bring_it_again(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-27", 200.0))
        payment = self._pay(self.january, 200.0, date="2026-03-17")
        self._night("2026-03-18")
        self.assertEqual(promise.state, "kept")
        self.january.line_ids.remove_move_reconcile()
        payment.action_draft()
        payment.action_cancel()
        self._night("2026-03-20")
        self.assertEqual((promise.state, promise.ended_on, case.promise_id), ("running", False, promise))
        self._night("2026-03-30")
        self.assertEqual(promise.state, "broken")

    def test_a_kept_promise_is_not_broken_by_matching_its_money_anew(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        self._pay(self.january, 200.0, date="2026-03-19")
        self._night("2026-03-20")
        # An accountant has undone the matching, and goes on tomorrow.
        self.january.line_ids.remove_move_reconcile()
        self._night("2026-03-25")
        self.assertEqual((promise.state, case.amount_credit), ("kept", 200.0))

    def test_a_bounce_after_the_case_was_closed_lets_the_new_case_go_on_at_once(self):
        self._night("2026-03-16")
        self._night("2026-03-24")
        first = self._case()
        promise = self._promise(first, ("2026-03-28", 600.0), day="2026-03-25")
        payment = self._pay(self.january + self.february, 600.0, date="2026-03-26")
        self._night("2026-03-27")
        self.assertEqual((first.state, promise.state), ("closed", "kept"))
        (self.january + self.february).line_ids.remove_move_reconcile()
        payment.action_draft()
        payment.action_cancel()
        self._night("2026-04-01")
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self._steps()[-1], ("2026-04-01", "Second notice", 600.0))

    def test_money_that_has_come_and_belongs_to_no_bill_yet_breaks_nothing(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 200.0))
        self.env["account.payment"].create({
            "partner_id": self.nora.id, "amount": 200.0, "date": "2026-03-19", "payment_type": "inbound",
            "partner_type": "customer",
        }).action_post()
        self._night("2026-03-24")
        self.assertEqual((promise.state, case.amount_credit), ("running", 200.0))

    def test_what_nobody_asks_for_any_more_breaks_no_promise(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        promise = self._promise(self._open(), ("2026-03-20", 200.0))
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        self._night("2026-03-24")
        self.assertEqual(promise.state, "cancelled")

    def test_broken_promises_of_earlier_cases_count(self):
        promise = self._promise(self._open(), ("2026-03-20", 200.0))
        self._night("2026-03-23")
        self.assertEqual(promise.state, "broken")
        self._pay(self.january + self.february, 600.0, date="2026-03-24")
        self._night("2026-03-24")
        self._bill_nora(90.0, "2026-02-20")
        self._night("2026-03-25")
        case = self._case().filtered(lambda some: some.state == "open")
        self.assertEqual((len(self._case()), case.broken_promise_count, case._get_history().broken_promises), (2, 1, 1))

    def test_whoever_speaks_with_them_takes_a_broken_promise_off_the_list(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-18", 200.0))
        self._night("2026-03-23")
        self.assertTrue(promise.needs_look)
        self._contact(case, "2026-03-23 19:00:00")
        self.assertFalse(promise.needs_look)

    def test_a_broken_promise_is_seen_by_a_coordinator(self):
        promise = self._promise(self._open(), ("2026-03-18", 200.0))
        self._night("2026-03-23")
        with self.assertRaises(AccessError):
            promise.with_user(self.rosa).action_seen()
        promise.with_user(self.cora).action_seen()
        self.assertFalse(promise.needs_look)

    # === CALENDARS AND CURRENCIES === #

    def test_a_promise_for_29_february(self):
        self.company.billing_contact_days = "all"
        with freeze_time("2028-02-20 19:00:00"):
            bill = self._bill_nora(300.0, "2028-01-01")
        self._night("2028-02-20")
        case = self._case()
        promise = self._promise(case, ("2028-02-29", 300.0), day="2028-02-20")
        self._night("2028-03-02")
        self.assertEqual(promise.state, "running")
        self._night("2028-03-03")
        self.assertEqual(promise.state, "broken")
        self.assertEqual(bill.amount_residual, 300.0)

    def test_a_bill_in_another_currency_counts_in_that_of_the_company(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "currency_id": foreign.id,
            "invoice_date": "2026-02-01", "invoice_date_due": "2026-02-15",
            "invoice_line_ids": [Command.create({"name": "Copies", "price_unit": 100, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        self._pay(self.january + self.february, 600.0, date="2026-03-10")
        case = self._open()
        self.assertEqual(case.amount_open, 50.0)
        promise = self._promise(case, ("2026-03-20", 50.0))
        self._pay(bill, 60.0, date="2026-03-18")
        self.assertEqual(self._stands(promise), ("running", 30.0, 20.0))
        self._pay(bill, 40.0, date="2026-03-19")
        self._night("2026-03-20")
        self.assertEqual(promise.state, "kept")

    def test_another_company_in_yen_sees_its_own_promises_alone(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        data = self.setup_other_company(name="Tokyo", currency_id=yen.id)
        other = data["company"]
        other.partner_id.tz = "Asia/Tokyo"
        kenji = self.env["res.partner"].create({"name": "Kenji", "property_account_receivable_id": False})
        company_env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        bill = company_env["account.move"].create({
            "move_type": "out_invoice", "partner_id": kenji.id, "invoice_date": "2026-02-01",
            "invoice_date_due": "2026-02-15", "company_id": other.id,
            "invoice_line_ids": [Command.create({"name": "Copies", "price_unit": 10001, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        case = company_env["billing.collection.case"].sudo().create({"partner_id": kenji.id, "company_id": other.id})
        case._add_items(other)
        case._refresh()
        with freeze_time("2026-03-16 03:00:00"):
            promise = case.with_user(SUPERUSER_ID).with_context(tz="Asia/Tokyo")._take_promise(
                [(fields.Date.to_date("2026-03-20"), 3334.0), (fields.Date.to_date("2026-03-27"), 6667.0)], "cash",
            )
        self.assertEqual((promise.amount, promise.currency_id, promise.amount_open), (10001.0, yen, 10001.0))
        self.assertFalse(self.env["billing.collection.promise"].with_user(self.cora).search([("id", "=", promise.id)]))
        sam = new_test_user(
            self.env, "sam", "billing_coordinator.group_coordinator", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertTrue(promise.with_user(sam).read(["amount"]))
        mine = self._promise(self._open(), ("2026-03-20", 100.0))
        with self.assertRaises(AccessError):
            mine.with_user(sam).read(["amount"])

    # === THE NIGHT === #

    def _many(self, count):
        """Promises of so many people, all of whose days are over."""
        cases = self.env["billing.collection.case"]
        for number in range(count):
            person = self._create_patient(f"Person {number}")
            person._set_state("pending")
            person._set_state("active")
            visit = self._create_encounter(person, [(self.service, 100.0)], date="2026-01-10")
            self._bill(visit, date="2026-01-10")
        self._night()
        cases = self.env["billing.collection.case"].search([("partner_id.name", "=like", "Person %")])
        return self.env["billing.collection.promise"].union(*(
            self._promise(case, ("2026-03-18", 50.0)) for case in cases
        ))

    def test_the_night_costs_as_many_queries_for_twenty_promises_as_for_five(self):
        promises = self._many(26).sudo()

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-03-23 09:00:00"):
                some._follow()
                self.env.flush_all()
            self.assertEqual(set(some.mapped("state")), {"broken"})
            return self.cr.sql_log_count - before

        count(promises[:1])
        five, twenty = count(promises[1:6]), count(promises[6:])
        self.assertLessEqual(twenty, five + 2)

    def test_a_night_cut_off_goes_on_in_the_next_one(self):
        promises = self._many(3).sudo()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 0)
        with freeze_time("2026-03-23 09:00:00"), progress, \
                patch("odoo.addons.billing_coordinator.models.nightly.BATCH_SIZE", 1):
            self.env["billing.collection.promise"].sudo()._cron_follow()
        self._night("2026-03-23")
        self._night("2026-03-23")
        self.assertEqual(promises.mapped("state"), ["broken"] * 3)
        self.assertEqual({promise.case_id.broken_promise_count for promise in promises}, {1})

    def test_the_worklists_of_today_count_them(self):
        case = self._open()
        self._promise(case, ("2026-03-20", 200.0))
        due, broken = (
            self.env.ref(f"billing_coordinator.worklist_collection_promises_{name}") for name in ("due", "broken")
        )

        def count(worklist, day):
            with freeze_time(f"{day} 12:00:00"):
                self.env.flush_all()
                return self.env["billing.collection.promise"].search_count(
                    [*worklist._get_domain(), ("case_id", "=", case.id)],
                )

        self.assertEqual((count(due, "2026-03-19"), count(due, "2026-03-20")), (0, 1))
        self._night("2026-03-23")
        self.assertEqual((count(due, "2026-03-23"), count(broken, "2026-03-23")), (0, 1))
