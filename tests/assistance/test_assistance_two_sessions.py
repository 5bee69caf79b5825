from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestAssistanceTwoSessions(TransactionCase):
    """Two people at the same application: the second one is told so, or begins anew.

    Sessions are real database cursors; what they share, a posted bill among it, is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            env.company._billing_setup()
            today = fields.Date.today()
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            provider = env["res.partner"].create({"name": "Dr. Ruth Stein", "is_provider": True})
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 500.0})
            programme = env["billing.assistance.programme"].create({
                "name": "Care Fund", "guideline_amount": 15000.0,
                "bracket_ids": [Command.create({"guideline_percent": 200.0, "discount_percent": 60.0})],
            })
            application = env["billing.assistance.application"].create({
                "applicant_id": patient.id, "programme_id": programme.id, "income": 1.0,
            })
            application.action_submit()
            application.action_accept()
            visit = env["billing.encounter"].create({
                "patient_id": patient.id, "date": today, "provider_id": provider.id,
                "line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
            })
            visit.action_ready()
            self.bill_id = visit._bill(today).id
            self.application_id = application.id
            self.shared = {
                "billing_encounter": visit.ids,
                "billing_assistance_application": application.ids,
                "billing_assistance_programme": programme.ids,
                "product_product": product.ids,
                "product_template": product.product_tmpl_id.ids,
                "res_partner": (patient | provider).ids,
            }
            env.cr.commit()
        self.addCleanup(self._delete)

    @contextmanager
    def _session(self):
        with self.registry.cursor() as cr:
            # Who would wait for the other one waits for ever: the test holds both.
            cr.execute("SET LOCAL lock_timeout = '5s'")
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete(self):
        """What is posted cannot be deleted by any button: the database does it."""
        with self._session() as env:
            visits = tuple(self.shared["billing_encounter"])
            bill = SQL("(SELECT id FROM account_move WHERE encounter_id IN %s)", visits)
            entries = SQL(
                "(SELECT id FROM account_move WHERE id IN %(bill)s OR billing_adjustment_id IN "
                "(SELECT id FROM billing_adjustment WHERE move_id IN %(bill)s))", bill=bill,
            )
            items = SQL("(SELECT id FROM account_move_line WHERE move_id IN %s)", entries)
            for query in (
                SQL("DELETE FROM account_partial_reconcile WHERE debit_move_id IN %s OR credit_move_id IN %s",
                    items, items),
                SQL("DELETE FROM account_move_line WHERE move_id IN %s", entries),
                SQL("UPDATE billing_adjustment SET entry_id = NULL WHERE move_id IN %s", bill),
                SQL("DELETE FROM account_move WHERE id IN %s AND id NOT IN %s", entries, bill),
                SQL("DELETE FROM billing_adjustment WHERE move_id IN %s", bill),
                SQL("DELETE FROM account_move WHERE id IN %s", bill),
                *(
                    SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), tuple(ids))
                    for table, ids in self.shared.items()
                ),
            ):
                env.cr.execute(query)
            env.cr.commit()

    def _apply(self, env):
        bill = env["account.move"].browse(self.bill_id)
        return env["billing.assistance.application"]._apply_discounts(bill)

    def test_an_application_is_not_decided_by_two_at_once(self):
        with self._session() as first, self._session() as second:
            first["billing.assistance.application"].browse(self.application_id)._lock_or_refuse()
            application = second["billing.assistance.application"].browse(self.application_id)
            with self.assertRaisesRegex(UserError, "Somebody else is working on .* right now"):
                application.action_accept()

    def test_while_one_applies_the_discounts_another_is_told_so(self):
        with self._session() as first, self._session() as second:
            self.assertEqual(len(self._apply(first)), 1)
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on .* right now"):
                self._apply(second)
            second.cr.rollback()
            first.cr.rollback()

    def test_who_looked_before_the_discounts_were_posted_begins_anew_and_finds_nothing_left(self):
        with self._session() as first, self._session() as second:
            bill = second["account.move"].browse(self.bill_id)
            self.assertEqual(bill.billing_assistance_discount, 300.0, "the second session has its view of the database")
            self.assertEqual(self._apply(first).mapped("amount"), [300.0])
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._apply(second)
            second.cr.rollback()
            second.invalidate_all()
            self.assertFalse(self._apply(second))
            second.cr.rollback()
        with self._session() as env:
            given = env["billing.adjustment"].search([("move_id", "=", self.bill_id), ("state", "=", "posted")])
            self.assertEqual(given.mapped("amount"), [300.0])
