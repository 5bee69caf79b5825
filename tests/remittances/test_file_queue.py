from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestQueue(RemittanceFileCase):
    """What is not certain waits, says why, and is posted with one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim()
        cls.other_patient = cls._create_patient("Ben Roth")
        cls._create_coverage(cls.other_patient, cls.plan)
        cls.other = cls._create_claim(patient=cls.other_patient)

    def _waiting(self, *claims, **values):
        """Take in a file with the claim of Ana, and these; give the answer that waits."""
        file = self._take(self._file(self._clp(self.claim), *claims, **values))
        return file.item_ids.filtered(lambda item: item.state == "waiting")

    def test_another_name_waits_and_is_posted_from_the_payers_credit_by_one_click(self):
        item = self._waiting(self._clp(self.other, patient=("HOLM", "GRETA"), member="M-X", control="ICN-9"))
        self.assertEqual((item.why, item.other_claim_id), ("other_patient", self.other))
        self.assertEqual(
            item.reason_text,
            f"{self.other.name} has this number, but it is Ben Roth's, and the answer is about GRETA HOLM. Is it the "
            "same person?",
        )
        self.assertEqual(self._owed(self.payer), 500.0 - 300.0)
        candidate = item.candidate_ids
        self.assertEqual((candidate.claim_id, candidate.sign_text), (self.other, "our number, day, charge"))
        candidate.action_choose()
        self.assertEqual((item.state, item.claim_id, item.match), ("posted", self.other, "person"))
        remittance = item.remittance_id
        self.assertEqual(
            (remittance.reference, remittance.amount, remittance.credit_amount, remittance.state),
            (f"TRACE-1/{item.position}", 0.0, 300.0, "posted"),
        )
        self.assertFalse(remittance.payment_id)
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 120.0, 0.0),
            (self.transfer_account, self.payer, 80.0, 0.0),
            (self._receivable(self.payer), self.payer, 0.0, 200.0),
            (self._receivable(self.payer), self.payer, 0.0, 300.0),
            (self._receivable(self.payer), self.payer, 300.0, 0.0),
        ])
        self.assertEqual((self.other.state, self.other.payer_control_number), ("settled", "ICN-9"))
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertConserved()

    def test_none_of_ours_leaves_the_money_as_credit_to_be_sent_back(self):
        item = self._waiting(x12.claim("ELSE", [self._service()], patient=("HOLM", "GRETA"), member="M-X"))
        item.action_none_of_ours()
        self.assertEqual((item.state, item.why), ("ignored", "not_ours"))
        self.assertEqual(
            item.reason_text, "None of ours: $\xa0300.00 stays credit of Blue Insurance, to be sent back.",
        )
        self.assertEqual(self._owed(self.payer), 500.0 - 300.0)
        self.assertConserved()

    def test_it_can_be_looked_at_after_all(self):
        item = self._waiting(self._clp(self.other, patient=("HOLM", "GRETA"), member="M-X"))
        item.action_none_of_ours()
        item.action_reopen()
        self.assertEqual((item.state, item.why), ("waiting", "other_patient"))

    def test_a_payment_of_which_nothing_is_known_is_held_until_somebody_knows(self):
        file = self._take(self._file(x12.claim("ELSE", [self._service()], patient=("HOLM", "GRETA"), member="M-X")))
        payment, item = file.transaction_ids, file.item_ids
        self.assertEqual((payment.state, payment.why, item.state), ("held", "nothing_ours", "waiting"))
        self.assertFalse(payment.remittance_id)
        item.claim_id = self.other
        item.action_post_to_claim()
        self.assertEqual((payment.state, item.state), ("posted", "posted"))
        self.assertEqual(payment.remittance_id.payment_id.amount, 300.0)
        self.assertConserved()

    def test_money_that_is_ours_anyway_is_taken_as_credit(self):
        file = self._take(self._file(x12.claim("ELSE", [self._service()], patient=("HOLM", "GRETA"), member="M-X")))
        file.transaction_ids.action_release()
        self.assertEqual(self._became(file), ([("posted", "")], [("waiting", "unknown")]))
        self.assertEqual(file.transaction_ids.remittance_id.amount_unapplied, 300.0)
        self.assertConserved()

    def test_a_payment_put_aside_may_come_again(self):
        content = self._file(self._clp(self.claim), amount="310.00")
        file = self._take(content)
        file.transaction_ids.action_set_aside()
        self.assertEqual(self._became(file), ([("noted", "aside")], [("ignored", "aside")]))
        right = self._take(self._file(self._clp(self.claim), provider_adjustments=[("L6", "", "-10.00")]), "right.835")
        self.assertEqual(right.transaction_ids.amount, 310.0)
        self.assertEqual(self._became(right), ([("posted", "")], [("posted", "")]))

    def test_a_payer_is_asked_for_once(self):
        file = self._take(self._file(self._clp(self.claim), payer=("THE BLUES", "XV", "ZZ9")))
        payment = file.transaction_ids
        self.assertEqual((payment.state, payment.why), ("held", "payer"))
        self.assertEqual(
            payment.reason_text,
            "Nobody here is known as “THE BLUES” (ZZ9, 1512345678). Choose the payer and press “It is this payer”: it "
            "is asked once and remembered.",
        )
        with self.assertRaisesRegex(UserError, "Choose first which payer “THE BLUES” is."):
            payment.action_remember_payer()
        payment.payer_id = self.payer
        payment.action_remember_payer()
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        again = self._take(
            self._file(self._clp(self.other), payer=("THE BLUES", "XV", "ZZ9"), trace="T2"), "again.835",
        )
        self.assertEqual(self._became(again), ([("posted", "")], [("posted", "")]))

    def test_an_unknown_reason_waits_and_a_manager_takes_it_in(self):
        item = self._waiting(self._clp(self.other, [self._service("0.00", [("CO", "Z77", "500.00")])], control="I2"))
        self.assertEqual(item.why, "adjustment")
        self.assertIn("reasons that nobody has met here: CO-Z77.", item.reason_text)
        clerk = new_test_user(
            self.env, "clerk_z", groups="billing_coordinator.group_coordinator,account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaisesRegex(AccessError, "Only a manager takes in a new reason"):
            item.with_user(clerk).action_create_reasons()
        item.action_create_reasons()
        self.assertEqual((item.state, self.other.state), ("posted", "denied"))
        reason = self.env["billing.adjustment.reason"].search([("code", "=", "Z77")])
        self.assertEqual((reason.group, reason.effect), ("CO", "hold"))
        self.assertConserved()

    def test_services_that_are_not_certain_are_chosen_by_hand(self):
        claim = self._create_claim(encounter=self._create_encounter(
            patient=self.other_patient, services=[(self.service, 100.0), (self.service, 100.0)], date="2026-03-04",
        ))
        first, second = claim.invoice_id.invoice_line_ids
        first.name, second.name = "Left", "Right"
        lines = [
            x12.service("A", "70.00", "70.00", day=None),
            x12.service("B", "30.00", "0.00", [("CO", "45", "30.00")], day=None),
            x12.service("C", "100.00", "100.00", day=None),
        ]
        item = self._waiting(self._clp(claim, lines, patient=("ROTH", "BEN"), control="ICN-5", day=None))
        self.assertEqual((item.why, item.claim_id), ("service", claim))
        item.service_ids[:2].move_line_id = first
        item.service_ids[2].move_line_id = second
        item.action_post_to_claim()
        self.assertEqual(item.state, "posted")
        self.assertEqual(
            claim.remittance_line_ids.sorted("move_line_id").mapped(lambda line: (line.move_line_id, line.amount_paid)),
            [(first, 70.0), (second, 100.0)],
        )
        self.assertConserved()

    def test_what_posting_refuses_waits_alone_with_the_sentence(self):
        # A denial below zero balances, and is refused by posting itself.
        item = self._waiting(self._clp(
            self.other, [self._service("550.00", [("CO", "50", "-50.00")])], control="ICN-7",
        ))
        self.assertEqual(item.why, "posting")
        self.assertIn("is a denial below zero", item.reason_text)
        self.assertEqual(self.claim.state, "settled")
        self.assertEqual(self._owed(self.payer), 500.0 - 550.0)
        self.assertConserved()

    def test_more_than_is_open_waits(self):
        self._answer(self.other, 300.0, [(self.co_45, 200.0)])
        item = self._waiting(self._clp(self.other, control="ICN-7"))
        self.assertEqual(item.why, "more_than_open")
        self.assertIn(f"It settles another amount than is open: $\xa00.00 of {self.other.name}.", item.reason_text)
        self.assertConserved()

    def test_a_reversal_that_waited_is_posted_when_its_answer_is(self):
        """The payer takes back what it paid before our time here; then somebody types that answer."""
        first = self._clp(self.other)
        item = self._waiting(x12.reversal(first), provider_adjustments=())
        self.assertEqual(item.why, "nothing_posted")
        remittance = item.transaction_id.remittance_id
        self.assertEqual(
            remittance.provider_adjustment_ids.mapped(lambda one: (one.code, one.reference, one.amount)),
            [("WO", self.other.name.upper(), 300.0)],
        )
        self._answer(self.other, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        item.action_retry()
        self.assertEqual((item.state, self.other.amount_open), ("posted", 500.0))
        self.assertEqual(remittance.provider_adjustment_ids.amount_open, 0.0)
        self.assertConserved()

    def test_what_was_reversed_by_hand_can_be_posted_again(self):
        file = self._take(self._file(self._clp(self.claim)))
        item = file.item_ids
        item.remittance_id._reverse(item.date, "Wrong", money="keep")
        self.assertEqual((item.state, item.why), ("ignored", "taken_back"))
        item.action_reopen()
        self.assertEqual((item.state, item.remittance_id.credit_amount, self.claim.state), ("posted", 300.0, "settled"))
        self.assertConserved()

    def test_another_payers_claim_is_refused_with_a_reason(self):
        plan = self._create_plan("Gold", self.payer_b)
        patient = self._create_patient("Cara Diaz")
        self._create_coverage(patient, plan)
        gold = self._create_claim(patient=patient)
        item = self._waiting(self._clp(gold, patient=("DIAZ", "CARA")))
        self.assertEqual(item.why, "other_payer")
        with self.assertRaisesRegex(UserError, "was sent to Gold Insurance, and Blue Insurance answers"):
            item._choose(gold)

    def test_who_only_reads_presses_nothing(self):
        item = self._waiting(self._clp(self.other, patient=("HOLM", "GRETA"), member="M-X"))
        reader = new_test_user(self.env, "reader_z", groups="billing_coordinator.group_readonly")
        for record, button in (
            (item, "action_retry"), (item, "action_none_of_ours"), (item, "action_post_to_claim"),
            (item.candidate_ids, "action_choose"), (item.transaction_id, "action_retry"),
            (item.transaction_id, "action_set_aside"), (item.file_id, "action_read"),
        ):
            with self.assertRaises(AccessError, msg=button):
                getattr(record.with_user(reader), button)()

    def test_what_the_payer_says_is_never_typed_over(self):
        item = self._waiting(self._clp(self.other, patient=("HOLM", "GRETA"), member="M-X"))
        clerk = new_test_user(
            self.env, "clerk_y", groups="billing_coordinator.group_coordinator", company_id=self.company.id,
        )
        with self.assertRaisesRegex(UserError, "follows from what was done, and is never typed"):
            item.with_user(clerk).amount_paid = 1.0
        with self.assertRaisesRegex(UserError, "Use its buttons"):
            item.with_user(clerk).write({"state": "posted"})

    def test_a_clerk_posts_from_the_queue(self):
        item = self._waiting(self._clp(self.other, patient=("HOLM", "GRETA"), member="M-X"))
        clerk = new_test_user(
            self.env, "clerk_x", groups="billing_coordinator.group_coordinator", company_id=self.company.id,
        )
        item.with_user(clerk).candidate_ids.action_choose()
        self.assertEqual((item.state, self.other.state), ("posted", "settled"))
