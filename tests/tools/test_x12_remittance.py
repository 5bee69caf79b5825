import io
import unittest
from datetime import date
from decimal import Decimal

from ...tools.x12 import remittance as reading
from ...tools.x12.faults import X12Error, sentence
from ...tools.x12.remittance import HOLD, WARNING, Claim, Closing, Fault, Payment, ProviderAdjustment, Refused
from .x12_files import DAY, PLAIN, claim, remittance, reversal, service, wrap, write_interchange

# 100 charged, 80 paid, 10 written off, 10 owed by the patient.
VISIT = service("99213", "100.00", "80.00", [("CO", "45", "10.00"), ("PR", "2", "10.00")], control="L-1")


def d(text):
    return Decimal(text)


def read(content):
    return list(reading.read(io.BytesIO(content)))


def read_one(*claims, **values):
    """The only transaction of a file."""
    transactions, outside = reading.read_whole(io.BytesIO(wrap(remittance(list(claims), **values))))
    assert len(transactions) == 1, transactions
    assert not outside, outside
    return transactions[0]


def faults_of(records):
    """(severity, sentence) of every fault."""
    return [
        (record.severity, sentence(record.reason, record.detail)) for record in records if isinstance(record, Fault)
    ]


def of(records, kind):
    return [record for record in records if isinstance(record, kind)]


def change(content, old, new, count=1):
    """A file with something else in it; the envelope's counts are left."""
    assert old in content, old
    return content.replace(old, new, count)


