"""Codes that stand in several places of an 837P file: procedures with their modifiers, places of service."""

import re

from .page import Place

PROCEDURE = re.compile(r"[0-9A-Z]{5}")
MODIFIER = re.compile(r"[0-9A-Z]{2}")
PLACE_OF_SERVICE = re.compile(r"[0-9]{2}")
MAX_MODIFIERS = 4


def get_place(page, code, place):
    """A place of service of two digits."""
    if not code:
        return page.refuse(place, "missing")
    return code if PLACE_OF_SERVICE.fullmatch(code) else page.refuse(place, "code", code)


def get_procedure(page, code, modifiers, loop, element, words=""):
    """A procedure code with up to four modifiers, as a composite."""
    place = Place(loop, f"{element}-2", "24D")
    plain = (code or "").strip().upper()
    if not plain:
        page.refuse(place, "missing")
    elif not PROCEDURE.fullmatch(plain):
        plain = page.refuse(place, "procedure", code)
    if len(modifiers) > MAX_MODIFIERS:
        page.refuse(Place(loop, f"{element}-6", "24D"), "too_many", len(modifiers))
    for modifier in modifiers:
        if not MODIFIER.fullmatch(modifier.upper()):
            page.refuse(Place(loop, f"{element}-3", "24D"), "modifier", modifier)
    padded = [modifier.upper() for modifier in modifiers[:MAX_MODIFIERS]] + [""] * (MAX_MODIFIERS - len(modifiers))
    return "HC", plain, *padded, words
