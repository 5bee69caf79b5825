from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..contacts.common import ContactCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionSeams(ContactCase):
    """Where rooms of collections meet: steps that wait while something begins, stages that go, people that merge."""

    def _dispute(self, **values):
        return self.env["billing.dispute"].create({
            "partner_id": self.nora.id, "category_id": self.env.ref("billing_coordinator.dispute_category_amount").id,
            **values,
        })

    def _again(self):
        again = self._create_patient("Nora Neu", email="nora@example.com")
        again._set_state("pending")
        again._set_state("active")
        self._bill(self._create_encounter(again, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        return again

    def _merge(self, again):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.nora + again).ids, self.nora)
        self.env.invalidate_all()

    def _refuses(self, what, action):
        with self.assertRaises(UserError, msg=what):
            action()
            self.env.flush_all()

    # --- stages ---

    def test_bills_at_an_archived_stage_go_on_with_the_next_one(self):
        for day in ("2026-03-16", "2026-03-19", "2026-04-05"):
            self._night(day)
        self.assertEqual([name for _day, name, _amount in self._steps()], ["Reminder", "First notice", "Second notice"])
        self.second.active = False
        self._night("2026-04-25")
        self.assertEqual(self._steps()[3:], [("2026-04-25", "Final demand", 600.0)])

    def test_a_letter_of_a_stage_archived_before_it_was_printed_repeats_nothing(self):
        self.first.channel = "letter"
        self._night("2026-03-16")
        self._night("2026-03-19")
        step = self._case().waiting_step_id
        self.first.active = False
        with freeze_time("2026-03-19 19:00:00"):
            step.action_print_letters()
        self._night("2026-04-05")
        self.assertEqual([name for _day, name, _amount in self._steps()], ["Reminder", "First notice", "Second notice"])

    # --- what begins while a step waits ---

    def test_a_letter_waits_for_somebody_once_something_is_disputed_that_nobody_knows_yet(self):
        self.reminder.channel = "letter"
        self._night()
        step = self._case().waiting_step_id
        self.assertEqual(step.state, "ready")
        self._dispute()
        step.action_print_letters()
        self.assertEqual((step.state, step.letter_id.id, step.reasons), ("review", False, "question"))
        step.action_do()
        self.assertEqual((step.state, bool(step.letter_id)), ("done", True))

    def test_a_letter_is_not_printed_to_an_address_that_stopped_working(self):
        self.reminder.channel = "letter"
        self._night()
        step = self._case().waiting_step_id
        self.nora.action_billing_letter_back()
        self._night("2026-03-17")
        self.assertEqual((step.state, step.reasons), ("review", "address"))

    def test_an_email_is_not_sent_in_the_night_as_a_text_message(self):
        self.company.billing_sms_consent = False
        self.reminder.review = "user"
        self._night()
        step = self._case().waiting_step_id
        self.assertEqual(step.channel, "email")
        step.action_approve()
        self.nora.billing_channel = "sms"
        self._night("2026-03-17")
        self.assertEqual((step.state, step.channel), ("ready", "sms"))
        self.assertFalse(self.env["sms.sms"].search([("partner_id", "=", self.nora.id)]))

    # --- promises ---

    def test_two_promises_of_one_person_stand_together_after_a_merge(self):
        again = self._again()
        self._night()
        self._promise(self._case(), ("2026-03-20", 200.0))
        self._promise(self._case(again), ("2026-03-25", 80.0))
        self._merge(again)
        self._night("2026-03-17")
        self._night("2026-03-24")
        self.assertEqual(self._case().filtered(lambda case: case.state == "open").step_ids.filtered(
            lambda step: step.state != "dropped" and str(step.date) > TODAY), self.env["billing.collection.step"])

    def test_a_promise_lives_on_in_the_case_that_goes_on(self):
        again = self._again()
        self._night()
        promise = self._promise(self._case(again), ("2026-03-25", 80.0))
        self._merge(again)
        case = self._case().filtered(lambda case: case.state == "open")
        self.assertEqual((promise.case_id, promise.state, case.promise_id), (case, "running", promise))

    def test_whoever_was_written_to_yesterday_is_not_written_to_again_after_a_merge(self):
        self._night("2026-03-12")
        again = self._again()
        self._night("2026-03-16")
        kept = self._case()
        kept.sudo().date_stage = "2026-03-01"
        self._merge(again)
        self.assertEqual(str(kept.date_stage), "2026-03-16")

    def test_a_promise_that_runs_again_and_a_new_one_stand_together(self):
        case = self._open()
        self._promise(case, ("2026-03-25", 600.0))
        payment = self._pay(self.january + self.february, 600.0, date="2026-03-17")
        self._night("2026-03-17")
        self.assertEqual((case.state, case.promise_ids.state), ("closed", "kept"))
        payment.action_draft()
        payment.action_cancel()
        self.env.flush_all()
        self._night("2026-03-18")
        new = self._case().filtered(lambda case: case.state == "open")
        self._promise(new, ("2026-03-24", 600.0), day="2026-03-18")
        self._night("2026-03-19")
        self._night("2026-03-27")

    def test_a_promise_is_judged_by_its_own_bills(self):
        case = self._open()
        promise = self._promise(case, ("2026-03-20", 600.0))
        self._dispute(item_ids=[Command.create({
            "move_line_id": self.january._get_billing_receivable_item().id, "amount": 80.0,
        })])
        self._pay(self.january, 120.0, date="2026-03-18")
        self._pay(self.february, 400.0, date="2026-03-18")
        self._bill_nora(300.0, "2026-02-15")
        self._night("2026-03-19")
        self._night("2026-03-25")
        self.assertEqual((promise.state, case.broken_promise_count), ("cancelled", 0))

    # --- charges ---

    def test_an_account_on_hold_is_asked_for_its_fee(self):
        self.reminder.holds_account = True
        self.first.fee = 5.0
        self._night("2026-03-16")
        self._night("2026-03-19")
        self.assertEqual((self.nora.billing_state, self._steps()[1:]), (
            "on_hold", [("2026-03-19", "First notice", 605.0)],
        ))

    def test_a_currency_without_cents_has_none_where_a_part_is_disputed(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create({
            "name": "2026-01-01", "currency_id": yen.id, "rate": 151.37, "company_id": self.company.id,
        })
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-01-01",
            "invoice_date_due": "2026-01-31", "currency_id": yen.id,
            "invoice_line_ids": [Command.create({"name": "x", "price_unit": 10001.0, "tax_ids": [Command.clear()]})],
        })
        invoice.action_post()
        line = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self._dispute(item_ids=[Command.create({"move_line_id": line.id, "amount": 3334.0})])
        self._night()
        step = self._case().step_ids
        told = step.line_ids.filtered(lambda told: told.move_id == invoice)
        self.assertEqual((told.amount, told.currency_id), (6667.0, yen))
        self.assertEqual(step.amount, round(600 + line.amount_residual * 6667 / 10001, 2))
        self.assertEqual(self._case().amount_disputed, round(line.amount_residual * 3334 / 10001, 2))

    # --- plans ---

    def test_a_broken_plan_goes_back_where_its_debtor_stands(self):
        case = self._open()
        company_stage = self.env["billing.collection.stage"].create([
            {"name": name, "sequence": sequence, "company_id": self.company.id, "debtor_class": "company",
             "subject": name, "text": f"<p>{name}</p>"}
            for sequence, name in ((1, "Ask"), (2, "Demand"), (3, "Sue"))
        ])[-1]
        lines = case.item_ids.move_line_id
        self.env["billing.collection.case"].sudo()._resume(lines, company_stage)
        self.assertEqual(case.item_ids.stage_id, self.reminder)
        self.env["billing.collection.stage"].search([("debtor_class", "=", "company")]).active = False
        self.env["billing.collection.case"].sudo()._resume(lines, company_stage)
        self.assertEqual(case.item_ids.stage_id, self.reminder)

    # --- credit of a contact ---

    def test_money_of_a_contact_is_money_of_the_client(self):
        client = self.env["res.partner"].create({"name": "Client Ltd", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Carl", "parent_id": client.id})
        stages = self.env["billing.collection.stage"].create({
            "name": "Ask", "company_id": self.company.id, "debtor_class": "company", "subject": "A", "text": "<p>A</p>",
        })
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": contact.id, "invoice_date": "2026-01-01",
            "invoice_date_due": "2026-01-31",
            "invoice_line_ids": [Command.create({"name": "x", "price_unit": 100.0, "tax_ids": [Command.clear()]})],
        })
        invoice.action_post()
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": contact.id, "amount": 100.0,
        })
        payment.action_post()
        self._night()
        case = self._case(client)
        self.assertEqual((case.amount_credit, case.step_ids.ids, stages.case_count), (100.0, [], 1))

    # --- rights ---

    def test_what_the_system_says_of_a_case_is_never_typed(self):
        case = self._open()
        step = case.step_ids
        other = self._again()
        for record, vals in (
            (case, {"stage_id": self.final.id}),
            (case, {"date_stage": "2026-01-01"}),
            (case, {"partner_id": other.id}),
            (case, {"debtor_class": "payer"}),
            (case, {"amount_overdue": 0.0}),
            (case, {"step_ids": [Command.delete(step.id)]}),
            (case, {"item_ids": [Command.update(case.item_ids[0].id, {"stage_id": self.final.id})]}),
            (step, {"amount": 1.0}),
            (step, {"address": "me@example.com"}),
            (step, {"channel": "none"}),
            (step, {"stage_id": self.final.id}),
            (step, {"case_id": self._case(other).id}),
            (step, {"user_id": self.max.id}),
            (step, {"needs_review": False}),
            (step, {"came_back_on": "2026-03-16"}),
            (step, {"letter_id": False}),
        ):
            self._refuses(str(vals), lambda record=record, vals=vals: record.with_user(self.cora).write(vals))

    def test_who_only_reads_decides_nothing(self):
        self.reminder.channel = "letter"
        self._night()
        case = self._case()
        step = case.waiting_step_id
        case.with_user(self.cora).user_id = self.cora
        for user in (self.rosa, new_test_user(self.env, "pia", "base.group_portal"),
                     new_test_user(self.env, "arno", "base.group_user,account.group_account_manager")):
            for name, action in (
                ("decide", case.with_user(user).action_decide),
                ("drop", step.with_user(user).action_drop),
                ("do", step.with_user(user).action_do),
                ("print", step.with_user(user).action_print_letters),
                ("call", lambda user=user: self._contact(case, "2026-03-16 19:00:00", user=user)),
            ):
                self._refuses(f"{user.login} {name}", action)
            self.env.invalidate_all()
            self.assertEqual(step.state, "ready")
