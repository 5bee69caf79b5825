from contextlib import ExitStack, suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..sessions import SessionCase


class KilledError(Exception):
    """The process is gone, in the middle of something."""


@tagged("post_install", "-at_install")
class TestMessageSessions(SessionCase):
    """A night that is killed between sending and writing it down, and two people at one pile: one message each.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        today = fields.Date.today()
        with self._session() as env:
            env.company._billing_setup()
            stage = env["billing.collection.stage"].create({
                "name": "Notice", "company_id": env.company.id, "subject": "Notice", "text": "<p>Notice.</p>",
                "fee": 5.0,
            })
            debtors = env["res.partner"].create([
                {"name": f"Debtor {number}", "is_billing_account": True, "email": f"d{number}@example.com"}
                for number in range(3)
            ])
            bills = env["account.move"].create([
                {
                    "move_type": "out_invoice", "partner_id": debtor.id,
                    "invoice_date": fields.Date.subtract(today, days=60),
                    "invoice_date_due": fields.Date.subtract(today, days=30),
                    "invoice_line_ids": [Command.create({
                        "name": "X", "price_unit": 100.0, "tax_ids": [Command.clear()],
                    })],
                }
                for debtor in debtors
            ])
            bills.action_post()
            cases = env["billing.collection.case"].create([
                {"partner_id": debtor.id, "company_id": env.company.id} for debtor in debtors
            ])
            env["billing.collection.case"]._add_items(env.company)
            steps = env["billing.collection.step"].create([
                {
                    "case_id": case.id, "stage_id": stage.id, "date": today, "channel": "email",
                    "address": case.partner_id.email,
                }
                for case in cases
            ])
            items = cases._get_items()
            steps._write_lines([[(item, stage.id) for item in items[step.case_id.id]] for step in steps])
            steps._set_state("ready")
            self.step_ids, self.case_ids, self.bill_ids = steps.ids, cases.ids, bills.ids
            self.shared = [(record._name, record.ids) for record in (stage, debtors)]
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            cases = env["billing.collection.case"].browse(self.case_ids)
            moves = cases.step_ids.charge_ids | env["account.move"].browse(self.bill_ids)
            env["mail.mail"].search([("model", "=", cases._name), ("res_id", "in", cases.ids)]).unlink()
            moves.billing_collection_step_id = False
            env.flush_all()
            env.cr.execute("DELETE FROM billing_collection_case WHERE id = ANY(%s)", [self.case_ids])
            env.invalidate_all()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            for model, ids in self.shared:
                env[model].browse(ids).unlink()
            env.cr.commit()

    def _count(self):
        """(e-mails in the outbox, fees, steps done) of these debtors."""
        with self._session() as env:
            steps = env["billing.collection.step"].browse(self.step_ids)
            mails = env["mail.mail"].search([
                ("model", "=", "billing.collection.case"), ("res_id", "in", self.case_ids),
            ])
            return len(mails), len(steps.charge_ids), len(steps.filtered(lambda step: step.state == "done"))

    def _send(self, place=None, kill=None):
        """The nightly sending, one debtor at a time, each saved; ``kill`` takes the place of a method."""
        def progress(cron, processed=0, *, remaining=None):
            if processed:
                cron.env.cr.commit()
            return 1

        with self._session() as env:
            steps = type(env["billing.collection.step"])
            work = steps._work_through

            def mine_one_by_one(model, *tasks, **kwargs):
                tasks = [
                    (lambda found, get=get: [*get(found), ("id", "in", self.step_ids)], act) for get, act in tasks
                ]
                return work(model, *tasks, **{**kwargs, "batch_size": 1})

            with ExitStack() as patched:
                patched.enter_context(patch.object(type(env["ir.cron"]), "_commit_progress", progress))
                patched.enter_context(patch.object(steps, "_work_through", mine_one_by_one))
                if place:
                    patched.enter_context(patch.object(steps, place, kill))
                env["billing.collection.step"]._cron_send()

    def test_killed_between_the_outbox_and_the_books_sends_once(self):
        calls = []
        for place in ("_move_on", "_ask_people", "_set_state"):
            with self._session() as env:
                real = getattr(type(env["billing.collection.step"]), place)

            def kill(steps, *args, real=real, place=place, **kwargs):
                calls.append(place)
                if len(calls) % 2 == 0:
                    raise KilledError
                return real(steps, *args, **kwargs)

            with suppress(KilledError):
                self._send(place, kill)
            mails, fees, done = self._count()
            self.assertEqual((mails, fees), (done, done), place)
        self._send()
        self._send()
        self.assertEqual(self._count(), (3, 3, 3))

    def test_of_two_people_at_one_pile_the_second_is_told(self):
        with self._session() as first, self._session() as second:
            first["billing.collection.step"].browse(self.step_ids)._do()
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on"):
                second["billing.collection.step"].browse(self.step_ids)._do()
            second.cr.rollback()
            first.cr.commit()
        self._send()
        self.assertEqual(self._count(), (3, 3, 3))
