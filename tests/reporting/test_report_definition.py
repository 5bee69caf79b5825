from odoo.exceptions import ValidationError

from ..common import BillingCase


class TestReportDefinition(BillingCase):
    """The list of reports: each one names an analysis and its fields."""

    def test_every_report_can_be_read_as_it_is_defined(self):
        for report in self.env["billing.report"].search([]):
            with self.subTest(report.code):
                model = self.env[report.res_model]
                groups = report._split("group_fields")[:report.group_count]
                amounts = [f"{name}:sum" for name in report._split("amount_fields")]
                model._read_group([], groups, amounts)
                model.search_fetch([], report._split("detail_fields"), limit=1)
                for fname in ("company_id", "currency_id"):
                    self.assertIn(fname, model._fields)

    def test_a_report_cannot_name_a_field_that_is_not_there(self):
        report = self.env.ref("billing_coordinator.report_conservation")
        with self.assertRaisesRegex(ValidationError, "a field “colour”, which billing.conservation does not have"):
            report.detail_fields = "charge_id,colour"

    def test_a_report_reads_nothing_but_analyses(self):
        report = self.env.ref("billing_coordinator.report_conservation")
        for model in ("res.users", "account.move.line", "ir.config_parameter"):
            with self.assertRaisesRegex(ValidationError, "that is no analysis of the books"):
                report.write({
                    "res_model": model, "group_fields": False, "detail_fields": "display_name",
                    "amount_fields": False, "date_kind": "none",
                })
