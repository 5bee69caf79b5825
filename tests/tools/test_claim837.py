"""Claims as 837P files: what stands where, and that a reader with the guide's own map accepts them."""

import datetime
from decimal import Decimal
from unittest import TestCase

import pytest

from ...tools.claim_content import Accident, Adjustment, Dates, Diagnosis, Party
from ...tools.x12.claim837 import check, divide, write
from .claim_examples import (
    ANA,
    DAY,
    PRACTICE,
    STEIN,
    judge,
    make_batch,
    make_claim,
    make_dependent,
    make_secondary,
    make_service,
)


class TestClaim837(TestCase):
    def _write(self, *claims, **values):
        """The segments of the file of these claims."""
        return write(make_batch(*claims, **values)).decode("ascii").split("~")[:-1]

    def _find(self, segments, begin):
        return [segment for segment in segments if segment.startswith(begin)]

    # === LEVELS === #

    def test_a_policy_holders_claim_stands_under_the_policy(self):
        segments = self._write(make_claim())
        self.assertEqual(segments, [
            "ISA*00*          *00*          *ZZ*HILLSIDE       *ZZ*CLEARING       *260316*0905*^*00501*000000041*0*T*:",
            "GS*HC*HILLSIDE*CLEARING*20260316*0905*41*X*005010X222A1",
            "ST*837*0001*005010X222A1",
            "BHT*0019*00*41*20260316*0905*CH",
            "NM1*41*2*HILLSIDE*****46*HS01",
            "PER*IC*FRONT DESK*TE*5550102000",
            "NM1*40*2*CLEARING HOUSE*****46*CH77",
            "HL*1**20*1",
            "PRV*BI*PXC*261QP2300X",
            "NM1*85*2*HILLSIDE FAMILY PRACTICE*****XX*1234567893",
            "N3*12 HILL STREET",
            "N4*SPRINGFIELD*IL*627010012",
            "REF*EI*123456789",
            "PER*IC*HILLSIDE FAMILY PRACTICE*TE*5550102000",
            "HL*2*1*22*0",
            "SBR*P*18*GRP-7******CI",
            "NM1*IL*1*LOPEZ*ANA*MARIA***MI*M123456",
            "N3*7 ELM AVENUE*APT. 3",
            "N4*SPRINGFIELD*IL*62704",
            "DMG*D8*19800517*F",
            "NM1*PR*2*BLUE INSURANCE*****PI*60054",
            "N3*PO BOX 100",
            "N4*CHICAGO*IL*60601",
            "CLM*CLM-00041*120***11:B:1*Y*A*Y*Y",
            "HI*ABK:J069",
            "NM1*82*1*STEIN*RUTH****XX*1679576722",
            "PRV*PE*PXC*207Q00000X",
            "LX*1",
            "SV1*HC:99213*120*UN*1***1",
            "DTP*472*D8*20260305",
            "REF*6R*901",
            "SE*30*0001",
            "GE*1*41",
            "IEA*1*000000041",
        ])

    def test_a_dependent_stands_under_the_policy_of_somebody_else(self):
        segments = self._write(make_dependent())
        begin = segments.index("HL*2*1*22*1")
        self.assertEqual(segments[begin:segments.index("HI*ABK:J069")], [
            "HL*2*1*22*1",
            "SBR*P**GRP-7******CI",
            "NM1*IL*1*LOPEZ*ANA*MARIA***MI*M123456",
            "NM1*PR*2*BLUE INSURANCE*****PI*60054",
            "N3*PO BOX 100",
            "N4*CHICAGO*IL*60601",
            "HL*3*2*23*0",
            "PAT*19",
            "NM1*QC*1*LOPEZ*BEN",
            "N3*7 ELM AVENUE*APT. 3",
            "N4*SPRINGFIELD*IL*62704",
            "DMG*D8*20180102*M",
            "CLM*CLM-00042*120***11:B:1*Y*A*Y*Y",
        ])

    def test_claims_of_one_policy_share_its_level(self):
        segments = self._write(
            make_claim(), make_dependent(), make_claim(number="CLM-2"),
            make_dependent(number="CLM-3", patient=Party("Eva López", True, "López", "Eva", address=ANA.address)),
        )
        levels = self._find(segments, ("HL*", "CLM*"))
        self.assertEqual([level.rpartition("***")[0] or level for level in levels], [
            "HL*1**20*1", "HL*2*1*22*0", "CLM*CLM-00041*120", "CLM*CLM-2*120",
            "HL*3*1*22*1", "HL*4*3*23*0", "CLM*CLM-00042*120", "HL*5*3*23*0", "CLM*CLM-3*120",
        ])

    def test_a_hundred_claims_of_a_patient_are_the_most_in_a_row(self):
        segments = self._write(*(make_claim(number=f"C{number}") for number in range(101)))
        self.assertEqual(self._find(segments, "HL*"), ["HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*0"])
        self.assertEqual(len(self._find(segments, "CLM*")), 101)
        segments = self._write(*(make_dependent(number=f"C{number}") for number in range(101)))
        self.assertEqual(self._find(segments, "HL*"), ["HL*1**20*1", "HL*2*1*22*1", "HL*3*2*23*0", "HL*4*2*23*0"])

    def test_a_transaction_holds_five_thousand_claims(self):
        self.assertEqual([len(part) for part in divide(range(5001))], [5000, 1])
        self.assertEqual(divide([]), [])

    # === WHAT A CLAIM SAYS === #

    def test_a_secondary_claim_carries_over_what_the_primary_answered(self):
        segments = self._write(make_secondary())
        begin = segments.index("SBR*P*18*GRP-7******CI")
        self.assertEqual(segments[begin:-3], [
            "SBR*P*18*GRP-7******CI",
            "AMT*D*60",
            "OI***Y***Y",
            "NM1*IL*1*LOPEZ*ANA*MARIA***MI*M123456",
            "N3*7 ELM AVENUE*APT. 3",
            "N4*SPRINGFIELD*IL*62704",
            "NM1*PR*2*BLUE INSURANCE*****PI*60054",
            "N3*PO BOX 100",
            "N4*CHICAGO*IL*60601",
            "REF*F8*ICN-77",
            "LX*1",
            "SV1*HC:99213*120*UN*1***1",
            "DTP*472*D8*20260305",
            "REF*6R*901",
            "SVD*60054*60*HC:99213**1",
            "CAS*CO*45*40",
            "CAS*PR*2*12.5**3*7.5",
            "DTP*573*D8*20260312",
            "AMT*EAF*20",
        ])
        self.assertIn("SBR*S*18*******CI", segments)

    def test_an_insurance_that_was_not_asked_yet_is_named(self):
        other = make_secondary().others[0]._replace(rank=2, paid=None, services={})
        segments = self._write(make_claim(others=(other,)))
        begin = segments.index("SBR*S*18*GRP-7******CI")
        self.assertEqual(segments[begin + 1], "OI***Y***Y")
        self.assertEqual(self._find(segments, ("AMT*", "SVD*", "CAS*")), [])

    def test_an_answer_about_the_claim_as_a_whole_stands_with_the_payer(self):
        other = make_secondary().others[0]
        other = other._replace(services={}, adjustments=(Adjustment("PR", "1", Decimal(60)),))
        segments = self._write(make_secondary(others=(other,)))
        self.assertEqual(self._find(segments, ("AMT*", "CAS*", "DTP*573")), [
            "CAS*PR*1*60", "AMT*D*60", "AMT*EAF*60", "DTP*573*D8*20260312",
        ])

    def test_seven_adjustments_of_a_group_take_two_segments(self):
        claim = make_secondary()
        other = claim.others[0]
        adjustments = tuple(Adjustment("CO", str(code), Decimal(10)) for code in range(1, 7))
        adjustments = (*adjustments, Adjustment("CO", "9", Decimal(10)))
        answer = other.services[1]._replace(paid=Decimal(50), adjustments=adjustments)
        segments = self._write(claim._replace(others=(other._replace(paid=Decimal(50), services={1: answer}),)))
        self.assertEqual(self._find(segments, "CAS*"), [
            "CAS*CO*1*10**2*10**3*10**4*10**5*10**6*10", "CAS*CO*9*10",
        ])

    def test_a_replacement_names_what_it_replaces(self):
        segments = self._write(make_claim(frequency="7", original_reference="ICN-12"))
        self.assertIn("CLM*CLM-00041*120***11:B:7*Y*A*Y*Y", segments)
        self.assertIn("REF*F8*ICN-12", segments)
        self.assertIn("CLM*CLM-00041*120***11:B:8*Y*A*Y*Y", self._write(
            make_claim(frequency="8", original_reference="ICN-12"),
        ))

    def test_everything_at_once_stands_in_the_guides_order(self):
        referring = Party("Dr. Paul Weiß", True, "Weiß", "Paul", npi="1245319599")
        facility = Party("Hill Hospital", npi="1003000126", address=PRACTICE.address._replace(street="1 Main Road"))
        claim = make_claim(
            referring=referring, facility=facility, supervising=STEIN, authorization="AUTH-5", note="See letter",
            values=(("Referral", "R7"),), paid_by_patient=Decimal("20.50"),
            accident=Accident("auto", "IL", datetime.date(2026, 3, 1)),
            dates=Dates(
                onset=datetime.date(2026, 3, 2), unable_from=datetime.date(2026, 3, 2),
                unable_to=datetime.date(2026, 3, 9), admission=datetime.date(2026, 3, 3),
            ),
            diagnoses=tuple(Diagnosis(letter, f"M54.{number}") for number, letter in enumerate("ABCDEFGHIJ")),
            services=(
                make_service(modifiers=("25", "59", "GP", "XS"), pointers="AJ", emergency=True, place="23"),
                make_service(
                    2, "99199", "0.50", description="Unlisted, long", units=Decimal("1.5"), tax=Decimal("0.05"),
                    date_to=datetime.date(2026, 3, 6), authorization="AUTH-6", note="Twice a day", rendering=PRACTICE,
                ),
            ),
        )
        segments = self._write(claim)
        begin = self._find(segments, "CLM*")[0]
        self.assertEqual(segments[segments.index(begin):-3], [
            "CLM*CLM-00041*120.5***11:B:1*Y*A*Y*Y**AA:::IL",
            "DTP*431*D8*20260302",
            "DTP*439*D8*20260301",
            "DTP*314*RD8*20260302-20260309",
            "DTP*435*D8*20260303",
            "AMT*F5*20.5",
            "REF*G1*AUTH-5",
            "NTE*ADD*SEE LETTER; REFERRAL R7",
            "HI*ABK:M540*ABF:M541*ABF:M542*ABF:M543*ABF:M544*ABF:M545*ABF:M546*ABF:M547*ABF:M548*ABF:M549",
            "NM1*DN*1*WEISS*PAUL****XX*1245319599",
            "NM1*82*1*STEIN*RUTH****XX*1679576722",
            "PRV*PE*PXC*207Q00000X",
            "NM1*77*2*HILL HOSPITAL*****XX*1003000126",
            "N3*1 MAIN ROAD",
            "N4*SPRINGFIELD*IL*627010012",
            "NM1*DQ*1*STEIN*RUTH****XX*1679576722",
            "LX*1",
            "SV1*HC:99213:25:59:GP:XS*120*UN*1*23**1:10**Y",
            "DTP*472*D8*20260305",
            "REF*6R*901",
            "LX*2",
            "SV1*HC:99199:::::UNLISTED, LONG*0.5*UN*1.5***1",
            "DTP*472*RD8*20260305-20260306",
            "REF*G1*AUTH-6",
            "REF*6R*902",
            "AMT*T*0.05",
            "NTE*ADD*TWICE A DAY",
            "NM1*82*2*HILLSIDE FAMILY PRACTICE*****XX*1234567893",
            "PRV*PE*PXC*261QP2300X",
        ])
        self.assertAccepted(claim)

    def test_a_provider_who_bills_alone_is_not_named_twice(self):
        segments = self._write(make_claim(billing=STEIN._replace(
            address=PRACTICE.address, tax_id="123-45-6789", tax_kind="SY",
        )))
        self.assertIn("NM1*85*1*STEIN*RUTH****XX*1679576722", segments)
        self.assertIn("REF*SY*123456789", segments)
        self.assertEqual(self._find(segments, "NM1*82"), [])

    def test_old_diagnoses_say_that_they_are_old(self):
        segments = self._write(make_claim(
            diagnosis_system="9", diagnoses=(Diagnosis("A", "724.2"), Diagnosis("B", "V70.0")),
        ))
        self.assertIn("HI*BK:7242*BF:V700", segments)

    def test_foreign_addresses_name_their_country(self):
        address = ANA.address._replace(street="Rue de l'Été 5", street2="", city="Montréal", state="QC", zip="H2X 1Y4",
                                       country="CA")
        self.assertIn("N4*MONTREAL*QC*H2X1Y4*CA", self._write(make_claim(patient=ANA._replace(address=address))))
        address = address._replace(city="Straßburg", state="", zip="67000", country="FR")
        claim = make_claim(patient=ANA._replace(address=address))
        self.assertIn("N4*STRASSBURG**67000*FR", self._write(claim))
        self.assertAccepted(claim)
        address = ANA.address._replace(city="San Juan", state="", zip="00901", country="PR")
        self.assertIn("N4*SAN JUAN*PR*00901", self._write(make_claim(patient=ANA._replace(address=address))))

    def test_other_money_is_named(self):
        claim = make_claim(currency="EUR")
        self.assertIn("CUR*85*EUR", self._write(claim))
        self.assertAccepted(claim)

    def test_medicare_as_second_payer_says_why(self):
        self.assertEqual(
            [(problem.element, problem.reason) for problem in check(make_secondary(filing="MB"))],
            [("SBR05", "missing")],
        )
        claim = make_secondary(filing="MB", secondary_reason="12")
        self.assertIn("SBR*S*18***12****MB", self._write(claim))
        self.assertAccepted(claim)

    # === CHARACTERS AND AMOUNTS === #

    def test_separators_never_stand_inside_data(self):
        claim = make_claim(note="a*b~c:d^e|f", patient=ANA._replace(last="O*Neill~ß:Æ"))
        segments = self._write(claim)
        self.assertIn("NTE*ADD*A B-C D E/F", segments)
        self.assertIn("NM1*IL*1*O NEILL-SS AE*ANA*MARIA***MI*M123456", segments)
        self.assertAccepted(claim)

    def test_names_without_a_likeness_are_refused_and_named(self):
        problem, = check(make_claim(patient=ANA._replace(last="王")))
        self.assertEqual(
            (problem.where, problem.words, problem.claim),
            ("2010BA NM103 (box 2)", "“王” has no characters that a file can carry", "CLM-00041"),
        )

    # === THE JUDGE === #

    def assertAccepted(self, *claims, **values):
        """The reader with the map of the guide objects to nothing."""
        pytest.importorskip("pyx12")
        self.assertEqual(judge(write(make_batch(*claims, **values))), [])

    def test_the_guides_map_accepts_every_kind_of_claim(self):
        self.assertAccepted(make_claim())
        self.assertAccepted(make_dependent())
        self.assertAccepted(make_secondary())
        self.assertAccepted(make_claim(frequency="8", original_reference="ICN-12"))
        self.assertAccepted(make_claim(), make_dependent(), make_secondary(), usage="production", group_number=7)

    def test_the_guides_map_accepts_the_most_that_fits(self):
        services = tuple(make_service(number, pointers="ABKL") for number in range(1, 51))
        diagnoses = tuple(Diagnosis(letter, f"S{number}0.01") for number, letter in enumerate("ABCDEFGHIJKL", start=10))
        claim = make_claim(number="A" * 20, services=services, diagnoses=diagnoses)
        self.assertAccepted(claim)
        self.assertIn("SV1*HC:99213*120*UN*1***1:2:11:12", self._write(claim))
        self.assertEqual(claim.services[0].date_from, DAY)

    def test_the_judge_is_strict(self):
        pytest.importorskip("pyx12")
        data = write(make_batch(make_claim()))
        self.assertTrue(judge(data.replace(b"DMG*D8*19800517*F~", b"")))
        self.assertTrue(judge(data.replace(b"SV1*HC:99213", b"SV1*XX:99213")))
        self.assertTrue(judge(data.replace(b"HI*ABK:J069~", b"")))
