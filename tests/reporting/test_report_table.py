from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY
from .common import ReportCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportTable(ReportCase):
    """A report is read as it was asked for: its days, companies, groups and rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._charge_history()

    def _groups(self, part, path=()):
        return [(group.label, group.count, group.figures[0]) for group in part.children.get(path, ())]

    def test_currencies_are_never_added_together(self):
        table = self._table(self._ask(level_1=self._level("date:month")))
        self.assertEqual(
            [(part.currency.name, part.currency.digits, part.total.figures[0]) for part in table.parts],
            [("JPY", 0, 15456.0), ("USD", 2, 1534.75)],
        )
        yen, dollar = table.parts
        month = fields.Date.to_date
        self.assertEqual(self._groups(yen), [(month("2026-02-01"), 1, 12000.0), (month("2026-03-01"), 1, 3456.0)])
        self.assertEqual(self._groups(dollar), [(month("2026-01-01"), 1, 1234.5), (month("2026-03-01"), 2, 300.25)])

    def test_what_is_not_to_be_added_together_is_kept_apart(self):
        self.report.apart_field = "patient_id"
        table = self._table(self._ask(level_1=self._level("date:month"), with_details=True))
        self.assertEqual(
            [(part.title, part.total.figures[0], len(list(part.details()))) for part in table.parts],
            [
                ("JPY Ana López", 12000.0, 1), ("JPY Ben =1+1", 3456.0, 1),
                ("USD Ana López", 1434.5, 2), ("USD Ben =1+1", 100.25, 1),
            ],
        )

    def test_two_levels_of_groups(self):
        table = self._table(self._ask(
            companies=self.company, level_1=self._level("patient_id"), level_2=self._level("date:month"),
        ))
        [part] = table.parts
        self.assertEqual(self._groups(part), [("Ana López", 2, 1434.5), ("Ben =1+1", 1, 100.25)])
        self.assertEqual([figure for _label, _count, figure in self._groups(part, (self.patient.id,))], [1234.5, 200.0])

    def test_a_period_holds_its_first_and_its_last_day(self):
        for values, expected in (
            ({"period_name": "this_month"}, 300.25),
            ({"period_name": "last_month"}, None),
            ({"period_name": "this_year"}, 1534.75),
            ({"period_name": "own", "date_from": "2026-01-31", "date_to": "2026-03-02"}, 1334.75),
            ({"period_name": "own", "date_from": "2026-02-01", "date_to": "2026-03-01"}, None),
        ):
            parts = self._table(self._ask(companies=self.company, **values)).parts
            self.assertEqual(parts[0].total.figures[0] if parts else None, expected, values)

    def test_rows_stand_in_the_order_of_their_groups(self):
        table = self._table(self._ask(
            companies=self.company, level_1=self._level("patient_id"), level_2=False, with_details=True,
        ))
        [part] = table.parts
        rows = list(part.details())
        self.assertEqual([row.path for row in rows], [(self.patient.id,)] * 2 + [(self.ben.id,)])
        self.assertEqual([row.labels for row in rows], [("Ana López",)] * 2 + [("Ben =1+1",)])
        self.assertEqual([row.amounts[0] for row in rows], [200.0, 1234.5, 100.25], "newest first, as the list")
        _charge, date, debtor = rows[2].cells
        self.assertEqual((date, debtor), (fields.Date.to_date("2026-03-02"), "Ben =1+1"))
        self.assertNotIn("patient_id", [column.name for column in table.details], "its group says that already")
        days = self.env["billing.report"].new({"res_model": "billing.dispute.figure"})._get_column("late_count")
        self.assertEqual((days.kind, days.digits), ("integer", 0))
        self.assertEqual(list(part.details()), rows, "they can be read again")

    def test_groups_of_people_stand_by_name(self):
        early = self._create_patient("Aaron Early")
        self._bill(date="2026-03-04", encounter=self._create_encounter(early, [(self.service, 5.0)], date="2026-03-03"))
        table = self._table(self._ask(companies=self.company, level_1=self._level("patient_id"), level_2=False))
        [part] = table.parts
        self.assertEqual([group.label for group in part.children[()]], ["Aaron Early", "Ana López", "Ben =1+1"])

    def test_the_rate_of_nothing_is_no_zero(self):
        report = self.env.ref("billing_coordinator.report_claim_figure")
        self._bill(date="2026-03-04", encounter=self._create_encounter(date="2026-03-03"))
        table = self._table(self._ask(report_id=report.id, companies=self.company, period_name="all"))
        figures = dict(zip((column.name for column in table.amounts), table.parts[0].total.figures, strict=True))
        self.assertGreater(figures["amount_open"], 0)
        self.assertIsNone(figures["first_pass_rate"])

    def test_what_is_posted_while_a_report_is_written_is_in_none_of_its_parts(self):
        yen, dollars = self._table(self._ask(with_details=True)).parts
        rows = yen.details()
        first = next(rows)
        self._charge(self.patient, 77.0, "2026-03-06")
        self.env.flush_all()
        self.assertEqual(len([first, *rows]), yen.total.count)
        found = list(dollars.details())
        self.assertEqual(len(found), dollars.total.count)
        self.assertAlmostEqual(sum(row.amounts[0] for row in found), dollars.total.figures[0])

    def test_the_filter_of_a_list_is_taken_over_and_nothing_of_it_is_executed(self):
        request = self._ask(
            companies=self.company, domain=f"[('patient_id', '=', {self.ben.id})]", filter_text="Patient: Ben",
        )
        [part] = self._table(request).parts
        self.assertEqual(part.total.figures[0], 100.25)
        self.assertIn("Only: Patient: Ben", self._table(request).asked)
        for domain in ("__import__('os').getcwd()", "[('nothing', '=', 1)]", "[(", "7"):
            with self.assertRaisesRegex(Exception, "cannot be read"):
                self._ask(domain=domain)

    def test_what_was_asked_is_said(self):
        request = self._ask(
            level_1=self._level("patient_id"), level_2=self._level("date:month"), period_name="last_month",
        )
        self.assertEqual(self._table(request).asked[:3], [
            "February 1, 2026 to February 28, 2026",
            "Tokyo Practice, company_1_data",
            "Grouped by Patient or client, Date (month)",
        ])
        self.assertRegex(self._table(request).asked[3], "Asked by Rita on 3/16/26")

    def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(self):
        other = self.env.ref("billing_coordinator.report_plan_promise")
        aged = self.env.ref("billing_coordinator.report_aged_item")
        for values, sentence in (
            ({"level_1": self._level("policy_id", other)}, "“Conservation” cannot be grouped by “Policy”"),
            ({"period_name": "own"}, "Type the first and the last day"),
            ({"period_name": "own", "date_from": "2026-03-02", "date_to": "2026-03-01"}, "lies after the last one"),
            (
                {"report": aged, "day_name": "own", "date": "2026-03-17"},
                "Nobody knows yet how the books will stand on 03/17/2026",
            ),
        ):
            with self.assertRaisesRegex(ValidationError, sentence):
                self._ask(**values)

    # === RIGHTS === #

    def test_companies_of_others_are_left_out_whatever_is_asked(self):
        self.reader.company_ids -= self.tokyo
        request = self._ask(companies=self.company)
        request.sudo().company_ids += self.tokyo
        table = self._table(request)
        self.assertEqual([part.currency.name for part in table.parts], ["USD"])
        self.assertEqual(table.asked[1], "company_1_data")

    def test_who_may_not_read_the_figures_gets_no_report(self):
        clerk = self._create_reader("clara", groups="base.group_user")
        report = self.report.with_user(clerk)
        with self.assertRaises(AccessError):
            report.action_print()
        table = self.env["billing.report.table"].with_user(clerk)
        with self.assertRaises(AccessError):
            table._read(self._ask())

    def test_a_report_for_chosen_groups_is_for_nobody_else(self):
        self.report.group_ids = self.env.ref("billing_coordinator.group_manager")
        report = self.report.with_user(self.reader)
        self.assertNotIn(report, report.search([("is_available", "=", True)]))
        self.assertIn(report, report.search([("is_available", "=", False)]))
        with self.assertRaisesRegex(AccessError, "You may not read the report “Conservation”"):
            report.action_open()
        with self.assertRaises(AccessError):
            self._table(self._ask())
        self.reader.group_ids += self.env.ref("billing_coordinator.group_manager")
        self.assertEqual(report.action_open()["res_model"], "billing.conservation")

    # === SIZE === #

    def test_more_rows_take_no_more_queries(self):
        request = self._ask(level_1=self._level("patient_id"), companies=self.company, with_details=True)

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            [part] = self._table(request).parts
            self.assertEqual(len(list(part.details())), part.total.count)
            return self.cr.sql_log_count - before

        read()
        few = read()
        for number in range(12):
            self._charge(self._create_patient(f"Person {number}"), 10.0, "2026-03-03")
        # The first one fills Odoo's own caches.
        read()
        self.assertEqual(read(), few)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportRatio(AgencyCase):
    """A figure that is no sum is brought together by the analysis itself."""

    def test_the_rate_of_a_total_is_that_of_its_sums(self):
        first = self._place()
        self._report((first[0], 100.0))
        report = self.env.ref("billing_coordinator.report_placement_figure")
        report.amount_fields = "amount_placed,amount_recovered,rate"
        request = self.env["billing.report.wizard"].create({"report_id": report.id, "period_name": "all"})
        [part] = self.env["billing.report.table"]._read(request).parts
        placed, recovered, rate = part.total.figures
        self.assertEqual(recovered, 100.0)
        self.assertAlmostEqual(rate, 100.0 * recovered / placed)
        rate_column = report._get_amount_columns()[2]
        self.assertEqual((rate_column.kind, rate_column.is_sum, rate_column.has_total), ("percent", False, True))
