from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..disputes.common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeFigures(DisputeCase):
    """Disputes by cause add up in the currency of the company, whatever the bills are in."""

    def test_a_dispute_in_euros_counts_in_dollars(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        visit = self._create_encounter(self.nora, [(self.service, 400.0)], date="2026-02-01", currency_id=euro.id)
        bill = self._bill(visit, date="2026-02-01")
        in_euros = self._dispute((bill, 100.0))
        in_dollars = self._dispute((self.january, 30.0))
        self.env.flush_all()
        figures = self.env["billing.dispute.figure"].search([("dispute_id", "in", (in_euros + in_dollars).ids)])
        told = {figure.dispute_id: (figure.amount_disputed, figure.amount_dispute, figure.currency_id)
                for figure in figures}
        dollar = self.company.currency_id
        self.assertEqual(told, {in_euros: (125.0, 100.0, dollar), in_dollars: (30.0, 30.0, dollar)})
        self._resolve(in_euros, "credited")
        self.env.flush_all()
        self.env.invalidate_all()
        figure = figures.filtered(lambda figure: figure.dispute_id == in_euros)
        self.assertEqual((figure.amount_credited, figure.action_view_source()["res_id"]), (125.0, in_euros.id))
