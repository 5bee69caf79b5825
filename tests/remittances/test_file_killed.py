from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.billing_coordinator.models.remittances import (
    remittance_file_reading,
    remittance_parts,
)

from ..common import TODAY
from ..sessions import SessionCase
from ..tools import x12_files as x12
from .file_common import PAID, RemittanceFileCase

POSTING = "odoo.addons.billing_coordinator.models.remittances.remittance_transaction_posting"


class KilledError(BaseException):
    """The process ends here; nothing catches it."""


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestKilled(RemittanceFileCase):
    """Killed anywhere, a payment is posted wholly or not at all, and the next run posts the rest."""

    def test_killed_anywhere_while_posting_it_is_whole_in_the_end(self):
        claims = self._create_claim() | self._create_claim()
        self.patch(remittance_file_reading, "AT_ONCE", 10)
        first, second = claims
        file = self._take(x12.wrap(
            self._payment(self._clp(first)), self._payment(self._clp(second, control="I2"), trace="TRACE-2"),
        ))
        file.sudo()._read()
        payments = file.transaction_ids.sorted("position")
        payments[0].sudo()._in_background()
        self.assertEqual(payments.mapped("state"), ["posted", "ready"])
        moves = self.env["account.move"].search_count([])
        for model, method in (
            ("billing.remittance", "_post_entry"), ("billing.remittance", "_post_transfers"),
            ("billing.remittance", "_after_posting"), ("billing.remittance.item", "_set_posted"),
            ("billing.remittance.transaction", "_after"),
        ):
            with self.subTest(method):
                with (
                    suppress(KilledError), self.env.cr.savepoint(),
                    patch.object(self.registry[model], method, side_effect=KilledError),
                ):
                    payments[1].sudo()._in_background()
                    self.fail("it was to be killed")
                self.env.invalidate_all()
                self.assertEqual((payments[1].state, second.amount_open), ("ready", 500.0))
                self.assertEqual(self.env["account.move"].search_count([]), moves)
        payments[1].sudo()._in_background()
        self.assertEqual(self._became(file), ([("posted", "")] * 2, [("posted", "")] * 2))
        self.assertEqual(sum(claims.mapped("amount_open")), 0.0)
        self.assertEqual(len(claims.remittance_line_ids), 2)
        self.assertConserved()

    def test_the_claims_of_a_large_payment_are_found_in_parts_and_killed_in_between_it_goes_on(self):
        first, second = self._create_claim(), self._create_claim()
        self.patch(remittance_file_reading, "AT_ONCE", 10)
        self.patch(remittance_parts, "PART", 1)
        file = self._take(self._file(
            self._clp(first), self._clp(second, control="I2"), self._clp(first), x12.claim("ELSE", [self._service()]),
        ))
        file.sudo()._read()
        payment, kept = file.transaction_ids.sudo(), []

        def keep_and_die():
            kept.append(self._became(file)[1])
            if len(kept) == 2:
                raise KilledError
            return 1

        with suppress(KilledError):
            payment._in_background(keep_and_die)
        self.assertEqual(kept[1], [("matched", ""), ("matched", ""), ("new", ""), ("new", "")])
        self.assertEqual((payment.state, file.outcome), ("ready", "Being posted: 2 of 4 claims looked for"))
        self.assertEqual(first.amount_open + second.amount_open, 1000.0)
        payment._in_background(lambda: kept.append(self._became(file)[1]) or 1)
        self.assertEqual(len(kept), 2 + 2 + 1, "what was found before is not looked for again")
        self.assertEqual(self._became(file), (
            [("posted", "")],
            [("posted", ""), ("posted", ""), ("duplicate", "duplicate"), ("waiting", "unknown")],
        ))
        self.assertEqual(first.amount_open + second.amount_open, 0.0)
        self.cr.flush()
        self.assertFalse(file.item_ids.message_ids, "thousands of claims get no message that they have a payer")
        self.assertConserved()

    def test_what_nobody_expected_holds_one_payment_and_the_others_go_on(self):
        claims = self._create_claim() | self._create_claim()
        self.patch(remittance_file_reading, "AT_ONCE", 10)
        file = self._take(x12.wrap(
            self._payment(self._clp(claims[0])), self._payment(self._clp(claims[1], control="I2"), trace="TRACE-2"),
        ))
        original = type(self.env["billing.remittance"])._post_answer

        def break_first(remittance):
            if remittance.reference == "TRACE-1":
                raise RuntimeError("Boom")
            return original(remittance)

        with (
            patch.object(self.registry["billing.remittance"], "_post_answer", break_first),
            self.enter_registry_test_mode(), mute_logger(POSTING),
        ):
            self.env.ref("billing_coordinator.cron_read_remittances").method_direct_trigger()
        self.assertEqual(self._became(file)[0], [("held", "posting"), ("posted", "")])
        self.assertEqual(file.transaction_ids.sorted("position")[0].reason_text, "Boom")
        self.assertConserved()


