from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AuthorizationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationMissing(AuthorizationCase):
    """A service that needs an authorization and has none: stopped or warned, as the plan says."""

    def test_the_visit_is_stopped_before_it_is_ready(self):
        encounter = self._visit()
        self.assertTrue(encounter.line_ids.authorization_missing)
        with self.assertRaisesRegex(UserError, (
            f"{encounter.name} Ana López has to wait. Blue Plan wants to be asked before these services are rendered, "
            r"and no authorization with units left is on file for 03/05/2026: Therapy \(T100\). Press “Request "
            "authorization”"
        )):
            encounter.action_ready()
        self.assertEqual(encounter.state, "draft")

    def test_a_visit_that_was_ready_is_stopped_when_it_is_billed(self):
        self.plan.authorization_policy = "ignore"
        encounter = self._visit()
        encounter.action_ready()
        self.plan.authorization_policy = "stop"
        with self.assertRaisesRegex(UserError, "has to wait. Blue Plan wants to be asked"):
            encounter._bill()
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(encounter.ids)]})
        self.assertIn("has to wait. Blue Plan wants to be asked", wizard.problem)

    def test_a_warning_is_shown_and_kept_and_the_visit_goes_on(self):
        self.plan.authorization_policy = "warn"
        encounter = self._visit()
        self.assertIn("Blue Plan wants to be asked", encounter.authorization_notice)
        encounter.action_ready()
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(encounter.ids)]})
        self.assertFalse(wizard.problem)
        self.assertIn(f"{encounter.display_name}: Blue Plan wants to be asked", wizard.notice)
        wizard.action_bill()
        self.assertEqual(encounter.state, "billed")
        notes = encounter.message_ids.filtered(lambda message: "wants to be asked" in message.body)
        self.assertEqual(len(notes), 2, "once when it was ready, once when it was billed")

    def test_a_plan_that_does_not_care_says_nothing(self):
        self.plan.authorization_policy = "ignore"
        encounter = self._visit()
        self.assertFalse(encounter.authorization_notice)
        self._bill(encounter)

    def test_services_that_need_none_and_self_pay_visits_are_left_alone(self):
        self._bill(self._create_encounter())
        self._bill(self._visit(is_self_pay=True))
        uninsured = self._create_patient("Dan Kim")
        self._bill(self._create_encounter(patient=uninsured, services=[self.therapy]))

    def test_the_plan_that_is_billed_first_decides(self):
        patient = self._create_patient("Dan Kim")
        self._create_coverage(patient, self.plan_b)
        self._create_coverage(patient, self.plan, rank="2")
        self._bill(self._create_encounter(patient=patient, services=[self.therapy]))

    def test_one_click_asks_for_what_is_missing(self):
        explained, other = (
            self.env["billing.code"].create({
                "system_id": self.code.system_id.id, "code": code, "name": code, "kind": "diagnosis",
            })
            for code in ("D1", "D2")
        )
        plain = self._create_service("Exercise", 50.0)
        self.needed += plain
        encounter = self._create_encounter(
            services=[self.therapy, self.service, self.therapy, plain],
            diagnosis_ids=[Command.create({"code_id": explained.id}), Command.create({"code_id": other.id})],
        )
        encounter.line_ids[0].quantity = 3.0
        action = encounter.action_request_authorization()
        request = self.env["billing.authorization"].browse(action["res_id"])
        self.assertEqual((request.patient_id, request.coverage_id, request.provider_id, request.encounter_id),
                         (self.patient, self.coverage, self.provider, encounter))
        self.assertEqual(request.date_from, encounter.date)
        self.assertEqual(request.diagnosis_ids, explained, "not the whole chart")
        self.assertEqual(
            request.line_ids.mapped(lambda line: (line.code_id, line.product_id, line.units_asked)),
            [(self.code, plain.browse(), 4.0), (self.code.browse(), plain, 1.0)],
        )
        self.assertEqual(encounter.action_request_authorization()["res_id"], request.id, "it is not asked twice")
        self.assertEqual(request.action_view_encounters()["res_id"], encounter.id)
        request.action_submit()
        self.assertIn(f"{request.name} was sent on 03/16/2026 and is not answered yet.", encounter.authorization_notice)

    def test_there_is_nothing_to_ask_for_when_nothing_is_missing(self):
        encounter = self._create_encounter()
        with self.assertRaisesRegex(UserError, "lacks an authorization: there is nothing to ask for"):
            encounter.action_request_authorization()

    def test_stopped_asked_approved_billed(self):
        encounter = self._visit()
        request = self.env["billing.authorization"].browse(encounter.action_request_authorization()["res_id"])
        request.action_submit()
        request.number = "A-99"
        request.action_approve()
        self.assertEqual(encounter.line_ids.authorization_line_id, request.line_ids)
        self.assertFalse(encounter.authorization_notice)
        self._bill(encounter)
        self.assertEqual((request.units_used, request.units_left), (2.0, 0.0))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationProposal(AuthorizationCase):
    """The authorization that fits is found by itself; what does not fit is refused."""

    def test_a_visit_finds_its_authorization(self):
        request = self._authorize()
        self.assertEqual(self._visit().line_ids.authorization_line_id, request.line_ids)
        self.assertFalse(self._visit(date="2026-07-01").line_ids.authorization_line_id)

    def test_a_service_finds_it_while_the_visit_is_typed(self):
        request = self._authorize()
        form = Form(self.env["billing.encounter"])
        form.patient_id = self.patient
        form.date = fields.Date.to_date("2026-03-05")
        with form.line_ids.new() as line:
            line.product_id = self.therapy
        self.assertEqual(form.save().line_ids.authorization_line_id, request.line_ids)

    def test_the_most_specific_then_the_one_that_ends_first(self):
        self._authorize(number="RANGE", line={"code_id": self.code.id, "code_to_id": self.later_code.id})
        later = self._authorize(number="LATER", date_to="2026-12-31")
        first = self._authorize(number="FIRST")
        self.assertEqual(self._visit().line_ids.authorization_line_id, first.line_ids)
        first.action_cancel()
        self.assertEqual(self._visit().line_ids.authorization_line_id, later.line_ids)
        product = self._authorize(number="PRODUCT", line={"product_id": self.therapy.id}, date_to="2026-12-31")
        self.assertEqual(self._visit().line_ids.authorization_line_id, product.line_ids)

    def test_units_planned_for_other_visits_are_not_offered_again(self):
        request = self._authorize(units=3.0)
        first, second = self._visit(), self._visit()
        self.assertEqual(first.line_ids.authorization_line_id, request.line_ids)
        self.assertFalse(second.line_ids.authorization_line_id)
        self.assertEqual(request.line_ids.units_planned, 2.0)
        first.action_cancel()
        self.assertEqual(second.line_ids.authorization_line_id, request.line_ids, "free again")
        second.line_ids.quantity = 4.0
        self.assertFalse(second.line_ids.authorization_line_id)
        request.line_ids.units_approved = 4.0
        self.assertEqual(second.line_ids.authorization_line_id, request.line_ids, "the payer gave more")

    def test_units_that_became_free_are_found_when_the_visit_is_finished(self):
        self._authorize(units=2.0)
        first, second = self._visit(), self._visit()
        first.line_ids.unlink()
        second.action_ready()
        self.assertEqual(second.state, "ready")

    def test_what_somebody_chose_stays_while_it_fits(self):
        self._authorize(number="FIRST")
        chosen = self._authorize(number="CHOSEN", date_to="2026-05-31")
        other = self._authorize(number="OTHER", date_to="2026-12-31")
        encounter = self._visit()
        self.assertEqual(encounter.line_ids.authorization_line_id, chosen.line_ids)
        encounter.line_ids.authorization_line_id = other.line_ids
        encounter.line_ids.quantity = 3.0
        self.assertEqual(encounter.line_ids.authorization_line_id, other.line_ids)
        encounter.date = "2025-12-01"
        self.assertFalse(encounter.line_ids.authorization_line_id)

    def test_an_authorization_taken_back_leaves_its_visits(self):
        request = self._authorize()
        encounter = self._visit()
        encounter.action_ready()
        request.action_cancel()
        self.assertFalse(encounter.line_ids.authorization_line_id)
        with self.assertRaisesRegex(UserError, "has to wait"):
            encounter._bill()

    def test_one_that_has_expired_serves_the_days_when_it_was_valid(self):
        request = self._authorize(date_to="2026-03-10")
        request._expire()
        encounter = self._visit()
        self.assertEqual(encounter.line_ids.authorization_line_id, request.line_ids)
        self._bill(encounter)
        self.assertEqual(request.units_used, 2.0)
        self.assertFalse(self._visit(date="2026-03-11").line_ids.authorization_line_id)

    def test_what_does_not_fit_is_refused_by_name(self):
        other = self._create_patient("Dan Kim")
        dans = self._create_coverage(other, self.plan)
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        doctor = self.env["res.partner"].create({"name": "Dr. Otto Weiss", "is_provider": True})
        encounter = self._visit()
        for authorization, reason in (
            (self._authorize(patient_id=other.id, coverage_id=dans.id), "it is for Dan Kim"),
            (self._authorize(coverage_id=secondary.id), "it was given under Gold Plan, secondary"),
            (self._authorize(approve=False), "the payer has not agreed to it"),
            (self._authorize(line={"code_id": self.later_code.id}), "it is for T150"),
            (self._authorize(date_from="2026-03-06"), "the service of 03/05/2026 lies outside its dates"),
            (self._authorize(provider_id=doctor.id), "it is for services of Dr. Otto Weiss"),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(ValidationError, (
                f"“Therapy” of {encounter.name} Ana López cannot be billed under {authorization.name} .*: {reason}.*"
                "Choose another authorization on the service, or leave it empty."
            )), self.cr.savepoint():
                encounter.line_ids.authorization_line_id = authorization.line_ids

    def test_another_companys_authorization_is_refused(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self.env.user.company_ids += other
        plan = self.env["billing.insurance.plan"].create({
            "name": "Blue Plan", "payer_id": self.payer.id, "company_id": other.id,
        })
        coverage = self._create_coverage(self.patient, plan)
        request = self._authorize(coverage_id=coverage.id)
        self.assertEqual(request.company_id, other)
        with self.assertRaisesRegex(ValidationError, "it belongs to another company"):
            self._visit().line_ids.authorization_line_id = request.line_ids


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationUnits(AuthorizationCase):
    """Units are used by what is billed, given back when that is undone, and never exceeded."""

    def test_billing_uses_units_and_undoing_it_gives_them_back(self):
        request = self._authorize()
        encounter = self._visit(units=4.0)
        self.assertEqual(request.units_used, 0.0, "planned is not used")
        self._bill(encounter)
        self.assertEqual((request.units_used, request.units_left), (4.0, 6.0))
        encounter.action_unbill()
        self.assertEqual((request.units_used, request.units_left), (0.0, 10.0))
        encounter._bill()
        self.assertEqual(request.units_used, 4.0)
        encounter.claim_ids.filtered(lambda claim: claim.state == "ready").action_void()
        encounter.action_cancel()
        self.assertEqual((request.units_used, request.line_ids.units_planned), (0.0, 0.0))

    def test_an_accountants_credit_note_gives_them_back_too(self):
        request = self._authorize()
        invoice = self._bill(self._visit())
        accountant = new_test_user(self.env, "arno", groups="base.group_user,account.group_account_manager")
        self.env.invalidate_all()
        self.env["account.move"].with_user(accountant).browse(
            self.env["account.move.reversal"].with_user(accountant).with_context(
                active_model="account.move", active_ids=invoice.ids,
            ).create({"journal_id": invoice.journal_id.id}).reverse_moves()["res_id"],
        ).action_post()
        self.assertEqual(request.units_used, 0.0)

    def test_more_units_than_are_left_are_refused_with_a_way_out(self):
        request = self._authorize(units=5.0)
        self._bill(self._visit(units=3.0))
        encounter = self._visit(units=4.0)
        self.assertFalse(encounter.line_ids.authorization_line_id)
        encounter.line_ids.authorization_line_id = request.line_ids
        with self.assertRaisesRegex(UserError, (
            f"{request.name} Ana López has 2 units of T100 left, and “Therapy” of {encounter.name} Ana López wants 4. "
            "Bill fewer units, choose another authorization on the service, or ask Blue Insurance for more and record "
            "what it approves."
        )):
            encounter.action_ready()
        request.line_ids.units_approved = 7.0
        self._bill(encounter)
        self.assertEqual(request.units_left, 0.0)

    def test_visits_billed_together_use_no_more_than_is_left(self):
        request = self._authorize(units=5.0)
        visits = self._visit(units=3.0) + self._visit(units=3.0)
        visits.line_ids.authorization_line_id = request.line_ids
        visits.action_ready()
        with self.assertRaisesRegex(UserError, f"has 2 units of T100 left, and “Therapy” of {visits[1].name}"):
            visits._bill()
        self.assertEqual(visits.mapped("state"), ["ready", "ready"])

    def test_visits_that_wait_for_one_another_use_no_more_than_is_left(self):
        self.plan.billing_mode = "split"
        self.coverage.coinsurance = 10.0
        request = self._authorize(units=5.0)
        visits = self._visit(units=3.0) + self._visit(units=3.0, date="2026-03-06")
        visits.line_ids.authorization_line_id = request.line_ids
        visits.action_ready()
        with self.assertRaisesRegex(UserError, f"has 2 units of T100 left, and “Therapy” of {visits[1].name}"):
            visits._bill()

    def test_two_lines_of_one_visit_count_together(self):
        request = self._authorize(units=3.0)
        encounter = self._create_encounter(services=[self.therapy, self.therapy])
        encounter.line_ids.quantity = 2.0
        encounter.line_ids.authorization_line_id = request.line_ids
        with self.assertRaisesRegex(UserError, "has 1 units of T100 left, and “Therapy” .* wants 2"):
            encounter.action_ready()

    def test_fractions_of_units_add_up(self):
        request = self._authorize(units=0.3)
        for units in (0.1, 0.2):
            self._bill(self._visit(units=units))
        self.assertEqual((request.units_used, request.units_left), (0.3, 0.0))

    def test_the_database_itself_refuses_too_many(self):
        request = self._authorize(units=2.0)
        self._bill(self._visit())
        with self.assertRaisesRegex(Exception, "billing_authorization_line_used_within_approved"), \
                self.cr.savepoint():
            self.cr.execute("UPDATE billing_authorization_line SET units_used = 3 WHERE id = %s", request.line_ids.ids)

    def test_fewer_than_used_cannot_be_approved(self):
        request = self._authorize()
        self._bill(self._visit(units=4.0))
        with self.assertRaisesRegex(ValidationError, r"4 units of T100 are already billed .* \(3\)"):
            request.line_ids.units_approved = 3.0

    def test_one_in_use_is_neither_cancelled_reopened_nor_moved_away_from_its_services(self):
        request = self._authorize()
        encounter = self._bill(self._visit()).encounter_id
        for action in (request.action_cancel, request.action_reopen):
            with self.assertRaisesRegex(UserError, f"2 units of {request.name} Ana López are already billed"):
                action()
        with self.assertRaisesRegex(ValidationError, f"{encounter.name} Ana López of 03/05/2026 is billed under"):
            request.date_to = "2026-03-04"
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            request.unlink()
        request.date_to = "2026-03-05"

    def test_a_line_in_use_is_not_deleted(self):
        request = self._authorize()
        encounter = self._visit()
        with self.assertRaisesRegex(UserError, f"T100 of {request.name} .* {encounter.name} .* stands on it"):
            request.line_ids._unlink_except_used()

    def test_a_billed_service_keeps_its_authorization(self):
        request = self._authorize()
        encounter = self._bill(self._visit()).encounter_id
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            encounter.line_ids.authorization_line_id = False
        self.coverage.date_to = "2026-12-31"
        self.env.flush_all()
        self.assertEqual(encounter.line_ids.authorization_line_id, request.line_ids)

    def test_a_copied_visit_looks_for_its_own(self):
        request = self._authorize(units=2.0)
        copy = self._bill(self._visit()).encounter_id.copy()
        self.assertFalse(copy.line_ids.authorization_line_id)
        self.assertEqual(request.units_used, 2.0)

    def test_units_are_never_typed(self):
        request = self._authorize()
        with Form(request) as form, form.line_ids.edit(0) as line, self.assertRaises(AssertionError):
            line.units_used = 3.0
        for name in ("units_used", "units_left"):
            with self.assertRaisesRegex(UserError, f"T100 under {request.name} .* counted from visits billed"):
                request.line_ids.write({name: 3.0})
        asked = self._authorize(line={"code_id": self.code.id, "units_used": 4.0}).line_ids
        self.assertEqual((asked.units_used, asked.units_left), (0.0, 10.0))
