from threading import Barrier, Thread

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOT_RECORDED
from ..sessions import SessionCase
from .common import make_ta1


@tagged("post_install", "-at_install")
class TestFilingSessions(SessionCase):
    """Two people at the same claims: one batch has them, one hands it over, one file is read."""

    def setUp(self):
        super().setUp()
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        with self._session() as env:
            company = env.company
            company._billing_setup()
            payer = env["res.partner"].create({"name": "Session Payer", "is_company": True, "is_payer": True})
            route = env["billing.filing.route"].create({
                "name": "Session letters", "format": "letter", "usage": "P", "company_id": company.id,
            })
            plan = env["billing.insurance.plan"].create({
                "name": "Session Plan", "payer_id": payer.id, "company_id": company.id, "route_id": route.id,
            })
            patient = env["res.partner"].create({"name": "Session Patient", "is_billing_account": True})
            coverage = env["billing.coverage"].create({
                "patient_id": patient.id, "plan_id": plan.id, "member_number": "S-1", "date_from": "2020-01-01",
            })
            rules = env["billing.accuracy.rule"].search([("key", "in", NOT_RECORDED)])
            before = {rule.id: rule.severity for rule in rules}
            rules.severity = "note"
            visit = env["billing.encounter"].create({
                "patient_id": patient.id, "date": yesterday,
                "line_ids": [Command.create({
                    "product_id": env["product.product"].create({
                        "name": "Session visit", "type": "service", "taxes_id": [Command.clear()],
                    }).id,
                    "price_unit": 100.0,
                })],
            })
            visit.action_ready()
            visit._bill(yesterday)
            self.ids_ = {
                "claim": visit.claim_ids.id, "route": route.id, "visit": visit.id, "invoice": visit.invoice_ids.ids,
                "product": visit.line_ids.product_id.id, "coverage": coverage.id, "plan": plan.id,
                "partners": (payer | patient).ids,
            }
            self.severities = before
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        ids = self.ids_
        with self._session() as env:
            for rule_id, severity in self.severities.items():
                env["billing.accuracy.rule"].browse(rule_id).severity = severity
            batches = env["billing.filing.batch"].search([("route_id", "=", ids["route"])])
            for model, of_model in (
                ("billing.filing.batch", batches.ids), ("billing.claim", [ids["claim"]]),
                ("billing.encounter", [ids["visit"]]), ("account.move", ids["invoice"]),
                ("billing.acknowledgement", env["billing.acknowledgement"].search([("file_name", "=", "s.txt")]).ids),
            ):
                env["ir.attachment"].search([("res_model", "=", model), ("res_id", "in", of_model)]).unlink()
                env["mail.message"].search([("model", "=", model), ("res_id", "in", of_model)]).unlink()
            cr = env.cr
            cr.execute("DELETE FROM billing_acknowledgement WHERE file_name = 's.txt'")
            cr.execute("DELETE FROM billing_filing_batch_line WHERE claim_id = %s", [ids["claim"]])
            cr.execute("DELETE FROM billing_filing_batch WHERE route_id = %s", [ids["route"]])
            cr.execute("UPDATE billing_claim SET last_submission_id = NULL WHERE id = %s", [ids["claim"]])
            cr.execute("DELETE FROM billing_claim_submission WHERE claim_id = %s", [ids["claim"]])
            cr.execute("DELETE FROM billing_accuracy_finding WHERE encounter_id = %s", [ids["visit"]])
            cr.execute("DELETE FROM billing_claim_told WHERE claim_id = %s", [ids["claim"]])
            cr.execute("DELETE FROM billing_claim WHERE id = %s", [ids["claim"]])
            cr.execute("DELETE FROM account_move_line WHERE move_id = ANY(%s)", [ids["invoice"]])
            cr.execute("DELETE FROM account_move WHERE id = ANY(%s)", [ids["invoice"]])
            cr.execute("DELETE FROM billing_encounter_line WHERE encounter_id = %s", [ids["visit"]])
            cr.execute("DELETE FROM billing_encounter WHERE id = %s", [ids["visit"]])
            env.invalidate_all()
            env["billing.coverage"].browse(ids["coverage"]).unlink()
            env["billing.insurance.plan"].browse(ids["plan"]).unlink()
            env["billing.filing.route"].browse(ids["route"]).unlink()
            env["product.product"].browse(ids["product"]).unlink()
            env["res.partner"].browse(ids["partners"]).unlink()
            cr.commit()

    def _send(self, env):
        claim = env["billing.claim"].browse(self.ids_["claim"])
        batches = env["billing.filing.batch"]._prepare_batches(claim._group_for_filing())
        batches.action_make()
        return batches

    def test_of_two_who_send_one_claim_one_wins_and_the_other_is_told(self):
        with self._session() as first, self._session() as second:
            second["billing.claim"].browse(self.ids_["claim"]).mapped("state")
            batch = self._send(first)
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on C-"):
                self._send(second)
            second.cr.rollback()
            first.cr.commit()
            name = batch.name
        with self._session() as second, self.assertRaisesRegex(UserError, f"It is in {name}, which waits"):
            self._send(second)

    def _send_and_tell(self, env):
        return self._send(env).ids

    def _at_once(self, count, act):
        """What happens to so many people who do the same at the same moment: their result, or their error."""
        barrier, outcomes = Barrier(count), []

        def work():
            try:
                with self._session() as env:
                    env["billing.claim"].browse(self.ids_["claim"]).mapped("state")
                    barrier.wait(20)
                    outcome = act(env)
                    env.cr.commit()
                    outcomes.append(outcome)
            except (UserError, psycopg2.Error) as error:
                outcomes.append(error)

        threads = [Thread(target=work) for _number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(outcomes), count)
        return outcomes

    def test_two_clerks_who_press_send_at_the_same_moment_make_one_batch(self):
        for earlier in range(3):
            with mute_logger("odoo.sql_db"):
                outcomes = self._at_once(2, self._send_and_tell)
            made = [ids for ids in outcomes if isinstance(ids, list)]
            self.assertEqual((len(made), len(made[0])), (1, 1), outcomes)
            with self._session() as env:
                lines = env["billing.filing.batch.line"].search([("claim_id", "=", self.ids_["claim"])])
                self.assertEqual(lines.filtered("is_live").batch_id.ids, made[0])
                self.assertEqual(len(lines), earlier + 1)
                lines.filtered("is_live").batch_id.action_drop()
                env.cr.commit()

    def test_two_clerks_who_hand_over_at_the_same_moment_send_it_once(self):
        with self._session() as env:
            batch_id = self._send(env).id
            env.cr.commit()
        with mute_logger("odoo.sql_db"):
            outcomes = self._at_once(2, lambda env: env["billing.filing.batch"].browse(batch_id).action_hand_over())
        self.assertEqual(outcomes.count(None), 1, outcomes)
        with self._session() as env:
            claim = env["billing.claim"].browse(self.ids_["claim"])
            self.assertEqual((claim.state, len(claim.submission_ids)), ("sent", 1))

    def test_many_at_once_never_get_the_same_control_number(self):
        outcomes = self._at_once(6, lambda env: [
            tuple(env["billing.filing.batch"]._get_control_numbers().values()) for _number in range(5)
        ])
        given = [numbers for some in outcomes for numbers in some]
        for kind in zip(*given, strict=True):
            self.assertEqual(len(set(kind)), 30)

    def test_even_past_all_checks_a_claim_has_one_live_line(self):
        with self._session() as env:
            batch = self._send(env)
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), env.cr.savepoint():
                env["billing.filing.batch.line"].create({
                    "batch_id": batch.id,
                    "claim_id": self.ids_["claim"],
                })

    def test_a_batch_is_handed_over_once_whoever_had_looked_before(self):
        with self._session() as env:
            batch_id = self._send(env).id
            env.cr.commit()
        with self._session() as first, self._session() as second:
            other = second["billing.filing.batch"].browse(batch_id)
            self.assertEqual(other.state, "made", "seen before")
            first["billing.filing.batch"].browse(batch_id).action_hand_over()
            first.flush_all()
            with self.assertRaisesRegex(UserError, "Somebody else is working on FB-"):
                other.action_hand_over()
            second.cr.rollback()
            first.cr.commit()
        with self._session() as env:
            with self.assertRaisesRegex(UserError, "Nothing is handed over twice"):
                env["billing.filing.batch"].browse(batch_id).action_hand_over()
            self.assertEqual(len(env["billing.claim"].browse(self.ids_["claim"]).submission_ids), 1)

    def test_two_sessions_never_get_the_same_control_number(self):
        with self._session() as first, self._session() as second:
            batch = first["billing.filing.batch"]
            numbers = [env[batch._name]._get_control_numbers() for env in (first, second, first, second)]
            for kind in ("interchange_number", "group_number", "set_number"):
                self.assertEqual(len({of[kind] for of in numbers}), 4)
            # What is rolled back leaves a gap, and is never given again.
            second.cr.rollback()
            after = second[batch._name]._get_control_numbers()
            self.assertGreater(int(after["interchange_number"]), int(numbers[3]["interchange_number"]))

    def test_of_two_who_read_one_file_one_reads_it(self):
        content = make_ta1(type("Unknown", (), {"interchange_number": "987654321"}))
        with self._session() as first, self._session() as second:
            first["billing.acknowledgement"]._read_file(content, "s.txt")
            first.flush_all()
            second.cr.execute("SET LOCAL lock_timeout = '200ms'")
            with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"):
                second["billing.acknowledgement"]._read_file(content, "s.txt")
            second.cr.rollback()
            first.cr.commit()
        with self._session() as env:
            _acknowledgement, is_new = env["billing.acknowledgement"]._read_file(content, "s.txt")
            self.assertFalse(is_new)
