"""Our claims, answered by a payer for tests: its remittance is read and adds up."""

import datetime
import io
from decimal import Decimal
from unittest import TestCase

from ...tools.x12 import remittance
from ...tools.x12.claim837 import write
from .claim_examples import make_batch, make_claim, make_dependent, make_secondary, make_service
from .x12_answer import Told, answer, read_claims


class TestAnswer(TestCase):
    def test_our_claims_are_read_as_they_were_written(self):
        data = write(make_batch(
            make_claim(services=(make_service(modifiers=("25", "59")), make_service(2, "99214", "80.5"))),
            make_dependent(), make_secondary(frequency="7", original_reference="ICN-9"),
        ))
        own, second, child = sorted(read_claims(data), key=lambda claim: (claim.patient[1], claim.number))
        self.assertEqual((own.number, own.charge, own.rank, own.member), ("CLM-00041", Decimal("200.5"), 1, "M123456"))
        self.assertEqual(own.patient, ("LOPEZ", "ANA"))
        self.assertEqual(own.payer, ("BLUE INSURANCE", "60054"))
        self.assertEqual(own.billing, ("HILLSIDE FAMILY PRACTICE", "1234567893"))
        self.assertEqual(
            [tuple(service) for service in own.services],
            [
                ("901", "99213", ("25", "59"), Decimal(120), "1", datetime.date(2026, 3, 5)),
                ("902", "99214", (), Decimal("80.5"), "1", datetime.date(2026, 3, 5)),
            ],
        )
        self.assertEqual((child.number, child.patient), ("CLM-00042", ("LOPEZ", "BEN")))
        self.assertEqual(
            (second.rank, second.frequency, second.original, second.paid_before), (2, "7", "ICN-9", Decimal(60)),
        )

    def test_the_answer_is_read_and_adds_up(self):
        told = {
            "CLM-00041": Told(Decimal(80), (("CO", "45", Decimal(30)), ("PR", "3", Decimal(10)))),
            "CLM-00042": Told(Decimal(0), (("CO", "50", Decimal(120)),)),
            "CLM-00043": Told(Decimal(15), (("PR", "2", Decimal(5)),)),
        }
        data = answer(
            write(make_batch(make_claim(), make_dependent(), make_secondary())),
            lambda claim, _asked: told[claim.number], trace="EFT-7",
        )
        records = list(remittance.read(io.BytesIO(data)))
        by_kind = {}
        for record in records:
            by_kind.setdefault(type(record).__name__, []).append(record)
        self.assertEqual(sorted(by_kind), ["Claim", "Closing", "Payment"])
        payment, = by_kind["Payment"]
        self.assertEqual((payment.trace, payment.amount), ("EFT-7", Decimal(95)))
        claims = {claim.claim_id: claim for claim in by_kind["Claim"]}
        self.assertEqual({number: (claim.status, claim.paid) for number, claim in claims.items()}, {
            "CLM-00041": ("1", Decimal(80)), "CLM-00042": ("4", Decimal(0)), "CLM-00043": ("2", Decimal(15)),
        })
        self.assertEqual(
            [(one.group, one.code, one.amount) for one in claims["CLM-00043"].services[0].adjustments],
            [("PR", "2", Decimal(5)), ("OA", "23", Decimal(100))],
        )
        self.assertEqual(claims["CLM-00041"].services[0].control_number, "901")
