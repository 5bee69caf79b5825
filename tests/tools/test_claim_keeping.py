"""What a claim told, kept and read back."""

import datetime
import json
from decimal import Decimal

from ...tools.claim_content import Accident, Dates
from ...tools.claim_keeping import keep, recall
from ...tools.cms1500 import layout
from .claim_examples import DAY, make_claim, make_dependent, make_secondary

EXAMPLES = (
    make_claim(),
    make_dependent(),
    make_secondary(),
    make_claim(
        frequency="7", original_reference="ICN-1", accident=Accident("auto", "IL", DAY), dates=Dates(onset=DAY),
        values=(("Ward", "3B"),), paid_by_patient=Decimal("20.10"), accepts_assignment=False, pay_to=make_claim().payer,
    ),
)


def test_what_is_kept_is_read_back_as_it_was_to_the_cent_and_the_day():
    for content in EXAMPLES:
        assert recall(json.loads(json.dumps(keep(content)))) == content


def test_the_form_of_what_was_kept_is_the_form_that_was_sent():
    for content in EXAMPLES:
        assert layout(recall(json.loads(json.dumps(keep(content)))), DAY) == layout(content, DAY)


def test_what_says_nothing_is_left_out():
    kept = keep(make_claim())
    assert "note" not in kept
    assert "others" not in kept
    assert kept["patient_birth"] == "1980-05-17"
    assert kept["total"] == "120.00"


def test_a_field_that_is_new_or_gone_does_not_keep_an_old_copy_from_being_read():
    kept = keep(make_claim(note="seen at home"))
    del kept["note"]
    assert recall({**kept, "colour": "red", "dates": {"moon": "full"}}) == make_claim()


def test_a_day_is_read_back_as_a_day():
    assert recall(keep(make_claim(dates=Dates(onset=DAY)))).dates.onset == datetime.date(2026, 3, 5)
