from importlib.util import find_spec

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.x12.claim837 import check, write

from ..common import TODAY
from ..filing.common import FilingCase
from ..tools.claim_examples import judge, make_batch


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimDays(FilingCase):
    """What payers ask of some visits only: a stay, a pregnancy, time off work, who supervised."""

    @classmethod
    def _visit(cls, place="11", **values):
        """The claim for a visit at a place of service."""
        visit = cls._create_encounter(
            place_id=cls.env.ref(f"billing_coordinator.code_pos_{place}").id,
            diagnosis_ids=[Command.create({"code_id": cls.diagnosis.id})], **values,
        )
        cls._bill(visit)
        return visit.claim_ids

    def test_days_and_the_supervisor_reach_box_and_segment(self):
        """Fields of the visit against the boxes of the NUCC's instructions and the segments of 005010X222A1."""
        head = self.env["res.partner"].create({
            "name": "Ida Head", "is_provider": True, "npi": "1679576722", "claim_taxonomy": "207Q00000X",
        })
        ward = self.env["res.partner"].create({
            **{name: self.home[name] for name in ("city", "state_id", "country_id")}, "name": "Hillside Hospital",
            "is_company": True, "street": "9 Ward Road", "zip": "62701-0099",
        })
        claim = self._visit(
            "21", supervising_id=head.id,
            facility_id=ward.id, accident_kind="employment", accident_date="2026-03-01",
            unable_from_date="2026-03-01", unable_to_date="2026-03-20", admission_date="2026-03-02",
            discharge_date="2026-03-09",
        )
        other = self._visit(onset_date="2026-03-02", first_seen_date="2026-03-03", unable_from_date="2026-03-04")
        third = self._visit(last_period_date="2026-01-15")
        forms = self.env["report.billing_coordinator.report_cms1500"]._get_forms(claim | other | third)
        printed = [
            {
                box: " ".join(entry.text for entry in form.entries if entry.box == box)
                for box in ("14", "15", "16", "17", "17b", "18")
            }
            for pages in forms.values() for form in pages
        ]
        self.assertEqual(printed, [
            {"14": "03 01 2026 431", "15": "", "16": "03 01 2026 03 20 2026", "17": "DQ IDA HEAD",
             "17b": "1679576722", "18": "03 02 2026 03 09 2026"},
            {"14": "03 02 2026 431", "15": "454 03 03 2026", "16": "03 04 2026", "17": "", "17b": "", "18": ""},
            {"14": "01 15 2026 484", "15": "", "16": "", "17": "", "17b": "", "18": ""},
        ])
        contents = (claim | other | third)._get_contents()
        self.assertEqual([problem for content in contents.values() for problem in check(content)], [])
        data = write(make_batch(*contents.values()))
        segments = data.decode().split("~")
        self.assertEqual(
            [segment for segment in segments if segment.startswith("DTP") and not segment.startswith("DTP*472")],
            ["DTP*439*D8*20260301", "DTP*314*RD8*20260301-20260320", "DTP*435*D8*20260302", "DTP*096*D8*20260309",
             "DTP*431*D8*20260302", "DTP*454*D8*20260303", "DTP*360*D8*20260304", "DTP*484*D8*20260115"],
        )
        self.assertIn("NM1*DQ*1*HEAD*IDA****XX*1679576722", segments)
        if find_spec("pyx12"):
            self.assertEqual(judge(data), [])

    def test_days_are_asked_for_where_they_matter_and_stand_in_order(self):
        visit = self._visit().encounter_id
        self.assertEqual((visit.is_inpatient, visit.is_pregnancy), (False, False))
        stay = self._visit("21").encounter_id
        self.assertTrue(stay.is_inpatient)
        self.diagnosis.code = "O98.7X1"
        self.assertTrue(visit.is_pregnancy)
        for values, sentence in (
            ({"admission_date": "2026-03-06"}, "“In hospital from” is 03/06/2026, after “Date of service”, 03/05/2026"),
            ({"first_seen_date": "2026-03-06"}, "“First treated on” is 03/06/2026, after"),
            ({"last_period_date": "2026-03-06"}, "“Last period” is 03/06/2026, after"),
            ({"admission_date": "2026-03-04", "discharge_date": "2026-03-03"}, "after “To”, 03/03/2026"),
            ({"unable_from_date": "2026-03-09", "unable_to_date": "2026-03-08"}, "after “Until”, 03/08/2026"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                visit.write(values)
