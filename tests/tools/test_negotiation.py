"""Giving up a part: who may, and whether what was agreed has come."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.billing_coordinator.tools.negotiation import Limit, concession, percent_of, standing, within

MONEY = st.decimals(min_value=0, max_value=100000, places=2)
UNTIL = date(2026, 3, 31)


def test_what_is_given_up_is_what_is_open_less_what_is_offered():
    assert concession(Decimal(500), Decimal(400)) == 100
    assert percent_of(Decimal(100), Decimal(500)) == 20


def test_an_offer_above_what_is_open_gives_nothing_up():
    assert concession(Decimal(500), Decimal(600)) == 0


def test_a_limit_is_an_amount_and_a_share():
    limit = Limit(Decimal(100), Decimal(20))
    assert within(limit, Decimal(100), Decimal(500))
    assert not within(limit, Decimal("100.01"), Decimal(501))
    assert not within(limit, Decimal(100), Decimal(499))


def test_what_was_taken_off_before_counts():
    limit = Limit(Decimal(100), Decimal(100))
    assert within(limit, Decimal(60), Decimal(500), before=Decimal(40))
    assert not within(limit, Decimal(60), Decimal(500), before=Decimal("40.01"))


def test_no_amount_is_any_amount_within_the_share():
    assert within(Limit(None, Decimal(50)), Decimal(50000), Decimal(100000))
    assert not within(Limit(None, Decimal(50)), Decimal(50001), Decimal(100000))


def test_an_agreement_waits_until_its_day_has_passed():
    days = {day: standing(Decimal(400), [Decimal(399)], Decimal(101), UNTIL, date(2026, *day)) for day in (
        (3, 30), (3, 31), (4, 1),
    )}
    assert days == {(3, 30): "waiting", (3, 31): "waiting", (4, 1): "broken"}


def test_paid_late_but_looked_at_late_too_it_is_kept():
    assert standing(Decimal(400), [Decimal(100), Decimal(300)], Decimal(100), UNTIL, date(2026, 4, 2)) == "kept"


@given(agreed=MONEY, paid=st.lists(MONEY, max_size=4), left=MONEY, taken_off=MONEY)
def test_money_keeps_it_and_nothing_else_does(agreed, paid, left, taken_off):
    for today in (UNTIL, date(2026, 4, 1)):
        found = standing(agreed, paid, left, UNTIL, today, taken_off)
        assert (found == "kept") == (sum(paid, Decimal(0)) >= agreed)
        assert not (found == "waiting" and today > UNTIL)


def test_where_nothing_is_left_and_nothing_was_paid_nobody_kept_it():
    assert standing(Decimal(400), [Decimal(0)], Decimal(0), UNTIL, date(2026, 3, 20)) == "over"


def test_paid_short_with_nothing_left_it_is_broken_before_its_day():
    assert standing(Decimal(400), [Decimal(300)], Decimal(0), UNTIL, date(2026, 3, 20), Decimal(200)) == "broken"
    assert standing(Decimal(400), [Decimal(300)], Decimal(0), UNTIL, date(2026, 3, 20)) == "broken"
    assert standing(Decimal(400), [], Decimal(0), UNTIL, date(2026, 3, 20), Decimal(500)) == "broken"


def test_after_an_answer_that_leaves_less_than_is_missing_no_more_can_come():
    early = date(2026, 3, 20)
    assert standing(Decimal(400), [Decimal(300)], Decimal(99), UNTIL, early, Decimal(101)) == "broken"
    assert standing(Decimal(400), [Decimal(300)], Decimal(100), UNTIL, early, Decimal(100)) == "waiting"


def test_what_the_office_credits_leaves_the_other_side_its_time():
    assert standing(Decimal(400), [], Decimal(300), UNTIL, date(2026, 3, 20)) == "waiting"
