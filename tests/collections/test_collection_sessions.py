import random
from contextlib import contextmanager
from threading import Thread
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase

DEBTORS = 6
KILLS = 50


class KilledError(BaseException):
    """The process is gone at this point."""


@tagged("post_install", "-at_install")
class TestCollectionSessions(SessionCase):
    """A night that is killed anywhere, and two nights at once: each debtor has exactly the messages of one clean night.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        today = fields.Date.today()
        with self._session() as env:
            env.company._billing_setup()
            self.used = env["billing.collection.stage"].search([]).ids
            env["billing.collection.stage"].browse(self.used).active = False
            stage = env["billing.collection.stage"].create({
                "name": "Notice", "company_id": env.company.id, "days": 1, "subject": "Notice",
                "text": "<p>Please.</p>",
            })
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 300.0})
            debtors = env["res.partner"].create([
                {"name": f"Debtor {number}", "is_billing_account": True, "email": f"d{number}@example.com"}
                for number in range(DEBTORS)
            ])
            bills = env["account.move"].create([
                {
                    "move_type": "out_invoice", "partner_id": debtor.id,
                    "invoice_date": fields.Date.subtract(today, days=40),
                    "invoice_date_due": fields.Date.subtract(today, days=10), "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
                }
                for debtor in debtors
            ])
            bills.action_post()
            self.debtor_ids, self.bill_ids = debtors.ids, bills.ids
            self.shared = [(record._name, record.ids) for record in (stage, product, debtors)]
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        self._forget()
        with self._session() as env:
            moves = env["account.move"].browse(self.bill_ids)
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            for model, ids in self.shared:
                env[model].browse(ids).unlink()
            env["billing.collection.stage"].browse(self.used).active = True
            env.cr.commit()

    def _forget(self):
        """As if there had been no night yet."""
        with self._session() as env:
            cases = env["billing.collection.case"].search([("partner_id", "in", self.debtor_ids)])
            env["mail.mail"].search([("model", "=", cases._name), ("res_id", "in", cases.ids)]).unlink()
            cases.unlink()
            env.cr.commit()

    @contextmanager
    def _small_batches(self):
        """Batches of two, saved one by one."""
        def progress(cron, processed=0, *, remaining=None):
            cron.env.cr.commit()
            return 1

        module = "odoo.addons.billing_coordinator.models.collections"
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", progress),
            patch(f"{module}.collection_run.RUN_BATCH", 2),
            patch(f"{module}.collection_step_doing.SEND_BATCH", 2),
        ):
            yield

    def _run(self, kill_at=None):
        """One night; killed at a statement of its own.

        :return: how many statements it took
        """
        execute, done = Cursor.execute, [0]

        def count(cursor, *args, **kwargs):
            done[0] += 1
            if kill_at and done[0] >= kill_at:
                raise KilledError
            return execute(cursor, *args, **kwargs)

        with self._small_batches(), self._session() as env, patch.object(Cursor, "execute", count):
            try:
                env["billing.collection.case"]._cron_run()
            except KilledError:
                env.cr._cnx.rollback()
                env.cr.clear()
        return done[0]

    def _look(self):
        """{debtor: their steps and e-mails}."""
        with self._session() as env:
            cases = env["billing.collection.case"].search([("partner_id", "in", self.debtor_ids)])
            mails = env["mail.mail"].search([("model", "=", cases._name), ("res_id", "in", cases.ids)])
            found = {}
            for case in cases.sorted("id"):
                found.setdefault(case.partner_id.id, []).append((
                    case.state, sorted((step.state, step.amount, len(step.line_ids)) for step in case.step_ids),
                    len(mails.filtered(lambda mail, case=case: mail.res_id == case.id)),
                ))
            return found

    def test_killed_at_fifty_points_each_debtor_hears_once(self):
        statements = self._run()
        clean = self._look()
        self.assertEqual(len(clean), DEBTORS)
        self.assertEqual({state for cases in clean.values() for state, *_rest in cases}, {"open"})
        self.assertEqual({mails for cases in clean.values() for *_rest, mails in cases}, {1})
        dice = random.Random(6)
        points = [dice.randrange(1, statements) for _kill in range(KILLS)]
        for point in points:
            self._forget()
            self._run(kill_at=point)
            self._run()
            self.assertEqual(self._look(), clean, f"killed at statement {point} of {statements}")

    @mute_logger("odoo.sql_db")
    def test_two_nights_at_once_are_one(self):
        self._run()
        clean = self._look()
        self._forget()
        troubles = []

        def work():
            try:
                with self._session() as env:
                    env["billing.collection.case"]._cron_run()
            except Exception as error:
                troubles.append(error)

        with self._small_batches():
            threads = [Thread(target=work) for _number in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self._run()
        self.assertEqual((self._look(), troubles), (clean, []))
