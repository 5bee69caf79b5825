"""Public sample files of others, none of which is part of this project: the folder is named by BILLING_X12_FILES."""

import os
import re
import unittest
from collections import Counter
from pathlib import Path

from ...tools.x12 import acknowledgement, remittance
from ...tools.x12.envelope import detect
from ...tools.x12.faults import X12Error, sentence
from ...tools.x12.remittance import HOLD, Fault

FOLDER = os.environ.get("BILLING_X12_FILES", "")
# A payment that says nothing readable is refused; no ISA: no X12 file.
REFUSED = {"apifocal__x12-parser/example835One.txt": ("bad_amount", 4, "BPR02 is no amount: “NOT”.")}
NO_X12 = {"keironstoddart__edi-835-parser/blue_cross_nc_sample.txt"}
# The list does not say what is in this file: its header is not as wide as others.
NOT_COUNTED = {"jdavisp3__TigerShark/835-example.txt"}
LIST = "SOURCES.md"


@unittest.skipUnless(FOLDER, "BILLING_X12_FILES names no folder with sample files")
class TestRealFiles(unittest.TestCase):
    """Each is read or refused with words, and the figures are those that were counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(FOLDER)
        text = (folder / LIST).read_text()
        cls.listed = dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE))
        cls.files = {str(path.relative_to(folder)): path for path in sorted(folder.glob("*/*")) if path.is_file()}

    def read(self, name, reader):
        with self.files[name].open("rb") as file:
            return reader(file)

    def test_every_file_is_listed(self):
        self.assertEqual(set(self.files), set(self.listed))

    def test_every_file_is_read_or_refused_with_words(self):
        for name in self.files:
            for reader in (remittance.read, acknowledgement.read):
                with self.subTest(name=name, reader=reader):
                    try:
                        records = self.read(name, lambda file, reader=reader: list(reader(file)))
                    except X12Error as error:
                        self.assertIn(name, NO_X12)
                        self.assertTrue(str(error))
                    else:
                        self.assertTrue(records)
                        for record in records:
                            if hasattr(record, "reason"):
                                self.assertTrue(sentence(record.reason, record.detail))

    def test_files_without_a_header_are_no_x12(self):
        for name in NO_X12:
            with self.assertRaisesRegex(X12Error, "does not begin with an interchange header"):
                self.read(name, remittance.read_whole)

    def test_every_file_is_known_for_what_it_is(self):
        kinds = {"835": "remittance", "837": "claims", "27[01]": "eligibility", "999|277": "acknowledgement"}
        for name, facts in self.listed.items():
            expected = next((kind for sets, kind in kinds.items() if re.search(f"ST ({sets})x", facts)), "remittance")
            with self.subTest(name=name):
                self.assertEqual(self.read(name, detect), None if name in NO_X12 else expected)

    def test_the_figures_of_remittances_are_those_of_the_list(self):
        names = {name for name, facts in self.listed.items() if "ST 835x" in facts} - NO_X12 - set(REFUSED)
        self.assertEqual(len(names), 15)
        for name in names:
            with self.subTest(name=name):
                transactions, _outside = self.read(name, remittance.read_whole)
                self.assertCounted(self.listed[name], transactions)

    def assertCounted(self, facts, transactions):
        """Transactions, claims by status, lines, reasons by group, remarks, what balances and how it is paid."""
        self.assertEqual(len(transactions), int(re.search(r"ST 835x(\d+)", facts)[1]))
        claims = [claim for item in transactions for claim in item.claims]
        self.assertEqual(
            Counter(claim.status for claim in claims), eval_counts(re.search(r"CLP status (\{.*?\})", facts)[1]),
        )
        lines = [line for claim in claims for line in claim.services]
        self.assertEqual(len(lines), int(re.search(r"(\d+) SVC", facts)[1]))
        segments = {
            (holder.position, adjustment.group)
            for claim in claims for holder in (claim, *claim.services) for adjustment in holder.adjustments
        }
        self.assertEqual(
            set(Counter(group for _position, group in segments)),
            set(eval_counts(re.search(r"CAS (\{.*?\})", facts)[1])),
        )
        balanced, of_all = map(int, re.search(r"BPR ok (\d+)/(\d+)", facts).groups())
        self.assertEqual(sum(not item.closing.difference for item in transactions), balanced)
        self.assertEqual(len(transactions), of_all)
        unbalanced, _claims = map(int, re.search(r"claims unbalanced (\d+)/(\d+)", facts).groups())
        self.assertEqual(sum(bool(claim.difference) for claim in claims), unbalanced)
        held = {
            fault.claim for item in transactions for fault in item.faults
            if fault.severity == HOLD and fault.reason == "claim_balance"
        }
        self.assertEqual(len(held), unbalanced)
        self.assertEqual({item.payment.method for item in transactions}, {re.search(r"BPR04 (\w+)", facts)[1]})
        remarks = re.search(r"LQ(\d+)", facts)
        if remarks:
            self.assertLessEqual(sum(len(line.remarks) for line in lines), int(remarks[1]))
            self.assertTrue(any(line.remarks for line in lines))

    def test_a_payment_that_cannot_be_read_is_refused_where_it_stands(self):
        for name, expected in REFUSED.items():
            (transaction,), _outside = self.read(name, remittance.read_whole)
            refused = transaction.refused
            self.assertEqual((refused.reason, refused.position, sentence(refused.reason, refused.detail)), expected)
            self.assertIsNone(transaction.closing)

    def test_a_header_that_is_not_as_wide_as_others_is_read(self):
        for name in NOT_COUNTED:
            (transaction,), _outside = self.read(name, remittance.read_whole)
            self.assertEqual(len(transaction.claims), 2)
            self.assertEqual(str(transaction.closing.difference), "216.19")

    def test_wrong_counts_warn(self):
        for name, facts in self.listed.items():
            found = re.search(r"ENV .*SE01=(\d+)!=(\d+)", facts)
            if "ST 835x" not in facts or name in NO_X12 or not found:
                continue
            records = self.read(name, lambda file: list(remittance.read(file)))
            self.assertIn("segment_count", [record.reason for record in records if isinstance(record, Fault)])

    def test_the_same_payment_many_times_has_one_key(self):
        transactions, outside = self.read("tastypackets__x12-parser/profee-multiple.edi", remittance.read_whole)
        self.assertEqual(len(transactions), 156)
        self.assertEqual({item.payment.key for item in transactions}, {
            ("1000000000", "10100000000", "2010-01-01", "45.75"),
        })
        self.assertEqual((outside, [item.faults for item in transactions]), ([], [()] * 156))

    def test_provider_adjustments_of_the_examples(self):
        name = "kputnam__stupidedi/dollars-and-data-sent-together.edi"
        (transaction,), _outside = self.read(name, remittance.read_whole)
        adjustment, = transaction.provider_adjustments
        self.assertEqual((adjustment.code, adjustment.reference, str(adjustment.amount)), ("CV", "CP", "-1.27"))

    def test_acknowledgements_say_what_the_list_says(self):
        for name, expected in (
            ("imsweb__x12-parser/x12_277CA_accepted.txt", [("5781", "accepted", "1107000000014420")]),
            ("imsweb__x12-parser/x12_277CA_rejected.txt", [("3920394930203", "rejected", "1107000000001120")]),
        ):
            records = self.read(name, lambda file: list(acknowledgement.read(file)))
            self.assertEqual([
                (record.claim_id, record.verdict, record.control_number) for record in records
                if isinstance(record, acknowledgement.ClaimAnswer)
            ], expected)
        name = "kputnam__stupidedi/response-to-functional-group-containing-3-837s.edi"
        *sets, group = self.read(name, lambda file: list(acknowledgement.read(file)))
        self.assertEqual([one.status for one in sets], ["A", "R", "R"])
        self.assertEqual((group.status, group.accepted), ("P", 1))


def eval_counts(text):
    """``{'1': 39, '4': 16}`` as it stands in the list."""
    return {key: int(count) for key, count in re.findall(r"'(\w*)': (\d+)", text)}
