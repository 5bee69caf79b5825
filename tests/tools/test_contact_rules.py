import unittest
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...tools.contact_rules import Attempt, Rules, Wishes, ask, find_next_moment, find_refusal

# A Monday.
NOON = datetime(2026, 3, 16, 12)


def at(day, hour=12, minute=0):
    return datetime(2026, 3, day, hour, minute)


class TestContactRules(unittest.TestCase):
    """When somebody may be called: by day where they live, seldom, not right after a conversation, as they wish."""

    def _refusal(self, now, channel="call", **values):
        refusal = find_refusal(now, channel, **values)
        return refusal and (refusal.rule, refusal.until)

    def test_calls_texts_and_visits_come_by_day(self):
        for channel in ("call", "sms", "visit"):
            self.assertIsNone(self._refusal(at(16, 8), channel))
            self.assertIsNone(self._refusal(at(16, 20, 59), channel))
            self.assertEqual(self._refusal(at(16, 7, 59), channel), ("hours", at(16, 8)))
            self.assertEqual(self._refusal(at(16, 21), channel), ("hours", at(17, 8)))

    def test_letters_and_mails_come_at_any_hour(self):
        for channel in ("letter", "email"):
            self.assertIsNone(self._refusal(at(16, 3), channel))

    def test_days_of_rest_are_kept(self):
        rules = Rules(closed_days=frozenset({5, 6}))
        self.assertEqual(self._refusal(at(21), rules=rules), ("closed", at(23, 8)))
        self.assertEqual(self._refusal(at(21), rules=Rules(closed_days=frozenset(range(7)))), ("closed", None))
        self.assertIsNone(find_next_moment(at(21), "call", rules=Rules(closed_days=frozenset(range(7)))))

    def test_seven_calls_in_seven_days_and_not_an_eighth(self):
        calls = [Attempt(at(day), "call") for day in range(10, 17)]
        self.assertIsNone(self._refusal(at(16, 13), attempts=calls[1:]))
        # The first of them leaves the window on the 17th.
        self.assertEqual(self._refusal(at(16, 13), attempts=calls), ("often", at(17, 8)))
        self.assertEqual(find_next_moment(at(16, 13), "call", calls), at(17, 8))
        self.assertIsNone(self._refusal(at(16, 13), "letter", attempts=calls))

    def test_many_calls_of_one_day_wait_until_enough_of_them_are_old(self):
        calls = [Attempt(at(14, 9), "call")] * 9
        self.assertEqual(self._refusal(NOON, attempts=calls), ("often", at(21, 8)))

    def test_after_a_conversation_it_is_quiet_for_seven_days_that_day_being_the_first(self):
        talk = [Attempt(at(16, 10), "call", talked=True)]
        self.assertEqual(self._refusal(at(16, 11), attempts=talk), ("quiet", at(23, 8)))
        self.assertEqual(self._refusal(at(22, 20), attempts=talk), ("quiet", at(23, 8)))
        self.assertIsNone(self._refusal(at(23, 8), attempts=talk))
        self.assertIsNone(self._refusal(at(17), "email", attempts=talk))

    def test_wishes_come_before_everything_and_do_not_pass(self):
        self.assertEqual(self._refusal(at(16, 3), wishes=Wishes(stopped=True)), ("stopped", None))
        self.assertEqual(self._refusal(NOON, wishes=Wishes(refused={"call"})), ("refused", None))
        self.assertIsNone(self._refusal(NOON, "email", wishes=Wishes(refused={"call"})))
        asks = Wishes(needs_consent={"sms"})
        self.assertEqual(self._refusal(NOON, "sms", wishes=asks), ("consent", None))
        self.assertIsNone(self._refusal(NOON, "sms", wishes=Wishes(needs_consent={"sms"}, consented={"sms"})))
        self.assertIsNone(find_next_moment(NOON, "sms", wishes=asks))

    def test_holidays_are_days_of_rest(self):
        rules = Rules(closed_days=frozenset({6}), holidays=frozenset({at(20).date(), at(21).date()}))
        # Friday and Saturday are holidays, then comes Sunday.
        self.assertEqual(self._refusal(at(20), rules=rules), ("closed", at(23, 8)))

    def test_who_may_not_be_asked_at_all_is_not_called(self):
        for bar in ("bankrupt", "deceased", "minor"):
            for channel in ("call", "sms", "email", "visit"):
                self.assertEqual(self._refusal(NOON, channel, wishes=Wishes(barred=bar)), (bar, None))

    def test_who_asks_to_be_called_on_a_day_is_called_on_it(self):
        wishes = Wishes(asked=frozenset({at(18).date()}))
        talk = [Attempt(at(16, 10), "call", talked=True)]
        self.assertEqual(self._refusal(at(17), attempts=talk, wishes=wishes), ("quiet", at(18, 8)))
        self.assertIsNone(self._refusal(at(18, 9), attempts=talk, wishes=wishes))
        self.assertEqual(self._refusal(at(18, 7), attempts=talk, wishes=wishes), ("hours", at(18, 8)))
        self.assertEqual(self._refusal(at(19), attempts=talk, wishes=wishes), ("quiet", at(23, 8)))
        calls = [Attempt(at(16, hour), "call") for hour in range(9, 16)]
        self.assertEqual(self._refusal(at(17), attempts=calls, wishes=wishes), ("often", at(18, 8)))
        self.assertIsNone(self._refusal(at(18), attempts=calls, wishes=wishes))

    def test_who_may_be_in_two_zones_is_called_when_it_is_day_in_both(self):
        zones = ("America/New_York", "America/Los_Angeles")
        # Eight in New York is five in Los Angeles.
        answer = ask(datetime(2026, 3, 16, 12), zones, "call")
        self.assertEqual(
            (answer.refusal.rule, answer.zone, answer.moment),
            ("hours", "America/Los_Angeles", datetime(2026, 3, 16, 15)),
        )
        self.assertIsNone(ask(datetime(2026, 3, 16, 15), zones, "call").refusal)
        # Nine in the evening in New York: wait for the morning of the other.
        answer = ask(datetime(2026, 3, 17, 1), zones, "call")
        self.assertEqual((answer.zone, answer.moment), ("America/New_York", datetime(2026, 3, 17, 15)))
        self.assertIsNone(ask(datetime(2026, 3, 16, 3), ("Europe/Madrid",), "email").refusal)

    def test_zones_that_share_no_hour_are_never_called(self):
        rules = Rules(earliest=time(9), latest=time(10))
        answer = ask(NOON, ("America/New_York", "America/Los_Angeles"), "call", rules=rules)
        self.assertEqual((answer.refusal.rule, answer.moment), ("hours", None))

    def test_summer_time_moves_the_hours_along(self):
        # The United States changed on 8 March 2026, Europe changes on 29 March.
        for day, hour in ((7, 13), (8, 12), (9, 12)):
            for minute, allowed in ((59, False), (0, True)):
                moment = datetime(2026, 3, day, hour - (minute == 59), minute)
                self.assertEqual(ask(moment, ("America/New_York",), "call").refusal is None, allowed, moment)
        night = datetime(2026, 3, 28, 22)
        self.assertEqual(ask(night, ("Europe/Berlin",), "call").moment, datetime(2026, 3, 29, 6))
        self.assertEqual(
            ask(night.replace(day=27), ("Europe/Berlin",), "call").moment, datetime(2026, 3, 28, 7),
        )

    def test_an_attempt_of_yesterday_evening_there_counts_for_yesterday_there(self):
        # Eight in the evening of the 15th in Los Angeles is the 16th in UTC.
        talk = [Attempt(datetime(2026, 3, 16, 3), "call", talked=True)]
        there = ask(datetime(2026, 3, 22, 16), ("America/Los_Angeles",), "call", talk)
        self.assertIsNone(there.refusal)
        self.assertEqual(ask(datetime(2026, 3, 22, 16), ("UTC",), "call", talk).refusal.rule, "quiet")

    def test_an_office_that_never_calls_is_told_so(self):
        self.assertEqual(self._refusal(NOON, rules=Rules(most=0)), ("often", None))

    @given(
        st.lists(st.tuples(st.integers(0, 20 * 24 * 60), st.booleans()), max_size=25),
        st.integers(0, 20 * 24 * 60), st.sampled_from(["call", "sms", "visit", "letter", "email"]),
    )
    def test_the_next_moment_is_allowed_and_none_before_it_is(self, past, minutes, channel):
        start = datetime(2026, 3, 1)
        attempts = [Attempt(start + timedelta(minutes=minute), "call", talked) for minute, talked in past]
        now = start + timedelta(minutes=minutes)
        attempts = [attempt for attempt in attempts if attempt.at <= now]
        moment = find_next_moment(now, channel, attempts)
        self.assertIsNotNone(moment)
        self.assertGreaterEqual(moment, now)
        self.assertIsNone(find_refusal(moment, channel, attempts))
        if moment > now:
            self.assertTrue(time(8) <= moment.time() < time(21))
            self.assertIsNotNone(find_refusal(max(now, moment - timedelta(minutes=1)), channel, attempts))