class TestRecords(unittest.TestCase):
    """Everything that an 835 says is found where it belongs."""

    def test_a_payment_says_who_pays_whom_how_much_and_how(self):
        payment = read_one(
            claim(services=[VISIT]), payer_references=[("2U", "ACME1")], production=date(2026, 3, 15),
            extra=[["CUR", "PR", "USD"], ["REF", "EV", "OAK1"]],
        ).payment
        self.assertEqual(
            payment._replace(payer=None, payee=None),
            Payment(
                interchange="000000101", usage="P", version="005010X221A1", transaction="0001", handling="I",
                amount=d("80.00"), credit_debit="C", method="ACH", date=DAY, trace="TRACE-1", originator="1512345678",
                payer=None, payee=None, production_date=date(2026, 3, 15), currency="USD", references={"EV": "OAK1"},
                position=3,
            ),
        )
        self.assertEqual(payment.payer.name, "ACME HEALTH")
        self.assertEqual(payment.payer.identifier, "87726")
        self.assertEqual(payment.payer.references, {"2U": "ACME1"})
        self.assertEqual(payment.payer[3:8], ("1 PAYER ST", "", "OAKDALE", "OH", "43001"))
        contact, = payment.payer.contacts
        self.assertEqual(contact, ("BL", "CLAIMS DESK", "8005550100 x12", "", "claims@acme.example", ""))
        self.assertEqual((payment.payee.npi, payment.payee.tax_id), ("1234567893", "123456789"))
        self.assertEqual(payment.key, ("1512345678", "TRACE-1", "2026-03-16", "80.00"))
        self.assertEqual((payment.is_test, payment.is_notification, payment.has_no_money), (False, False, False))

    def test_test_files_notifications_and_payments_without_money_are_known_as_such(self):
        content = wrap(remittance([], handling="H", method="NON"), usage="T")
        payment = read(content)[0]
        self.assertEqual((payment.is_test, payment.is_notification, payment.has_no_money), (True, True, True))

    def test_money_that_the_payer_takes_is_negative(self):
        taken = read_one(claim(status="22", charge="-100", paid="-100", services=[]))
        self.assertEqual((taken.payment.credit_debit, taken.payment.amount), ("D", d(100)))
        self.assertEqual(taken.payment.signed_amount, d(-100))
        self.assertEqual(taken.closing.payment, d(-100))
        self.assertEqual(taken.closing.difference, 0)
        self.assertEqual(taken.payment.key[3], "-100.00")

    def test_a_claim_has_people_dates_amounts_and_remarks(self):
        one, = read_one(claim(
            "CLM-9", [VISIT], control="ICN-9", received=date(2026, 3, 2), crossover="NEXT PAYER", status="19",
            remarks=("MA01", "MA18"), extra=[
                ["NM1", "IL", "1", "ALT", "OTTO", "", "", "", "MI", "M-2"], ["NM1", "74", "1", "NEUE"],
                ["NM1", "82", "1", "STEIN", "EVA", "", "", "", "XX", "1234567893"],
                ["NM1", "PR", "2", "RIGHT PAYER", "", "", "", "", "PI", "5"],
                ["REF", "1L", "GROUP"], ["REF", "EA", "A"], ["REF", "EA", "B"], ["DTM", "233", "20260317"],
                ["DTM", "036", "20261231"], ["PER", "CX", "", "TE", "8005550199"], ["AMT", "AU", "90"],
                ["QTY", "CA", "2"],
            ],
        )).claims
        self.assertEqual((one.claim_id, one.status, one.control_number), ("CLM-9", "19", "ICN-9"))
        self.assertEqual((one.charge, one.paid, one.patient_share), (d(100), d(80), d(10)))
        self.assertEqual((one.filing, one.facility, one.frequency), ("12", "11", "1"))
        self.assertEqual((one.patient.name, one.patient.first_name, one.patient.identifier), ("NEU", "NORA", "M-1"))
        self.assertEqual(
            (one.insured.name, one.corrected_insured.name, one.rendering.npi), ("ALT", "NEUE", "1234567893"),
        )
        self.assertEqual((one.crossover.name, one.corrected_payer.name), ("NEXT PAYER", "RIGHT PAYER"))
        self.assertEqual(one.references, {"1L": "GROUP", "EA": "A, B"})
        self.assertEqual((one.date_from, one.date_to, one.received), (DAY, date(2026, 3, 17), date(2026, 3, 2)))
        self.assertEqual(one.dates["036"], date(2026, 12, 31))
        self.assertEqual((one.amounts, one.quantities), ({"AU": d(90)}, {"CA": d(2)}))
        self.assertEqual(one.remarks, ("MA01", "MA18"))
        self.assertEqual(one.contacts[0].phone, "8005550199")
        self.assertEqual((one.line_number, one.is_forwarded, one.is_denied, one.is_reversal), ("1", True, False, False))

    def test_a_line_says_what_was_decided_and_what_was_billed(self):
        line = service(
            "99212", "100.00", "60.00", [("CO", "45", "40.00", "1")], modifiers=("25", "59"), units="1.5",
            original=("99213", "25"), remarks=("N19", "M15"), allowed="60.00", control="L-7",
            extra=[["REF", "1S", "APC"], ["REF", "HPI", "1234567893"], ["QTY", "ZK", "1"]],
        )
        (found,), = [one.services for one in read_one(claim(services=[line])).claims]
        self.assertEqual((found.system, found.code, found.modifiers), ("HC", "99212", ("25", "59")))
        self.assertEqual(
            (found.original_system, found.original_code, found.original_modifiers), ("HC", "99213", ("25",)),
        )
        self.assertEqual((found.charge, found.paid, found.units), (d(100), d(60), d("1.5")))
        self.assertEqual(found.adjustments, (("CO", "45", d(40), d(1)),))
        self.assertEqual((found.control_number, found.remarks), ("L-7", ("N19", "M15")))
        self.assertEqual(found.references, {"6R": "L-7", "1S": "APC", "HPI": "1234567893"})
        self.assertEqual((found.amounts, found.quantities), ({"B6": d(60)}, {"ZK": d(1)}))
        self.assertEqual((found.date_from, found.date_to, found.difference), (DAY, DAY, 0))

    def test_days_of_a_line_may_be_a_range(self):
        for extra in (
            [["DTM", "150", "20260301"], ["DTM", "151", "20260304"]],
            [["DTM", "472", "", "", "", "RD8", "20260301-20260304"]],
        ):
            found = read_one(claim(services=[{**VISIT, "day": None, "extra": extra}], day=None)).claims[0]
            for item in (found, found.services[0]):
                self.assertEqual((item.date_from, item.date_to), (date(2026, 3, 1), date(2026, 3, 4)))

    def test_six_reasons_stand_in_one_segment_and_gaps_are_left_out(self):
        reasons = [("CO", str(number), "10.00") for number in range(1, 8)]
        found = read_one(claim(services=[service(charge="100", paid="30", adjustments=reasons)]))
        self.assertEqual([item.code for item in found.claims[0].services[0].adjustments], list("1234567"))
        content = change(
            wrap(remittance([claim(services=[VISIT])])), b"CAS*CO*45*10.00~", b"CAS*CO****45*6.00**253*4.00*1~",
        )
        adjustments = of(read(content), Claim)[0].services[0].adjustments
        self.assertEqual([item[1:] for item in adjustments[:2]], [("45", d(6), None), ("253", d(4), d(1))])
        self.assertEqual(faults_of(read(content)), [])

    def test_one_segment_holds_several_provider_adjustments(self):
        found = read_one(
            claim(services=[VISIT]),
            provider_adjustments=[[("WO", "ICN-1", "30.00"), ("L6", "", "-1.25")], ("FB", "NEXT", "-5.00")],
        )
        self.assertEqual(
            [(item.code, item.reference, item.amount, item.fiscal_date) for item in found.provider_adjustments],
            [("WO", "ICN-1", d(30), date(2026, 12, 31)), ("L6", "", d("-1.25"), date(2026, 12, 31)),
             ("FB", "NEXT", d(-5), date(2026, 12, 31))],
        )
        self.assertEqual(found.payment.amount, d("56.25"))
        self.assertEqual(found.closing[:7], (d("56.25"), d(80), d("23.75"), 0, 1, 1, 0))
        self.assertEqual(found.faults, ())

    def test_a_reversal_turns_every_sign_and_its_patient_share_is_not_held_against_it(self):
        first = claim(services=[VISIT])
        found = read_one(reversal(first), claim(services=[VISIT], control="PAYER-2"), first)
        back = found.claims[0]
        self.assertTrue(back.is_reversal)
        self.assertEqual((back.charge, back.paid, back.patient_share), (d(-100), d(-80), None))
        self.assertEqual([item.amount for item in back.services[0].adjustments], [d(-10), d(-10)])
        self.assertEqual((found.faults, found.closing.claims_paid), ((), d(80)))

    def test_claims_without_lines_balance_by_themselves(self):
        found = read_one(claim(charge="100", paid="60", adjustments=[("CO", "45", "40")]))
        self.assertEqual((found.faults, found.closing.services), ((), 0))

    def test_units_that_are_not_said_are_one_and_a_payment_that_is_not_said_is_nothing(self):
        content = change(
            wrap(remittance([claim(services=[service(charge="9", paid="0", adjustments=[("CO", "96", "9")])])])),
            b"SVC*HC:99213*9*0**1~", b"SVC*HC:99213*9~",
        )
        line = of(read(content), Claim)[0].services[0]
        self.assertEqual((line.paid, line.units, line.difference), (0, 1, 0))

    def test_records_come_in_order_and_the_closing_last(self):
        first, second = claim("A", [VISIT]), claim("B", [{**VISIT, "paid": "70.00"}])
        records = read(wrap(remittance([first, second], provider_adjustments=[("72", "R", "1")])))
        self.assertEqual(
            [type(record) for record in records],
            [Payment, Claim, Claim, Fault, Fault, ProviderAdjustment, Closing],
        )
        self.assertEqual({record.claim for record in records if isinstance(record, Fault)}, {records[2].position})

    def test_older_files_are_read_as_well(self):
        content = wrap(remittance([claim(services=[VISIT])]), version="004010X091A1")
        content = content.replace(b"*^*00501*", b"*U*00401*")
        self.assertEqual(of(read(content), Payment)[0].version, "004010X091A1")
        self.assertEqual(of(read(content), Closing)[0].held, 0)

    def test_several_transactions_and_interchanges_are_read_one_after_the_other(self):
        content = wrap(remittance([claim()], trace="1"), remittance(trace="2")) + wrap(remittance(trace="3"))
        transactions, outside = reading.read_whole(io.BytesIO(content))
        self.assertEqual([item.payment.trace for item in transactions], ["1", "2", "3"])
        self.assertEqual(outside, [])


