from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestAuthorizationSessions(SessionCase):
    """Two people bill under one authorization at once: together they use no more units than were approved.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        encounter = type(self.env["billing.encounter"])
        self.patch(encounter, "_prepare_invoice_vals_list", lambda visit, date, usage=None: [])
        self.patch(encounter, "_check_billable", lambda visit, date: visit._check_complete())
        # Codes, diagnoses and birth dates are not what these two compete for.
        self.patch(encounter, "_refuse_stops", lambda visits, *ignored: None)
        today = fields.Date.today()
        with self._session() as env:
            payer = env["res.partner"].create({"name": "Blue Insurance", "is_company": True, "is_payer": True})
            patient = env["res.partner"].create({"name": "Ana López", "is_billing_account": True})
            product = env["product.product"].create({"name": "Therapy", "type": "service", "list_price": 100.0})
            plan = env["billing.insurance.plan"].create({"name": "Blue Plan", "payer_id": payer.id})
            coverage = env["billing.coverage"].create({
                "patient_id": patient.id, "plan_id": plan.id, "member_number": "1", "date_from": today,
            })
            request = env["billing.authorization"].create({
                "patient_id": patient.id, "coverage_id": coverage.id, "date_from": today, "number": "A-77",
                "line_ids": [Command.create({"product_id": product.id, "units_asked": 5.0})],
            })
            request.action_submit()
            request.action_approve()
            visits = env["billing.encounter"].create([{
                "patient_id": patient.id, "date": today,
                "line_ids": [Command.create({"product_id": product.id, "quantity": 3.0, "tax_ids": [Command.clear()]})],
            } for _number in range(2)])
            visits.line_ids.authorization_line_id = request.line_ids
            visits.action_ready()
            self.visit_ids, self.request_id = visits.ids, request.id
            shared = [
                (record._name, record.ids) for record in (visits, request, coverage, plan, product, patient + payer)
            ]
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    def _delete(self, shared):
        with self._session() as env:
            for model, ids in shared:
                records = env[model].browse(ids)
                if model == "billing.encounter":
                    # Billed in a session that has ended: what it posted is of no account here.
                    env.cr.execute("UPDATE billing_encounter SET state = 'draft' WHERE id = ANY(%s)", [ids])
                    env.invalidate_all()
                    env.add_to_compute(
                        env["billing.authorization.line"]._fields["units_used"],
                        records.line_ids.authorization_line_id,
                    )
                    env.flush_all()
                if model == "billing.authorization":
                    records.action_cancel()
                records.unlink()
            env.cr.commit()

    def _use(self, env, number):
        """Bill a visit, all but its invoices: they would need a chart of accounts, and could not be deleted after."""
        env["billing.encounter"].browse(self.visit_ids[number])._bill_in_company(fields.Date.today())
        env.flush_all()

    def test_while_one_bills_the_other_is_told_to_wait(self):
        with self._session() as first, self._session() as second:
            first["billing.authorization"].browse(self.request_id).line_ids._lock_for_billing()
            visit = second["billing.encounter"].browse(self.visit_ids[1])
            with self.assertRaisesRegex(UserError, r"Somebody else is working on PA-\d{4}-\d{5} Ana López right now"):
                visit._bill()
            self.assertEqual(visit.state, "ready")
            self.assertFalse(visit.invoice_ids)

    def test_a_session_that_began_before_the_other_one_used_units_starts_again_and_is_refused(self):
        with self._session() as first, self._session() as second:
            # The second session has looked: five units are left, its three are covered.
            self.assertEqual(second["billing.authorization"].browse(self.request_id).units_left, 5.0)
            self._use(first, 0)
            first.cr.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._use(second, 1)
            second.cr.rollback()
            second.invalidate_all()
            # Odoo repeats such a request by itself; now it sees what is really left.
            with self.assertRaisesRegex(UserError, "has 2 units of Therapy left, and “Therapy” of .* wants 3"):
                self._use(second, 1)

    def test_units_come_back_for_the_next_session(self):
        with self._session() as first:
            self._use(first, 0)
            first.cr.commit()
            first["billing.encounter"].browse(self.visit_ids[0])._set_state("ready")
            first.cr.commit()
        with self._session() as second:
            self._use(second, 1)
            self.assertEqual(second["billing.authorization"].browse(self.request_id).units_left, 2.0)
