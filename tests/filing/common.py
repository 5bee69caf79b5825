"""What the tests of sending claims share: an American practice whose claims are complete, and ways to file."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


def make_999(batch, result="A", errors="", interchange="000000901"):
    """A receiver's answer to a file: 999 with one set."""
    accepted = int(result in ("A", "E"))
    body = [
        "ST*999*0001*005010X231A1", f"AK1*HC*{batch.group_number}*005010X222A1",
        f"AK2*837*{batch.set_number}*005010X222A1", *filter(None, errors.split("~")), f"IK5*{result}",
        f"AK9*{'A' if accepted else 'R'}*1*1*{accepted}",
    ]
    return envelope("FA", "005010X231A1", body, interchange)


def make_ta1(batch, result="A", code="000", interchange="000000902"):
    """A receiver's answer to an envelope."""
    head = envelope_head(interchange)
    return f"{head}TA1*{batch.interchange_number}*260316*0900*{result}*{code}~IEA*0*{interchange}~".encode()


def make_277(answers, batch=None, interchange="000000903"):
    """A receiver's answer claim by claim: 277CA.

    :param answers: (claim number, status such as ``A7:562:85``, payer's claim number or empty)
    """
    body = [
        "ST*277*0001*005010X214", "BHT*0085*08*277*20260316*0900*TH",
        "HL*1**20*1", "NM1*PR*2*BLUE INSURANCE*****PI*60054", "TRN*1*1", "DTP*050*D8*20260316", "DTP*009*D8*20260316",
        "HL*2*1*21*1", "NM1*41*2*HILLSIDE*****46*HILLSIDE", f"TRN*2*{batch.name if batch else 'NONE'}",
        "STC*A1:20*20260316*WQ*500", "HL*3*2*19*1", "NM1*85*2*HILLSIDE*****XX*1245319599",
    ]
    for position, (number, status, payer_number) in enumerate(answers, start=4):
        action = "U" if status[:2] in ("A3", "A6", "A7", "A8") else "WQ"
        body += [
            f"HL*{position}*3*PT", "NM1*QC*1*LOPEZ*ANA****MI*M123", f"TRN*2*{number}",
            f"STC*{status}*20260316*{action}*500",
            *([f"REF*1K*{payer_number}"] if payer_number else []), "DTP*472*D8*20260305",
        ]
    return envelope("HN", "005010X214", body, interchange)


def envelope(code, version, body, interchange):
    segments = [*body, f"SE*{len(body) + 1}*0001"]
    return (
        f"{envelope_head(interchange)}GS*{code}*CLEARING*HILLSIDE*20260316*0900*1*X*{version}~"
        + "~".join(segments) + f"~GE*1*1~IEA*1*{interchange}~"
    ).encode()


def envelope_head(interchange):
    return (
        "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*HILLSIDE       *260316*0900*^*00501"
        f"*{interchange}*0*P*:~"
    )


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class FilingCase(BillingCase):
    """Hillside Family Practice sends files to a clearinghouse, which reaches Blue Insurance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        us = cls.env.ref("base.us")
        illinois = cls.env["res.country.state"].search([("country_id", "=", us.id), ("code", "=", "IL")])
        home = {"city": "Springfield", "state_id": illinois.id, "country_id": us.id}
        cls.company.write({"country_id": us.id, "account_fiscal_country_id": us.id})
        cls.company.partner_id.write({
            **home, "name": "Hillside Family Practice", "street": "12 Hill Street", "zip": "62701-0012",
            "npi": "1245319599", "vat": "12-3456789", "phone": "555 010 2000", "claim_taxonomy": "261qp2300x",
        })
        cls.home = {**home, "street": "7 Elm Avenue", "zip": "62704", "birth_date": "1980-05-17", "sex": "female"}
        cls.patient.write(cls.home)
        (cls.payer | cls.payer_b).write({**home, "street": "1 Blue Street", "zip": "62701"})
        cls.payer.payer_code, cls.payer_b.payer_code = "60054", "GOLD1"
        code = cls.env["billing.code"].create
        cls.procedure = code({
            "system_id": cls.env.ref("billing_coordinator.code_system_cpt").id, "kind": "procedure", "code": "99901",
            "name": "Invented visit",
        })
        cls.diagnosis = code({
            "system_id": cls.env.ref("billing_coordinator.code_system_icd10cm").id, "kind": "diagnosis",
            "code": "Z98.7X1", "name": "Invented finding",
        })
        cls.service.billing_code_id = cls.procedure
        cls.route = cls._create_route("Clearing House")
        cls.payer.billing_route_id = cls.route

    @classmethod
    def _create_route(cls, name, **values):
        return cls.env["billing.filing.route"].create({
            "name": name, "format": "file", "usage": "P", "submitter_id": "HILLSIDE", "receiver_id": "CLEARING",
            "contact_name": "Cora", "contact_phone": "555 010 2001", "company_id": cls.env.company.id, **values,
        })

    @classmethod
    def _claim(cls, patient=None, **values):
        """A complete claim to Blue Insurance, to be sent."""
        patient = patient or cls.patient
        visit = cls._create_encounter(
            patient=patient,
            place_id=cls.env.ref("billing_coordinator.code_pos_11").id,
            diagnosis_ids=[Command.create({"code_id": cls.diagnosis.id})],
            **values,
        )
        cls._bill(visit)
        return visit.claim_ids.sorted("id")[:1]

    @classmethod
    def _claims(cls, count):
        """Complete claims of so many patients."""
        claims = cls.env["billing.claim"]
        for number in range(count):
            patient = cls._create_patient(f"Paula Patient{'ABCDEFGHIJ'[number % 10]}{number // 10 or ''}", **cls.home)
            cls._create_coverage(patient, cls.plan)
            claims |= cls._claim(patient)
        return claims

    @classmethod
    def _send(cls, claims):
        """The batches that the button Send makes of these claims."""
        wizard = cls.env["billing.filing.wizard"].create({"claim_ids": [Command.set(claims.ids)]})
        before = cls.env["billing.filing.batch"].search([])
        wizard.action_make()
        return cls.env["billing.filing.batch"].search([], order="id") - before

    @classmethod
    def _read(cls, content, name="answer.txt"):
        return cls.env["billing.acknowledgement"]._read_file(content, name)
