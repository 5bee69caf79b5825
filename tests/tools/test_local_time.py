import unittest
from datetime import datetime

from ...tools.local_time import ZONES, find_zones, reduce_zones, to_local, to_utc


class TestLocalTime(unittest.TestCase):
    """What time it is where somebody lives, as far as it is known."""

    def test_the_address_tells_the_zone(self):
        self.assertEqual(find_zones("US", "CA"), ("America/Los_Angeles",))
        self.assertEqual(find_zones("US", "TX"), ("America/Chicago", "America/Denver"))
        self.assertEqual(find_zones("GB", None), ("Europe/London",))
        self.assertEqual(find_zones("ES", "M"), ("Europe/Madrid",))
        self.assertEqual(find_zones("ES", "TF"), ("Atlantic/Canary",))

    def test_a_country_of_several_zones_without_a_state_leaves_all_possible(self):
        zones = find_zones("US", None)
        self.assertIn("America/New_York", zones)
        self.assertIn("Pacific/Honolulu", zones)
        self.assertEqual(find_zones("ES", None), ("Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary"))

    def test_the_zone_of_whoever_created_the_contact_does_not_move_the_debtor(self):
        # Odoo gives a new contact the time zone of the user who types it.
        self.assertEqual(find_zones("US", "CA", known="America/New_York"), ("America/Los_Angeles",))
        self.assertEqual(find_zones("US", "TX", known="America/Denver"), ("America/Denver",))
        self.assertEqual(find_zones(None, None, known="America/New_York"), ("America/New_York",))
        self.assertEqual(find_zones("US", "CA", chosen="Asia/Tokyo", known="America/New_York"), ("Asia/Tokyo",))

    def test_without_anything_it_is_the_time_of_the_office(self):
        self.assertEqual(find_zones(None, None, office="Europe/Berlin"), ("Europe/Berlin",))
        self.assertEqual(find_zones(None, None), ("UTC",))
        self.assertEqual(find_zones("BV", None, office="Europe/Berlin"), ("Europe/Berlin",))

    def test_every_zone_exists_and_every_state_of_the_united_states_has_one(self):
        noon = datetime(2026, 3, 16, 12)
        for zones in ZONES.values():
            for zone in zones:
                to_local(noon, zone)
        self.assertEqual(len({state for country, state in ZONES if country == "US"}), 51 + 5)

    def test_there_and_back_on_days_that_change_the_clock(self):
        for zone, days in (("Europe/Berlin", (28, 29, 30)), ("America/New_York", (7, 8, 9))):
            for day in days:
                for hour in (0, 8, 12, 21):
                    local = datetime(2026, 3, day, hour)
                    self.assertEqual(to_local(to_utc(local, zone), zone), local)
        self.assertEqual(to_utc(datetime(2026, 3, 28, 8), "Europe/Berlin"), datetime(2026, 3, 28, 7))
        self.assertEqual(to_utc(datetime(2026, 3, 29, 8), "Europe/Berlin"), datetime(2026, 3, 29, 6))

    def test_zones_whose_clocks_agree_are_said_once(self):
        zones = ("Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary")
        self.assertEqual(reduce_zones(zones, datetime(2026, 3, 16, 12)), ("Europe/Madrid", "Atlantic/Canary"))
