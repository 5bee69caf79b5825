import io
import unittest
from datetime import date
from decimal import Decimal

from ...tools.x12 import acknowledgement as reading
from ...tools.x12.acknowledgement import (
    BatchAnswer,
    ClaimAnswer,
    GroupAnswer,
    InterchangeAnswer,
    Refused,
    SegmentError,
    SetAnswer,
    X12Error,
)
from ...tools.x12.status_codes import describe, words
from ...tools.x12.syntax_codes import ELEMENTS, INTERCHANGE, SEGMENTS, SETS
from .x12_files import DAY, PLAIN, Separators, answer_277, answer_999, claim_answer, remittance, wrap, wrap_ta1


def read(content):
    return list(reading.read(io.BytesIO(content)))


def read_claims(*claims, **values):
    records = read(wrap(answer_277(list(claims), **values), kind="277"))
    return [record for record in records if isinstance(record, ClaimAnswer)]


class TestInterchange(unittest.TestCase):
    """TA1."""

    def test_the_answer_names_our_interchange_and_what_became_of_it(self):
        answer, = read(wrap_ta1("000000007"))
        self.assertEqual(answer, InterchangeAnswer("000000007", DAY, "A", "000", 2))
        self.assertEqual(answer.verdict, "accepted")
        answer, = read(wrap_ta1("000000007", status="R", code="025"))
        self.assertEqual(answer.verdict, "rejected")
        self.assertEqual(words(INTERCHANGE, answer.code), "the control number was used before (ISA13) (025)")

    def test_it_may_stand_before_another_answer(self):
        content = wrap(answer_999(), kind="999").replace(b"GS*", b"TA1*000000007*260316*1200*E*000~GS*", 1)
        self.assertEqual([type(record) for record in read(content)], [InterchangeAnswer, SetAnswer, GroupAnswer])


class TestSets(unittest.TestCase):
    """999 and 997."""

    def test_every_transaction_has_its_answer_and_the_group_its_own(self):
        records = read(wrap(answer_999([("0001", "A"), ("0002", "R", "5", "I5"), ("0003", "E")]), kind="999"))
        self.assertEqual(
            [(record.group, record.control, record.verdict, record.codes) for record in records[:3]],
            [("17", "0001", "accepted", ()), ("17", "0002", "rejected", ("5", "I5")), ("17", "0003", "accepted", ())],
        )
        self.assertEqual(
            records[3],
            GroupAnswer("HC", "17", "005010X222A1", "P", 3, 3, 2, (), "000000101", records[3].position),
        )
        self.assertEqual(records[3].verdict, "unknown")

    def test_errors_name_segment_and_element(self):
        errors = {"0002": [
            ["IK3", "CLM", "22", "2300", "8"], ["CTX", ("CLM01", "CLM-7")], ["IK4", ("5", "3"), "1325", "7", "X"],
            ["IK4", "2", "782", "1"], ["IK3", "REF", "57", "", "I6"], ["CTX", "SITUATIONAL TRIGGER", "CLM", "43"],
        ]}
        for separators in (PLAIN, Separators("|", ">", "!", "\n")):
            answer = read(wrap(
                answer_999([("0002", "R", "5")], errors=errors), kind="999", separators=separators,
            ))[0]
            first, second = answer.errors
            self.assertEqual(first[:5], ("CLM", 22, "2300", "8", ("CLM01:CLM-7",)))
            self.assertEqual(
                [error[:6] for error in first.elements],
                [(5, 3, None, "1325", "7", "X"), (2, None, None, "782", "1", "")],
            )
            self.assertEqual(second, SegmentError("REF", 57, "", "I6", ("SITUATIONAL TRIGGER CLM 43",), (), 10))
        self.assertEqual(words(SEGMENTS, first.code), "the segment has elements with errors (8)")
        self.assertEqual(words(ELEMENTS, first.elements[0].code), "the code is not valid (7)")
        self.assertEqual(words(SETS, "5"), "segments have errors (5)")

    def test_its_forerunner_is_read_the_same(self):
        errors = {"0001": [["AK3", "NM1", "8", "", "8"], ["AK4", "9", "67", "5", "TOO-LONG"]]}
        answer, group = read(wrap(answer_999([("0001", "R", "5")], code="997", errors=errors), kind="997"))
        self.assertEqual((answer.verdict, group.verdict), ("rejected", "rejected"))
        self.assertEqual(answer.errors[0].elements[0][:6], (9, None, None, "67", "5", "TOO-LONG"))

    def test_a_transaction_without_its_result_has_no_answer(self):
        content = wrap(answer_999([("0001", "A"), ("0002", "A")]), kind="999")
        records = read(content[:content.rindex(b"IK5")])
        self.assertEqual([type(record).__name__ for record in records], ["SetAnswer", "Refused", "Fault", "Fault"])
        self.assertEqual((records[0].control, records[1].reason), ("0001", "cut_off"))

    def test_numbers_that_are_none_are_left_out(self):
        content = wrap(answer_999(errors=[("0001", [["IK3", "CLM", "x", "", "8"]])]), kind="999")
        self.assertIsNone(read(content)[0].errors[0].number)


