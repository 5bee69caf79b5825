"""Damaged files: nothing escapes but X12Error, and no transaction closes cleanly with money that was not in it."""

import io
import unittest
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.x12 import acknowledgement, remittance
from ...tools.x12.faults import X12Error, sentence
from ...tools.x12.remittance import HOLD
from .x12_files import answer_277, answer_999, claim, claim_answer, reversal, service, wrap
from .x12_files import remittance as build

CONTRACT = [("CO", "45", "10.00"), ("PR", "2", "10.00")]
VISIT = service("99213", "100.00", "80.00", CONTRACT, control="L-1")
SHOT = service("90658", "31.00", "25.50", [("CO", "45", "5.50")], control="L-2", modifiers=("25",), remarks=("N19",))
DENIED = service("85025", "20.00", "0.00", [("CO", "96", "20.00")], control="L-3")
CLAIMS = [
    claim("CLM-1", [VISIT, SHOT], control="P-1"),
    claim("CLM-2", [DENIED], status="4", control="P-2", patient=("ALT", "OTTO"), member="M-2"),
    claim("CLM-3", charge="70.00", paid="50.00", adjustments=[("PR", "1", "20.00")], patient=("JUNG", "IDA")),
]
FIRST = build(CLAIMS, provider_adjustments=[[("WO", "OLD", "13.00"), ("L6", "", "-0.37")]], trace="T-1")
SECOND = build([reversal(CLAIMS[0]), claim("CLM-1", [VISIT], control="P-9")], trace="T-2", amount=None)
CONTENT = wrap(FIRST, SECOND)
PIECES = CONTENT.removesuffix(b"~").split(b"~")
GARBAGE = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b"", b"*", b"CLP", b"CAS*CO", b"SVC*HC:1*5*5", b"PLB*1*20261231*WO:1*4", b"SE", b"ST*835*9", b"ISA*00",
        b"BPR*I*5*C", b"X" * 40_000,
    ]),
)
ACTIONS = st.tuples(
    st.sampled_from(["drop", "double", "swap", "replace", "insert", "damage", "cut"]),
    st.integers(0, len(PIECES) - 1), st.integers(0, 60), GARBAGE,
)


def damage(pieces, action):
    """The segments after one mishap."""
    kind, index, place, garbage = action
    index = min(index, len(pieces) - 1)
    before, piece, after = pieces[:index], pieces[index], pieces[index + 1:]
    if kind == "drop":
        return [*before, *after]
    if kind == "double":
        return [*before, piece, piece, *after]
    if kind == "swap":
        return [*before, *after[:1], piece, *after[1:]]
    if kind == "replace":
        return [*before, garbage, *after]
    if kind == "insert":
        return [*before, garbage, piece, *after]
    if kind == "damage":
        return [*before, piece[:place] + garbage[:3] + piece[place + 1:], *after]
    return [*before, piece[:place]]


def read(reader, content):
    """Records, each with its sentence; None where the file is refused as a whole."""
    try:
        records = list(reader(io.BytesIO(content)))
    except X12Error as error:
        return None if str(error) else [error]
    for record in records:
        if hasattr(record, "reason"):
            assert sentence(record.reason, record.detail)
    return records


def money(transaction):
    """What moves money in a claim: charge, paid, and every reason with its amount."""
    return Counter(
        (item.charge, item.paid, *sorted(
            (adjustment.group, adjustment.amount)
            for holder in (item, *item.services)
            for adjustment in holder.adjustments
        ))
        for item in transaction.claims if item.paid or item.adjusted
    )


WHOLE = {item.payment.trace: item for item in remittance.read_whole(io.BytesIO(CONTENT))[0]}


