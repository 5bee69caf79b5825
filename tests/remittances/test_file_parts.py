from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.models.remittances import remittance_file_reading, remittance_parts

from ..common import TODAY
from .file_common import RemittanceFileCase

POSTING = "odoo.addons.billing_coordinator.models.remittances.remittance_transaction_posting"


class KilledError(BaseException):
    """The process ends here; nothing catches it."""


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFileParts(RemittanceFileCase):
    """A payment of thousands of claims is posted in parts: no time limit of a server keeps it from being posted."""

    def _read_large(self, claims, **values):
        """The payment of a file with these claims, read and not posted; two are posted at a time."""
        self.patch(remittance_file_reading, "AT_ONCE", 10)
        self.patch(remittance_parts, "TOGETHER", 2)
        file = self._take(self._file(
            *(self._clp(claim, control=f"I{number}") for number, claim in enumerate(claims)), **values,
        ))
        file.sudo()._read()
        return file.transaction_ids.sudo()

    def _create_claims(self, count):
        return self.env["billing.claim"].union(*(self._create_claim() for _number in range(count)))

    def test_killed_between_two_parts_it_goes_on_and_each_part_draws_on_its_own_payment(self):
        """Cheque 1,500 for five claims: with the first two Dr BANK 1,500 / Cr AR 300 + 300, and AR 900 waits; then Dr
        AR 600 / Cr AR 300 + 300, then Dr AR 300 / Cr AR 300. The 77 that the payer has sent before stay where they are.
        """
        earlier = self.env["billing.remittance"].create({
            "payer_id": self.payer.id, "reference": "EARLIER", "amount": 77.0, "amount_unapplied": 77.0,
            "date": "2026-03-02",
        })
        earlier.action_post()
        claims = self._create_claims(5)
        payment = self._read_large(claims)
        file, steps = payment.file_id, []

        def keep_and_die():
            steps.append([state for state, _why in self._became(file)[1]].count("posted"))
            if steps[-1] == 4:
                raise KilledError
            return 1

        with suppress(KilledError):
            payment._in_background(keep_and_die)
        self.assertEqual(steps, [0, 2, 4])
        self.assertEqual((payment.state, file.outcome), ("posted", "4 claims posted, 1 being posted"))
        self.assertConserved()
        self.assertIn(payment, payment.search(remittance_file_reading.TO_POST), "the next run goes on with it")
        payment._in_background(lambda: 1)
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")] * 5))
        self.assertEqual(file.outcome, "5 claims posted")
        self.assertFalse(payment.search(remittance_file_reading.TO_POST))
        parts = (payment.remittance_id | payment.item_ids.remittance_id).sorted("id")
        self.assertEqual(
            [(part.reference, part.amount, part.credit_amount, part.amount_unapplied) for part in parts],
            [("TRACE-1", 1500.0, 0.0, 900.0), ("TRACE-1/29", 0.0, 600.0, 0.0), ("TRACE-1/45", 0.0, 300.0, 0.0)],
            "the number behind is that of the first claim's segment in the file",
        )
        receivable = self._receivable()
        payer_items = [item for item in parts[1].entry_id.line_ids if item.account_id == receivable]
        self.assertEqual(
            sorted((item.debit, item.credit) for item in payer_items),
            [(0.0, 200.0), (0.0, 200.0), (0.0, 300.0), (0.0, 300.0), (600.0, 0.0)],
        )
        self.assertEqual(set(claims.mapped("amount_open")), {0.0})
        self.assertEqual(earlier.payer_credit, 77.0)
        self.assertEqual(
            sum(earlier.payment_id.move_id.line_ids.filtered(lambda item: item.account_id == receivable)
                .mapped("amount_residual")), -77.0,
        )
        self.assertEqual(set(payment.action_view_remittance()["domain"][0][2]), set(parts.ids))
        self.assertConserved()

    def test_out_of_time_it_stops_behind_a_part(self):
        payment = self._read_large(self._create_claims(5))
        payment._in_background(lambda: 0)
        self.assertEqual((payment.state, set(payment.item_ids.mapped("state"))), ("ready", {"matched"}))
        payment._in_background(lambda: 0)
        self.assertEqual(sorted(payment.item_ids.mapped("state")), ["matched"] * 3 + ["posted"] * 2)
        payment._in_background(lambda: 0)
        self.assertEqual(payment.item_ids.mapped("state").count("posted"), 4)

    def test_one_that_is_refused_waits_and_its_part_is_posted_without_it(self):
        claims = self._create_claims(5)
        payment = self._read_large(claims)
        post = self.registry["billing.remittance"]._post_answer

        def refuse(remittance):
            if claims[3] in remittance.line_ids.claim_id:
                raise UserError("This one is not right.")
            return post(remittance)

        with patch.object(self.registry["billing.remittance"], "_post_answer", refuse):
            payment._in_background()
        self.assertEqual(
            self._became(payment.file_id)[1],
            [("posted", ""), ("posted", ""), ("posted", ""), ("waiting", "posting"), ("posted", "")],
        )
        self.assertEqual(claims.mapped("amount_open"), [0.0, 0.0, 0.0, 500.0, 0.0])
        self.assertEqual(payment.remittance_id.payer_credit, 300.0, "its money waits")
        self.assertConserved()

    def test_one_that_is_refused_in_the_first_part_leaves_all_to_the_others(self):
        claims = self._create_claims(5)
        payment = self._read_large(claims)
        post = self.registry["billing.remittance"]._post_answer

        def refuse(remittance):
            if claims[0] in remittance.line_ids.claim_id:
                raise UserError("This one is not right.")
            return post(remittance)

        with patch.object(self.registry["billing.remittance"], "_post_answer", refuse):
            payment._in_background()
        self.assertEqual(
            self._became(payment.file_id)[1], [("waiting", "posting"), *[("posted", "")] * 4],
        )
        self.assertEqual(payment.remittance_id.amount, 1500.0)
        self.assertEqual(payment.remittance_id.payer_credit, 300.0)
        self.assertConserved()

    def test_what_nobody_expected_in_a_later_part_waits_and_does_not_come_back_for_ever(self):
        payment = self._read_large(self._create_claims(3))
        payment._in_background(lambda: 0)
        payment._in_background(lambda: 0)
        self.assertEqual(payment.state, "posted")
        self.env.cr.flush()
        with (
            patch.object(self.registry["billing.remittance.item"], "_post_together", side_effect=ZeroDivisionError),
            patch.object(self.env.cr, "rollback"), self.assertLogs(POSTING, level="ERROR"),
        ):
            payment._in_background(lambda: 1)
        self.assertEqual(sorted(payment.item_ids.mapped("state")), ["posted", "posted", "waiting"])