class TestClaims(unittest.TestCase):
    """277CA."""

    def test_an_accepted_claim_brings_the_number_of_the_payer(self):
        answer, = read_claims(claim_answer("CLM-7", control="ICN-7", text="Thank you"))
        self.assertEqual((answer.claim_id, answer.verdict, answer.control_number), ("CLM-7", "accepted", "ICN-7"))
        self.assertEqual((answer.amount, answer.date, answer.date_from), (Decimal(100), DAY, DAY))
        self.assertEqual(answer.text, "Thank you")
        self.assertEqual((answer.patient_name, answer.patient_first_name, answer.member_number), ("NEU", "NORA", "M-1"))
        self.assertEqual((answer.payer, answer.payer_id, answer.provider_npi), ("ACME HEALTH", "87726", "1234567893"))

    def test_a_rejected_claim_says_why_in_words(self):
        answer, = read_claims(claim_answer(
            statuses=(("A7", "562", "85"), ("A6", "164", "IL"), ("A8", "999")), action="U", text="NPI not on file",
        ))
        self.assertEqual(answer.verdict, "rejected")
        self.assertEqual([describe(status) for status in answer.statuses], [
            "billing provider: rejected: information is invalid (A7): NPI (562)",
            "subscriber: rejected: information is missing (A6): contract or member number (164)",
            "rejected: pieces of information do not go together (A8): 999",
        ])
        self.assertEqual(answer.text, "NPI not on file")

    def test_the_category_decides_before_the_action(self):
        for category, action, verdict in (
            ("A0", "WQ", "accepted"), ("A1", "WQ", "accepted"), ("A2", "WQ", "accepted"), ("A5", "WQ", "accepted"),
            ("A3", "WQ", "rejected"), ("A4", "U", "rejected"), ("A7", "WQ", "rejected"), ("A2", "U", "rejected"),
            ("P1", "", "unknown"), ("F2", "", "unknown"), ("E1", "", "unknown"), ("", "", "unknown"),
        ):
            with self.subTest(category=category, action=action):
                answer, = read_claims(claim_answer(statuses=((category, "20"),), action=action))
                self.assertEqual(answer.verdict, verdict)

    def test_a_rejected_line_rejects_its_claim(self):
        answer, = read_claims(claim_answer(services=[("99213", "100.00", "L-1", (("A7", "454"),))]))
        line, = answer.services
        self.assertEqual((line.code, line.charge, line.control_number), ("99213", Decimal(100), "L-1"))
        self.assertEqual((line.statuses[0].category, line.statuses[0].code), ("A7", "454"))
        self.assertEqual(answer.verdict, "rejected")

    def test_claims_of_one_patient_and_of_several_are_kept_apart(self):
        answers = read_claims(claim_answer("A"), claim_answer("B", patient=("ALT", "OTTO"), member="M-2"))
        self.assertEqual([(one.claim_id, one.patient_name) for one in answers], [("A", "NEU"), ("B", "ALT")])
        content = wrap(answer_277([claim_answer("A")]), kind="277").replace(b"SE*", b"TRN*2*B~STC*A3:26*20260316*U~SE*")
        answers = [record for record in read(content) if isinstance(record, ClaimAnswer)]
        self.assertEqual(
            [(one.claim_id, one.patient_name, one.verdict) for one in answers],
            [("A", "NEU", "accepted"), ("B", "NEU", "rejected")],
        )

    def test_a_patient_without_a_name_does_not_get_that_of_another(self):
        content = wrap(answer_277([claim_answer("A"), claim_answer("B")]), kind="277")
        name = b"NM1*QC*1*NEU*NORA****MI*M-1~"
        first, rest = content.split(b"TRN*2*A~")
        records = read(first + b"TRN*2*A~" + rest.replace(name, b""))
        self.assertEqual([one.patient_name for one in records if isinstance(one, ClaimAnswer)], ["NEU", ""])

    def test_a_whole_batch_may_be_rejected(self):
        records = read(wrap(answer_277(reference="BATCH-9", batch_statuses=(("A8", "746", "41"),)), kind="277"))
        batch, = records
        self.assertIsInstance(batch, BatchAnswer)
        self.assertEqual((batch.level, batch.reference, batch.verdict), ("receiver", "BATCH-9", "rejected"))
        self.assertEqual((batch.accepted, batch.amount_accepted), (0, Decimal(100)))
        self.assertEqual(
            describe(batch.statuses[0]),
            "submitter: rejected: pieces of information do not go together (A8): file sent twice (746)",
        )

    def test_days_may_be_a_range_and_amounts_no_amounts(self):
        content = wrap(answer_277([claim_answer()]), kind="277")
        content = content.replace(b"DTP*472*D8*20260316", b"DTP*472*RD8*20260301-20260304")
        content = content.replace(b"*WQ*100.00", b"*WQ*ten")
        answer, = [record for record in read(content) if isinstance(record, ClaimAnswer)]
        self.assertEqual((answer.date_from, answer.date_to), (date(2026, 3, 1), date(2026, 3, 4)))
        self.assertIsNone(answer.amount)

    def test_a_claim_that_is_cut_off_is_not_told(self):
        content = wrap(answer_277([claim_answer("A"), claim_answer("B")]), kind="277")
        records = read(content[:content.rindex(b"STC")])
        self.assertEqual([record.claim_id for record in records if isinstance(record, ClaimAnswer)], ["A"])
        self.assertEqual([record.reason for record in records if isinstance(record, Refused)], ["cut_off"])


class TestOtherFiles(unittest.TestCase):
    """What is no acknowledgement."""

    def test_other_transactions_are_refused_and_other_files_are_errors(self):
        records = read(wrap(remittance()) + wrap(answer_999(), kind="999"))
        self.assertEqual([type(record) for record in records], [Refused, SetAnswer, GroupAnswer])
        self.assertEqual(records[0].detail, {"set": "835"})
        with self.assertRaises(X12Error):
            read(b"Dear Sir")
