"""What a payment plan costs, against formulas of their own."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ...tools.instalment_interest import get_annual_rate, get_interest, get_level_payment
from ...tools.instalments import Terms, get_total, make_schedule

CENT = Decimal("0.01")
START = date(2026, 1, 1)


def months(count):
    return [START + relativedelta(months=number) for number in range(1, count + 1)]


class TestInterest(TestCase):
    def test_a_year_of_twelve_percent(self):
        interest = get_interest(Decimal(1000), Decimal(12), START, date(2027, 1, 1), CENT)
        self.assertEqual(interest, Decimal("120.00"))
        self.assertEqual(get_interest(Decimal(1000), Decimal(0), START, date(2027, 1, 1), CENT), 0)

    def test_what_is_paid_ahead_costs_interest_until_its_day(self):
        def interest(*ahead):
            paid = [(day, Decimal(amount)) for day, amount in ahead]
            return get_interest(Decimal(365), Decimal(100), START, date(2026, 1, 31), CENT, paid)

        self.assertEqual(interest(), 30)
        self.assertEqual(interest((date(2026, 1, 11), 365)), 10)
        self.assertEqual(interest((date(2025, 12, 1), 365)), 0, "before it began")
        self.assertEqual(interest((date(2026, 1, 11), 300), (date(2026, 1, 21), 500)), Decimal("11.78"))
        self.assertEqual(interest((date(2026, 2, 11), 365)), 30, "after it ended")

    @given(
        st.integers(1000, 10**8), st.sampled_from(["0.5", "4.5", "9.9", "18", "36"]), st.integers(1, 60),
        st.sampled_from(["week", "fortnight", "half_month", "month", "quarter"]),
    )
    def test_day_by_day_the_debt_and_its_interest_are_paid(self, cents, rate, count, frequency):
        """A ledger that adds interest each day, in whole floating numbers, ends at nothing."""
        debt, rate = cents * CENT, Decimal(rate)
        rows = make_schedule(Terms(
            total=debt, unit=CENT, start=START, first=START + timedelta(days=20), frequency=frequency, count=count,
            rate=rate,
        ))
        paid = {row.day: float(row.amount) for row in rows}
        balance, waiting, day = float(debt), 0.0, START
        # Half a cent of each rounded interest, and what that earns until the end.
        rounding, before = 1e-6, START
        while day < rows[-1].day:
            day += timedelta(days=1)
            waiting += balance * float(rate) / 100 / 365
            if day in paid:
                balance, waiting = balance + waiting - paid[day], 0.0
                rounding = rounding * (1 + float(rate) / 100 / 365 * (day - before).days) + 0.00501
                before = day
        self.assertLess(abs(balance), rounding)

    @given(st.integers(10**4, 10**7), st.integers(2, 120))
    def test_the_level_payment_is_that_of_the_annuity_formula(self, cents, count):
        """With steps of 73 days, a fifth of the year each: B × i / (1 − (1 + i)^−n)."""
        debt, rate = float(cents * CENT), 10.0
        days = [START + timedelta(days=73 * number) for number in range(1, count + 1)]
        level = get_level_payment(cents * CENT, Decimal(10), START, days, CENT)
        i = rate / 100 / 5
        self.assertAlmostEqual(float(level), debt * i / (1 - (1 + i) ** -count), delta=0.0101)


class TestAnnualRate(TestCase):
    def test_without_a_charge_it_is_nothing(self):
        self.assertEqual(get_annual_rate(Decimal(600), START, [(day, Decimal(100)) for day in months(6)], "month"), 0)

    def test_examples_of_the_regulation(self):
        """12 CFR 1026, Appendix J (c)(1): $1,000 in 36 monthly payments of $33.61 and $30.73."""
        first = date(1978, 1, 10)
        for payment, count, begins, financed, frequency, rate in (
            ("33.61", 36, date(1978, 2, 10), "1000", "month", "12.83"),
            ("230", 24, date(1978, 2, 10), "5000", "month", "9.69"),
            ("17.50", 60, date(1978, 1, 24), "1000", "fortnight", None),
        ):
            step = relativedelta(months=1) if frequency == "month" else relativedelta(days=14)
            payments = [(begins + number * step, Decimal(payment)) for number in range(count)]
            found = get_annual_rate(Decimal(financed), first, payments, frequency)
            if rate:
                self.assertAlmostEqual(float(found), float(rate), delta=0.02)
            periods = 12 if frequency == "month" else 26
            self._check_worth(float(financed), [float(payment)] * count, float(found) / 100 / periods)

    def _check_worth(self, financed, payments, i):
        self.assertAlmostEqual(
            sum(amount / (1 + i) ** number for number, amount in enumerate(payments, start=1)), financed,
            delta=financed * 0.0002,
        )

    def test_a_fee_is_a_charge(self):
        rows = make_schedule(Terms(
            total=Decimal(600), unit=CENT, start=START, first=date(2026, 2, 1), count=6, fee=Decimal(25),
        ))
        rate = get_annual_rate(Decimal(600), START, [(row.day, row.amount) for row in rows], "month")
        self.assertEqual(get_total(rows), 625)
        # All of it is paid with the first instalment: 125 after a month, then 5 × 100.
        self._check_worth(600.0, [125.0, 100, 100, 100, 100, 100], float(rate) / 100 / 12)

    def test_the_rate_of_monthly_interest_is_near_the_nominal_one(self):
        rows = make_schedule(Terms(
            total=Decimal(12000), unit=CENT, start=START, first=date(2026, 2, 1), count=24, rate=Decimal(12),
        ))
        rate = get_annual_rate(Decimal(12000), START, [(row.day, row.amount) for row in rows], "month")
        self.assertAlmostEqual(float(rate), 12.0, delta=0.1)

    def test_odd_days_before_the_first_month_count_as_part_of_one(self):
        payments = [(date(2026, 2, 16) + relativedelta(months=number), Decimal("100")) for number in range(11)]
        later = get_annual_rate(Decimal(1000), START, payments, "month")
        payments = [(day - relativedelta(days=15), amount) for day, amount in payments]
        sooner = get_annual_rate(Decimal(1000), START, payments, "month")
        self.assertLess(later, sooner)

    def test_own_dates_are_counted_in_days(self):
        rate = get_annual_rate(Decimal(1000), START, [(date(2027, 1, 1), Decimal(1100))], "dates")
        self.assertAlmostEqual(float(rate), 365 * (1.1 ** (1 / 365) - 1) * 100, delta=0.01)

    def test_whatever_it_costs_a_rate_is_found(self):
        self.assertGreater(get_annual_rate(Decimal(1), START, [(date(2026, 2, 1), Decimal(50))], "month"), 1000)
