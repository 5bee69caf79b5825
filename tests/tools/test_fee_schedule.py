"""What a schedule of relative values pays, and which prices follow from it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.fee_schedule import SETTINGS, Existing, Indices, RelativeValues, Step, get_price, plan_prices

VISIT = RelativeValues(Decimal("1.30"), Decimal("1.29"), Decimal("0.55"), Decimal("0.10"))
CITY = Indices(Decimal("1.028"), Decimal("1.148"), Decimal("0.918"))
FACTOR = Decimal("32.7442")
JANUARY, LAST_YEAR = date(2026, 1, 1), date(2025, 1, 1)

decimals = st.decimals(min_value=0, max_value=200, places=2)
weights = st.builds(RelativeValues, decimals, decimals, decimals, decimals)
indices = st.builds(Indices, *[st.decimals(min_value=Decimal("0.3"), max_value=3, places=3)] * 3)
factors = st.decimals(min_value=0, max_value=100, places=4)
settings = st.sampled_from(SETTINGS)
units = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal("0.05")])


class TestPrice(TestCase):
    """(work × its index + practice expense × its index + malpractice × its index) × conversion factor."""

    def test_a_visit_in_the_office_costs_what_the_formula_says(self):
        # (1.30 × 1.028 + 1.29 × 1.148 + 0.10 × 0.918) × 32.7442 = 2.90912 × 32.7442 = 95.25680...
        self.assertEqual(get_price(VISIT, CITY, FACTOR), Decimal("95.26"))

    def test_in_a_facility_its_practice_expense_counts(self):
        # (1.30 × 1.028 + 0.55 × 1.148 + 0.10 × 0.918) × 32.7442 = 2.0596 × 32.7442 = 67.43995...
        self.assertEqual(get_price(VISIT, CITY, FACTOR, "facility"), Decimal("67.44"))

    def test_without_a_locality_the_national_average_counts(self):
        self.assertEqual(get_price(VISIT, Indices(), FACTOR), Decimal("88.08"))

    def test_half_a_cent_goes_up(self):
        one = RelativeValues(Decimal(1), Decimal(0), Decimal(0), Decimal(0))
        self.assertEqual(get_price(one, Indices(), Decimal("10.125")), Decimal("10.13"))

    def test_a_percentage_is_taken_of_the_published_amount(self):
        # 120 % of 95.26 is 114.312; of the unrounded 95.2568 it would be 114.30816.
        self.assertEqual(get_price(VISIT, CITY, FACTOR, percent=Decimal(120)), Decimal("114.31"))

    def test_where_there_are_no_cents_prices_are_whole(self):
        self.assertEqual(get_price(VISIT, CITY, Decimal(4912), unit=Decimal(1)), Decimal(14290))

    def test_what_weighs_nothing_has_no_price(self):
        nothing = RelativeValues(*[Decimal(0)] * 4)
        self.assertFalse(nothing.is_priced("facility"))
        only_outside = RelativeValues(Decimal(0), Decimal("0.5"), Decimal(0), Decimal(0))
        self.assertEqual([only_outside.is_priced(setting) for setting in SETTINGS], [True, False])

    def test_another_setting_and_negative_figures_are_refused(self):
        with self.assertRaisesRegex(ValueError, "Not a setting"):
            get_price(VISIT, CITY, FACTOR, "home")
        for figures in (
            {"factor": Decimal(-1)}, {"factor": FACTOR, "percent": Decimal(-1)},
            {"factor": Decimal("NaN")}, {"factor": FACTOR, "percent": Decimal("Infinity")},
        ):
            with self.assertRaisesRegex(ValueError, "not negative"):
                get_price(VISIT, CITY, **figures)

    @given(values=weights, places=indices, factor=factors, setting=settings, unit=units)
    def test_it_is_the_exact_amount_rounded_once(self, values, places, factor, setting, unit):
        exact = Fraction(factor) * (
            Fraction(values.work) * Fraction(places.work)
            + Fraction(values.get_practice(setting)) * Fraction(places.practice)
            + Fraction(values.malpractice) * Fraction(places.malpractice)
        )
        price = get_price(values, places, factor, setting, unit=unit)
        self.assertEqual(price % unit, 0)
        self.assertLessEqual(abs(Fraction(price) - exact), Fraction(unit) / 2)

    @given(values=weights, more=decimals, places=indices, factor=factors, setting=settings)
    def test_more_work_never_costs_less(self, values, more, places, factor, setting):
        heavier = RelativeValues(
            values.work + more, values.practice_nonfacility, values.practice_facility, values.malpractice,
        )
        self.assertGreaterEqual(
            get_price(heavier, places, factor, setting), get_price(values, places, factor, setting),
        )

    @given(values=weights, places=indices, factor=factors)
    def test_professional_and_technical_part_make_the_whole_within_a_cent(self, values, places, factor):
        professional = RelativeValues(values.work, Decimal(0), Decimal(0), Decimal(0))
        technical = RelativeValues(
            Decimal(0), values.practice_nonfacility, values.practice_facility, values.malpractice,
        )
        parts = get_price(professional, places, factor) + get_price(technical, places, factor)
        self.assertLessEqual(abs(parts - get_price(values, places, factor)), Decimal("0.01"))


class TestPlan(TestCase):
    """What an edition does to a list: prices are made, corrected and ended, never deleted."""

    def _plan(self, wanted, *existing, date_from=JANUARY, **options):
        return plan_prices({name: Decimal(price) for name, price in wanted.items()}, existing, date_from, **options)

    def _kinds(self, *arguments, **options):
        return [(step.kind, step.service) for step in self._plan(*arguments, **options)]

    def test_a_service_without_a_price_gets_one(self):
        self.assertEqual(self._plan({"visit": 90}), [Step("new", "visit", Decimal(90))])

    def test_another_price_ends_the_one_before_it(self):
        before = Existing(7, "visit", Decimal(80), LAST_YEAR)
        self.assertEqual(self._plan({"visit": 90}, before), [
            Step("changed", "visit", Decimal(90), Decimal(80)),
            Step("ended", "visit", Decimal(80), item=7, date_to=date(2025, 12, 31)),
        ])

    def test_the_same_price_goes_on(self):
        before = Existing(7, "visit", Decimal(90), LAST_YEAR)
        self.assertEqual(self._kinds({"visit": 90}, before), [("same", "visit")])

    def test_a_corrected_edition_corrects_its_price(self):
        before = Existing(7, "visit", Decimal(80), JANUARY)
        self.assertEqual(self._plan({"visit": 90}, before), [Step("corrected", "visit", Decimal(90), Decimal(80), 7)])

    def test_two_prices_that_begin_on_its_day_say_the_same_and_the_schedules_own_is_its_own(self):
        typed = Existing(7, "visit", Decimal(80), JANUARY, is_imported=False)
        imported = Existing(8, "visit", Decimal(85), JANUARY)
        self.assertEqual(self._plan({"visit": 90}, typed, imported), [
            Step("corrected", "visit", Decimal(90), Decimal(85), 8),
            Step("corrected", "visit", Decimal(90), Decimal(80), 7, is_twin=True),
        ])

    def test_an_older_edition_ends_where_the_newer_one_begins(self):
        newer = Existing(7, "visit", Decimal(99), date(2026, 4, 1))
        self.assertEqual(self._plan({"visit": 90}, newer), [
            Step("new", "visit", Decimal(90), date_to=date(2026, 3, 31)),
        ])

    def test_a_price_of_long_ago_is_left_alone(self):
        old = Existing(7, "visit", Decimal(50), date(2020, 1, 1), date(2020, 12, 31))
        self.assertEqual(self._kinds({"visit": 90}, old), [("new", "visit")])

    def test_what_an_edition_drops_ends_and_what_somebody_typed_stays(self):
        dropped = Existing(1, "dropped", Decimal(10), LAST_YEAR)
        typed = Existing(2, "typed", Decimal(10), LAST_YEAR, is_imported=False)
        kept = Existing(3, "unreadable", Decimal(10), LAST_YEAR)
        existing = (dropped, typed, kept)
        self.assertEqual(
            self._kinds({"visit": 90}, *existing, kept=["unreadable"]), [("new", "visit"), ("ended", "dropped")],
        )
        self.assertEqual(self._kinds({"visit": 90}, *existing, end_dropped=False), [("new", "visit")])

    def test_a_schedule_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(ValueError, "before it begins"):
            self._plan({"visit": 90}, date_to=LAST_YEAR)

    @given(
        prices=st.lists(st.tuples(
            st.integers(-400, 400), st.integers(0, 400) | st.none(), st.integers(1, 3),
        ), max_size=4),
        price=st.integers(1, 3),
        days=st.integers(0, 400) | st.none(),
    )
    def test_whatever_was_there_the_price_counts_from_its_day_and_a_second_time_changes_nothing(
        self, prices, price, days,
    ):
        existing = {}
        for number, (start, length, amount) in enumerate(prices):
            begin = JANUARY + timedelta(days=start)
            end = None if length is None else begin + timedelta(days=length)
            existing[number] = Existing(number, "visit", Decimal(amount), begin, end)
        until = None if days is None else JANUARY + timedelta(days=days)
        after = self._apply(self._plan({"visit": price}, *existing.values(), date_to=until), existing)
        counting = [p for p in after.values() if p.date_from <= JANUARY and (not p.date_to or p.date_to >= JANUARY)]
        self.assertEqual({p.price for p in counting}, {Decimal(price)})
        again = self._plan({"visit": price}, *after.values(), date_to=until)
        self.assertEqual({step.kind for step in again}, {"same"})

    def _apply(self, steps, existing):
        after = dict(existing)
        for step in steps:
            if step.kind in ("new", "changed"):
                after["new"] = Existing("new", step.service, step.price, JANUARY, step.date_to)
            elif step.kind == "corrected":
                after[step.item] = Existing(step.item, step.service, step.price, JANUARY, step.date_to)
            elif step.kind == "ended":
                old = after[step.item]
                after[step.item] = Existing(old.item, old.service, old.price, old.date_from, step.date_to)
        return after
