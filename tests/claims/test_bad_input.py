from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestBadInput(BillingCase):
    """Whatever is typed wrongly: one clear sentence, and nothing half done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.giveup = cls.env.ref("billing_coordinator.reason_office_giveup")

    def _count(self):
        self.env.flush_all()
        return {
            model: self.env[model].sudo().search_count([])
            for model in (
                "account.move", "account.move.line", "account.partial.reconcile", "account.payment", "billing.claim",
                "billing.remittance", "billing.adjustment", "billing.encounter",
            )
        }

    def assertRefused(self, sentence, action, *args, error=UserError, **kwargs):
        """The action is refused with this sentence (a regular expression), and nothing has happened."""
        before = self._count()
        with self.subTest(sentence=sentence), self.assertRaisesRegex(error, sentence) as caught, \
                mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            action(*args, **kwargs)
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._count(), before, "nothing half done")
        return caught.exception

    # === BILLING === #

    def test_a_company_without_accounts_is_told_what_to_do(self):
        bare = self.env["res.company"].create({"name": "Bare Ltd"})
        self.env.user.company_ids += bare
        encounter = self.env["billing.encounter"].with_company(bare).create({
            "patient_id": self.patient.id, "company_id": bare.id, "date": "2026-03-05",
            "line_ids": [Command.create({"product_id": self.service.id, "price_unit": 10.0})],
        })
        encounter.action_ready()
        self.assertRefused(
            "Company Bare Ltd has no chart of accounts yet. Install one in Settings", encounter._bill,
            error=(UserError, RedirectWarning),
        )
        self.assertEqual(encounter.state, "ready")

    def test_a_company_that_lacks_one_account_is_told_which(self):
        encounter = self._create_encounter()
        encounter.action_ready()
        self.company.billing_transfer_account_id = False
        self.assertRefused(
            "cannot bill yet, because nothing is chosen for: Responsibility transfer account", encounter._bill,
            error=(UserError, RedirectWarning),
        )

    def test_a_visit_without_services(self):
        encounter = self._create_encounter()
        encounter.line_ids.unlink()
        self.assertRefused(
            f"^{encounter.name} Ana López has no services. Add a line for what was done, or cancel the visit.$",
            encounter.action_ready,
        )

    def test_a_visit_that_costs_nothing(self):
        encounter = self._create_encounter(services=[(self.service, 0.0)])
        self.assertRefused(
            "add up to .*0.00.*: there is nothing to bill. Check quantity and price", encounter.action_ready,
        )

    def test_a_visit_that_is_still_to_come(self):
        encounter = self._create_encounter(date="2026-03-17")
        self.assertRefused("is dated 03/17/2026, which is still to come", encounter.action_ready)

    def test_a_visit_that_is_not_marked_as_to_bill(self):
        encounter = self._create_encounter()
        self.assertRefused("is not ready to be billed", encounter._bill)

    def test_the_same_visit_billed_twice(self):
        encounter = self._bill().encounter_id
        self.assertRefused("is not ready to be billed .*Billed", encounter._bill)

    def test_one_bad_visit_among_many_bills_none(self):
        good, bad = self._create_encounter(), self._create_encounter()
        good.action_ready()
        self.assertRefused("is not ready", (good + bad)._bill)
        self.assertEqual(good.state, "ready")

    def test_billing_into_a_closed_period(self):
        encounter = self._create_encounter()
        encounter.action_ready()
        self.company.fiscalyear_lock_date = "2026-03-10"
        self.assertRefused(
            "cannot be posted on 03/06/2026: the books of company_1_data are closed until 03/10/2026. Choose a later",
            encounter._bill, fields.Date.to_date("2026-03-06"),
        )

    def test_undoing_the_billing_in_a_closed_period(self):
        invoice = self._bill()
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.assertRefused(
            "the books of company_1_data are closed until 03/31/2026", invoice.encounter_id.action_unbill,
        )
        self.assertEqual((invoice.encounter_id.state, invoice.claim_ids.state), ("billed", "ready"))

    def test_negative_prices_units_and_discounts(self):
        encounter = self._create_encounter()
        for values in ({"price_unit": -1.0}, {"quantity": 0.0}, {"quantity": -1.0}, {"discount": 101.0}):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), \
                    self.assertRaises(errors.CheckViolation), self.env.cr.savepoint():
                encounter.line_ids.write(values)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_a_visit_of_the_patient_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_patient("Otto", company_id=other.id)
        self.assertRefused("no company crossover", self._create_encounter, patient=stranger)

    def test_coverage_that_has_ended_is_not_billed(self):
        self.coverage.date_to = "2026-02-28"
        invoice = self._bill()
        self.assertEqual((invoice.partner_id, len(invoice.claim_ids)), (self.patient, 0))

    def test_coverage_without_member_number(self):
        patient = self._create_patient("Eva")
        for number in ("", "  "):
            self.assertRefused(
                "Blue Plan of Eva has no member number. Type the number from the insurance card.",
                self._create_coverage, patient, self.plan, member_number=number, error=ValidationError,
            )

    # === REMITTANCES === #

    def test_a_service_that_does_not_balance(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0)], post=False)
        self.assertRefused(
            r"^C-\S+, “Office visit” does not balance: \$.500.00 to answer − \$.120.00 not paid − \$.300.00 paid "
            r"leaves \$.80.00. Correct what was paid or add the reason that is missing.$",
            answer.action_post,
        )
        self.assertEqual((answer.state, invoice.claim_ids.state), ("draft", "ready"))

    def test_money_that_does_not_agree_with_the_services(self):
        answer = self._answer(self._bill().claim_ids, 300.0, [(self.co_45, 200.0)], amount=310.0, post=False)
        self.assertRefused(
            r"does not balance: \$.310.00 came in, the services say \$.300.00 was paid. The difference is \$.10.00.$",
            answer.action_post,
        )

    def test_an_answer_without_claims(self):
        answer = self.env["billing.remittance"].create({"payer_id": self.payer.id, "reference": "X", "amount": 10.0})
        self.assertRefused("answers no claim yet. Add the claims that the payer's paper names", answer.action_post)

    def test_an_answer_for_the_claim_of_another_payer(self):
        claim = self._bill().claim_ids
        self.assertRefused(
            f"^{claim.name} was sent to Blue Insurance, not to Gold Insurance. Remove it from R",
            self._prepare_answer, claim, 500.0, payer_id=self.payer_b.id, error=ValidationError,
        )

    def test_an_answer_for_the_claim_of_another_company(self):
        claim = self._bill().claim_ids
        other = self.setup_other_company()["company"]
        other._billing_setup()
        self.env.user.company_ids += other
        self.assertRefused(
            f"^{claim.name} belongs to another company than R.* \\(company_2\\). Type its answer in that company.$",
            self._prepare_answer, claim, 500.0, company_id=other.id, error=ValidationError,
        )

    def test_an_answer_in_another_currency(self):
        claim = self._bill().claim_ids
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.9)])
        self.assertRefused(
            f"^{claim.name} asks in USD, R.* answers in EUR. Type the answer in the currency of the claim.$",
            self._prepare_answer, claim, 500.0, currency_id=euro.id, error=ValidationError,
        )

    def test_an_answer_that_is_larger_than_the_claim(self):
        claim = self._bill().claim_ids
        answer = self._answer(claim, 600.0, post=False)
        self.assertRefused("does not balance: .*500.00 to answer .*600.00 paid leaves .*-.*100.00", answer.action_post)
        first = self._answer(claim, 500.0, reference="CHK 1", post=False)
        second = self._answer(claim, 500.0, reference="CHK 2", post=False)
        first.action_post()
        self.env.invalidate_all()
        self.assertRefused("does not balance: .*0.00 to answer", second.action_post)

    def test_an_answer_for_more_than_an_accountant_left_open(self):
        invoice = self._bill()
        self._pay(invoice, 200.0)
        answer = self._answer(invoice.claim_ids, 500.0, post=False)
        self.assertRefused(
            r"“Office visit” does not balance: \$.300.00 to answer − \$.0.00 not paid − \$.500.00 paid leaves",
            answer.action_post,
        )

    def test_a_service_of_another_claim(self):
        first, second = self._bill().claim_ids, self._bill().claim_ids
        self.assertRefused(
            "“Office visit” is not a service of C-.*. Remove the line and add the claim again.",
            self._prepare_answer, first, 500.0, error=ValidationError,
            line_ids=[Command.create({"claim_id": first.id, "move_line_id": second.line_ids.id})],
        )

    def test_the_same_service_twice_on_one_answer(self):
        claim = self._bill().claim_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            self._prepare_answer(claim, 500.0, line_ids=claim._prepare_answer_lines() * 2)

    def test_an_answer_dated_in_a_closed_period(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.pr_1, 200.0)], post=False)
        for lock in ("fiscalyear_lock_date", "sale_lock_date", "hard_lock_date"):
            with self.env.cr.savepoint() as savepoint:
                self.company[lock] = "2026-03-12"
                self.assertRefused(
                    "cannot be posted on 03/10/2026: the books of company_1_data are closed until 03/12/2026",
                    answer.action_post,
                )
                savepoint.rollback()
                self.env.invalidate_all()
        answer.action_post()
        self.company.fiscalyear_lock_date = "2026-03-12"
        self.assertRefused("closed until 03/12/2026", answer._reverse, fields.Date.to_date("2026-03-11"), "wrong")
        self.assertEqual(answer.state, "posted")

    def test_negative_amounts(self):
        answer = self._answer(self._bill().claim_ids, 500.0, post=False)
        for record, values in (
            (answer, {"amount": -1.0}), (answer, {"credit_amount": -1.0}), (answer.line_ids, {"amount_paid": -1.0}),
            (answer, {"amount_unapplied": -1.0}),
            (answer.line_ids, {"adjustment_ids": [Command.create({"reason_id": self.co_45.id, "amount": 0.0})]}),
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), \
                    self.assertRaises(errors.CheckViolation), self.env.cr.savepoint():
                record.write(values)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_an_answer_without_reference(self):
        claim = self._bill().claim_ids
        self.assertRefused(
            "The answer of Blue Insurance has no reference. Type the cheque or transfer number from the paper",
            self._prepare_answer, claim, 500.0, reference="   ", error=ValidationError,
        )

    def test_the_same_cheque_twice_leads_to_the_first(self):
        first = self._answer(self._bill().claim_ids, 500.0, reference="CHK 77A")
        claim = self._bill().claim_ids
        for reference in ("CHK 77A", "chk 77a", "  Chk   77A "):
            error = self.assertRefused(
                f"Blue Insurance's CHK 77A over .*500.00 is here already: {first.name}. The same answer is taken once",
                self._prepare_answer, claim, 500.0, reference=reference, error=RedirectWarning,
            )
            self.assertEqual((error.args[1]["res_model"], error.args[1]["res_id"]), ("billing.remittance", first.id))
        other = self._prepare_answer(claim, 400.0, reference="CHK 77A")
        self.assertRefused(
            "is here already", other.write, {"amount": 500.0}, error=RedirectWarning,
        )

    def test_a_reversed_cheque_may_be_typed_again(self):
        claim = self._bill().claim_ids
        self._answer(claim, 500.0, reference="CHK 1")._reverse(fields.Date.to_date("2026-03-12"), "wrong date")
        again = self._answer(claim, 500.0, reference="CHK 1")
        self.assertEqual((again.state, claim.state), ("posted", "settled"))

    def test_a_claim_that_was_taken_back_is_not_answered(self):
        invoice = self._bill()
        claim = invoice.claim_ids
        answer = self._answer(claim, 500.0, post=False)
        invoice.encounter_id._unbill("wrong")
        self.assertRefused(
            "was taken back on .*: there is nothing to answer. If Blue Insurance sent money", claim.action_answer,
        )
        self.assertRefused("was taken back|does not balance", answer.action_post)

    def test_more_credit_than_the_payer_has(self):
        answer = self._answer(self._bill().claim_ids, 500.0, amount=400.0, credit_amount=100.0, post=False)
        self.assertRefused(
            r"uses \$.100.00 of earlier credit, but Blue Insurance has only \$.0.00 unapplied", answer.action_post,
        )

    def test_a_posted_answer_is_not_edited(self):
        answer = self._answer(self._bill().claim_ids, 300.0, [(self.co_45, 200.0)])
        sentence = "is posted and is not edited. Reverse it and type it again."
        for record, values in (
            (answer, {"amount": 10.0}), (answer, {"reference": "OTHER"}), (answer, {"date": "2026-03-01"}),
            (answer, {"line_ids": [Command.clear()]}), (answer.line_ids, {"amount_paid": 1.0}),
            (answer.line_ids.adjustment_ids, {"amount": 1.0}),
            (answer.line_ids.adjustment_ids, {"reason_id": self.pr_1.id}),
            (answer, {"payment_id": False}), (answer, {"entry_id": False}),
        ):
            self.assertRefused(sentence, record.write, values)
        self.assertRefused(sentence, answer.line_ids.adjustment_ids.unlink)
        self.assertRefused(sentence, answer.line_ids.unlink)
        self.assertRefused("is posted already", answer.action_post)

    # === DECISIONS === #

    def _ask(self, invoice, reason, amount, **values):
        return self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": reason.id, "amount": amount, "date": "2026-03-14", **values,
        })

    def test_more_is_written_off_than_is_open(self):
        invoice = self._bill(is_self_pay=True)
        self._pay(invoice, 400.0)
        self.assertRefused(
            rf"^{invoice.name} has \$.100.00 open; \$.100.01 cannot be taken off it.$",
            self._ask(invoice, self.giveup, 100.01).action_approve,
        )

    def test_two_decisions_about_the_same_money(self):
        invoice = self._bill(is_self_pay=True)
        first, second = self._ask(invoice, self.giveup, 300.0), self._ask(invoice, self.giveup, 300.0)
        first.action_approve()
        self.assertRefused("has .*200.00 open; .*300.00 cannot be taken off it", second.action_approve)

    def test_a_denial_is_no_decision(self):
        invoice = self._bill()
        self.assertRefused(
            "“CO-50 .*” is a denial and posts nothing. Decide first",
            self._ask(invoice, self.co_50, 500.0).action_approve,
        )

    def test_what_the_patient_owes_is_not_passed_on_again(self):
        invoice = self._bill(is_self_pay=True)
        self.assertRefused(
            "is already asked of Ana López: “.*” passes on what a payer did not pay. Choose a reason that reduces",
            self._ask(invoice, self.pr_96, 500.0).action_approve,
        )

    def test_an_ordinary_invoice_is_not_written_off_here(self):
        ordinary = self._create_invoice_one_line(price_unit=100.0, tax_ids=[], post=True)
        self.assertRefused(
            "is not a posted invoice of billing. Use a credit note for it",
            self._ask(ordinary, self.giveup, 10.0).action_approve,
        )

    def test_a_decision_dated_in_a_closed_period(self):
        invoice = self._bill(is_self_pay=True)
        decision = self._ask(invoice, self.giveup, 10.0)
        self.company.fiscalyear_lock_date = "2026-03-14"
        self.assertRefused("the books of company_1_data are closed until 03/14/2026", decision.action_approve)

    def test_a_decision_is_not_changed_afterwards(self):
        invoice = self._bill(is_self_pay=True)
        decision = self._ask(invoice, self.giveup, 10.0)
        user = self._new_coordinator()
        for values in ({"amount": 20.0}, {"reason_id": self.small_balance.id}, {"approver_id": user.id},
                       {"currency_id": self.env.ref("base.CHF").id}, {"requested_by_id": user.id}):
            self.assertRefused(
                "is not changed any more. Refuse it and ask again", decision.with_user(user).write, values,
            )

    def _new_coordinator(self):
        return self.env["res.users"].create({
            "name": "Cora", "login": "cora@example.com", "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
            "group_ids": [Command.set(self.env.ref("billing_coordinator.group_coordinator").ids)],
        })

    def test_who_asks_above_the_limit_does_not_approve(self):
        invoice = self._bill(is_self_pay=True)
        user = self._new_coordinator()
        self.company.billing_adjustment_limit = 50.0
        decision = self._ask(invoice, self.giveup, 50.01)
        self.assertRefused("is above what you may decide", decision.with_user(user).action_approve)
        decision._decide_or_ask()
        self.company.billing_manager_adjustment_limit = 100.0
        other = self._ask(invoice, self.giveup, 100.01)
        self.assertRefused("is above what you may decide", other.action_approve)

    # === STATES ARE NOT TYPED === #

    def test_states_are_neither_written_nor_imported(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 500.0, post=False)
        decision = self._ask(invoice, self.giveup, 10.0)
        sentence = "cannot be typed over .* Use its buttons"
        for record, state in (
            (self._create_encounter(), "billed"), (invoice.encounter_id, "ready"), (invoice.claim_ids, "settled"),
            (answer, "posted"), (decision, "posted"),
        ):
            self.assertRefused(sentence, record.write, {"state": state})
            self.assertRefused(sentence, record.with_context(billing_gate=True).write, {"state": state})
            self.assertRefused(sentence, setattr, record, "state", state)
        self.assertRefused(sentence, self._create_encounter, state="billed")
        self.assertRefused(sentence, self._prepare_answer, invoice.claim_ids, 1.0, reference="N", state="posted")
        self.assertRefused(sentence, self._ask, invoice, self.giveup, 1.0, state="posted")
        Encounter = self.env["billing.encounter"].with_context(default_state="billed")
        self.assertEqual(Encounter.create({"patient_id": self.patient.id}).state, "draft")
        self.assertEqual(self._create_encounter().with_context(default_state="billed").copy().state, "draft")
        self.env["ir.default"].set("billing.encounter", "state", "billed")
        self.assertEqual(self._create_encounter().state, "draft")
        result = self.env["billing.encounter"].load(
            ["patient_id/.id", "date", "state"], [[str(self.patient.id), "2026-03-05", "billed"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("cannot be typed over", result["messages"][0]["message"])

    def test_a_claim_is_neither_made_nor_pointed_elsewhere_by_hand(self):
        first, second = self._bill(), self._bill()
        claim = first.claim_ids.with_user(self._new_coordinator())
        for values in ({"payer_id": self.payer_b.id}, {"encounter_id": second.encounter_id.id}):
            self.assertRefused(
                "does not agree with .*, on which it would stand. Claims are made by billing a visit", claim.write,
                values,
            )
        for values in ({}, {"invoice_id": first.id}):
            self.assertRefused("unique constraint", claim.create, {
                "invoice_id": second.id, "payer_id": self.payer.id, "encounter_id": second.encounter_id.id,
                "coverage_id": self.coverage.id, **values,
            }, error=errors.UniqueViolation)

    # === WHAT HAS POSTINGS BEHIND IT STAYS === #

    def test_nothing_with_postings_behind_it_is_deleted(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        patient_invoice = answer.caused_move_ids.filtered("billing_kind")
        decision = self._ask(patient_invoice, self.small_balance, 5.0)
        decision.action_approve()
        self.assertRefused(
            "has invoices behind it and cannot be deleted. Undo its billing", invoice.encounter_id.unlink,
        )
        self.assertRefused("is billed and can no longer be changed", invoice.encounter_id.line_ids.unlink)
        self.assertRefused("No group currently allows this operation", invoice.claim_ids.unlink, error=AccessError)
        self.assertRefused(
            "stands on the posted invoice .* and cannot be deleted. Void it instead", invoice.claim_ids.sudo().unlink,
        )
        self.assertRefused("has postings behind it and cannot be deleted. Reverse it instead", answer.unlink)
        self.assertRefused("has postings behind it and cannot be deleted. Reverse it instead", decision.sudo().unlink)
        self.assertRefused(
            "has claims behind it and cannot be deleted. Give it an end date instead", self.coverage.unlink,
        )
        for move in (invoice, patient_invoice, answer.entry_id, answer.payment_id.move_id, decision.entry_id):
            self.assertRefused("", move.unlink)
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertRefused("has postings behind it and cannot be deleted", answer.unlink)
        self.assertRefused("has postings behind it and cannot be deleted", decision.sudo().unlink)

    def test_payers_patients_services_codes_and_reasons_in_use_are_not_deleted(self):
        code = self.env["billing.code"].create({
            "system_id": self.env["billing.code.system"].search([], limit=1).id, "code": "T1", "name": "Test",
            "kind": "procedure",
        })
        self.service.billing_code_id = code
        invoice = self._bill()
        self._answer(invoice.claim_ids, 400.0, [(self.co_45, 100.0)])
        for record in (self.payer, self.patient, self.plan, self.provider, self.service, code, self.co_45):
            refused = False
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    record.unlink()
            except (UserError, errors.IntegrityError):
                refused = True
            self.env.invalidate_all()
            self.assertTrue(refused and record.exists(), record)

    def test_a_billed_visit_is_not_changed(self):
        encounter = self._bill().encounter_id
        line = encounter.line_ids
        sentence = "is billed and can no longer be changed. Undo its billing first"
        for record, values in (
            (encounter, {"patient_id": self.payer.id}), (encounter, {"date": "2026-03-01"}),
            (encounter, {"is_self_pay": True}), (encounter, {"currency_id": self.env.ref("base.CHF").id}),
            (encounter, {"line_ids": [Command.create({"product_id": self.service.id})]}),
            (encounter, {"company_id": self.company.id}), (line, {"price_unit": 1.0}),
            (line, {"tax_ids": [Command.clear()]}),
        ):
            self.assertRefused(sentence, record.write, values)
        self.assertRefused(sentence, line.create, {"encounter_id": encounter.id, "product_id": self.service.id})
        self.assertRefused("cannot become", encounter.action_draft)
        self.assertRefused("cannot become", encounter.action_cancel)

    def test_an_answered_visit_does_not_go_back(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 500.0)
        for action in (invoice.encounter_id.action_unbill, invoice.claim_ids.action_void):
            self.assertRefused(
                f"cannot go back: Blue Insurance has answered C-.* in {answer.name} .*. Reverse that remittance first",
                action,
            )

    def test_a_coverage_with_claims_keeps_what_they_stand_on(self):
        invoice = self._bill()
        for values in (
            {"plan_id": self.plan_b.id}, {"rank": "2"}, {"date_to": "2026-03-01"}, {"date_from": "2026-03-08"},
        ):
            self.assertRefused("Claims were already made under", self.coverage.write, values)
        self.coverage.date_to = "2026-03-31"
        self.assertEqual(invoice.claim_ids.coverage_id, self.coverage)