class TestDamagedFiles(unittest.TestCase):
    """Segments lost, doubled, swapped, garbled; bytes of any kind."""

    def test_the_file_itself_is_whole(self):
        self.assertEqual([item.closing.held for item in WHOLE.values()], [0, 0])
        self.assertEqual([str(item.closing.payment) for item in WHOLE.values()], ["142.87", "-25.50"])

    @settings(max_examples=400)
    @given(st.lists(ACTIONS, min_size=1, max_size=3), st.booleans())
    def test_nothing_escapes_and_every_transaction_that_begins_ends(self, actions, with_breaks):
        pieces = PIECES
        for action in actions:
            pieces = damage(pieces, action) or [b""]
        records = read(remittance.read, (b"~\r\n" if with_breaks else b"~").join(pieces) + b"~")
        is_open = False
        for record in records or ():
            if isinstance(record, remittance.Payment):
                self.assertFalse(is_open)
                is_open = True
            elif isinstance(record, remittance.Closing | remittance.Refused):
                self.assertTrue(is_open or isinstance(record, remittance.Refused))
                is_open = False
            elif isinstance(record, remittance.Claim | remittance.ProviderAdjustment):
                self.assertTrue(is_open)
        self.assertFalse(is_open)

    def test_one_segment_lost_doubled_or_swapped_changes_no_money_unseen(self):
        for index in range(len(PIECES)):
            for kind in ("drop", "double", "swap"):
                with self.subTest(kind=kind, index=index, piece=PIECES[index]):
                    self.assertMoney(b"~".join(damage(PIECES, (kind, index, 0, b""))) + b"~")

    def test_a_file_that_breaks_off_anywhere_changes_no_money_unseen(self):
        for place in range(len(CONTENT)):
            self.assertMoney(CONTENT[:place])

    @settings(max_examples=300)
    @given(st.integers(0, len(PIECES) - 1), st.integers(1, 12))
    def test_neighbouring_segments_that_are_lost_change_no_money_unseen(self, index, count):
        """Of a whole claim that pays nothing only the count of segments tells."""
        self.assertMoney(b"~".join([*PIECES[:index], *PIECES[index + count:]]) + b"~", whole_claims=True)

    def assertMoney(self, content, whole_claims=False):
        """What closes without being held has the money that was sent."""
        if read(remittance.read, content) is None:
            return
        for item in remittance.read_whole(io.BytesIO(content))[0]:
            if item.closing and not item.closing.held:
                whole = WHOLE[item.payment.trace]
                self.assertEqual(item.payment.signed_amount, whole.payment.signed_amount)
                lost = money(whole) - money(item)
                if whole_claims and lost:
                    self.assertEqual([paid for _charge, paid, *_reasons in lost], [0])
                    self.assertIn("segment_count", [fault.reason for fault in item.faults])
                else:
                    self.assertEqual(money(item), money(whole))
                self.assertEqual(
                    [adjustment[2:5] for adjustment in item.provider_adjustments],
                    [adjustment[2:5] for adjustment in whole.provider_adjustments],
                )

    @settings(max_examples=300)
    @given(st.lists(ACTIONS, min_size=1, max_size=3))
    def test_what_closes_adds_up_or_says_that_it_does_not(self, actions):
        pieces = PIECES
        for action in actions:
            pieces = damage(pieces, action) or [b""]
        content = b"~".join(pieces) + b"~"
        if read(remittance.read, content) is None:
            return
        for item in remittance.read_whole(io.BytesIO(content))[0]:
            if not item.closing:
                continue
            held = {fault.claim for fault in item.faults if fault.severity == HOLD}
            self.assertEqual(bool(held), bool(item.closing.held))
            paid = sum((one.paid for one in item.claims), Decimal(0))
            taken = sum((one.amount for one in item.provider_adjustments), Decimal(0))
            self.assertEqual(item.closing.difference, paid - taken - item.payment.signed_amount)
            self.assertTrue(None in held or not item.closing.difference)
            for one in item.claims:
                self.assertTrue(one.position in held or not one.difference)

    @settings(max_examples=300)
    @given(st.binary(max_size=400), st.booleans())
    def test_bytes_of_any_kind(self, content, with_header):
        for reader in (remittance.read, acknowledgement.read):
            read(reader, (CONTENT[:200] if with_header else b"") + content)

    @settings(max_examples=300)
    @given(st.lists(ACTIONS, min_size=1, max_size=3), st.booleans())
    def test_damaged_acknowledgements(self, actions, of_claims):
        errors = [("0001", [["IK3", "CLM", "22", "", "8"], ["CTX", ("CLM01", "1")], ["IK4", ("2", "1"), "782", "1"]])]
        statuses = (("A7", "562", "85"),)
        claims = [claim_answer(services=[("99213", "5", "L", statuses)]), claim_answer("B", statuses)]
        content = (
            wrap(answer_277(claims), kind="277") if of_claims
            else wrap(answer_999([("0001", "R", "5"), ("0002", "A")], errors=errors), kind="999")
        )
        pieces = content.split(b"~")
        for action in actions:
            pieces = damage(pieces, action) or [b""]
        for record in read(acknowledgement.read, b"~".join(pieces)) or ():
            self.assertIsInstance(getattr(record, "verdict", ""), str)
