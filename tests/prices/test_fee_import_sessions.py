from datetime import date
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.billing_coordinator.models.prices.fee_plan import FeeTerms
from odoo.addons.billing_coordinator.tools.fee_schedule import Indices

from ..sessions import SessionCase
from .common import HEADINGS

FILE = (HEADINGS + "G8888,,x,A,,1,2,,1,,0.1,0,0,30\n").encode()
TERMS = FeeTerms(Decimal(30), Indices(), "nonfacility", Decimal(100), date(2026, 1, 1))


@tagged("post_install", "-at_install")
class TestFeeImportSessions(SessionCase):
    """Two people at the same list: the second one is told so, and no price stands there twice.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            code = env["billing.code"].create({
                "system_id": env.ref("billing_coordinator.code_system_hcpcs").id, "code": "G8888", "name": "Made up",
            })
            product = env["product.template"].create({
                "name": "Made up", "type": "service", "billing_code_id": code.id,
            })
            pricelist = env["product.pricelist"].create({"name": "Shared"})
            self.pricelist_id, self.product_id = pricelist.id, product.id
            shared = [(record._name, record.id) for record in (pricelist, product, code)]
            env.cr.commit()
        self.addCleanup(self._delete, shared)

    def _delete(self, shared):
        with self._session() as env:
            env["product.pricelist.item"].search([("pricelist_id", "=", self.pricelist_id)]).unlink()
            env["billing.fee.import"].search([("pricelist_id", "=", self.pricelist_id)]).unlink()
            for model, record_id in shared:
                env[model].browse(record_id).unlink()
            env.cr.commit()

    def _take_over(self, env):
        return env["billing.fee.import"]._take_over(
            env["product.pricelist"].browse(self.pricelist_id), FILE, TERMS, name="PPRRVU",
        )

    def test_the_second_one_is_told_while_the_first_is_at_it(self):
        with self._session() as first, self._session() as second:
            self._take_over(first)
            with self.assertRaisesRegex(UserError, "Somebody else is taking a fee schedule over into “Shared"):
                self._take_over(second)

    def test_after_the_first_has_finished_nothing_is_left_to_do(self):
        with self._session() as first:
            self.assertTrue(self._take_over(first))
            first.cr.commit()
        with self._session() as second:
            self.assertFalse(self._take_over(second))

    def test_the_database_itself_refuses_a_price_of_a_schedule_twice(self):
        with self._session() as first:
            done = self._take_over(first)
            first.cr.commit()
            values = done.item_ids.copy_data()[0] | {"billing_fee_import_id": done.id}
            with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
                first["product.pricelist.item"].create(values)
                first.flush_all()
            first.cr.rollback()