@tagged("post_install", "-at_install")
class TestTwoReaders(SessionCase):
    """Two processes at one file: sessions are real; what they share is committed before and deleted after."""

    def setUp(self):
        super().setUp()
        claims = [
            x12.claim(f"ZZ-{number}", [x12.service()], control=f"ICN-{number}", patient=("NEU", f"N{number}"))
            for number in range(5)
        ]
        content = x12.wrap(x12.remittance(claims, day=PAID, trace="ZZ-TRACE", payer=("NOBODY KNOWN", "XV", "ZZ999")))
        self.patch(remittance_file_reading, "AT_ONCE", 10)
        self.patch(remittance_file_reading, "BATCH", 2)
        with self._session() as env:
            file, _is_new = env["billing.remittance.file"]._take_in("zz.835", content)
            self.file_id = file.id
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            file = env["billing.remittance.file"].browse(self.file_id)
            messages = env["mail.message"].search([
                "|", "&", ("model", "=", file._name), ("res_id", "=", file.id),
                "|", "&", ("model", "=", "billing.remittance.item"), ("res_id", "in", file.item_ids.ids),
                "&", ("model", "=", "billing.remittance.transaction"), ("res_id", "in", file.transaction_ids.ids),
            ])
            messages.unlink()
            file.transaction_ids.unlink()
            file.unlink()
            env.cr.commit()

    def _get_file(self, env):
        return env["billing.remittance.file"].browse(self.file_id)

    def test_killed_while_reading_it_goes_on_where_it_was(self):
        with self._session() as env, suppress(KilledError):
            batches = []

            def commit_and_die():
                env.cr.commit()
                batches.append(1)
                if len(batches) == 2:
                    raise KilledError

            self._get_file(env)._read(commit_and_die)
        with self._session() as env:
            file = self._get_file(env)
            self.assertEqual((file.state, len(file.item_ids)), ("reading", 4))
            self.assertEqual(file.transaction_ids.state, "reading")
            stored = file.item_ids.ids
            file._read(env.cr.commit)
            self.assertEqual((file.state, len(file.item_ids)), ("read", 5))
            self.assertLessEqual(set(stored), set(file.item_ids.ids))
            self.assertEqual(sorted(file.item_ids.mapped("name")), [f"ZZ-{number}" for number in range(5)])
            self.assertEqual(file.transaction_ids.state, "ready")
            env.cr.commit()

    def test_a_file_is_read_by_one_at_a_time(self):
        with self._session() as first, self._session() as second:
            self._get_file(first).lock_for_update(allow_referencing=True)
            file = self._get_file(second)
            self.assertFalse(file._guarded(file._read))
            self.assertEqual(file.state, "new")

    def test_a_payment_is_posted_by_one_at_a_time(self):
        with self._session() as env:
            self._get_file(env)._read()
            env.cr.commit()
        with self._session() as first, self._session() as second:
            self._get_file(first).transaction_ids.lock_for_update(allow_referencing=True)
            payment = self._get_file(second).transaction_ids
            payment._in_background()
            self.assertEqual(payment.state, "ready", "left to the other one")
            second.cr.rollback()
            first.cr.rollback()
            payment._in_background()
            self.assertEqual((payment.state, payment.why), ("held", "payer"))
            second.cr.rollback()
