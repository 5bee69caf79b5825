"""On which days how much is paid: sums exact, days rising, nothing before the agreement."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from unittest import TestCase

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ...tools.instalments import FREQUENCIES, BadScheduleError, Terms, get_total, make_dates, make_schedule

CENT, YEN = Decimal("0.01"), Decimal(1)
MARCH = date(2026, 3, 2)


def d(text):
    return Decimal(text)


def terms(total, **values):
    values = {"unit": CENT, "start": MARCH, "first": date(2026, 4, 1), **values}
    for name in ("amount", "down", "fee", "rate"):
        if values.get(name) is not None:
            values[name] = d(values[name])
    return Terms(total=d(total), **values)


def amounts(*args, **values):
    return [f"{row.amount.normalize():f}" for row in make_schedule(terms(*args, **values))]


def days(first, frequency, count=6, **values):
    values = {"start": first, **values}
    found = make_dates(terms("1", first=first, frequency=frequency, **values))
    return [f"{day:%m/%d/%y}" for day in islice(found, count)]


class TestAmounts(TestCase):
    def test_so_many_instalments_of_one_amount_and_the_remainder_in_the_last(self):
        self.assertEqual(amounts("600", count=6), ["100"] * 6)
        self.assertEqual(amounts("100", count=3), ["33.33", "33.33", "33.34"])
        self.assertEqual(amounts("0.05", count=3), ["0.01", "0.01", "0.03"])

    def test_as_many_instalments_of_this_amount_as_are_needed(self):
        self.assertEqual(amounts("250", amount="100"), ["100", "100", "50"])
        self.assertEqual(amounts("300", amount="100"), ["100"] * 3)
        self.assertEqual(amounts("80", amount="100"), ["80"])

    def test_a_down_payment_is_due_at_once_and_the_fee_with_what_is_due_first(self):
        rows = make_schedule(terms("600", count=5, down="100", fee="25"))
        self.assertEqual((rows[0].day, rows[0].principal, rows[0].fee, rows[0].amount), (MARCH, 100, 25, 125))
        self.assertEqual([row.amount for row in rows[1:]], [100] * 5)
        self.assertEqual(make_schedule(terms("600", count=6, fee="25"))[0].amount, 125)

    def test_one_cent_is_paid_at_once(self):
        self.assertEqual(amounts("0.01", count=1), ["0.01"])
        self.assertEqual(amounts("0.01", amount="5"), ["0.01"])

    def test_six_hundred_instalments_last_fifty_years(self):
        rows = make_schedule(terms("1000", count=600))
        self.assertEqual((len(rows), rows[0].amount, rows[-1].amount), (600, d("1.66"), d("5.66")))
        self.assertEqual((rows[-1].day, get_total(rows)), (date(2076, 3, 1), 1000))

    def test_a_currency_without_cents(self):
        self.assertEqual(amounts("1000", count=3, unit=YEN), ["333", "333", "334"])

    def test_interest_is_counted_by_days_and_the_last_instalment_is_never_larger(self):
        rows = make_schedule(terms("1200", count=12, rate="12"))
        # 2 March to 1 April are 30 days: 1200 × 12 % × 30 / 365
        self.assertEqual(rows[0].interest, d("11.84"))
        self.assertEqual({row.amount for row in rows[:-1]}, {d("106.62")})
        self.assertLessEqual(rows[-1].amount, d("106.62"))
        self.assertEqual(sum(row.principal for row in rows), 1200)

    def test_own_dates(self):
        own = (date(2026, 3, 20), date(2026, 5, 4), date(2026, 12, 24))
        rows = make_schedule(terms("100", frequency="dates", dates=own))
        self.assertEqual(tuple(row.day for row in rows), own)
        self.assertEqual([f"{row.amount}" for row in rows], ["33.33", "33.33", "33.34"])


class TestRefused(TestCase):
    def test_each_with_its_reason(self):
        for reason, total, values in (
            ("nothing", "0", {"count": 3}),
            ("nothing", "-5", {"count": 3}),
            ("unit", "10.005", {"count": 3}),
            ("unit", "10.50", {"count": 3, "unit": YEN}),
            ("down", "100", {"count": 3, "down": "100"}),
            ("down", "100", {"count": 3, "down": "-1"}),
            ("count", "100", {"count": 0}),
            ("count", "100", {"count": 601}),
            ("count", "100", {}),
            ("count", "100", {"frequency": "dates"}),
            ("too_many", "0.02", {"count": 3}),
            ("amount", "100", {"amount": "0"}),
            ("too_long", "100", {"amount": "0.10"}),
            ("too_long", "100", {"amount": "0.01", "rate": "0.01"}),
            ("never", "1000", {"amount": "5", "rate": "24"}),
            ("past", "100", {"count": 3, "first": date(2026, 3, 1)}),
            ("past", "100", {"count": 3, "down": "10", "first": MARCH}),
            ("order", "100", {"frequency": "dates", "dates": (date(2026, 4, 2), date(2026, 4, 2))}),
            ("rate", "100", {"count": 3, "rate": "-1"}),
        ):
            with self.subTest(reason=reason, **values), self.assertRaises(BadScheduleError) as refused:
                make_schedule(terms(total, **values))
            self.assertEqual(refused.exception.reason, reason)


class TestDays(TestCase):
    def test_weeks_months_and_quarters(self):
        first = date(2026, 4, 9)
        self.assertEqual(days(first, "week", 3), ["04/09/26", "04/16/26", "04/23/26"])
        self.assertEqual(days(first, "fortnight", 3), ["04/09/26", "04/23/26", "05/07/26"])
        self.assertEqual(days(first, "month", 3), ["04/09/26", "05/09/26", "06/09/26"])
        self.assertEqual(days(first, "quarter", 3), ["04/09/26", "07/09/26", "10/09/26"])

    def test_the_end_of_a_month_stays_the_end_of_the_month(self):
        self.assertEqual(days(date(2026, 1, 31), "month", 4), ["01/31/26", "02/28/26", "03/31/26", "04/30/26"])
        self.assertEqual(days(date(2026, 1, 30), "month", 3), ["01/30/26", "02/28/26", "03/30/26"])
        self.assertEqual(days(date(2026, 2, 28), "quarter", 3), ["02/28/26", "05/31/26", "08/31/26"])

    def test_from_the_29th_of_february_on(self):
        self.assertEqual(days(date(2028, 2, 29), "month", 3), ["02/29/28", "03/31/28", "04/30/28"])
        self.assertEqual(days(date(2028, 1, 29), "month", 15)[1::12], ["02/29/28", "02/28/29"])

    def test_twice_a_month(self):
        self.assertEqual(days(date(2026, 4, 1), "half_month", 3), ["04/01/26", "04/16/26", "05/01/26"])
        self.assertEqual(days(date(2026, 4, 20), "half_month", 3), ["04/20/26", "05/05/26", "05/20/26"])
        self.assertEqual(days(date(2026, 1, 15), "half_month", 4), ["01/15/26", "01/31/26", "02/15/26", "02/28/26"])
        self.assertEqual(days(date(2026, 1, 31), "half_month", 3), ["01/31/26", "02/15/26", "02/28/26"])
        self.assertEqual(days(date(2026, 1, 30), "half_month", 4), ["01/30/26", "02/15/26", "02/28/26", "03/15/26"])

    def test_a_closed_day_moves_to_the_next_open_one(self):
        # 4 April 2026 is a Saturday, the 6th is Easter Monday.
        self.assertEqual(
            days(date(2026, 4, 4), "week", 3, skip_closed=True, holidays={date(2026, 4, 6)}),
            ["04/07/26", "04/13/26", "04/20/26"],
        )

    def test_two_days_of_one_long_closure_do_not_fall_together(self):
        closed = {date(2026, 8, 3) + timedelta(days=number) for number in range(12)}
        self.assertEqual(
            days(date(2026, 8, 3), "week", 3, skip_closed=True, holidays=closed), ["08/17/26", "08/18/26", "08/19/26"],
        )


UNITS = st.sampled_from([CENT, YEN, Decimal("0.05"), Decimal("0.001")])
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def any_terms(draw):
    unit, start = draw(UNITS), draw(DAYS)
    total = draw(st.integers(1, 10**7)) * unit
    down = draw(st.integers(0, int(total / unit) - 1)) * unit * draw(st.integers(0, 1))
    count = draw(st.integers(1, min(600, int((total - down) / unit))))
    return Terms(
        total=total, unit=unit, start=start, first=start + timedelta(days=draw(st.integers(1, 90))), down=down,
        frequency=draw(st.sampled_from(FREQUENCIES[:-1])), count=count, fee=draw(st.integers(0, 5000)) * unit,
        rate=draw(st.sampled_from([d("0"), d("0.01"), d("4.5"), d("12"), d("36")])),
        skip_closed=draw(st.booleans()),
        holidays=frozenset(start + timedelta(days=number) for number in draw(st.sets(st.integers(0, 400), max_size=9))),
    )


class TestWhatever(TestCase):
    @given(any_terms())
    def test_sums_are_exact_days_rise_and_nothing_is_due_before_the_agreement(self, wanted):
        rows = make_schedule(wanted)
        self.assertEqual(len(rows), wanted.count + bool(wanted.down))
        self.assertEqual(sum(row.principal for row in rows), wanted.total)
        self.assertEqual(sum(row.fee for row in rows), wanted.fee)
        self.assertGreaterEqual(rows[0].day, wanted.start)
        for earlier, later in pairwise(rows):
            self.assertLess(earlier.day, later.day)
        for row in rows:
            self.assertGreater(row.principal, 0)
            self.assertGreaterEqual(row.interest, 0)
            self.assertEqual(row.amount % wanted.unit, 0)
        if not wanted.rate:
            usual = [row.principal for row in rows[bool(wanted.down):]]
            self.assertEqual(len(set(usual[:-1])), min(len(usual) - 1, 1))
            self.assertLess(usual[-1] - usual[0], wanted.count * wanted.unit)
        if wanted.skip_closed:
            for row in rows[bool(wanted.down):]:
                self.assertLess(row.day.weekday(), 5)
                self.assertNotIn(row.day, wanted.holidays)

    @given(any_terms(), st.integers(1, 10**6))
    def test_by_amount_every_payment_is_that_amount_but_the_last(self, wanted, units):
        wanted = Terms(**{**wanted.__dict__, "count": None, "amount": units * wanted.unit})
        try:
            rows = make_schedule(wanted)[bool(wanted.down):]
        except BadScheduleError as refused:
            self.assertIn(refused.reason, ("too_long", "never"))
            return
        self.assertEqual(sum(row.principal for row in rows), wanted.total - wanted.down)
        self.assertTrue(all(row.principal + row.interest == wanted.amount for row in rows[:-1]))
        self.assertLessEqual(rows[-1].principal + rows[-1].interest, wanted.amount)

    @given(DAYS, st.integers(1, 60))
    def test_months_are_those_of_the_calendar(self, first, count):
        found = list(islice(make_dates(terms("1", start=first, first=first)), count))
        for number, day in enumerate(found):
            expected = first + relativedelta(months=number)
            if first.day == monthrange(first.year, first.month)[1]:
                expected += relativedelta(day=31)
            self.assertEqual(day, expected)
