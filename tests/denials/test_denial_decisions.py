from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import DenialCase


class TestDenialDecisions(DenialCase):
    """What the office does about denials, one by one or many of one cause at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_adjustment_limit = 100.0
        cls.clerk = new_test_user(cls.env, "clerk", groups="billing_coordinator.group_coordinator")

    @classmethod
    def _refuse_to_patient(cls, amount=500.0):
        """A payer that calls a refused service the patient's share."""
        reason = cls.env["billing.adjustment.reason"].search([("group", "=", "PR"), ("code", "=", "A1")]) or (
            cls.env["billing.adjustment.reason"].create({
                "group": "PR", "code": "A1", "name": "Refused, the patient's share", "effect": "hold",
            })
        )
        return cls._deny(reason, amount)

    # === ONE WINDOW === #

    def test_deciding_about_a_claim_is_deciding_about_its_denials(self):
        denials = self._deny_two()
        action = denials.claim_id.action_decide()
        self.assertEqual(action["res_model"], "billing.denial.wizard")
        self.assertEqual(action["context"]["default_denial_ids"], [(6, 0, denials.ids)])

    def test_without_a_denial_to_decide_about_a_claim_asks_what_to_take_off(self):
        denial = self._deny()
        claim = denial.claim_id
        self._wizard(denial, "assign", user_id=self.env.uid).action_apply()
        self._wizard(denial, "appeal").action_apply()
        denial.appeal_ids.channel = "portal"
        denial.appeal_ids.action_send()
        self.assertEqual(claim.action_decide()["res_model"], "billing.adjust.wizard")

    def _sent_in_appeal(self, denial):
        """A claim whose denial is with the payer: nothing is left to decide about in the window of denials."""
        self._appeal(denial).action_send()
        action = denial.claim_id.action_decide()
        self.assertEqual(action["res_model"], "billing.adjust.wizard")
        return self.env["billing.adjust.wizard"].with_context(action["context"])

    def _answer_part(self):
        """A claim of 580: the visit of 500 is not answered yet, the blood test of 80 is denied and appealed."""
        claim = self._bill(services=[self.service, self.lab]).claim_ids
        claim.payer_control_number = "ICN-1"
        claim.action_send()
        remittance = self._prepare_answer(claim, 0.0, reference="PART")
        remittance.line_ids.filtered(lambda line: line.amount_asked == 500.0).unlink()
        remittance.line_ids.adjustment_ids = [Command.create({"reason_id": self.co_50.id, "amount": 80.0})]
        remittance.action_post()
        return claim

    def test_the_amount_proposed_is_what_is_denied_and_not_all_that_is_open(self):
        claim = self._answer_part()
        wizard = self._sent_in_appeal(claim.denial_ids).create({"reason_id": self.give_up.id})
        self.assertEqual((wizard.amount, wizard.amount_open), (80.0, 580.0))
        wizard.action_apply()
        item = claim.denial_ids.adjustment_id.entry_id.line_ids.filtered("adjustment_reason_id")
        self.assertEqual((item.encounter_line_id.product_id, item.debit), (self.lab, 80.0))
        self.assertEqual((claim.denial_ids.state, claim.amount_open), ("written_off", 500.0))
        self.assertConserved()

    def test_the_amount_proposed_is_never_more_than_is_open(self):
        claim = self._answer_part()
        wizards = self._sent_in_appeal(claim.denial_ids)
        self._pay(claim.invoice_id, 550.0)
        wizard = wizards.create({"reason_id": self.give_up.id})
        self.assertEqual(wizard.amount_open, 30.0)
        self.assertLessEqual(wizard.amount, 30.0)
        self.assertEqual(wizard.amount, claim.denial_ids.amount_open)

    def test_who_types_more_than_is_denied_takes_it_off_the_whole_claim(self):
        claim = self._answer_part()
        wizard = self._sent_in_appeal(claim.denial_ids).create({"reason_id": self.give_up.id, "amount": 580.0})
        wizard.action_apply()
        self.assertEqual((claim.denial_ids.state, claim.amount_open), ("written_off", 0.0))
        self.assertConserved()

    def test_where_nothing_is_denied_all_that_is_open_is_proposed(self):
        bill = self._bill()
        wizard = self.env["billing.adjust.wizard"].create({"move_id": bill.id, "reason_id": self.give_up.id})
        self.assertEqual(wizard.amount, 500.0)

    def test_a_single_denial_is_not_spoken_of_as_several(self):
        denial = self._deny(self.co_16)
        for action, sentence in (
            ("resend", "The claim is corrected and sent again, for $\xa0500.00."),
            ("appeal", "An appeal for $\xa0500.00 is drafted."),
            ("write_off", "$\xa0500.00 is written off; nobody owes it any more."),
        ):
            self.assertEqual(self._wizard(denial, action).summary, sentence)
        self.assertEqual(self._wizard(denial, "pass_on").summary, "Nothing can go this way.")

    # === WRITE OFF === #

    def test_one_of_two_denied_services_is_written_off_and_no_other(self):
        visit, lab = self._deny_two()
        wizard = self._wizard(lab, "write_off")
        self.assertEqual(wizard.reason_id, self.give_up)
        self.assertEqual(wizard.summary, "$\xa080.00 is written off; nobody owes it any more.")
        wizard.action_apply()
        decision = lab.adjustment_id
        self.assertItems(decision.entry_id, [
            (self.writeoff_account, self.payer, 80.0, 0.0),
            (self._receivable(self.payer), self.payer, 0.0, 80.0),
        ])
        item = decision.entry_id.line_ids.filtered("adjustment_reason_id")
        self.assertEqual(item.encounter_line_id.product_id, self.lab)
        self.assertEqual((lab.state, lab.amount_open), ("written_off", 0.0))
        self.assertEqual((visit.state, visit.amount_open), ("open", 500.0))
        self.assertEqual(visit.claim_id.state, "denied")
        self.assertConserved()

    def test_above_the_limit_a_manager_decides_first(self):
        denial = self._deny()
        wizard = self._wizard(denial, "write_off", user=self.clerk)
        self.assertTrue(wizard.needs_manager)
        self.assertEqual(
            wizard.summary,
            "$\xa0500.00 is written off; nobody owes it any more. A manager decides first.",
        )
        wizard.action_apply()
        decision = denial.adjustment_id
        self.assertEqual((decision.state, decision.requested_by_id), ("to_approve", self.clerk))
        self.assertEqual((denial.state, denial.amount_open, denial.waits_for_approval), ("working", 500.0, True))
        self.assertRefused(
            "write_off", denial, f"{denial.display_name} waits for a manager already: {decision.display_name}.",
        )
        decision.action_approve()
        self.assertEqual((denial.state, denial.waits_for_approval), ("written_off", False))
        self.assertConserved()

    def test_a_refused_decision_leaves_the_denial_to_decide(self):
        denial = self._deny()
        self._wizard(denial, "write_off", user=self.clerk).action_apply()
        denial.adjustment_id.action_refuse()
        self.assertEqual((denial.state, denial.waits_for_approval, denial._get_refusals("write_off")),
                         ("working", False, {}))

    def test_what_was_paid_while_the_manager_waited_is_not_written_off(self):
        visit, lab = self._deny_two()
        self._wizard(visit, "write_off", user=self.clerk).action_apply()
        self._pay(visit.claim_id.invoice_id, 58.0)
        # A tenth of each is paid: 450 and 72 are open.
        with self.assertRaisesRegex(UserError, "only .*450.00 of them is open by now. Refuse it and decide anew."):
            visit.adjustment_id.action_approve()

    def test_many_claims_of_one_cause_are_written_off_at_once(self):
        denials = self._deny() | self._deny() | self._deny()
        self._wizard(denials, "write_off").action_apply()
        self.assertEqual(denials.mapped("state"), ["written_off"] * 3)
        self.assertEqual(len(denials.adjustment_id), 3)
        self.assertConserved()

    # === PASS ON === #

    def test_what_is_ours_by_contract_is_never_passed_on(self):
        denial = self._deny()
        self.assertRefused(
            "pass_on", denial,
            f"{denial.display_name} cannot be passed on: CO-50 Not considered necessary by the payer. Reasons of the "
            "group CO bind us by our contract with Blue Insurance; nobody else may be asked for it.",
        )
        wizard = self._wizard(denial, "pass_on")
        self.assertEqual((wizard.going_count, wizard.refused_count), (0, 1))
        with self.assertRaisesRegex(UserError, "cannot be passed on: CO-50"):
            wizard.action_apply()
        self.assertFalse(denial.adjustment_id)

    def test_only_the_patients_share_is_passed_on(self):
        denial = self._deny(self.oa_22)
        self.assertRefused(
            "pass_on", denial,
            f"{denial.display_name} cannot be passed on: OA-22 Another payer comes first. Only reasons of the group PR "
            "are the patient's share.",
        )

    def test_one_reason_of_ours_among_the_patients_keeps_it_from_being_passed_on(self):
        denial = self._refuse_to_patient()
        denial.sudo().reason_ids = [Command.link(self.co_16.id)]
        self.assertIn("CO-16", denial._get_refusals("pass_on")[denial])

    def test_the_patients_share_is_asked_of_the_patient(self):
        denial = self._refuse_to_patient()
        wizard = self._wizard(denial, "pass_on")
        self.assertEqual(wizard.reason_id, self.pr_96)
        wizard.action_apply()
        decision = denial.adjustment_id
        self.assertItems(decision.entry_id, [
            (self.transfer_account, self.payer, 500.0, 0.0),
            (self._receivable(self.payer), self.payer, 0.0, 500.0),
        ])
        invoice = decision.caused_move_ids - decision.entry_id
        self.assertEqual((invoice.partner_id, invoice.amount_residual), (self.patient, 500.0))
        self.assertEqual((denial.state, denial.amount_open), ("passed_on", 0.0))
        self.assertConserved()

    def test_the_next_payer_is_asked_before_the_patient(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        denial = self._refuse_to_patient()
        self._wizard(denial, "pass_on").action_apply()
        invoice = denial.adjustment_id.caused_move_ids - denial.adjustment_id.entry_id
        self.assertEqual((invoice.partner_id, invoice.claim_ids.state), (self.payer_b, "ready"))
        self.assertConserved()

    # === SEND AGAIN, GIVE TO SOMEBODY === #

    def test_corrected_claims_go_out_again_as_replacements(self):
        denials = self._deny_two()
        claim = denials.claim_id
        wizard = self._wizard(denials, "resend", note="Modifier 25 added", channel="portal")
        self.assertEqual(
            wizard.summary,
            "2 denials, $\xa0580.00: what they stand on is corrected and sent again. Claims: 1.",
        )
        wizard.action_apply()
        self.assertEqual(denials.mapped("state"), ["resent", "resent"])
        self.assertEqual(claim.state, "sent")
        sent = claim.last_submission_id
        self.assertEqual(
            (sent.frequency, sent.original_reference, sent.channel, sent.note),
            ("7", claim.payer_control_number, "portal", "Modifier 25 added"),
        )
        self._answer_all(claim)
        self.assertEqual(denials.mapped("state"), ["overturned", "overturned"])
        self.assertConserved()

    def _answer_all(self, claim):
        remittance = self._prepare_answer(claim, 580.0, reference="PAID", date="2026-03-15")
        for line in remittance.line_ids:
            line.amount_paid = line.amount_asked
        remittance.action_post()

    def test_a_corrected_claim_waits_among_those_to_send(self):
        denial = self._deny()
        self._wizard(denial, "resend").action_apply()
        self.assertEqual((denial.claim_id.state, denial.claim_id.frequency), ("ready", "7"))
        self.assertRefused(
            "appeal", denial,
            f"{denial.display_name}: {denial.claim_id.name} is on its way to the payer again. Wait for the answer to "
            "that.",
        )

    def test_a_replacement_has_to_name_the_payers_number(self):
        denial = self._deny()
        claim = denial.claim_id
        claim.payer_control_number = False
        self.assertRefused(
            "resend", denial,
            f"{claim.name} would replace what Blue Insurance has, and has to name the payer's number of that. Type the "
            f"payer's claim number on {claim.name} first.",
        )

    def test_what_cannot_go_stays_and_the_rest_goes(self):
        good, bad = self._deny(), self._deny()
        bad.claim_id.payer_control_number = False
        wizard = self._wizard(good | bad, "resend")
        self.assertEqual((wizard.going_count, wizard.refused_count), (1, 1))
        wizard.action_apply()
        self.assertEqual((good.state, bad.state), ("resent", "open"))

    def test_denials_are_given_to_somebody(self):
        denials = self._deny() | self._deny()
        wizard = self._wizard(denials, "assign", user_id=self.clerk.id)
        self.assertEqual(wizard.summary, "2 denials, $\xa01,000.00, go to clerk (base.group_user).".replace(
            "clerk (base.group_user)", self.clerk.name,
        ))
        wizard.action_apply()
        self.assertEqual(denials.user_id, self.clerk)
        self.assertEqual(denials.activity_ids.user_id, self.clerk)

    def test_what_is_over_is_not_decided_again(self):
        denial = self._deny()
        self._answer(denial.claim_id, 500.0, date="2026-03-12")
        for action in ("resend", "appeal", "pass_on", "write_off", "assign"):
            with self.subTest(action):
                self.assertRefused(action, denial, f"{denial.display_name} is over: “Paid after all”.")

    def test_who_only_reads_decides_nothing(self):
        reader = new_test_user(self.env, "reader", groups="billing_coordinator.group_readonly")
        denial = self._deny()
        with self.assertRaises(AccessError):
            self._wizard(denial, "write_off", user=reader)
        with self.assertRaises(AccessError):
            denial.with_user(reader).action_start()

    def test_another_company_sees_nothing_of_it(self):
        denial = self._deny()
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["billing.denial"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            denial.with_user(stranger).action_start()
