from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestContactSessions(SessionCase):
    """Two clerks at once: the attempt that would be one too many is refused, whoever writes it down first.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            self.rules = env.company.read([
                "billing_contact_days", "billing_contact_earliest", "billing_contact_latest",
                "billing_contact_most",
            ])[0]
            env.company.write({
                "billing_contact_days": "all", "billing_contact_earliest": 0, "billing_contact_latest": 24,
                "billing_contact_most": 1,
            })
            debtor = env["res.partner"].create({"name": "Debtor", "is_billing_account": True})
            case = env["billing.collection.case"].create({"partner_id": debtor.id, "company_id": env.company.id})
            clerk = new_test_user(env, "two_calls", "billing_coordinator.group_coordinator")
            self.debtor_id, self.case_id, self.clerk_id = debtor.id, case.id, clerk.id
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            env.cr.execute("DELETE FROM billing_collection_contact WHERE case_id = %s", (self.case_id,))
            env["billing.collection.case"].browse(self.case_id).unlink()
            env["res.partner"].browse(self.debtor_id).unlink()
            user = env["res.users"].browse(self.clerk_id)
            person = user.partner_id
            user.unlink()
            person.unlink()
            env.company.write({name: value for name, value in self.rules.items() if name != "id"})
            env.cr.commit()

    def _attempt(self, env):
        env["billing.collection.contact"].create({"case_id": self.case_id, "outcome": "no_answer"})
        env.flush_all()

    def test_of_two_last_attempts_at_the_same_moment_one_counts(self):
        with self._session(self.clerk_id) as first, self._session(self.clerk_id) as second:
            for env in (first, second):
                self.assertFalse(env["billing.collection.case"].browse(self.case_id).contact_ids)
            self._attempt(first)
            first.cr.commit()
            # Odoo begins the second request anew, which then sees the first one.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._attempt(second)
            second.cr.rollback()
            second.invalidate_all()
            with self.assertRaisesRegex(UserError, "Debtor was tried 1 times within 7 days, and 1 is the most"):
                self._attempt(second)

    def test_of_two_promises_at_the_same_moment_one_is_taken(self):
        with self._session() as env:
            env.cr.execute(
                "UPDATE billing_collection_case SET amount_open = 100 WHERE id = %s", (self.case_id,),
            )
            env.cr.commit()
        parts = [(fields.Date.add(fields.Date.today(), days=3), 50.0)]
        with self._session(self.clerk_id) as first, self._session(self.clerk_id) as second:
            cases = [env["billing.collection.case"].browse(self.case_id) for env in (first, second)]
            self.assertFalse(cases[0].promise_ids + cases[1].promise_ids)
            cases[0]._lock_or_refuse()
            with self.assertRaisesRegex(UserError, "Somebody else is working on Debtor right now"):
                cases[1]._lock_or_refuse()
            cases[0]._take_promise(parts, "bank")
            first.cr.rollback()
