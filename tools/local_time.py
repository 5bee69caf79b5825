"""What time it is where somebody lives, as far as their address tells.

An address may leave several times possible: a state that a time zone divides, a country of several without a state.
Then all of them count, so that nobody is called at night in any of them (as 12 CFR 1006.6(b)(1) is officially read:
a moment that suits all places where the person may be).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytz

__all__ = ["find_zones", "reduce_zones", "to_local", "to_utc"]

# Names behind "America/" unless they say more; by country and state, where a country has several times.
STATES = {
    "US": {
        "New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "New_York Chicago": "FL KY TN",
        "Indiana/Indianapolis Chicago": "IN",
        "Detroit Chicago": "MI",
        "Chicago": "AL AR IA IL LA MN MO MS OK WI",
        "Chicago Denver": "KS ND NE SD TX",
        "Denver": "CO MT NM UT WY",
        "Phoenix Denver": "AZ",
        "Boise Los_Angeles": "ID OR",
        "Los_Angeles": "CA NV WA",
        "Anchorage Adak": "AK",
        "Pacific/Honolulu": "HI",
        "Puerto_Rico": "PR VI",
        "Pacific/Guam": "GU MP",
        "Pacific/Pago_Pago": "AS",
    },
    "CA": {
        "St_Johns Halifax": "NL",
        "Halifax": "NB NS PE",
        "Toronto Halifax": "QC",
        "Toronto Winnipeg": "ON",
        "Winnipeg": "MB",
        "Regina": "SK",
        "Edmonton": "AB NT",
        "Vancouver Edmonton": "BC",
        "Whitehorse": "YT",
        "Iqaluit Rankin_Inlet Cambridge_Bay": "NU",
    },
    "AU": {
        "Australia/Sydney": "ACT NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Hobart": "TAS",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
    },
    "ES": {"Atlantic/Canary": "GC TF", "Africa/Ceuta": "CE ME"},
    "PT": {"Atlantic/Azores": "20", "Atlantic/Madeira": "30"},
}
# Where most of a country lives: its states that are not named above.
MAINLANDS = {"ES": "Europe/Madrid", "PT": "Europe/Lisbon"}


def _spell(names: str) -> tuple[str, ...]:
    def full(name):
        return name if name.startswith(("Pacific/", "Australia/", "Atlantic/", "Africa/")) else f"America/{name}"

    return tuple(full(name) for name in names.split())


ZONES = {
    (country, state): _spell(names)
    for country, parts in STATES.items() for names, states in parts.items() for state in states.split()
}


def find_zones(
    country: str | None, state: str | None, chosen: str | None = None, known: str | None = None,
    office: str | None = None,
) -> tuple[str, ...]:
    """The time zones in which somebody may be, the likeliest first.

    :param country: ISO code of the address, like the code of its state
    :param chosen: what somebody of the office has said of this person: it counts alone
    :param known: what the contact carries, which may be no more than the zone of whoever created it: it counts unless
        the address speaks against it
    :param office: what is left when nothing is known
    """
    if chosen:
        return (chosen,)
    places = _find_places(country, state)
    if known and (not places or known in places):
        return (known,)
    return places or (office or "UTC",)


def _find_places(country: str | None, state: str | None) -> tuple[str, ...]:
    if not country:
        return ()
    zones = ZONES.get((country, state or ""))
    if zones:
        return zones
    if state and country in MAINLANDS:
        return (MAINLANDS[country],)
    return tuple(pytz.country_timezones.get(country, ()))


def to_local(moment: datetime, zone: str) -> datetime:
    """The clock on the wall of a zone at a moment in UTC, both without a zone of their own."""
    return moment.replace(tzinfo=UTC).astimezone(pytz.timezone(zone)).replace(tzinfo=None)


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment in UTC at which the clock on the wall of a zone shows this time.

    Of an hour that the end of summer time repeats, the second one; in the hour that its beginning leaves out, as if it
    had not begun.
    """
    return pytz.timezone(zone).localize(local, is_dst=False).astimezone(UTC).replace(tzinfo=None)


def reduce_zones(zones: Sequence[str], moment: datetime) -> tuple[str, ...]:
    """Of zones whose clocks agree at this moment, the first."""
    seen = {}
    for zone in zones:
        seen.setdefault(to_local(moment, zone), zone)
    return tuple(seen.values())
