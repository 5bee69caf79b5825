from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sessions import SessionCase
from .common import EDITION_2025, order_file


@tagged("post_install", "-at_install")
class TestTwoSessions(SessionCase):
    """Two people load into the same list at once: the second is told so, or begins anew.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            self.system_id = env["billing.code.system"].create({"name": "Shared list", "code": "SHARED"}).id
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            env["billing.code"].search([("system_id", "=", self.system_id)]).unlink()
            env["billing.code.system"].browse(self.system_id).unlink()
            env.cr.commit()

    def _load(self, env):
        import io

        system = env["billing.code.system"].browse(self.system_id)
        return env["billing.code.import"]._load_file(
            io.BytesIO(order_file(EDITION_2025).encode()), "icd10cm_order_2025.txt", system=system,
        )

    def test_a_list_is_loaded_by_one_at_a_time(self):
        with self._session() as first, self._session() as second:
            self._load(first)
            with self.assertRaisesRegex(UserError, "Somebody is loading a file into Shared list right now"):
                self._load(second)

    def test_who_looked_before_the_other_was_done_begins_anew_and_finds_it_done(self):
        with self._session() as first, self._session() as second:
            second["billing.code"].search_count([("system_id", "=", self.system_id)])
            self._load(first)
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._load(second)
            second.cr.rollback()
            self.assertEqual(self._load(second).same_count, 4)
            second.cr.rollback()

    def test_others_use_the_list_while_it_is_loaded(self):
        with self._session() as first, self._session() as second:
            self._load(first)
            second.cr.execute("SET LOCAL lock_timeout = '2s'")
            code = second["billing.code"].create({"system_id": self.system_id, "code": "OTHER", "name": "Typed"})
            self.assertTrue(code)
            second.cr.rollback()
