"""What the tests of payers' habits share."""

from odoo.fields import Command

from ..prices.common import PriceCase


class HabitCase(PriceCase):
    """Visits of Ana, insured with Blue Plan: the office visit G0463, the mammogram G0202, seen for a cold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blue = cls.env["billing.code.system"].create({"name": "Blue's own list", "code": "BLUEOWN"})
        cls.blue_visit = cls._create_code("B100", system=cls.blue)
        cls.other_visit = cls._create_code("B200", system=cls.blue)
        cls.video_place = cls._create_code("X2", "place", cls.env.ref("billing_coordinator.code_system_pos"))
        cls.cold = cls._create_code("J06.9X", "diagnosis")

    @classmethod
    def _habit(cls, kind="code", applies_to="all", **values):
        values.setdefault("payer_id", cls.payer.id)
        if kind == "code":
            values.setdefault("use_code_id", cls.blue_visit.id)
        return cls.env["billing.payer.habit"].create({"kind": kind, "applies_to": applies_to, **values})

    @classmethod
    def _visit(cls, product=None, **values):
        values.setdefault("diagnosis_ids", [Command.create({"code_id": cls.cold.id})])
        return cls._create_encounter(services=[product or cls.service], **values)

    @classmethod
    def _claim(cls, visit=None, **values):
        return cls._bill(visit or cls._visit(**values)).claim_ids

    def _told(self, claim, kind="service"):
        """(the visit says, the payer is told) of a claim's services."""
        return [(told.said or "", told.told or "") for told in claim.told_ids if told.kind == kind]
