from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AssistanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceOffer(AssistanceCase):
    """Which bills are discounted, and where the discount is offered: bill, account page, worklist."""

    def _visit(self, day, patient=None, **values):
        return self._bill(self._create_encounter(patient=patient, date=day, **values), date=max(day, "2026-03-06"))

    def _worklist(self, code):
        return self.env["billing.worklist"].search([("code", "=", code)])

    def _waiting(self, code):
        worklist = self._worklist(code)
        self.env.invalidate_all()
        return self.env[worklist.res_model].search(worklist._get_domain())

    # === WHICH BILLS === #

    def test_the_day_of_the_service_counts(self):
        before, first, last, after = (
            self._visit(day) for day in ("2026-02-28", "2026-03-01", "2026-03-10", "2026-03-11")
        )
        application = self._accept(date_from="2026-03-01", date_to="2026-03-10")
        self.assertEqual(application._get_bills(), first | last)
        self.assertEqual(set(application._find_discounts(before | first | last | after)), {first, last})

    def test_the_programme_may_look_back(self):
        self.programme.lookback_days = 30
        too_early, early, within = (self._visit(day) for day in ("2026-01-29", "2026-01-30", "2026-03-05"))
        application = self._accept()
        self.assertEqual(application._get_bills(), early | within)
        self.assertNotIn(too_early, application._find_discounts(too_early | early | within))
        self.assertFalse(
            self.patient._get_billing_assistance(self.company, fields.Date.to_date("2026-02-01")),
            "an estimate does not look back",
        )

    def test_the_one_in_force_on_the_day_comes_before_one_that_looks_back_to_it(self):
        self.programme.lookback_days = 30
        bill = self._visit("2026-03-05")
        first = self._accept(date_from="2026-03-01", date_to="2026-03-08")
        second = self._accept(income=20000.0, date_from="2026-03-09", date_to="2026-06-30")
        self.assertEqual(self.env["billing.assistance.application"]._find_discounts(bill)[bill].application, first)
        self.assertEqual((first.bill_count, second.bill_count), (1, 0))

    def test_a_guarantors_bills_for_others_are_discounted(self):
        child = self._create_patient("Leo López", guarantor_id=self.patient.id)
        stranger = self._create_patient("Max Frei")
        bill, strangers = self._visit("2026-03-05", child), self._visit("2026-03-05", stranger)
        application = self._accept()
        self.assertEqual(application._get_bills(), bill)
        self.assertFalse(strangers.has_billing_assistance)
        self.assertEqual(bill.billing_assistance_discount, 300.0)
        self.assertEqual((child.billing_assistance_bill_count, self.patient.billing_assistance_bill_count), (1, 1))
        self.assertEqual(child.billing_assistance_note, "60 % of each bill until 08/31/2026")

    def test_the_list_looks_closely_only_at_bills_with_something_left_to_take_off(self):
        find = self.env["account.move"]._find_billing_assistance_candidates
        discounted, outside = self._visit("2026-03-05"), self._visit("2026-02-05")
        payment = self._pay(discounted, 100.0)
        self._take_off(self._accept())
        waiting = self._visit("2026-03-06")
        self.assertEqual(find(self.company), waiting.ids)
        self.assertNotIn(outside.id, find(self.company))
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(set(find(self.company)), {*discounted.ids, *waiting.ids}, "100 more are open, 60 to take off")
        self.assertEqual(discounted.billing_assistance_discount, 60.0)
        self.assertEqual(
            self.env["account.move"].search([("has_billing_assistance", "=", True)]), discounted | waiting,
        )

    def test_what_was_given_back_is_not_looked_at_again(self):
        self.programme.refund_paid = True
        bill = self._visit("2026-03-05")
        self._pay(bill)
        application = self._accept()
        find = self.env["account.move"]._find_billing_assistance_candidates
        self.assertEqual(find(self.company), bill.ids)
        self._take_off(application)
        self.assertEqual(find(self.company), [])

    def test_an_application_in_one_company_says_nothing_on_bills_of_another(self):
        bill = self._visit("2026-03-05")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        programme = self._create_programme(name="Other fund", company_id=other.id)
        self._apply_for(programme=programme).action_submit()
        both = bill.with_context(allowed_company_ids=[self.company.id, other.id])
        foreign = self.env["account.move"].new({
            "move_type": "out_invoice", "billing_kind": bill.billing_kind, "partner_id": self.patient.id,
            "company_id": other.id,
        })
        (both | foreign)._compute_billing_assistance_pending()
        self.assertTrue(foreign.billing_assistance_pending)
        self.assertFalse(both.billing_assistance_pending, "nobody has applied here")

    def test_another_companys_bills_and_ordinary_invoices_are_left_alone(self):
        ordinary = self._create_invoice_one_line(price_unit=100.0, partner_id=self.patient, tax_ids=[], post=True)
        application = self._accept()
        self.assertFalse(application._find_discounts(ordinary))
        self.assertFalse(ordinary.has_billing_assistance)
        with self.assertRaisesRegex(UserError, "No open bill is discounted"):
            ordinary.action_billing_assistance()

    def test_a_withdrawn_one_takes_nothing_more_off_and_what_it_gave_stays(self):
        bill = self._visit("2026-03-05")
        application = self._accept()
        self._take_off(application)
        later = self._visit("2026-03-06")
        application.action_withdraw()
        self.env.invalidate_all()
        self.assertEqual((bill.amount_residual, later.amount_residual), (200.0, 500.0))
        self.assertFalse(later.has_billing_assistance)
        with self.assertRaisesRegex(UserError, "No open bill is discounted"):
            later.action_billing_assistance()

    # === WHERE IT IS OFFERED === #

    def test_a_new_bill_is_offered_on_the_bill_the_account_and_the_worklist(self):
        application = self._accept()
        self.assertFalse(self._waiting("assistance_to_apply"))
        bill = self._visit("2026-03-05")
        self.assertEqual(self._waiting("assistance_to_apply"), bill)
        self.assertEqual((bill.billing_assistance_discount, bill.billing_assistance_percent), (300.0, 60.0))
        self.assertEqual(self.patient.billing_assistance_bill_count, 1)
        for action in (bill.action_billing_assistance(), self.patient.action_billing_apply_assistance()):
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(
                wizard.line_ids.mapped(lambda line: (line.bill_id, line.amount_open, line.amount)),
                [(bill, 500.0, 300.0)],
            )
        result = wizard.action_apply()
        self.assertEqual(result["params"]["message"].replace("\xa0", " "), f"Taken off: $ 300.00 of {bill.name}")
        self.assertFalse(self._waiting("assistance_to_apply"))
        self.assertFalse(bill.has_billing_assistance)
        self.assertEqual((application.adjustment_count, application.bill_count), (1, 0))
        self.assertEqual(self._worklist("assistance_to_apply").record_count, 0)

    def test_a_service_within_the_validity_is_discounted_even_if_insurance_answers_after_its_end(self):
        self._create_coverage(self.patient, self.plan)
        invoice = self._bill()
        application = self._accept(date_from="2026-03-01", date_to="2026-03-08")
        application.action_end()
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.env.invalidate_all()
        self.assertEqual(self._take_off(application).amount, 48.0)

    def test_a_fully_discounted_bill_taken_back_is_on_the_worklist_again(self):
        bill = self._visit("2026-03-05")
        adjustment = self._take_off(self._accept(income=0.0))
        self.assertFalse(self._waiting("assistance_to_apply"))
        adjustment.action_reverse()
        self.assertEqual(self._waiting("assistance_to_apply"), bill)

    def test_while_it_waits_the_account_and_the_bill_say_so(self):
        bill = self._visit("2026-03-05")
        child = self._create_patient("Leo López", guarantor_id=self.patient.id)
        application = self._apply_for()
        self.assertFalse(self.patient.billing_assistance_pending or bill.billing_assistance_pending)
        application.action_submit()
        self.env.invalidate_all()
        self.assertTrue(self.patient.billing_assistance_pending and child.billing_assistance_pending)
        self.assertTrue(bill.billing_assistance_pending)
        self.assertEqual(
            self.patient.billing_assistance_note, "an application handed in on 03/16/2026 waits for a decision",
        )
        self.assertEqual(
            self.patient.billing_next_step,
            "Wait with asking for money: the application for assistance handed in on 03/16/2026 is to be decided.",
        )
        self.assertEqual(self.patient.action_billing_next_step()["res_id"], application.id)
        self.assertEqual(self._waiting("assistance_to_decide"), application)
        self.assertEqual(self.patient.action_billing_assistance()["domain"], [("applicant_id", "=", self.patient.id)])
        application.action_accept()
        self.env.invalidate_all()
        self.assertFalse(self.patient.billing_assistance_pending or bill.billing_assistance_pending)

    def test_readers_see_the_discount_and_apply_nothing(self):
        readonly = new_test_user(
            self.env, "rosa", groups="billing_coordinator.group_readonly", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        bill = self._visit("2026-03-05")
        application = self._accept()
        self.env.invalidate_all()
        self.assertEqual(bill.with_user(readonly).billing_assistance_discount, 300.0)
        self.assertEqual(self.patient.with_user(readonly).billing_assistance_bill_count, 1)
        for action in (
            bill.with_user(readonly).action_billing_assistance,
            self.patient.with_user(readonly).action_billing_apply_assistance,
            application.with_user(readonly).action_preview_discounts,
        ):
            with self.assertRaises(AccessError):
                action()
        adjustment = self._take_off(application)
        self.env.invalidate_all()
        self.assertTrue(adjustment.with_user(readonly).read(), "the discount is no secret, what is behind it is")
        self.assertNotIn("assistance_id", adjustment.with_user(readonly).fields_get())

    # === QUERIES === #

    def _count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        return self.cr.sql_log_count - before

    def test_lists_pages_and_the_worklist_ask_the_same_number_of_queries_for_any_number(self):
        people = self.env["res.partner"].concat(*(self._create_patient(f"Person {n}") for n in range(12)))
        for person in people:
            self._visit("2026-03-05", person)
        applications = self.env["billing.assistance.application"]
        for person in people[:2]:
            applications |= self._accept(person)
        worklist = self._worklist("assistance_to_apply")

        def card():
            self.assertGreater(worklist.record_count, 0)

        card()
        few = self._count(card)
        for person in people[2:]:
            applications |= self._accept(person)
        self.assertEqual(self._count(card), few)
        bills = self.env["account.move"].search([("partner_id", "in", people.ids)])
        for records, names in (
            (bills, ["billing_assistance_discount", "has_billing_assistance", "billing_assistance_pending"]),
            (people, ["billing_assistance_note", "billing_assistance_bill_count", "billing_next_step"]),
            (applications, ["bill_count", "adjustment_count", "proposal_reason", "is_in_force", "display_name"]),
        ):
            self._count(lambda records=records, names=names: records[:2].read(names))
            few = self._count(lambda records=records, names=names: records[:2].read(names))
            many = self._count(lambda records=records, names=names: records.read(names))
            self.assertEqual(few, many, records._name)
            self.assertLess(many, 25)
