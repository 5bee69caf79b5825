from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReviewGuards(BillingCase):
    """What accounting and the portal may do with billing's postings, and on which days billing posts."""

    def _accountant(self):
        return new_test_user(
            self.env, login="arno", groups="account.group_account_manager", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    # === WRITTEN BY BILLING ALONE === #

    def test_what_billing_says_about_an_invoice_is_never_typed_over(self):
        invoice = self._bill()
        for user in (self._accountant(), self.env.user):
            move = invoice.with_user(user)
            for values in ({"billing_kind": False}, {"billing_kind": "transfer"}, {"billing_patient_id": False}):
                with self.subTest(user=user.login, values=values), self.assertRaisesRegex(
                    UserError, f"of .*{invoice.name}.* is filled in by billing alone",
                ), self.env.cr.savepoint():
                    move.write(values)
        item = invoice.line_ids[0]
        for values in ({"billing_invoice_id": invoice.id}, {"adjustment_reason_id": self.co_45.id}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "billing alone"),
                self.env.cr.savepoint(),
            ):
                item.write(values)

    def test_no_charge_is_made_by_hand_import_or_default(self):
        Move = self.env["account.move"]
        values = {"move_type": "out_invoice", "partner_id": self.patient.id}
        for model, vals in (
            (Move, {**values, "billing_kind": "charge"}),
            (Move.with_context(default_billing_kind="charge"), values),
            (Move, {**values, "invoice_line_ids": [
                Command.create({"name": "x", "adjustment_reason_id": self.co_45.id}),
            ]}),
        ):
            with self.assertRaisesRegex(UserError, "billing alone"), self.env.cr.savepoint():
                model.create(vals)
        loaded = Move.load(["move_type", "billing_kind"], [["out_invoice", "charge"]])
        self.assertIn("billing alone", loaded["messages"][0]["message"])

    def test_a_draft_answer_does_not_take_over_entries(self):
        first, second = self._bill(), self._bill()
        answer = self._answer(first.claim_ids, 500.0, post=False)
        with self.assertRaisesRegex(UserError, "billing alone"), self.env.cr.savepoint():
            answer.write({"caused_move_ids": [Command.link(second.id)]})

    # === PORTAL === #

    def test_an_employer_does_not_see_the_bills_of_patients_filed_under_it(self):
        employer = self.env["res.partner"].create({"name": "Big Corp", "is_company": True})
        staff = self.env["res.partner"].create({"name": "Hana Reiter", "parent_id": employer.id})
        worker = self._create_patient("Will Ott", parent_id=employer.id)
        bill = self._bill(self._create_encounter(worker))
        ordinary = self._create_invoice_one_line(partner_id=staff, price_unit=10.0, tax_ids=[], post=True)
        in_portal = {
            partner: new_test_user(
                self.env, login=partner.name, groups="base.group_portal", partner_id=partner.id,
                company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
            )
            for partner in (staff, worker)
        }
        moves = bill + ordinary
        for partner, seen in ((staff, ordinary), (worker, bill)):
            env = self.env(user=in_portal[partner])
            self.assertEqual(env["account.move"].search([("id", "in", moves.ids)]).ids, seen.ids)
            items = env["account.move.line"].search([("move_id", "in", moves.ids)])
            self.assertEqual(items.sudo().move_id.ids, seen.ids)

    # === MONEY PAST BILLING === #

    def test_a_claim_paid_past_billing_is_settled_and_waits_again_when_the_payment_is_undone(self):
        invoice = self._bill()
        claim = invoice.claim_ids
        claim.action_send()
        payment = self._pay(invoice)
        self.assertEqual((invoice.payment_state, claim.state), ("paid", "settled"))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual((invoice.payment_state, claim.state), ("not_paid", "sent"))
        self.assertConserved()

    def test_an_answer_unreconciled_by_hand_leaves_its_claim_settled(self):
        claim = self._bill().claim_ids
        self._answer(claim, 500.0)
        claim.invoice_id.line_ids.remove_move_reconcile()
        self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))

    # === DAYS === #

    def assertRefusedDay(self, sentence, function, *args, **kwargs):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            function(*args, **kwargs)
        self.env.invalidate_all()

    def test_an_answer_is_dated_between_the_visit_and_today(self):
        claim = self._bill().claim_ids
        self.assertRefusedDay("03/17/2026, which is still to come", self._answer, claim, 500.0, date="2026-03-17")
        self.assertRefusedDay(
            rf"dated 03/10/2025, before the service of {claim.name} \(03/05/2026\)",
            self._answer, claim, 500.0, date="2025-03-10",
        )

    def test_nothing_is_taken_back_before_it_was_posted(self):
        claim = self._bill().claim_ids
        answer = self._answer(claim, 500.0, date="2026-03-10")
        self.assertRefusedDay(
            "cannot be taken back on 03/09/2026, before", answer._reverse, fields.Date.to_date("2026-03-09"), "wrong",
        )
        answer._reverse(fields.Date.to_date("2026-03-10"), "wrong")
        self.assertEqual(claim.state, "ready")

    def test_a_decision_that_passes_on_is_refused_where_sales_are_closed(self):
        invoice = self._bill(date="2026-03-12")
        self.company.sale_lock_date = "2026-03-13"
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": self.pr_96.id, "amount": 100.0, "date": "2026-03-13",
        })
        self.assertRefusedDay("books of .* are closed", decision.action_approve)
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": self.pr_96.id, "amount": 100.0, "date": "2026-03-14",
        })
        decision.action_approve()
        self.assertEqual(set(decision.caused_move_ids.mapped("date")), {fields.Date.to_date("2026-03-14")})

    # === WHO AND WHERE === #

    def test_a_patient_with_a_payment_term_of_their_own_keeps_it(self):
        self.assertEqual(self._bill(is_self_pay=True).invoice_payment_term_id, self.company.billing_patient_term_id)
        self.patient.property_payment_term_id = self.env.ref("account.account_payment_term_15days")
        self.assertEqual(
            self._bill(is_self_pay=True).invoice_payment_term_id, self.patient.property_payment_term_id,
        )

    def test_a_branch_bills_is_answered_and_takes_back_in_the_journals_of_its_root(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.cr.precommit.run()
        self.env.user.company_ids += branch
        for companies in (branch + self.company, branch):
            with self.subTest(companies=companies.mapped("name")):
                env = self.env(context={**self.env.context, "allowed_company_ids": companies.ids})
                plan = env["billing.insurance.plan"].create({
                    "name": "Branch plan", "payer_id": self.payer.id, "company_id": branch.id,
                })
                patient = self._create_patient("Bea Zweig")
                env["billing.coverage"].create({
                    "patient_id": patient.id, "plan_id": plan.id, "member_number": "1", "date_from": "2026-01-01",
                })
                encounter = env["billing.encounter"].create({
                    "patient_id": patient.id, "date": "2026-03-05", "company_id": branch.id,
                    "line_ids": [Command.create({"product_id": self.service.id, "tax_ids": [Command.clear()]})],
                })
                encounter.action_ready()
                invoice = encounter._bill(fields.Date.to_date("2026-03-06"))
                answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
                answer._reverse(fields.Date.to_date(TODAY), "wrong")
                encounter.action_unbill()
                moves = invoice | answer.caused_move_ids | answer.entry_id | encounter.invoice_ids
                self.assertEqual((moves.company_id, encounter.state), (branch, "ready"))
                self.assertConserved(branch + self.company)
