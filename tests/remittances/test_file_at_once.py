import threading

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOT_RECORDED
from ..sessions import SessionCase
from ..tools import x12_files as x12

BLUE = {"payer": ("SESSION PAYER", "XV", "SESS1")}


@tagged("post_install", "-at_install")
class TestFilesAtOnce(SessionCase):
    """Two people bring the same file, or two files with the same answer, at the same moment: it is posted once."""

    def setUp(self):
        super().setUp()
        self.day = fields.Date.subtract(fields.Date.today(), days=2)
        with self._session() as env:
            env.company._billing_setup()
            payer = env["res.partner"].create({"name": "Session Payer", "is_payer": True, "payer_code": "SESS1"})
            plan = env["billing.insurance.plan"].create({"name": "Session Plan", "payer_id": payer.id})
            patient = env["res.partner"].create({"name": "Sessa Patient", "is_billing_account": True})
            coverage = env["billing.coverage"].create({
                "patient_id": patient.id, "plan_id": plan.id, "member_number": "S-1", "date_from": "2020-01-01",
            })
            rules = env["billing.accuracy.rule"].search([("key", "in", NOT_RECORDED)])
            self.severities = {rule.id: rule.severity for rule in rules}
            rules.severity = "note"
            product = env["product.product"].create({
                "name": "Session visit", "type": "service", "taxes_id": [Command.clear()],
            })
            visit = env["billing.encounter"].create({
                "patient_id": patient.id, "date": self.day,
                "line_ids": [Command.create({"product_id": product.id, "price_unit": 100.0})],
            })
            visit.action_ready()
            visit._bill(self.day)
            # The first number of a year makes its sequence, for which others would wait.
            env["billing.remittance"]._get_next_number({"date": self.day})
            self.claim_id, self.number = visit.claim_ids.id, visit.claim_ids.name
            self.visit_id, self.coverage_id, self.product_id, self.plan_id, self.partner_ids = (
                visit.id, coverage.id, product.id, plan.id, (payer | patient).ids,
            )
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            for rule_id, severity in self.severities.items():
                env["billing.accuracy.rule"].browse(rule_id).severity = severity
            visit = env["billing.encounter"].browse(self.visit_id)
            invoices = visit.invoice_ids
            for model, ids in (
                ("billing.claim", [self.claim_id]), ("billing.encounter", visit.ids), ("account.move", invoices.ids),
                ("billing.remittance.file", env["billing.remittance.file"].search([("name", "=", "twice.835")]).ids),
            ):
                env["ir.attachment"].search([("res_model", "=", model), ("res_id", "in", ids)]).unlink()
                env["mail.message"].search([("model", "=", model), ("res_id", "in", ids)]).unlink()
            env.cr.execute("DELETE FROM billing_remittance_file WHERE name = 'twice.835'")
            env.cr.execute("DELETE FROM billing_accuracy_finding WHERE encounter_id = %s", [visit.id])
            env.cr.execute("DELETE FROM billing_claim_told WHERE claim_id = %s", [self.claim_id])
            env.cr.execute("DELETE FROM billing_claim WHERE id = %s", [self.claim_id])
            env.cr.execute("DELETE FROM account_move_line WHERE move_id = ANY(%s)", [invoices.ids])
            env.cr.execute("DELETE FROM account_move WHERE id = ANY(%s)", [invoices.ids])
            env.cr.execute("DELETE FROM billing_encounter_line WHERE encounter_id = %s", [visit.id])
            env.cr.execute("DELETE FROM billing_encounter WHERE id = %s", [visit.id])
            env.invalidate_all()
            env["billing.coverage"].browse(self.coverage_id).unlink()
            env["billing.insurance.plan"].browse(self.plan_id).unlink()
            env["product.product"].browse(self.product_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            env.cr.commit()

    def _file(self, trace):
        """A file that pays the claim; every one says the same of it."""
        service = x12.service("X", "100.00", "100.00", day=self.day)
        answer = x12.claim(self.number, [service], patient=("PATIENT", "SESSA"), member="S-1", day=self.day)
        return x12.wrap(x12.remittance([answer], day=self.day, trace=trace, **BLUE))

    def _take(self, env, trace):
        return env["billing.remittance.file"]._take_in_all([(f"{trace}.835", self._file(trace))])

    def test_the_same_file_from_two_people_is_taken_once_and_the_second_begins_anew(self):
        content, outcomes = self._file("AT-ONCE"), []
        blocked = threading.Event()

        def bring():
            with self._session() as second:
                second["billing.remittance.file"].search_count([])  # this session sees nothing that comes later
                blocked.set()
                try:
                    second["billing.remittance.file"]._take_in("twice.835", content)
                except ConcurrencyError as error:
                    # Odoo runs a request again that fails this way.
                    outcomes.append(error)

        with self._session() as first, mute_logger("odoo.sql_db"):
            file, is_new = first["billing.remittance.file"]._take_in("twice.835", content)
            first.flush_all()
            other = threading.Thread(target=bring)
            other.start()
            self.assertTrue(blocked.wait(20))
            other.join(0.5)
            self.assertTrue(other.is_alive(), "it waits for what the first one does")
            first.cr.commit()
            other.join(30)
        self.assertTrue(is_new)
        self.assertEqual([type(outcome) for outcome in outcomes], [ConcurrencyError])
        with self._session() as again:
            found, is_new = again["billing.remittance.file"]._take_in("twice.835", content)
            self.assertEqual((found.id, is_new), (file.id, False))

    def test_the_same_answer_in_two_files_is_left_to_the_background_while_the_first_is_posted(self):
        with self._session() as first, self._session() as second:
            self.assertEqual(second["billing.claim"].browse(self.claim_id).amount_open, 100.0)
            mine = self._take(first, "FIRST")
            self.assertEqual((mine.transaction_ids.state, mine.item_ids.state), ("posted", "posted"))
            first.flush_all()
            cron = second.ref("billing_coordinator.cron_read_remittances")
            triggers = second["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
            theirs = self._take(second, "SECOND")
            self.assertEqual(
                (theirs.state, theirs.transaction_ids.state, theirs.item_ids.state), ("read", "ready", "new"),
                "kept, and nobody has to look at it",
            )
            self.assertEqual(second["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers + 1)
            self.assertFalse(second["billing.remittance"].search([("reference", "=", "SECOND")]))
            # The first one fails in the end: then the other one is posted.
            first.cr.rollback()
            theirs.transaction_ids._work()
            self.assertEqual((theirs.transaction_ids.state, theirs.item_ids.state), ("posted", "posted"))
            second.cr.rollback()

    def test_who_has_seen_the_claim_open_begins_anew_when_it_was_answered_since(self):
        with self._session() as first, self._session() as second:
            self.assertEqual(second["billing.claim"].browse(self.claim_id).amount_open, 100.0)
            mine = self._take(first, "FIRST")
            self.assertEqual(mine.item_ids.state, "posted")
            first.cr.rollback()
            # What another session has written on the claim and committed is no ground to post upon.
            first.cr.execute("UPDATE billing_claim SET write_date = write_date WHERE id = %s", [self.claim_id])
            first.cr.commit()
            theirs = second["billing.remittance.file"]._take_in("other.835", self._file("SECOND"))[0]
            theirs._read()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                theirs.transaction_ids._work_or_leave()
            second.cr.rollback()