class TestBalances(unittest.TestCase):
    """What does not add up is held, and the figures are named."""

    def assertFaults(self, transaction, *expected):
        self.assertEqual(faults_of(transaction.faults), list(expected))
        self.assertEqual(transaction.closing.held, sum(severity == HOLD for severity, _text in expected))

    def test_a_line_that_does_not_balance_is_named(self):
        line = {**VISIT, "adjustments": [("CO", "45", "10.00"), ("PR", "2", "7.50")]}
        self.assertFaults(
            read_one(claim(services=[VISIT, line])),
            (HOLD, "Line 2 (99213) of claim CLM-1 does not balance: charge 100.00 − adjustments 17.50 should be 80.00; "
                   "difference 2.50."),
            (HOLD, "Claim CLM-1 does not balance: charge 200.00 − adjustments 37.50 should be 160.00; "
                   "difference 2.50."),
        )

    def test_a_claim_that_does_not_balance_is_named(self):
        self.assertFaults(
            read_one(claim("CLM-5", charge="100", paid="50", adjustments=[("CO", "45", "40")])),
            (HOLD, "Claim CLM-5 does not balance: charge 100 − adjustments 40 should be 50; difference 10."),
        )

    def test_lines_must_charge_what_the_claim_charges(self):
        self.assertFaults(
            read_one(claim(services=[VISIT], charge="150", adjustments=[("CO", "45", "50")], paid="80")),
            (HOLD, "The lines of claim CLM-1 charge 100.00, the claim 150."),
        )

    def test_a_payment_that_does_not_balance_is_held_with_its_figures(self):
        found = read_one(claim(services=[VISIT]), provider_adjustments=[("WO", "X", "30")], amount="55")
        self.assertFaults(
            found,
            (HOLD, "The payment does not balance: claims 80.00 − provider adjustments 30 should be 55; "
                   "difference -5.00."),
        )
        self.assertIsNone(found.faults[0].claim)
        self.assertEqual(found.closing.difference, d(-5))

    def test_another_patient_share_than_the_reasons_say_is_noted(self):
        found = read_one(claim(services=[VISIT], patient_share="12"))
        self.assertFaults(
            found, (WARNING, "Claim CLM-1 says that the patient owes 12 (CLP05); its reasons say 10.00."),
        )
        self.assertFaults(
            read_one(claim(services=[VISIT], patient_share="")),
            (WARNING, "Claim CLM-1 says that the patient owes 0 (CLP05); its reasons say 10.00."),
        )

    def test_statuses_that_contradict_or_are_unknown_hold_the_claim(self):
        self.assertFaults(
            read_one(claim(services=[VISIT], status="4")), (HOLD, "Claim CLM-1 has status 4 and yet pays 80.00."),
        )
        self.assertFaults(
            read_one(claim(services=[VISIT], status="25")), (HOLD, "Claim CLM-1 has status 25 and yet pays 80.00."),
        )
        self.assertFaults(
            read_one(claim(services=[VISIT], status="99")),
            (HOLD, "Claim CLM-1 has a status that is not known: “99”."),
        )

    def test_incomplete_adjustments_hold_the_claim(self):
        plain = wrap(remittance([claim(services=[VISIT])]))
        for new, text in (
            (b"CAS*CO**10.00~", "An adjustment of claim CLM-1 is incomplete: CAS02 is missing."),
            (b"CAS*CO*45*10.00*1*253~", "An adjustment of claim CLM-1 is incomplete: CAS06 is missing."),
            (b"CAS*XX*45*10.00~", "An adjustment of claim CLM-1 is of a group that is not known: “XX”."),
        ):
            with self.subTest(new=new):
                self.assertEqual(faults_of(read(change(plain, b"CAS*CO*45*10.00~", new))), [(HOLD, text)])

    def test_provider_adjustments_without_a_reason_hold_the_payment(self):
        plain = wrap(remittance([claim(services=[VISIT])], provider_adjustments=[("WO", "X", "5")]))
        content = change(plain, b"*WO:X*5~", b"**5~")
        self.assertEqual(faults_of(read(content)), [
            (HOLD, "A provider-level adjustment has no reason: PLB03 is missing."),
        ])
        adjustment, = of(read(content), ProviderAdjustment)
        self.assertEqual((adjustment.code, adjustment.amount), ("", d(5)))
        content = change(wrap(remittance([], provider_adjustments=[("WO", "X", "0")])), b"*WO:X*0~", b"~")
        self.assertEqual(faults_of(read(content)), [
            (HOLD, "A provider-level adjustment has no reason: PLB03 is missing."),
        ])

    def test_a_claim_without_our_number_is_still_a_claim(self):
        found = read_one(claim("", [VISIT]))
        self.assertFaults(found, (WARNING, "The claim does not say our number (CLP01)."))
        self.assertEqual(found.claims[0].claim_id, "")

    def test_a_second_patient_in_a_claim_tells_that_a_beginning_was_lost(self):
        claims = [claim("A", charge="0", paid="0"), claim("B", charge="0", paid="0", patient=("X", "Y"))]
        content = change(wrap(remittance(claims)), b"CLP*B*", b"CLQ*B*")
        self.assertEqual([record.reason for record in of(read(content), Refused)], ["order"])
        faults = faults_of(read(change(content, b"LX*2~", b"")))
        self.assertIn((WARNING, "The segment “CLQ” is not known here; it was passed over."), faults)
        self.assertIn((HOLD, "NM1*QC occurs more than once."), faults)

    def test_a_second_line_number_in_a_line_tells_that_a_beginning_was_lost(self):
        lines = [service("A", "0", "0", control="L-1", day=None), service("B", "0", "0", control="L-2", day=None)]
        content = change(wrap(remittance([claim(services=lines)])), b"SVC*HC:B*0*0**1~", b"")
        self.assertIn((HOLD, "REF*6R occurs more than once."), faults_of(read(content)))


