from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..coverage.common import CoverageCommon

TODAY = "2026-03-16"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorization(CoverageCommon):
    """Asking a payer beforehand: the request, its answer, and what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coverage = cls.env["billing.coverage"].create({
            "patient_id": cls.ana.id, "plan_id": cls.blue.id, "member_number": "123", "date_from": "2026-01-01",
        })
        system = cls.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        cls.codes = {
            code: cls.env["billing.code"].create({
                "system_id": system.id, "code": code, "name": f"Therapy {code}", "kind": "procedure",
            })
            for code in ("T100", "T150", "T900")
        }
        cls.service = cls.env["product.product"].create({"name": "Knee scan", "type": "service"})

    def _request(self, lines=None, **vals):
        """A request for ten units of T100 in the first half of 2026, unless said otherwise."""
        lines = lines or [{"code_id": self.codes["T100"].id, "units_asked": 10.0}]
        request = self.env["billing.authorization"].create({
            "patient_id": self.ana.id,
            "coverage_id": self.coverage.id,
            "date_from": "2026-01-01",
            "date_to": "2026-06-30",
            "line_ids": [Command.create(line) for line in lines],
            **vals,
        })
        self._history(request)
        return request

    def _history(self, request):
        """What the chatter says, newest first."""
        self.env.flush_all()
        self.cr.flush()
        return " ".join(request.message_ids.mapped("body"))

    def _approved(self, **vals):
        request = self._request(number="A-77", **vals)
        request.action_submit()
        request.action_approve()
        return request

    # === FROM REQUEST TO ANSWER === #

    def test_a_request_gets_a_number_and_the_policy_in_force(self):
        request = self.env["billing.authorization"].create({"patient_id": self.ana.id})
        self.assertRegex(request.name, r"^PA-2026-\d{5}$")
        self.assertEqual((request.coverage_id, request.payer_id, request.company_id),
                         (self.coverage, self.payer, self.company))
        self.assertEqual(request.display_name, f"{request.name} Ana López")

    def test_an_approval_keeps_number_and_units(self):
        request = self._request()
        request.action_submit()
        self.assertEqual((request.state, str(request.date_submitted)), ("submitted", TODAY))
        request.number = " A-77 "
        request.action_approve()
        self.assertEqual((request.state, request.number, str(request.date_decided)), ("approved", "A-77", TODAY))
        self.assertEqual((request.units_approved, request.units_used, request.units_left), (10.0, 0.0, 10.0))
        self.assertIn("Blue Insurance agreed under number A-77 until 06/30/2026.", self._history(request))

    def test_fewer_units_than_asked_is_an_approval_in_part(self):
        request = self._request(number="A-77")
        request.action_submit()
        request.line_ids.units_approved = 6.0
        request.action_approve()
        self.assertEqual((request.state, request.units_left), ("partly_approved", 6.0))
        self.assertIn("T100: 6 units approved, 10 asked.", self._history(request))

    def test_more_units_than_asked_are_taken_and_noted(self):
        request = self._request(number="A-77")
        request.action_submit()
        request.line_ids.units_approved = 12.0
        request.action_approve()
        self.assertEqual((request.state, request.units_left), ("approved", 12.0))
        self.assertIn("T100: 12 units approved, 10 asked.", self._history(request))

    def test_one_service_refused_and_one_granted_is_an_approval_in_part(self):
        request = self._request(number="A-77", lines=[
            {"code_id": self.codes["T100"].id, "units_asked": 2.0}, {"product_id": self.service.id},
        ])
        request.action_submit()
        request.line_ids[1].units_approved = 0.0
        request.action_approve()
        self.assertEqual(request.state, "partly_approved")
        self.assertEqual(request.services, "T100, Knee scan")

    def test_a_denial_needs_its_reason_and_can_be_asked_again(self):
        request = self._request()
        request.action_submit()
        with self.assertRaisesRegex(UserError, f"Type why Blue Insurance refused {request.name} Ana López"):
            request.action_deny()
        request.denial_reason = "Not tried at home."
        request.action_deny()
        self.assertEqual((request.state, request.units_approved), ("denied", 0.0))
        request.action_reopen()
        self.assertEqual((request.state, request.line_ids.units_approved), ("submitted", 10.0))

    def test_the_payer_can_add_units_later_and_the_history_says_so(self):
        request = self._approved()
        request.line_ids.units_approved = 15.0
        self.assertEqual(request.units_left, 15.0)
        self.assertIn("T100: 15 units approved, were 10.", self._history(request))

    def test_one_that_ended_can_be_extended(self):
        request = self._approved(date_from="2026-01-01", date_to="2026-03-01")
        request._expire()
        self.assertEqual(request.state, "expired")
        request.date_to = "2026-09-30"
        request.action_approve()
        self.assertEqual(request.state, "approved")

    def test_moves_that_make_no_sense_are_refused(self):
        request = self._request()
        for action, sentence in (
            (request.action_approve, "Type the authorization number that Blue Insurance gave"),
            (request._expire, "is “To send” and cannot become “Expired”"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                action()
        request.number = "A-77"
        with self.assertRaisesRegex(UserError, "No unit of .* is approved"):
            request.action_approve()
        request.line_ids.units_approved = 1.0
        with self.assertRaisesRegex(UserError, "is “To send” and cannot become “Approved in part”"):
            request.action_approve()
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            request.state = "approved"
        request.action_cancel()
        with self.assertRaisesRegex(UserError, "is “Cancelled” and cannot become “Waiting for answer”"):
            request.action_submit()
        request.action_draft()
        self.assertEqual(request.state, "draft")

    def test_a_request_for_nothing_is_not_sent(self):
        request = self.env["billing.authorization"].create({"patient_id": self.ana.id})
        with self.assertRaisesRegex(UserError, "asks for nothing yet. Add the services that Blue Insurance"):
            request.action_submit()

    # === BAD INPUT === #

    def test_units_are_more_than_zero(self):
        for units in (0.0, -3.0):
            with self.assertRaisesRegex(ValidationError, f"cannot ask for {units:g} units of T100. Type how often"):
                self._request(lines=[{"code_id": self.codes["T100"].id, "units_asked": units}])
        request = self._request()
        request.action_submit()
        with self.assertRaisesRegex(ValidationError, "cannot have -1 units of T100 approved"):
            request.line_ids.units_approved = -1.0

    def test_dates_do_not_run_backwards(self):
        with self.assertRaisesRegex(ValidationError, "would end on 01/31/2026, before it begins on 02/01/2026"):
            self._request(date_from="2026-02-01", date_to="2026-01-31")

    def test_a_line_names_either_a_service_or_a_code(self):
        for line in ({}, {"code_id": self.codes["T100"].id, "product_id": self.service.id}):
            with self.assertRaisesRegex(ValidationError, "Choose either a service or a procedure code"):
                self._request(lines=[{"units_asked": 1.0, **line}])

    def test_a_range_runs_forward_in_one_list(self):
        other = self.env["billing.code.system"].create({"name": "Other", "code": "OTHERCODES"})
        foreign = self.env["billing.code"].create({
            "system_id": other.id, "code": "T999", "name": "Other", "kind": "procedure",
        })
        for last in (self.codes["T100"], foreign):
            with self.assertRaisesRegex(ValidationError, "asks for codes from T150 up to .*, which is no range"):
                self._request(lines=[{"code_id": self.codes["T150"].id, "code_to_id": last.id}])
        request = self._request(lines=[{"code_id": self.codes["T100"].id, "code_to_id": self.codes["T150"].id}])
        self.assertEqual(request.services, "T100–T150")

    def test_the_policy_is_the_patients_own(self):
        with self.assertRaisesRegex(ValidationError, "insures Ana López, but PA-.* is for Ben López"):
            self._request(patient_id=self.ben.id)

    def test_what_the_payer_was_asked_stays(self):
        request = self._request()
        request.action_submit()
        with self.assertRaisesRegex(UserError, "“Urgency” stays as it was asked. Take it back first"):
            request.urgency = "urgent"
        for change in (
            lambda: request.line_ids.write({"units_asked": 20.0}),
            lambda: request.line_ids.unlink(),
            lambda: request.write({"line_ids": [Command.create({"product_id": self.service.id})]}),
        ):
            with self.assertRaisesRegex(UserError, "its services and the units asked stay"):
                change()
        request.action_draft()
        request.urgency = "urgent"

    def test_one_that_was_sent_is_not_deleted(self):
        request = self._request()
        request.action_submit()
        with self.assertRaisesRegex(UserError, "is “Waiting for answer” and cannot be deleted"):
            request.unlink()
        request.action_cancel()
        request.unlink()
        self._request().unlink()

    def test_a_policy_and_codes_behind_a_request_stay(self):
        diagnosis = self.env["billing.code"].create({
            "system_id": self.codes["T100"].system_id.id, "code": "D1", "name": "Diagnosis", "kind": "diagnosis",
        })
        request = self._request(diagnosis_ids=[Command.set(diagnosis.ids)])
        with self.assertRaisesRegex(UserError, f"has the authorization {request.name} Ana López behind it"):
            self.coverage.plan_id = self.green
        with self.assertRaisesRegex(UserError, f"cannot be deleted: {request.name} Ana López was asked under it"):
            self.coverage.unlink()
        for code in (self.codes["T100"], diagnosis):
            with self.assertRaisesRegex(UserError, f"cannot be deleted: {request.name} Ana López uses it"):
                code.unlink()
        self.codes["T900"].unlink()
        self.assertEqual(self.coverage.authorization_count, 1)
        action = self.coverage.action_view_authorizations()
        self.assertEqual(self.env["billing.authorization"].search(action["domain"]), request)

    def test_reminders_are_not_set_below_zero(self):
        for name, value in (
            ("billing_authorization_days", -1), ("billing_authorization_units", -1.0),
            ("billing_authorization_percent", 101.0),
        ):
            with self.assertRaisesRegex(ValidationError, "cannot remind of authorizations"):
                self.company[name] = value

    def test_a_copy_begins_anew(self):
        copy = self._approved().copy()
        self.assertEqual((copy.state, copy.number, copy.units_approved, copy.line_ids.units_asked),
                         ("draft", False, 0.0, 10.0))
        self.assertFalse(copy.date_submitted or copy.date_decided)

    def test_nothing_needs_an_authorization_without_a_rule(self):
        self.assertEqual(self.blue.authorization_policy, "stop")
        self.assertFalse(self.blue._needs_authorization(self.service, self.codes["T100"], None))
