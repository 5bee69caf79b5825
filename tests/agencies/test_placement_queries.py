from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementQueries(AgencyCase):
    """Looking at twenty debtors costs as many queries as looking at five; handing them over, a few each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.env["res.partner"].create([
            {"name": f"Debtor {number}", "is_billing_account": True} for number in range(25)
        ])
        cls.env["account.move"].create([
            {
                "move_type": "out_invoice", "partner_id": person.id, "invoice_date": "2026-01-10",
                "invoice_date_due": "2026-01-20",
                "invoice_line_ids": [(0, 0, {"name": "Visit", "price_unit": 100.0, "tax_ids": []})],
            }
            for person in people for _bill in range(2)
        ]).action_post()
        cls.cases = cls._open_cases().filtered(lambda case: case.partner_id in people)

    def _count(self, do):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        do()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _look(self, cases):
        wizard = self.env["billing.placement.wizard"].create({"case_ids": cases.ids, "agreement_id": self.agreement.id})
        return wizard.line_ids.web_read({name: {} for name in ("amount", "against", "stays", "may_go")})

    def test_looking_costs_the_same_for_many(self):
        self._look(self.cases[:1])
        five = self._count(lambda: self.cases[:5]._look_at_placing(self.agreement))
        twenty = self._count(lambda: self.cases[5:]._look_at_placing(self.agreement))
        self.assertLessEqual(twenty, five)
        self.assertLessEqual(twenty, 20)

    def test_the_window_costs_the_same_for_many(self):
        self._look(self.cases[:1])
        five, twenty = (
            self._count(lambda cases=cases: self._look(cases)) for cases in (self.cases[:5], self.cases[5:])
        )
        self.assertLessEqual(twenty, five + 2)

    def test_handing_over_costs_a_few_queries_each(self):
        self._place(self.cases[:1])
        five = self._count(lambda: self._place(self.cases[1:6]))
        nineteen = self._count(lambda: self._place(self.cases[6:]))
        self.assertLessEqual((nineteen - five) / 14, 12, (five, nineteen))

    def test_the_list_and_the_night_cost_the_same_for_many(self):
        placements = self._place(self.cases)
        names = ["name", "partner_id", "amount_placed", "amount_open", "amount_recovered", "recall_note", "state",
                 "writing_off"]
        read = [self._count(lambda some=some: some.web_read({name: {} for name in names}))
                for some in (placements[:1], placements[:5], placements[5:])]
        self.assertLessEqual(read[2], read[1])
        night = [self._count(some._find_recalls) for some in (placements[:1], placements[:5], placements[5:])]
        self.assertLessEqual(night[2], night[1])