class TestFaults(unittest.TestCase):
    """Faults that touch no money warn, with what was said and what was found."""

    def setUp(self):
        self.plain = wrap(remittance([claim(services=[VISIT])]))

    def assertWarns(self, old, new, *texts):
        records = read(change(self.plain, old, new))
        self.assertEqual(faults_of(records), [(WARNING, text) for text in texts])
        self.assertEqual(len(of(records, Closing)), 1)

    def test_counts_and_control_numbers(self):
        self.assertEqual(faults_of(read(self.plain)), [])
        count = self.plain.split(b"SE*")[1].split(b"*")[0]
        self.assertWarns(
            b"SE*" + count, b"SE*99", f"SE01 says that there are 99; counted were {count.decode()}.",
        )
        self.assertWarns(b"SE*" + count, b"SE*x", f"SE01 says that there are x; counted were {count.decode()}.")
        self.assertWarns(
            b"*0001~GE", b"*0002~GE", "SE02 names the control number “0002”, its beginning “0001”.",
        )
        self.assertWarns(b"GE*1*17", b"GE*2*17", "GE01 says that there are 2; counted were 1.")
        self.assertWarns(b"GE*1*17", b"GE*1*18", "GE02 names the control number “18”, its beginning “17”.")
        self.assertWarns(b"IEA*1*", b"IEA*3*", "IEA01 says that there are 3; counted were 1.")
        self.assertWarns(
            b"IEA*1*000000101", b"IEA*1*000000109",
            "IEA02 names the control number “000000109”, its beginning “000000101”.",
        )

    def test_missing_and_stray_ends(self):
        self.assertWarns(b"IEA*1*000000101~", b"", "IEA is missing at the end: the file may have held more.")
        self.assertWarns(b"GE*1*17~", b"", "GE is missing at the end: the file may have held more.")
        self.assertWarns(b"GE*1*17~", b"GE*1*17~GE*1*17~", "GE closes what was not opened.")
        self.assertWarns(
            self.plain[self.plain.index(b"GS*"):self.plain.index(b"ST*")], b"",
            "The transaction stands outside of a functional group (GS).", "GE closes what was not opened.",
            "IEA01 says that there are 1; counted were 0.",
        )

    def test_bad_dates_and_quantities(self):
        self.assertWarns(b"DTM*472*20260316", b"DTM*472*20260231", "DTM02 is no date: “20260231”.")
        self.assertWarns(b"DTM*232*20260316", b"DTM*232*soon", "DTM02 is no date: “soon”.")
        self.assertWarns(b"REF*6R*L-1~", b"AMT*B6*9O~", "AMT02 is no amount: “9O”.")
        self.assertWarns(b"*100.00*80.00**1~", b"*100.00*80.00**one~", "SVC05 is no number: “one”.")

    def test_segments_that_are_not_known(self):
        records = read(change(self.plain, b"N3*1 PAYER ST~", b"N7*1 PAYER ST~"))
        self.assertEqual(faults_of(records), [(WARNING, "The segment “N7” is not known here; it was passed over.")])
        self.assertIsInstance(records[0], Payment)

    def test_garbage_between_segments_holds_what_it_stands_in(self):
        records = read(change(self.plain, b"DTM*472*20260316~", b"\x07#!~"))
        self.assertEqual(faults_of(records), [(HOLD, "The segment beginning with “\x07#!” cannot be read.")])
        self.assertEqual(of(records, Fault)[0].claim, of(records, Claim)[0].position)

    def test_what_keeps_a_payment_from_being_known_again_holds_it(self):
        for old, new, text in (
            (b"TRN*1*TRACE-1*1512345678~", b"",
             "The payment has no trace number (TRN02): it could not be known again."),
            (b"*20260316~TRN", b"~TRN", "BPR16 is missing."),
            (b"*20260316~TRN", b"*20269999~TRN", "BPR16 is no date: “20269999”."),
            (b"*80.00*C*ACH", b"*80.00**ACH", "BPR03 says neither credit nor debit: “”."),
            (b"*0*P*:~", b"*0*X*:~", "The file does not say whether it is a test or production: ISA15 is “X”."),
        ):
            with self.subTest(new=new):
                records = read(change(self.plain, old, new))
                self.assertIn((HOLD, text), faults_of(records))
                self.assertEqual({fault.claim for fault in of(records, Fault)}, {None})
                self.assertGreater(of(records, Closing)[0].held, 0)

    def test_a_payment_outside_of_an_interchange_is_held(self):
        second = self.plain[self.plain.index(b"GS*"):]
        records = read(self.plain + second)
        self.assertEqual([record.usage for record in of(records, Payment)], ["P", ""])
        self.assertIn(
            (HOLD, "The transaction stands outside of an interchange (ISA): who sent it, and whether it is a test, is "
                   "not said."), faults_of(records),
        )

    def test_without_money_a_missing_date_is_only_noted(self):
        records = read(change(wrap(remittance([], method="NON")), b"*20260316~TRN", b"~TRN"))
        self.assertEqual(faults_of(records), [(WARNING, "BPR16 is missing.")])


