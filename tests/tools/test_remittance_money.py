"""Which money of a payer's answer pays what, and what of its reasons only repeats what is settled elsewhere."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.mirrored import Said, divide_answer, find_mirrored
from ...tools.remittance_money import ADDED, ANSWER, CHEQUE, CREDIT, KEPT, TAKEN, WAITS, Side, divide_money

amounts = st.integers(0, 500).map(lambda cents: Decimal(cents) / 100)


def _flows(sources, uses):
    flows = divide_money([Side(*side) for side in sources], [Side(*side) for side in uses])
    return [(flow.source.kind, flow.source.key, flow.use.kind, flow.use.key, int(flow.amount)) for flow in flows]


class TestRemittanceMoney(TestCase):
    """Which money of an answer pays what."""

    def test_the_cheque_is_used_up_first(self):
        self.assertEqual(_flows([(CREDIT, "old", 30), (CHEQUE, None, 100)], [(ANSWER, 1, 80), (ANSWER, 2, 50)]), [
            (CHEQUE, None, ANSWER, 1, 80), (CHEQUE, None, ANSWER, 2, 20), (CREDIT, "old", ANSWER, 2, 30),
        ])

    def test_what_is_taken_back_pays_the_new_answer_to_the_same_claim(self):
        self.assertEqual(
            _flows([(CHEQUE, None, 20), (TAKEN, 1, 300)], [(ANSWER, 2, 10), (ANSWER, 1, 310)]),
            [(TAKEN, 1, ANSWER, 1, 300), (CHEQUE, None, ANSWER, 2, 10), (CHEQUE, None, ANSWER, 1, 10)],
        )

    def test_what_waits_waits_on_the_cheque(self):
        self.assertEqual(
            _flows([(CHEQUE, None, 450), (KEPT, "WO", 50)], [(ANSWER, 1, 400), (WAITS, None, 100)]),
            [(CHEQUE, None, WAITS, None, 100), (CHEQUE, None, ANSWER, 1, 350), (KEPT, "WO", ANSWER, 1, 50)],
        )

    def test_what_does_not_add_up_is_not_divided(self):
        with self.assertRaises(ValueError):
            _flows([(CHEQUE, None, 10)], [(ANSWER, 1, 9)])

    @given(st.lists(st.tuples(st.sampled_from([CHEQUE, CREDIT, TAKEN, KEPT]), st.integers(1, 3), amounts)),
           st.lists(st.tuples(st.sampled_from([ANSWER, ADDED]), st.integers(1, 3), amounts)))
    def test_all_of_it_goes_somewhere_and_nothing_twice(self, sources, uses):
        sources = list({side[:2]: Side(*side) for side in sources}.values())
        uses = list({side[:2]: Side(*side) for side in uses}.values())
        there, wanted = sum(side.amount for side in sources), sum(side.amount for side in uses)
        if there > wanted:
            uses.append(Side(WAITS, None, there - wanted))
        elif wanted > there:
            sources.append(Side(CHEQUE, None, wanted - there))
        flows = divide_money(sources, uses)
        for side in sources:
            self.assertEqual(sum(flow.amount for flow in flows if flow.source is side), side.amount)
        for side in uses:
            self.assertEqual(sum(flow.amount for flow in flows if flow.use is side), side.amount)
        self.assertTrue(all(flow.amount > 0 for flow in flows))


def _said(*adjustments):
    effects = {"CO-45": "reduce", "CO-253": "reduce", "PR-1": "transfer", "PR-2": "transfer", "PR-3": "transfer"}
    return [
        Said(*name.split("-"), effects.get(name, "hold"), Decimal(amount)) for name, amount in adjustments
    ]


def _mirrored(said, asked, paid, elsewhere, is_first=False):
    return [int(amount) for amount in find_mirrored(
        said, Decimal(asked), Decimal(paid), Decimal(elsewhere), is_first=is_first,
    )]


class TestMirrored(TestCase):
    """A payer's answer to a charge of 500, of which it is asked for 80."""

    def test_oa_23_is_what_the_primary_took_care_of(self):
        said = _said(("OA-23", 420), ("PR-2", 20))
        self.assertEqual(_mirrored(said, 80, 60, 420), [420, 0])

    def test_the_secondarys_discount_contains_the_primarys(self):
        said = _said(("CO-45", 150), ("OA-23", 300), ("PR-3", 10))
        self.assertEqual(_mirrored(said, 80, 40, 420), [120, 300, 0])

    def test_oa_23_beyond_what_is_settled_stays_to_be_decided(self):
        self.assertEqual(_mirrored(_said(("OA-23", 440)), 80, 60, 420), [420])

    def test_a_denial_of_the_charge_is_one_of_what_is_asked(self):
        self.assertEqual(_mirrored(_said(("CO-50", 500)), 80, 0, 420), [420])

    def test_an_answer_to_what_is_asked_repeats_nothing(self):
        self.assertEqual(_mirrored(_said(("CO-45", 20)), 80, 60, 420), [0])

    def test_a_later_payers_patient_share_is_never_a_repetition(self):
        self.assertEqual(_mirrored(_said(("PR-1", 500)), 80, 0, 420), [0])

    def test_the_first_payer_of_a_split_plan_repeats_the_patients_share(self):
        said = _said(("PR-2", 100), ("CO-45", 50))
        self.assertEqual(_mirrored(said, 400, 350, 100, is_first=True), [100, 0])

    def test_an_answer_is_divided_among_the_lines_that_ask(self):
        """Deductible 80 and coinsurance 30 of one service are asked: paid 60, PR-2 50, OA-23 390 of 500."""
        said = _said(("OA-23", 390), ("PR-2", 50))
        asked = [Decimal(80), Decimal(30)]
        lines = divide_answer(asked, Decimal(60), said, find_mirrored(
            said, sum(asked), Decimal(60), Decimal(390), is_first=False,
        ))
        self.assertEqual([(line.paid, line.amounts) for line in lines], [(60, [390, 20]), (0, [0, 30])])

    @given(st.lists(amounts, min_size=1, max_size=3), amounts, st.lists(st.tuples(
        st.sampled_from(["OA-23", "CO-45", "PR-1", "CO-50"]), st.integers(-200, 500),
    ), max_size=4), amounts)
    def test_dividing_loses_nothing(self, asked, paid, adjustments, elsewhere):
        said = _said(*adjustments)
        mirrored = find_mirrored(said, sum(asked), paid, elsewhere, is_first=False)
        lines = divide_answer(asked, paid, said, mirrored)
        self.assertEqual(sum(line.paid for line in lines), paid)
        for position, adjustment in enumerate(said):
            self.assertEqual(sum(line.amounts[position] for line in lines), adjustment.amount)
            self.assertLessEqual(mirrored[position], max(adjustment.amount, 0))
        self.assertLessEqual(sum(mirrored), elsewhere)
