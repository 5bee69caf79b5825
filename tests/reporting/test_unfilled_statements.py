from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUnfilledStatements(CollectionCase):
    """Nora owes 200 since January and 400 since February, and has had no statement in March."""

    def _rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.unfilled.item"].search([("kind", "=", "4_statement")])

    def _told(self):
        return self._rows().mapped(lambda row: (row.partner_id, row.amount, str(row.date), str(row.date_deadline)))

    def test_a_debtor_waits_for_a_statement_until_one_is_sent(self):
        self.assertEqual(self._told(), [(self.nora, 600.0, "2026-01-10", "2026-03-31")])
        self.assertEqual(self._rows().action_view_source()["res_id"], self.nora.id)
        run = self.env["billing.statement.run"].create({"company_id": self.company.id})
        run.action_prepare()
        run.line_ids.filtered(lambda line: line.partner_id == self.nora)._set_state("sent", sent_on=TODAY)
        self.assertFalse(self._told())
        with freeze_time("2026-04-01"):
            self.assertEqual(self._told(), [(self.nora, 600.0, TODAY, "2026-04-30")])

    def test_bills_of_this_month_are_no_reason(self):
        self._pay(self.january + self.february)
        self._bill_nora(100.0, "2026-03-02")
        self.assertFalse(self._told())
        with freeze_time("2026-04-01"):
            self.assertEqual(self._told(), [(self.nora, 100.0, "2026-03-02", "2026-04-30")])

    def test_whoever_wants_one_each_quarter_waits_in_its_month(self):
        self.nora.billing_statement_cycle = "quarterly"
        self.assertFalse(self._told())
        with freeze_time("2026-04-10"):
            self.assertEqual(len(self._told()), 1)
            self.nora.billing_statement_cycle = "request"
            self.assertFalse(self._told())

    def test_collections_write_instead(self):
        self._night()
        self._night("2026-03-17")
        self.assertTrue(self._case().date_stage)
        self.assertFalse(self._told())

    def test_what_a_payer_still_decides_is_asked_of_nobody(self):
        self._pay(self.january + self.february)
        self._bill(date="2026-02-06", encounter=self._create_encounter(date="2026-02-05"))
        self.assertFalse(self._told())
