import unittest

from odoo.addons.billing_coordinator.tools.report_table import (
    Column,
    Currency,
    Detail,
    Group,
    Kind,
    Part,
    Table,
    blocks,
    fitting,
    outline,
)

EURO = Currency("EUR", 2)


def make_part():
    """Two debtors, the first with two months."""
    return Part(
        EURO,
        Group((), None, 4, (100.0,)),
        {
            (): [Group((1,), "Ana", 3, (70.0,)), Group((2,), "Ben", 1, (30.0,))],
            (1,): [Group((1, "jan"), "January", 2, (50.0,)), Group((1, "feb"), "February", 1, (20.0,))],
            (2,): [Group((2, "jan"), "January", 1, (30.0,))],
        },
        lambda: (),
    )


def make_table(part, levels=2, with_details=True):
    columns = [Column(f"level_{level}", f"Level {level}") for level in range(levels)]
    amount = Column("amount", "Amount", Kind.MONEY, has_total=True, is_sum=True)
    return Table("Title", "Question?", ["Today"], columns, [Column("name", "Name")], [amount], [part], with_details)


class TestReportTable(unittest.TestCase):
    """The lines of a report in the order of the page."""

    def _lines(self, depth, details=None):
        return [(row.kind, row.level, row.label, row.amounts) for row in outline(make_part(), depth, details)]

    def test_without_rows_the_lowest_groups_are_one_line_each(self):
        self.assertEqual(self._lines(2), [
            ("group", 0, "Ana", ()),
            ("detail", 1, "January", (50.0,)),
            ("detail", 1, "February", (20.0,)),
            ("subtotal", 0, "Ana", (70.0,)),
            ("group", 0, "Ben", ()),
            ("detail", 1, "January", (30.0,)),
            ("subtotal", 0, "Ben", (30.0,)),
            ("total", 0, None, (100.0,)),
        ])
        self.assertEqual(self._lines(1), [
            ("detail", 0, "Ana", (70.0,)), ("detail", 0, "Ben", (30.0,)), ("total", 0, None, (100.0,)),
        ])
        self.assertEqual(self._lines(0), [("total", 0, None, (100.0,))])

    def test_rows_stand_in_their_groups_and_each_group_is_summed_up(self):
        rows = {
            (1,): [Detail((1,), ("Ana",), ("INV/1",), (50.0,)), Detail((1,), ("Ana",), ("INV/2",), (20.0,))],
            (2,): [Detail((2,), ("Ben",), ("INV/3",), (30.0,))],
        }
        self.assertEqual([line[0] for line in self._lines(1, rows)], [
            "group", "detail", "detail", "subtotal", "group", "detail", "subtotal", "total",
        ])

    def test_the_end_of_a_page_parts_no_heading_from_its_rows_and_no_total_from_them(self):
        kinds = [[row.kind for row in block] for block in blocks(outline(make_part(), 2))]
        self.assertEqual(kinds, [
            ["group", "detail"], ["detail", "subtotal"], ["group", "detail", "subtotal", "total"],
        ])
        self.assertEqual(list(blocks([])), [])

    def test_the_lowest_groups_come_with_those_above_them(self):
        self.assertEqual(
            [tuple(group.label for group in leaf) for leaf in make_part().leaves(2)],
            [("Ana", "January"), ("Ana", "February"), ("Ben", "January")],
        )
        self.assertEqual(list(make_part().leaves(0)), [()])

    def test_a_paper_leaves_out_rows_first_and_then_the_lowest_groups(self):
        table = make_table(make_part())
        self.assertEqual(fitting(table, 4), (2, True))
        self.assertEqual(fitting(table, 5), (2, True))
        self.assertEqual(fitting(table, 3), (1, False))
        self.assertEqual(fitting(table, 1), (0, False))
        self.assertEqual(fitting(make_table(make_part(), with_details=False), 5), (2, False))

    def test_a_sheet_has_a_row_for_each_row_or_for_each_of_the_lowest_groups(self):
        self.assertEqual(make_table(make_part()).row_count, 4)
        self.assertEqual(make_table(make_part(), with_details=False).row_count, 3)
        self.assertEqual(make_table(make_part(), levels=1, with_details=False).row_count, 2)