class TestRefused(unittest.TestCase):
    """A transaction whose money cannot be read has no closing; the next is read."""

    def setUp(self):
        self.plain = wrap(remittance([claim(services=[VISIT])], provider_adjustments=[("WO", "X", "1")]))

    def assertRefused(self, content, text):
        """Refused with ``text``, and what follows is read."""
        records = read(content + self.plain)
        refused = of(records, Refused)
        self.assertEqual([sentence(record.reason, record.detail) for record in refused], [text])
        self.assertEqual(len(of(records, Closing)), 1)
        self.assertIs(records[-1], of(records, Closing)[0])
        return refused[0]

    def test_amounts_that_are_none(self):
        for old, new, element in (
            (b"BPR*I*79.00", b"BPR*I*much", "BPR02"), (b"BPR*I*79.00", b"BPR*I*", "BPR02"),
            (b"*1*100.00*80.00*10.00*", b"*1*1OO.00*80.00*10.00*", "CLP03"),
            (b"*80.00*10.00*12", b"*80,00*10.00*12", "CLP04"),
            (b"*80.00*10.00*12", b"*80.00*1E1*12", "CLP05"), (b"99213*100.00", b"99213*NaN", "SVC02"),
            (b"99213*100.00*80.00", b"99213*100.00*80.005", "SVC03"), (b"CAS*PR*2*10.00", b"CAS*PR*2*--10", "CAS03"),
            (b"PLB*1234567893*20261231*WO:X*1~", b"PLB*1234567893*20261231*WO:X*~", "PLB04"),
            (b"PLB*1234567893*20261231*WO:X*1~", b"PLB*1234567893*20261231*WO:X*1*FB:Y~", "PLB06"),
            (b"BPR*I*79.00", "BPR*I*７９".encode(), "BPR02"),
            (b"BPR*I*79.00", b"BPR*I*1" + b"0" * 30, "BPR02"),
        ):
            with self.subTest(new=new):
                content = change(self.plain, old, new)
                wrong = of(read(content), Refused)[0].detail["value"]
                refused = self.assertRefused(content, f"{element} is no amount: “{wrong}”.")
                segments = enumerate(content.split(b"~"), 1)
                places = [number for number, text in segments if text.startswith(element[:3].encode())]
                self.assertIn(refused.position, places)

    def test_a_transaction_that_is_cut_off(self):
        for cut in (b"SE*", b"PLB*", b"CAS*PR", b"CLP*", b"TRN*"):
            with self.subTest(cut=cut):
                content = self.plain[:self.plain.index(cut)]
                self.assertRefused(content, "The transaction is cut off: its end (SE) is missing.")
                self.assertEqual(of(read(content), Closing), [])

    def test_a_transaction_cut_off_by_the_next(self):
        body = remittance([claim(services=[VISIT])])
        content = change(wrap(body, body), b"SE*" + str(len(body) + 2).encode() + b"*0001~", b"")
        records = read(content)
        refused = [(record.reason, record.transaction) for record in of(records, Refused)]
        self.assertEqual(refused, [("cut_off", "0001")])
        self.assertEqual(len(of(records, Closing)), 1)

    def test_ends_and_beginnings_that_were_lost_between_two(self):
        body = remittance([claim(services=[VISIT])])
        content = wrap(body, body)
        lost = content[content.index(b"SE*"):content.index(b"ST*835*0002")] + b"ST*835*0002~"
        self.assertRefused(change(content, lost, b""), "BPR stands where it cannot be.")
        content = wrap([], body)
        self.assertRefused(content.replace(b"SE*2*0001~ST*835*0002~", b"BPR*I*5*C~"), "BPR occurs more than once.")

    def test_a_transaction_without_its_beginning(self):
        self.assertRefused(
            change(self.plain, b"ST*835*0001~", b""),
            "BPR stands outside of a transaction: its beginning (ST) is missing.",
        )

    def test_a_transaction_without_a_payment(self):
        start = self.plain.index(b"BPR*")
        without = self.plain[:start] + self.plain[self.plain.index(b"TRN*"):]
        self.assertRefused(without, "BPR is missing.")
        self.assertEqual(of(read(without), Payment), [])

    def test_money_in_the_wrong_place(self):
        self.assertRefused(change(self.plain, b"LX*1~", b"SVC*HC:1*5*5~"), "SVC stands where it cannot be.")
        self.assertRefused(change(self.plain, b"SE*", b"CLP*X*1*5*5~SE*"), "CLP stands where it cannot be.")

    def test_a_claim_without_end(self):
        content = change(self.plain, b"DTM*472*20260316~", b"LQ*HE*N1~" * 20_100)
        self.assertRefused(content, "The claim is too long: more than 20000 segments.")

    def test_transactions_of_other_kinds(self):
        self.assertRefused(wrap([["BHT", "0019"]], kind="837"), "This transaction is of another kind: “837”.")

    def test_a_second_header_that_is_broken_does_not_let_what_follows_be_posted(self):
        broken = change(self.plain, b"*ZZ*", b"*", 2)
        records = read(self.plain + broken)
        self.assertEqual(len(of(records, Closing)) + len(of(records, Refused)), 2)
        self.assertTrue(len(of(records, Closing)) == 1 or of(records, Closing)[1].held)

    def test_a_file_that_is_none_is_refused_as_a_whole(self):
        bare = write_interchange([], "1", "P", PLAIN)
        for content, reason in ((b"", "empty"), (b"Dear Sir", "no_isa"), (bare, "no_transaction")):
            with self.assertRaises(X12Error) as caught:
                read(content)
            self.assertEqual(caught.exception.reason, reason)
