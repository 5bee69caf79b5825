from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementNotice(AgencyCase):
    """The letter that says who has the debt now."""

    def _paper(self, placement):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "billing_coordinator.report_placement_notice", placement.ids,
        )
        return " ".join(html.fromstring(content).text_content().split()).replace("\xa0", " ")

    def _rows(self, placement):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "billing_coordinator.report_placement_notice", placement.ids,
        )
        return [
            tuple(" ".join(cell.text_content().split()) for cell in row.xpath("./td"))
            for row in html.fromstring(content).xpath("//table[@name='sum']//tr")
        ]

    def test_it_says_who_since_when_how_much_and_whom_to_ask(self):
        self._pay(self.january, 50.0)
        fee = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-01-15",
            "invoice_date_due": "2026-01-20", "invoice_line_ids": [Command.create({
                "name": "Late fee", "price_unit": 5.0, "tax_ids": [],
                "account_id": self.company.billing_fee_account_id.id,
            })],
        })
        fee.action_post()
        self._open_cases()
        placement = self._place()
        self._pay(self.january, 10.0)
        text = self._paper(placement)
        self.assertIn("From March 16, 2026 on, Rigor Inkasso collects for us what is open", text)
        self.assertIn(f"Open now $545.00 Reference {placement.name}", text)
        self.assertEqual(self._rows(placement), [
            ("Billed", "$600.00"), ("Interest and fees added", "$5.00"), ("Paid and taken off", "−$60.00"),
            ("Open now", "$545.00"),
        ])
        self.assertIn("tell us. We look into it", text)

    def test_nothing_about_health_nor_what_the_agency_gets(self):
        self._open_cases()
        text = self._paper(self._place()).casefold()
        for word in ("office visit", "commission", "25", "diagnos", self.provider.name.casefold(), "court"):
            self.assertNotIn(word, text.replace("2026", ""), word)

    def test_statements_ask_for_nothing_of_it(self):
        self._open_cases()
        placement = self._place()
        self._bill_nora(90.0, "2026-02-10")
        report = self.env["report.billing_coordinator.report_statement"]
        [statement] = report._get_statements(self.nora, self.company)
        self.assertEqual((statement["amount_due"], statement["amount_placed"], statement["amount_due_now"]),
                         (690.0, 600.0, 90.0))
        self.assertEqual(statement["placements"], [
            {"number": placement.name, "agency": "Rigor Inkasso", "amount": 600.0},
        ])
        self.assertEqual(report._get_pay(statement)["amount"], 90.0)

    def test_once_it_has_ended_nobody_is_sent_to_the_agency(self):
        self._open_cases()
        placement = self._place()
        self._pay(self.january, 200.0)
        self.env["billing.placement.end"].create({
            "placement_ids": placement.ids, "kind": "recall", "reason": "complaint",
        }).action_apply()
        text = self._paper(placement)
        self.assertIn("Rigor Inkasso has this debt no more.", text)
        self.assertNotIn("Please pay Rigor Inkasso", text)
        self.assertIn(f"Open now $400.00 Reference {placement.name}", text)

    def test_printed_they_wait_no_longer(self):
        self._open_cases()
        placement = self._place()
        self.assertTrue(placement.batch_id.notice_waits)
        placement.batch_id.action_print_notices()
        self.assertFalse(placement.notice_waits or placement.batch_id.notice_waits)
        with self.assertRaisesRegex(UserError, "All notices of AG-2026-.* are printed"):
            placement.batch_id.action_print_notices()
