from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestPlanSessions(SessionCase):
    """Two people at one debt, and a night that is killed: one plan, one invoice, one letter.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        today = fields.Date.today()
        with self._session() as env:
            env.company._billing_setup()
            policy = env["billing.plan.policy"].create({"name": "Quick", "amount_min": 0.0, "instalment_min": 0.0})
            product = env["product.product"].create({"name": "Office visit", "type": "service", "list_price": 300.0})
            plans = env["billing.payment.plan"]
            patients = env["res.partner"].create([
                {"name": f"Patient {number}", "is_billing_account": True, "email": f"p{number}@example.com"}
                for number in range(3)
            ])
            bills = env["account.move"]
            for patient in patients:
                for _number in range(2 if patient == patients[0] else 1):
                    plans += plans.create({
                        "partner_id": patient.id, "policy_id": policy.id, "date": fields.Date.subtract(today, days=10),
                        "date_first": today, "instalment_count": 3, "fee": 5.0,
                    })
                bill = env["account.move"].create({
                    "move_type": "out_invoice", "partner_id": patient.id, "invoice_date": today,
                    "invoice_line_ids": [Command.create({"product_id": product.id, "tax_ids": [Command.clear()]})],
                })
                bill.action_post()
                bills += bill
            for plan in plans:
                plan._take_debts()
                plan.action_propose()
            self.first_id, self.second_id, *self.other_ids = plans.ids
            self.plan_ids, self.bill_ids = plans.ids, bills.ids
            self.shared = [(record._name, record.ids) for record in (policy, product, patients)]
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            plans = env["billing.payment.plan"].browse(self.plan_ids)
            moves = plans.charge_ids | env["account.move"].browse(self.bill_ids)
            env["mail.mail"].search([("model", "=", plans._name), ("res_id", "in", plans.ids)]).unlink()
            env.flush_all()
            env.cr.execute("DELETE FROM billing_payment_plan WHERE id = ANY(%s)", [self.plan_ids])
            env.invalidate_all()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            for model, ids in self.shared:
                env[model].browse(ids).unlink()
            env.cr.commit()

    def test_of_two_people_who_start_plans_over_one_bill_one_wins_and_the_other_is_told(self):
        with self._session() as first, self._session() as second:
            first["billing.payment.plan"].browse(self.first_id).action_accept()
            first.flush_all()
            other = second["billing.payment.plan"].browse(self.second_id)
            with self.assertRaisesRegex(UserError, f"Somebody else is working on bills of {other.display_name}"):
                other.action_accept()
            second.cr.rollback()
            first.cr.commit()
        told = self.assertRaisesRegex(UserError, "covers it already. Take it off the plan")
        with self._session() as second, told:
            second["billing.payment.plan"].browse(self.second_id).action_accept()

    def test_whoever_had_looked_before_begins_anew(self):
        with self._session() as first, self._session() as second:
            other = second["billing.payment.plan"].browse(self.second_id)
            self.assertEqual(other.state, "proposed", "seen before")
            first["billing.payment.plan"].browse(self.first_id).action_accept()
            first.cr.commit()
            # Odoo runs a request again that fails this way; then it is told.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                other.action_accept()

    def test_a_night_that_is_killed_between_batches_doubles_nothing(self):
        with self._session() as env:
            plans = env["billing.payment.plan"].browse([self.first_id, *self.other_ids])
            plans.action_accept()
            env.cr.commit()

        class KilledError(Exception):
            pass

        def run(kill_after=None):
            done = []

            def progress(cron, processed=0, *, remaining=None):
                if processed:
                    cron.env.cr.commit()
                    done.append(processed)
                    if kill_after and len(done) >= kill_after:
                        raise KilledError
                return 1

            with self._session() as env:
                cron = type(env["ir.cron"])
                with (
                    patch.object(cron, "_commit_progress", progress),
                    patch.object(
                        type(env["billing.payment.plan"]), "_work_through",
                        lambda model, *tasks, **kwargs: type(model)._billing_real_work(
                            model, *tasks, **{**kwargs, "batch_size": 1},
                        ),
                    ),
                ):
                    env["billing.payment.plan"]._cron_follow()

        model = type(self.env["billing.payment.plan"])
        model._billing_real_work = model._work_through
        self.addCleanup(delattr, model, "_billing_real_work")
        with self.assertRaises(KilledError):
            run(kill_after=2)
        with self._session() as env:
            plans = env["billing.payment.plan"].browse([self.first_id, *self.other_ids])
            self.assertEqual(sorted(len(plan.charge_ids) for plan in plans), [0, 1, 1])
        run()
        run()
        with self._session() as env:
            plans = env["billing.payment.plan"].browse([self.first_id, *self.other_ids])
            self.assertEqual([len(plan.charge_ids) for plan in plans], [1, 1, 1])
            self.assertEqual(plans.charge_ids.mapped("amount_total"), [5.0] * 3)
