from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFilePosting(RemittanceFileCase):
    """What is certain in a file is posted, to the cent."""

    def test_an_answer_is_posted_as_if_it_was_typed(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim)))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertEqual((file.state, file.outcome), ("read", "1 claim posted"))
        item = file.item_ids
        self.assertEqual((item.claim_id, item.match), (claim, "number"))
        remittance = file.transaction_ids.remittance_id
        self.assertEqual(
            (remittance.payer_id, remittance.reference, remittance.amount, str(remittance.date), remittance.state),
            (self.payer, "TRACE-1", 300.0, "2026-03-10", "posted"),
        )
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 120.0, 0.0),
            (self.transfer_account, self.payer, 80.0, 0.0),
            (self._receivable(self.payer), self.payer, 0.0, 200.0),
        ])
        self.assertEqual(remittance.payment_id.amount, 300.0)
        self.assertEqual((claim.state, claim.amount_open, claim.payer_control_number), ("settled", 0.0, "ICN-1"))
        self.assertEqual(self._owed(self.patient), 80.0)
        self.assertConserved()

    def test_a_denied_claim_posts_nothing_and_stays_open(self):
        claim = self._create_claim()
        file = self._take(self._file(
            self._clp(claim, [self._service("0.00", [("CO", "50", "500.00")])], status="4"), method="NON",
        ))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        remittance = file.transaction_ids.remittance_id
        self.assertEqual((remittance.handling, remittance.amount), ("non_payment", 0.0))
        self.assertFalse(remittance.payment_id)
        self.assertFalse(remittance.entry_id)
        self.assertEqual((claim.state, claim.amount_open), ("denied", 500.0))
        self.assertConserved()

    def test_money_of_a_claim_that_nobody_knows_waits_as_credit_of_the_payer(self):
        claim = self._create_claim()
        file = self._take(self._file(
            self._clp(claim),
            x12.claim("ELSE-1", [self._service("90.00", [("CO", "45", "410.00")])], patient=("DOE", "JO"), member="X9"),
        ))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", ""), ("waiting", "unknown")]))
        remittance = file.transaction_ids.remittance_id
        self.assertEqual((remittance.amount, remittance.amount_unapplied), (390.0, 90.0))
        self.assertEqual(self._owed(self.payer), -90.0)
        self.assertEqual(
            file.item_ids.filtered(lambda item: item.state == "waiting").reason_text,
            "No claim of ours has the number “ELSE-1”, and none is for this patient, day and charge.",
        )
        self.assertConserved()

    def test_the_same_file_again_changes_nothing_and_names_the_first(self):
        claim = self._create_claim()
        content = self._file(self._clp(claim))
        file = self._take(content)
        moves = self.env["account.move"].search_count([])
        again = self._take(content, "copy.835")
        self.assertEqual(again, file)
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertIn(
            "“copy.835” is the same file, brought again by", file.message_ids[0].body,
        )

    def test_the_same_payment_in_another_file_changes_nothing(self):
        claim = self._create_claim()
        first = self._take(self._file(self._clp(claim)))
        other = self._take(x12.wrap(self._payment(self._clp(claim)), control="000000999"), "other.835")
        self.assertNotEqual(first, other)
        self.assertEqual(self._became(other), ([("duplicate", "twice")], [("duplicate", "duplicate")]))
        self.assertEqual(
            other.transaction_ids.reason_text, "It came before in blue.835. Nothing was posted again.",
        )
        self.assertEqual(len(claim.remittance_line_ids), 1)
        self.assertConserved()

    def test_the_same_answer_in_another_payment_is_posted_once(self):
        claim, other = self._create_claim(), self._create_claim(date="2026-03-05")
        self._take(self._file(self._clp(claim)))
        file = self._take(self._file(self._clp(claim), self._clp(other, control="ICN-2"), trace="TRACE-2"), "two.835")
        self.assertEqual(self._became(file), ([("posted", "")], [("duplicate", "duplicate"), ("posted", "")]))
        item = file.item_ids.filtered(lambda one: one.state == "duplicate")
        self.assertEqual(
            item.reason_text,
            f"The same answer is posted already, from blue.835 ({item.first_id.remittance_id.name}).",
        )
        # The money came twice: once too often.
        self.assertEqual(self._owed(self.payer), -300.0)
        self.assertConserved()

    def test_a_payment_typed_from_paper_is_not_posted_again(self):
        claim = self._create_claim()
        typed = self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)], reference="trace-1")
        file = self._take(self._file(self._clp(claim)))
        self.assertEqual(self._became(file), ([("duplicate", "typed")], [("ignored", "aside")]))
        self.assertEqual(file.transaction_ids.remittance_id, typed)

    def test_a_test_file_posts_nothing(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), usage="T"))
        self.assertEqual(self._became(file), ([("noted", "test")], [("ignored", "test")]))
        self.assertEqual(file.transaction_ids.reason_text, "A test file: nothing of it is ever posted.")
        self.assertEqual(claim.amount_open, 500.0)
        # The real one may come with the same number.
        real = self._take(self._file(self._clp(claim)), "real.835")
        self.assertEqual(self._became(real), ([("posted", "")], [("posted", "")]))

    def test_a_notice_of_a_payment_to_come_posts_nothing(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), handling="H"))
        self.assertEqual(self._became(file), ([("noted", "notice")], [("ignored", "notice")]))

    def test_what_does_not_balance_is_held_with_the_figures(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), amount="310.00"))
        self.assertEqual(self._became(file)[0], [("held", "unbalanced")])
        self.assertIn(
            "$\xa0300.00 paid on claims − $\xa00.00 kept apart from them should be the payment of $\xa0310.00; the "
            "difference is $\xa0-\ufeff10.00.", file.transaction_ids.reason_text,
        )
        self.assertEqual(claim.amount_open, 500.0)

    def test_a_claim_that_does_not_balance_waits_and_the_rest_is_posted(self):
        claim, wrong = self._create_claim(), self._create_claim()
        file = self._take(self._file(
            self._clp(claim), self._clp(wrong, [self._service("310.00")], control="ICN-2"),
        ))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", ""), ("waiting", "fault")]))
        self.assertIn("does not balance: charge 500", file.item_ids[0].reason_text)
        self.assertEqual(self._owed(self.payer), 500.0 - 310.0)
        self.assertConserved()

    def test_claim_level_answers_are_shared_over_the_services(self):
        claim = self._create_claim(encounter=self._create_encounter(
            services=[(self.service, 100.0), (self.service, 200.0)],
        ))
        file = self._take(self._file(self._clp(
            claim, [], charge="300.00", paid="100.00", adjustments=[("CO", "45", "200.00")],
        )))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertEqual(
            claim.remittance_line_ids.sorted("id").mapped(
                lambda line: (line.amount_paid, line.adjustment_ids.amount),
            ),
            [(33.34, 66.66), (66.66, 133.34)],
        )
        self.assertConserved()

    def test_a_reversal_and_its_correction_undo_and_redo(self):
        claim = self._create_claim()
        first = self._clp(claim)
        self._take(self._file(first))
        corrected = self._clp(claim, [self._service("350.00", [("CO", "45", "120.00"), ("PR", "1", "30.00")])])
        file = self._take(self._file(x12.reversal(first), corrected, trace="TRACE-2"), "two.835")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", ""), ("posted", "")]))
        self.assertEqual((claim.amount_paid, claim.amount_open, claim.state), (350.0, 0.0, "settled"))
        self.assertEqual(self._owed(self.patient), 30.0)
        self.assertConserved()

    def test_a_reversal_of_what_was_never_posted_waits_and_so_does_what_follows(self):
        claim = self._create_claim()
        first = self._clp(claim)
        file = self._take(self._file(x12.reversal(first), self._clp(claim), trace="TRACE-2", amount="0.00"))
        self.assertEqual(
            self._became(file)[1], [("waiting", "nothing_posted"), ("waiting", "after_reversal")],
        )
        self.assertEqual(claim.amount_open, 500.0)
        self.assertConserved()

    def test_provider_level_adjustments_are_posted_with_it(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), provider_adjustments=[("WO", "OLD-7", "100.00")]))
        self.assertEqual(self._became(file)[0], [("posted", "")])
        remittance = file.transaction_ids.remittance_id
        self.assertEqual(remittance.amount, 200.0)
        self.assertEqual(
            remittance.provider_adjustment_ids.mapped(lambda one: (one.code, one.reference, one.amount)),
            [("WO", "OLD-7", 100.0)],
        )
        self.assertConserved()

    def test_a_closed_month_holds_the_payment_with_the_sentence(self):
        claim = self._create_claim()
        self.company.fiscalyear_lock_date = "2026-03-12"
        file = self._take(self._file(self._clp(claim)))
        self.assertEqual(self._became(file)[0], [("held", "closed")])
        self.assertEqual(
            file.transaction_ids.reason_text,
            "It was paid on 03/10/2026, and the books of company_1_data are closed until 03/12/2026. Type a later day "
            "in “Book on” and press “Try again”, or ask accounting to reopen the period first.",
        )
        self.company.fiscalyear_lock_date = False
        file.transaction_ids.action_retry()
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertConserved()

    def test_a_predetermination_is_noted_on_the_estimate_and_never_posted(self):
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-02", "provider_id": self.provider.id,
            "line_ids": [(0, 0, {"product_id": self.service.id})],
        })
        file = self._take(self._file(
            x12.claim(
                estimate.name, [self._service("300.00", day=None)], status="25", patient=("LOPEZ", "ANA"), day=None,
            ),
            handling="H", amount="0.00", method="NON",
        ))
        self.assertEqual(self._became(file)[1], [("ignored", "predetermination")])
        self.assertEqual(
            estimate.payer_answer_text,
            "Blue Insurance said on 03/10/2026: of $\xa0500.00 it would pay $\xa0300.00, and the patient $\xa080.00.",
        )
        self.assertFalse(self.env["billing.remittance"].search([("payer_id", "=", self.payer.id)]))

    def test_a_claim_sent_on_by_the_payer_is_not_sent_again(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim, status="19", crossover="GOLD INSURANCE")))
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        second = claim.encounter_id.claim_ids - claim
        self.assertEqual((second.payer_id, second.state, second.amount_open), (self.payer_b, "sent", 80.0))
        self.assertEqual(second.forwarded_by_id, file.item_ids)
        self.assertConserved()

    def test_the_secondary_payer_answers_over_the_whole_charge(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        claim = self._create_claim()
        self._take(self._file(self._clp(claim)))
        second = claim.encounter_id.claim_ids - claim
        second.action_send()
        file = self._take(self._file(
            self._clp(second, [self._service("50.00", [("OA", "23", "420.00"), ("PR", "2", "30.00")])], status="2"),
            payer=("GOLD INSURANCE", "XV", "GOLD1"), trace="GOLD-1",
        ), "gold.835")
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        self.assertEqual((second.amount_paid, second.amount_open), (50.0, 0.0))
        self.assertEqual(self._owed(self.patient), 30.0)
        self.assertConserved()

    def test_not_theirs_and_sent_on_is_noted_only(self):
        claim = self._create_claim()
        file = self._take(self._file(
            self._clp(claim, [self._service("0.00", [("OA", "109", "500.00")])], status="23", crossover="OTHER PLAN"),
            method="NON",
        ))
        self.assertEqual(self._became(file), ([("noted", "")], [("ignored", "forwarded")]))
        self.assertEqual(
            file.item_ids.reason_text,
            f"Blue Insurance says that {claim.name} is not for it, and has sent it on to OTHER PLAN.",
        )
        self.assertEqual(claim.amount_open, 500.0)

    def test_a_payment_in_a_currency_nobody_uses_is_held(self):
        claim = self._create_claim()
        file = self._take(self._file(self._clp(claim), extra=[["CUR", "PR", "XYZ"]]))
        self.assertEqual(self._became(file)[0], [("held", "currency")])
        self.assertEqual(
            file.transaction_ids.reason_text,
            "It is in XYZ, which is not used here. Activate the currency, or ask BLUE INSURANCE.",
        )
