from contextlib import ExitStack, suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..sessions import SessionCase

SENDING = "odoo.addons.billing_coordinator.models.statements.statement_run_sending"


class KilledError(Exception):
    """The process is gone, in the middle of something."""


@tagged("post_install", "-at_install")
class TestStatementSessions(SessionCase):
    """A run that is killed on the way, two crons at one run, and two people at one button: one statement each.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        today = fields.Date.today()
        with self._session() as env:
            env.company._billing_setup()
            debtors = env["res.partner"].create([
                {
                    "name": f"Debtor {number}", "is_billing_account": True, "street": "1 Road", "zip": str(number),
                    "billing_channel": "email" if number < 3 else "letter", "email": f"d{number}@example.com",
                }
                for number in range(6)
            ])
            bills = env["account.move"].create([
                {
                    "move_type": "out_invoice", "partner_id": debtor.id, "invoice_date": today,
                    "invoice_line_ids": [Command.create({
                        "name": "X", "price_unit": 100.0, "tax_ids": [Command.clear()],
                    })],
                }
                for debtor in debtors
            ])
            bills.action_post()
            run = env["billing.statement.run"].create({"amount_min": 0.0})
            run.action_prepare()
            run.line_ids.filtered(lambda line: line.partner_id not in debtors and line.state == "in").action_take_out()
            self.run_id, self.debtor_ids, self.bill_ids = run.id, debtors.ids, bills.ids
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            run = env["billing.statement.run"].browse(self.run_id)
            env["mail.mail"].search([
                ("model", "=", "billing.statement.line"), ("res_id", "in", run.line_ids.ids),
            ]).unlink()
            run.unlink()
            moves = env["account.move"].browse(self.bill_ids)
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            env["res.partner"].browse(self.debtor_ids).unlink()
            env.cr.commit()

    def _count(self):
        """(e-mails in the outbox, letters in files, lines sent, notes on debtors)."""
        with self._session() as env:
            run = env["billing.statement.run"].browse(self.run_id)
            mails = env["mail.mail"].search([
                ("model", "=", "billing.statement.line"), ("res_id", "in", run.line_ids.ids),
            ])
            files = env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
            letters = sum(file.raw.decode().count("Your statement") for file in files)
            notes = env["mail.message"].search_count([
                ("model", "=", "res.partner"), ("res_id", "in", self.debtor_ids), ("body", "ilike", run.name),
            ])
            sent = len(run.line_ids.filtered(lambda line: line.state == "sent"))
            return len(mails), letters, sent, notes

    def _cron(self, env, stack):
        """One run of the background, which saves each statement by itself."""
        def progress(cron, processed=0, *, remaining=None):
            cron.env.cr.commit()
            return 1

        stack.enter_context(patch.object(type(env["ir.cron"]), "_commit_progress", progress))
        stack.enter_context(patch(f"{SENDING}.PART", 1))
        stack.enter_context(patch(f"{SENDING}.MAIL_BATCH", 1))
        env["billing.statement.run"]._cron_send()

    def _release(self):
        with self._session() as env, patch(f"{SENDING}.AT_ONCE", 0):
            env["billing.statement.run"].browse(self.run_id).action_send()
            env.cr.commit()

    def test_killed_anywhere_each_is_sent_once(self):
        self._release()
        with self._session() as env:
            model = type(env["billing.statement.line"])
        for place, after in (("_mail", 1), ("_note_sent", 2), ("_print", 1), ("_set_state", 2)):
            calls, real = [], getattr(model, place)

            def kill(lines, *args, calls=calls, real=real, after=after, **kwargs):
                result = real(lines, *args, **kwargs)
                calls.append(lines)
                if len(calls) > after:
                    raise KilledError
                return result

            with self._session() as env, ExitStack() as stack, suppress(KilledError):
                stack.enter_context(patch.object(model, place, kill))
                self._cron(env, stack)
            mails, letters, sent, notes = self._count()
            self.assertEqual((mails + letters, notes), (sent, sent), place)
        for _again in range(2):
            with self._session() as env, ExitStack() as stack:
                self._cron(env, stack)
        self.assertEqual(self._count(), (3, 3, 6, 6))
        with self._session() as env:
            run = env["billing.statement.run"].browse(self.run_id)
            self.assertEqual((run.state, len(run.file_ids)), ("sent", 1))

    def test_two_crons_at_once_send_each_once(self):
        self._release()
        with self._session() as first, self._session() as second:
            # The second one has looked before the first has saved anything.
            second["billing.statement.line"].search([("run_id", "=", self.run_id)]).mapped("state")
            first_lines = first["billing.statement.line"].search([("run_id", "=", self.run_id), ("state", "=", "in")])
            first_lines[:2]._send_safely()
            first.flush_all()
            with ExitStack() as stack:
                self._cron(second, stack)
            first.cr.commit()
        with self._session() as env, ExitStack() as stack:
            self._cron(env, stack)
        self.assertEqual(self._count(), (3, 3, 6, 6))

    def test_a_cron_that_began_before_the_other_saved_sends_nothing_again(self):
        self._release()
        with self._session() as second:
            second["billing.statement.line"].search([("run_id", "=", self.run_id)]).mapped("state")
            with self._session() as first, ExitStack() as stack:
                self._cron(first, stack)
            with ExitStack() as stack:
                self._cron(second, stack)
        self.assertEqual(self._count(), (3, 3, 6, 6))

    def test_of_two_people_at_one_button_the_second_is_told(self):
        with self._session() as first, self._session() as second:
            first["billing.statement.run"].browse(self.run_id).action_send()
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on"):
                second["billing.statement.run"].browse(self.run_id).action_send()
            second.cr.rollback()
            first.cr.commit()
        self.assertEqual(self._count(), (3, 3, 6, 6))
