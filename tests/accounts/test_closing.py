from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClosing(BillingCase):
    """An account is closed when nothing is open on it; what is open is named, each with the way to it."""

    def _close(self, account=None, reason="Moved away"):
        action = (account or self.patient).action_billing_close()
        wizard = self.env["billing.account.change"].browse(action["res_id"])
        wizard.reason = reason
        return wizard

    def _sentences(self, account=None):
        return [sentence for sentence, _record in (account or self.patient)._describe_open_business()]

    def test_an_account_without_business_is_closed_and_reopened_and_nothing_is_archived(self):
        wizard = self._close()
        self.assertFalse(wizard.is_blocked)
        wizard.action_apply()
        self.assertEqual((self.patient.billing_state, self.patient.billing_state_reason), ("closed", "Moved away"))
        self.assertTrue(self.patient.active and self.coverage.active)
        visit = self._create_encounter()
        visit.action_ready()
        self.assertEqual(self.patient.billing_state, "closed", "a visit does not reopen it")
        with self.assertRaisesRegex(UserError, "is closed: Moved away. Reopen the account to bill it"):
            visit._bill()
        self.patient.birth_date = "1980-01-01"
        self.patient.phone = "(708) 555-0111"
        action = self.patient.action_billing_reopen()
        wizard = self.env["billing.account.change"].browse(action["res_id"])
        wizard.reason = "Came back"
        wizard.action_apply()
        self.assertEqual(self.patient.billing_state, "active")
        self.assertEqual(
            self.patient.billing_state_reason,
            "Came back. Approved by the rule “Person with birth date and a way to reach them”",
        )
        visit._bill()
        self.assertEqual(visit.state, "billed")

    def test_reopened_it_waits_for_a_manager_where_no_rule_approves(self):
        self._close().action_apply()
        action = self.patient.action_billing_reopen()
        wizard = self.env["billing.account.change"].browse(action["res_id"])
        wizard.reason = "Came back"
        wizard.action_apply()
        self.assertEqual((self.patient.billing_state, self.patient.billing_state_reason), ("pending", "Came back"))

    def test_a_visit_not_billed_yet_keeps_it_open_and_is_one_click_away(self):
        visit = self._create_encounter()
        wizard = self._close()
        self.assertTrue(wizard.is_blocked)
        self.assertEqual(
            wizard.line_ids.mapped("name"), [f"Visit {visit.name} of 03/05/2026: $\xa0500.00 not billed yet"],
        )
        action = wizard.line_ids.action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("billing.encounter", visit.id))
        with self.assertRaisesRegex(UserError, rf"cannot be closed while this is open:\n- Visit {visit.name}"):
            wizard.action_apply()
        visit.action_cancel()
        self._close().action_apply()
        self.assertEqual(self.patient.billing_state, "closed")

    def test_claims_bills_and_credits_keep_it_open_until_each_is_settled(self):
        charge = self._bill()
        claim = charge.claim_ids
        self.assertEqual(self._sentences(), [
            f"Invoice {charge.name} to Blue Insurance: $\xa0500.00 open",
            f"Claim {claim.name} to Blue Insurance, visit of 03/05/2026: To send",
        ])
        answer = self._answer(claim, 420.0, [(self.pr_1, 80.0)])
        bill = answer.caused_move_ids.filtered("billing_kind")
        self.assertEqual(self._sentences(), [f"Invoice {bill.name} to Ana López: $\xa080.00 open"])
        payment = self._pay(bill, 80.0)
        self.assertEqual(self._sentences(), [])
        extra = self.env["account.payment"].create({
            "partner_id": self.patient.id, "payment_type": "inbound", "amount": 30.0, "date": "2026-03-12",
            "journal_id": payment.journal_id.id,
        })
        extra.action_post()
        self.assertEqual(self._sentences(), [f"Credit of $\xa030.00 from {extra.move_id.name}: apply or refund it"])

    def test_a_write_off_taken_back_keeps_it_open_although_the_bill_counts_as_paid(self):
        bill = self._bill(is_self_pay=True)
        write_off = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 500.0, "date": "2026-03-10",
        })
        write_off.action_approve()
        self.assertEqual((bill.payment_state, self._sentences()), ("paid", []))
        write_off.action_reverse()
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self._sentences(), [f"Invoice {bill.name} to Ana López: $\xa0500.00 open"])
        items = self.env["account.move.line"].search([("billing_invoice_id", "=", bill.id), ("reconciled", "=", False)])
        self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=items.ids,
        ).create({"payment_date": "2026-03-12"})._create_payments()
        self.assertEqual(self._sentences(), [])

    def test_a_client_is_open_while_a_bill_to_one_of_its_addresses_is(self):
        client = self._create_patient("Acme", is_company=True)
        desk = self.env["res.partner"].create({"name": "Billing desk", "parent_id": client.id, "type": "invoice"})
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": desk.id, "invoice_date": "2026-03-10",
            "invoice_line_ids": [Command.create({"name": "Training", "price_unit": 100.0, "tax_ids": []})],
        })
        bill.action_post()
        [(_sentence, record)] = client._describe_open_business()
        self.assertEqual(record, bill)

    def test_what_an_employee_owes_keeps_the_employer_from_nothing(self):
        employer = self._create_patient("Acme", is_company=True)
        self.patient.parent_id = employer
        bill = self._bill(is_self_pay=True)
        self.assertEqual(self._sentences(), [f"Invoice {bill.name} to Ana López: $\xa0500.00 open"])
        self.assertEqual(self._sentences(employer), [])

    def test_a_childs_account_is_open_while_the_parents_still_owe_its_bill(self):
        parent = self._create_patient("Maria López")
        self.patient.guarantor_id = parent
        bill = self._bill(is_self_pay=True)
        self.assertEqual(bill.partner_id, parent)
        sentence = f"Invoice {bill.name} to Maria López: $\xa0500.00 open"
        self.assertEqual(self._sentences(), [sentence])
        self.assertEqual(self._sentences(parent), [sentence])

    def test_a_parents_account_is_open_while_a_childs_visit_is_not_billed_or_its_insurance_decides(self):
        parent = self._create_patient("Maria López")
        self.patient.guarantor_id = parent
        visit = self._create_encounter()
        self.assertEqual(self._sentences(parent), [f"Visit {visit.name} of 03/05/2026: $\xa0500.00 not billed yet"])
        claim = self._bill(visit).claim_ids
        self.assertEqual(self._sentences(parent), [
            f"Claim {claim.name} to Blue Insurance, visit of 03/05/2026: To send",
        ])

    def test_nothing_is_billed_to_parents_whose_account_is_closed_or_on_hold(self):
        parent = self._create_patient("Maria López")
        parent.action_billing_submit()
        self.patient.guarantor_id = parent
        parent._billing_move("closed", "Moved away")
        visit = self._create_encounter()
        visit.action_ready()
        self.assertIn("Maria López is closed: Moved away", visit.account_notice)
        with self.assertRaisesRegex(UserError, "Maria López is closed: Moved away. Reopen the account to bill it"):
            visit._bill()

    def test_business_in_a_company_of_others_is_said_without_telling_it(self):
        visit = self._create_encounter()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env, "sam", "billing_coordinator.group_coordinator", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.patient.company_id = False
        stranger = self.patient.with_user(user)
        self.assertEqual(
            [sentence for sentence, _record in stranger._describe_open_business()],
            [f"Something in {self.company.name}: ask there"],
        )
        with self.assertRaises(UserError) as caught:
            stranger._billing_move("closed", "Moved away")
        self.assertNotIn(visit.name, str(caught.exception))
