"""Claims of an invented practice for the tests of files and forms, and pyx12's judgement of a file."""

import datetime
import io
from decimal import Decimal

from ...tools.claim_content import (
    Address,
    Adjustment,
    ClaimContent,
    Diagnosis,
    Insured,
    OtherPayer,
    Party,
    Service,
    ServiceAnswer,
)
from ...tools.x12.claim837 import Batch, Interchange, Receiver, Submitter

DAY = datetime.date(2026, 3, 5)
PRACTICE = Party(
    name="Hillside Family Practice", npi="1234567893", tax_id="12-3456789", tax_kind="EI", taxonomy="261QP2300X",
    phone="(555) 010-2000", address=Address("12 Hill Street", "", "Springfield", "IL", "62701-0012", "US"),
)
HOME = Address("7 Elm Avenue", "Apt. 3", "Springfield", "IL", "62704", "US")
ANA = Party("Ana María López", True, "López", "Ana", "María", "", address=HOME)
BEN = Party("Ben López", True, "López", "Ben", address=HOME)
STEIN = Party("Ruth Stein", True, "Stein", "Ruth", npi="1679576722", taxonomy="207Q00000X")
BLUE = Party("Blue Insurance", address=Address("PO Box 100", "", "Chicago", "IL", "60601", "US"))
GOLD = Party("Gold Insurance", address=Address("9 Gold Street", "", "Denver", "CO", "80202", "US"))
INTERCHANGE = Interchange(
    sender_id="HILLSIDE", receiver_id="CLEARING", control_number=41, at=datetime.datetime(2026, 3, 16, 9, 5),
)


def make_service(number=1, code="99213", charge="120.00", **values):
    """A service of 5 March 2026."""
    return Service(**{
        "number": number, "code": code, "modifiers": (), "charge": Decimal(charge), "units": Decimal(1),
        "date_from": DAY, "control_number": f"90{number}", **values,
    })


def make_claim(**values):
    """Ana's claim for one visit, primary, Ana holding the policy."""
    services = values.pop("services", (make_service(),))
    return ClaimContent(**{
        "number": "CLM-00041", "payer": BLUE, "payer_code": "60054", "filing": "CI", "place": "11",
        "insured": Insured(ANA, "M123456", datetime.date(1980, 5, 17), "female", "self", "GRP-7"),
        "patient": ANA, "patient_birth": datetime.date(1980, 5, 17), "patient_sex": "female",
        "billing": PRACTICE, "rendering": STEIN, "diagnoses": (Diagnosis("A", "J06.9"),), "services": services,
        "total": sum((service.charge for service in services), Decimal(0)),
        **values,
    })


def make_dependent(**values):
    """The claim for Ana's child."""
    return make_claim(**{
        "number": "CLM-00042", "patient": BEN, "patient_birth": datetime.date(2018, 1, 2), "patient_sex": "male",
        "insured": Insured(ANA, "M123456", datetime.date(1980, 5, 17), "female", "child", "GRP-7"), **values,
    })


def make_secondary(**values):
    """The claim to Gold after Blue has paid 60.00 of 120.00, allowing 80.00 and leaving 20.00 to the patient."""
    answer = ServiceAnswer(
        Decimal(60), Decimal(1), "99213", (),
        (Adjustment("CO", "45", Decimal(40)), Adjustment("PR", "2", Decimal("12.50")),
         Adjustment("PR", "3", Decimal("7.50"))),
        datetime.date(2026, 3, 12),
    )
    blue = OtherPayer(
        BLUE, "60054", Insured(ANA, "M123456", datetime.date(1980, 5, 17), "female", "self", "GRP-7"), 1, "CI",
        Decimal(60), (), {1: answer}, "ICN-77", datetime.date(2026, 3, 12),
    )
    return make_claim(**{
        "number": "CLM-00043", "payer": GOLD, "payer_code": "GOLD1", "rank": 2,
        "insured": Insured(ANA, "G-9", datetime.date(1980, 5, 17), "female", "self"), "others": (blue,), **values,
    })


def make_batch(*claims, **values):
    """These claims in a test interchange to a clearinghouse."""
    return Batch(INTERCHANGE._replace(**values), Submitter("Hillside", "HS01", "Front desk", "555 010 2000"),
                 Receiver("Clearing House", "CH77"), claims)


def judge(data):
    """What pyx12 objects to in a file, read with the map of its guide: a list of lines, empty if nothing."""
    import pyx12.params
    import pyx12.x12n_document

    answer = io.StringIO()
    fine = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), io.StringIO(data.decode("ascii")), answer, None,
    )
    return [] if fine else [line for line in answer.getvalue().replace("~", "\n").split("\n")
                            if line.startswith(("IK3", "IK4", "AK3", "AK4", "TA1", "AK5", "IK5", "CTX"))] or ["refused"]
