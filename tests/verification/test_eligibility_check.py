"""Asking payers: what the answer changes, what it does not, and which answers are refused."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time, new_test_user

from ..coverage.common import CoverageCommon

TODAY = "2026-03-16"


class EligibilityCommon(CoverageCommon):
    """Ana's Blue Plan since January, and a payer that picks up the phone on 16 March 2026."""

    def setUp(self):
        super().setUp()
        self.coverage = self._cover(date_to=False)

    def _ask(self, **vals):
        return self.env["billing.eligibility.check"].create({
            "coverage_id": self.coverage.id, "responder": "Maria", "reference": "C-77", "result": "active", **vals,
        })

    def _apply(self, **vals):
        check = self._ask(**vals)
        check.action_apply()
        return check

    def _changes(self, check):
        return [(line.name, line.old_value, line.new_value) for line in check.change_ids]

    def _activities(self, coverage=None):
        return (coverage or self.coverage).activity_ids.mapped("summary")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTheQuestion(EligibilityCommon):
    def test_it_is_filled_in_with_what_is_on_file(self):
        self.coverage.write({"group_number": "G 1", "deductible_opening": 120.0, "opening_date": "2026-02-01"})
        check = self._ask()
        self.assertEqual(
            (check.member_number, check.group_number, check.date_from, check.date_to),
            ("123", "G 1", date(2026, 1, 1), False),
        )
        self.assertEqual(
            (check.copay, check.deductible, check.coinsurance, check.oop_max, check.deductible_met, check.oop_met),
            (25.0, 500.0, 20.0, 3000.0, 120.0, 0.0),
        )
        self.assertRegex(check.name, r"^EC-2026-\d{5}$")
        self.assertEqual(check.display_name, "Blue Plan of Ana López, 03/16/2026")

    def test_typing_one_figure_leaves_the_others_as_on_file(self):
        check = self._ask(copay=40.0)
        self.assertEqual((check.copay, check.deductible, check.member_number), (40.0, 500.0, "123"))

    def test_the_form_starts_the_same_way(self):
        with Form(self.env["billing.eligibility.check"].with_context(default_coverage_id=self.coverage.id)) as form:
            self.assertEqual((form.copay, form.deductible, form.how), (25.0, 500.0, "phone"))
            form.result = "active"
            form.responder = "Maria"
            form.copay = 30.0
            form.date = "2026-03-15"
            self.assertEqual(form.copay, 30.0, "another date leaves what was typed alone")
        form.record.action_apply()
        self.assertEqual(self._changes(form.record), [("Copay", "$\xa025.00", "$\xa030.00")])

    def test_a_letter_is_answered_on_the_day_on_which_its_answer_is_typed(self):
        with freeze_time("2026-03-02"):
            waiting = self._ask(how="letter", result=False)
        with Form(waiting) as form:
            form.result = "active"
        self.assertEqual((waiting.date, waiting.valid_until), (date(2026, 3, 16), date(2026, 4, 15)))

    def test_another_plan_begins_on_a_day_that_only_the_payer_knows(self):
        with Form(self.env["billing.eligibility.check"].with_context(default_coverage_id=self.coverage.id)) as form:
            form.responder = "Maria"
            form.result = "other_plan"
            self.assertFalse(form.date_from)
            form.plan_id = self.green
            self.assertEqual((form.copay, form.date_from), (0.0, False))
            form.plan_id = self.env["billing.insurance.plan"]
            form.result = "active"
            self.assertEqual((form.copay, form.date_from), (25.0, date(2026, 1, 1)))

    def test_it_says_whom_to_call(self):
        check = self._ask()
        self.assertEqual(check.contact_id, self.payer)
        desk = self.env["res.partner"].create({
            "name": "Provider line", "parent_id": self.payer.id, "phone": "(800) 555-0144",
            "billing_purpose_ids": self.env.ref("billing_coordinator.contact_purpose_eligibility").ids,
        })
        self.env["res.partner"].create({
            "name": "Appeals", "parent_id": self.payer.id,
            "billing_purpose_ids": self.env.ref("billing_coordinator.contact_purpose_appeals").ids,
        })
        check.invalidate_recordset()
        self.assertEqual((check.contact_id, check.contact_phone), (desk, "(800) 555-0144"))
        self.assertEqual(self.payer.billing_contact_ids.mapped("name"), ["Appeals", "Provider line"])

    def test_a_desk_of_a_payer_is_no_payer(self):
        desk = self.env["res.partner"].with_context(default_is_payer=True).create({
            "name": "Provider line", "parent_id": self.payer.id,
            "billing_purpose_ids": self.env.ref("billing_coordinator.contact_purpose_claims").ids,
        })
        self.assertFalse(desk.is_payer)

    def test_one_that_waits_is_opened_again_instead_of_a_second_one(self):
        action = self.coverage.action_verify()
        self.assertFalse(action["res_id"])
        self.assertEqual(action["context"]["default_service_date"], "2026-03-16")
        waiting = self._ask(result=False)
        self.assertEqual(self.coverage.action_verify()["res_id"], waiting.id)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTheAnswer(EligibilityCommon):
    def test_what_the_payer_says_differently_is_taken_over_and_kept_on_record(self):
        check = self._apply(member_number=" 124 ", copay=30.0, date_to="2026-12-31", coinsurance=0.0)
        coverage = self.coverage
        self.assertEqual(
            (coverage.member_number, coverage.copay, coverage.date_to, coverage.coinsurance, coverage.deductible),
            ("124", 30.0, date(2026, 12, 31), 0.0, 500.0),
        )
        self.assertEqual(self._changes(check), [
            ("Member Number", "123", "124"),
            ("Until", "", "12/31/2026"),
            ("Copay", "$\xa025.00", "$\xa030.00"),
            ("Coinsurance (%)", "20 %", "0 %"),
        ])
        body = coverage.message_ids[:1].body
        self.assertIn("Blue Insurance answered on 03/16/2026 (Maria, C-77): Active. Check EC-2026-", body)
        self.assertIn("<li>Coinsurance (%): 20 % → 0 %</li>", body)
        self.assertEqual(len(coverage.message_ids.filtered("tracking_value_ids")), 0, "said once")

    def test_nothing_new_changes_nothing_and_is_an_answer_all_the_same(self):
        check = self._apply()
        self.assertEqual((check.state, check.change_ids.ids), ("applied", []))
        self.assertEqual((self.coverage.verification, self.coverage.verified_on), ("verified", date(2026, 3, 16)))

    def test_what_somebody_corrected_meanwhile_stays(self):
        check = self._ask(copay=30.0)
        self.coverage.deductible = 700.0
        check.action_apply()
        self.assertEqual((self.coverage.copay, self.coverage.deductible), (30.0, 700.0))

    def test_a_file_or_a_service_answers_through_the_same_door(self):
        check = self._ask(how="file", result=False, responder=False)
        check._answer({
            "result": "active", "reference": "271-9", "copay": "30", "deductible": None, "coinsurance": "0",
            "date_to": "2026-12-31", "group_number": "G 9",
        })
        self.assertEqual((check.state, check.reference, check.copay), ("applied", "271-9", 30.0))
        self.assertEqual(
            (self.coverage.copay, self.coverage.deductible, self.coverage.coinsurance, self.coverage.group_number),
            (30.0, 500.0, 0.0, "G 9"),
        )

    def test_an_answer_is_applied_once(self):
        check = self._apply()
        with self.assertRaisesRegex(UserError, "is “Applied” and cannot become “Applied”"):
            check._answer({"result": "active", "copay": 99})
        self.assertEqual(self.coverage.copay, 25.0)
        with self.assertRaisesRegex(UserError, "is “Applied” and no longer changed"):
            check.copay = 99.0
        with self.assertRaisesRegex(UserError, "was applied and stays on record"):
            check.unlink()
        with self.assertRaisesRegex(UserError, f"Ana López cannot be deleted: what its payer answered in {check.name}"):
            self.coverage.unlink()
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            self._ask().state = "applied"
        check.note = "A remark may still be added."

    def test_a_question_nobody_waits_for_is_cancelled_and_may_be_taken_up_again(self):
        check = self._ask()
        check.action_cancel()
        with self.assertRaises(UserError):
            check.action_apply()
        check.action_reopen()
        check.action_apply()
        self.assertEqual(check.state, "applied")

    def test_not_active_ends_the_coverage(self):
        check = self._apply(result="inactive", date_to="2026-02-28", copay=99.0)
        self.assertEqual((self.coverage.date_to, self.coverage.copay), (date(2026, 2, 28), 25.0))
        self.assertEqual(self._changes(check), [("Until", "", "02/28/2026")])
        self.assertEqual(self.coverage.verification, "problem")

    def test_claims_made_after_the_end_are_for_somebody_to_decide(self):
        with self._postings():
            check = self._apply(result="inactive", date_to="2026-02-28")
        self.assertFalse(self.coverage.date_to)
        self.assertFalse(check.change_ids)
        self.assertEqual(self._activities(), [
            "Blue Plan of Ana López ended on 02/28/2026, says the payer, but claims were made for later visits. Undo "
            "their billing or ask the payer again; then end the coverage.",
        ])

    def _postings(self):
        return patch.object(type(self.coverage), "_has_postings", lambda coverages, outside=None: coverages)

    def test_another_plan_of_the_same_payer_takes_over_and_is_verified(self):
        self.green.write({"copay": 10.0, "deductible": 200.0})
        check = self._ask(result="other_plan", plan_id=self.green.id)
        self.assertEqual((check.copay, check.deductible, check.date_from), (10.0, 200.0, False))
        check.write({"date_from": "2026-03-01", "member_number": "G-9", "copay": 15.0, "deductible_met": 50.0})
        check.action_apply()
        new = self.ana.coverage_ids - self.coverage
        self.assertEqual(self.coverage.date_to, date(2026, 2, 28))
        self.assertEqual(
            (new.plan_id, new.rank, new.member_number, new.date_from, new.copay, new.deductible),
            (self.green, "1", "G-9", date(2026, 3, 1), 15.0, 200.0),
        )
        self.assertEqual((new.deductible_opening, new.opening_date), (50.0, date(2026, 3, 16)))
        self.assertEqual(self._changes(check), [("Until", "", "02/28/2026"), ("Plan", "Blue Plan", "Green Plan")])
        self.assertEqual((new.verification, new.verified_on), ("verified", date(2026, 3, 16)))
        self.assertEqual(self._activities(new), [
            "Ana López has Green Plan since 03/01/2026 instead of Blue Plan. Take pictures of the new card and check "
            "the figures.",
        ])

    def test_another_payers_plan_is_still_to_verify_with_that_payer(self):
        other = self.env["res.partner"].create({"name": "Gold Insurance", "is_company": True, "is_payer": True})
        gold = self.env["billing.insurance.plan"].create({"name": "Gold Plan", "payer_id": other.id})
        self._apply(result="other_plan", plan_id=gold.id, date_from="2026-03-01")
        self.assertEqual((self.ana.coverage_ids - self.coverage).verification, "unverified")

    def test_a_plan_that_is_not_recorded_here_is_asked_for(self):
        check = self._ask(how="portal", result="other_plan", plan_name="Silver 3000", date_from="2026-03-01")
        check.action_apply()
        self.assertEqual(self.coverage.date_to, date(2026, 2, 28))
        self.assertEqual(self._activities(), [
            "Ana López has “Silver 3000” since 03/01/2026. Record this plan and add the coverage under it.",
        ])

    def test_a_service_names_a_plan_by_its_name(self):
        self._ask(how="file")._answer({"result": "other_plan", "plan": "green plan", "date_from": "2026-03-01"})
        new = self.ana.coverage_ids - self.coverage
        self.assertEqual((new.plan_id, new.member_number), (self.green, "123"))

    def test_a_name_that_only_another_payer_uses_is_no_plan_of_this_one(self):
        other = self.env["res.partner"].create({"name": "Gold Insurance", "is_company": True, "is_payer": True})
        self.env["billing.insurance.plan"].create({"name": "Gold Plan", "payer_id": other.id})
        self._ask(how="file")._answer({"result": "other_plan", "plan": "Gold Plan", "date_from": "2026-03-01"})
        self.assertEqual(self.ana.coverage_ids, self.coverage, "no coverage under a payer that nobody asked")
        self.assertEqual(len(self._activities()), 1)

    def test_unclear_changes_nothing_and_does_not_verify(self):
        check = self._apply(result="unclear", copay=99.0)
        self.assertEqual((check.state, self.coverage.copay, self.coverage.verification), ("applied", 25.0, "problem"))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRefusedAnswers(EligibilityCommon):
    def _refused(self, sentence, **vals):
        check = self._ask(**vals)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            check.action_apply()
        self.assertEqual(str(caught.exception), sentence)
        self.assertEqual((check.state, self.coverage.copay, self.coverage.date_to), ("open", 25.0, False))

    def test_each_refusal_says_what_to_do(self):
        name = "Blue Plan of Ana López, 03/16/2026"
        for sentence, vals in (
            (f"What did the payer say about {name}? Choose the result: active, not active, another plan or unclear.",
             {"result": False}),
            (f"Who answered at Blue Insurance? Type the name: it is asked for when the answer about {name} is "
             "disputed.", {"responder": False, "copay": 1.0}),
            (f"{name} would end on 01/31/2026, before it begins. Correct “Insured from” or “Insured until”.",
             {"date_from": "2026-02-01", "date_to": "2026-01-31"}),
            (f"{name}: “Deductible met this year” is $\xa0600.00, more than the limit itself. Compare both figures "
             "with the payer's answer.", {"deductible": 550.0, "deductible_met": 600.0}),
            (f"Since when is {name} not active? Type the last day insured in “Insured until”.",
             {"result": "inactive"}),
            ("Blue Plan of Ana López begins on 01/01/2026 and cannot have ended on 12/31/2025. Correct the day, or "
             "archive the coverage if it was never in force.", {"result": "inactive", "date_to": "2025-12-31"}),
            ("Blue Plan of Ana López is said not to be active on 03/16/2026, but ends on 04/30/2026 only. Correct "
             "“Insured until”, or choose “Active”.", {"result": "inactive", "date_to": "2026-04-30"}),
            ("Blue Plan of Ana López is said to be active on 03/16/2026, but not with these dates. Correct “Insured "
             "from” and “Insured until”, or choose “Not active”.", {"date_to": "2026-03-15"}),
            (f"Since when does the other plan hold for {name}? Type its first day in “Insured from”.",
             {"result": "other_plan", "plan_id": self.green.id}),
            ("Which plan does Ana López have now instead of Blue Plan? Choose it, or type its name if it is not "
             "recorded here.", {"result": "other_plan", "date_from": "2026-03-01"}),
            ("Blue Plan is the plan that Ana López has on file. Choose the other plan, or “Active” if nothing "
             "changed.", {"result": "other_plan", "plan_id": self.blue.id, "date_from": "2026-03-01"}),
            ("The other plan of Ana López cannot begin on 01/01/2026: Blue Plan began on 01/01/2026, which would leave "
             "it no day. If it was never in force, archive it and add a coverage under the other plan.",
             {"result": "other_plan", "plan_id": self.green.id, "date_from": "2026-01-01"}),
        ):
            with self.subTest(vals):
                self._refused(sentence, **vals)

    def test_figures_that_cannot_be_are_refused_when_saved(self):
        for name in ("copay", "deductible", "oop_max", "deductible_met", "oop_met"):
            with self.assertRaisesRegex(ValidationError, "cannot be negative"), self.cr.savepoint():
                self._ask(**{name: -1.0})
        with self.assertRaisesRegex(ValidationError, "between 0 and 100"), self.cr.savepoint():
            self._ask(coinsurance=101.0)
        with self.assertRaisesRegex(ValidationError, "dated 03/17/2026, which is still to come"), self.cr.savepoint():
            self._ask(date="2026-03-17")
        with self.assertRaisesRegex(ValidationError, "until 03/15/2026, before it was given"), self.cr.savepoint():
            self._ask(valid_until="2026-03-15")

    def test_a_services_nonsense_is_refused_in_words_and_leaves_everything_as_it_was(self):
        check = self._ask(how="file")
        for answer, sentence in (
            ({"copay": "-5"}, r"“Copay” of Blue Plan of Ana López, 03/16/2026 cannot be negative \(-5\)"),
            ({"copay": "x"}, "“x” is no number for “Copay”"),
            ({"date_to": "31/12/26"}, "“31/12/26” is no date for “Insured until”"),
            ({"coinsurance": 120}, "cannot be 120 %"),
            ({"premium": 1}, "says “premium”, which is not known here"),
            ({"copay": 30, "date": "2026-03-20"}, "still to come"),
        ):
            with self.subTest(answer), self.assertRaisesRegex(UserError, sentence):
                check._answer({"result": "active", **answer})
            self.assertEqual((check.state, self.coverage.copay), ("open", 25.0))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestHowLongItCounts(EligibilityCommon):
    def _deciding(self, day):
        pair = (self.coverage, date.fromisoformat(day))
        return self.env["billing.coverage"]._get_deciding_checks([pair])[pair]

    def test_an_answer_is_good_for_the_days_that_the_company_says(self):
        self.assertEqual(self._ask().valid_until, date(2026, 4, 15))
        self.company.billing_verify_days = 7
        check = self._apply()
        self.assertEqual(check.valid_until, date(2026, 3, 23))
        for day, expected in (("2026-03-15", False), ("2026-03-16", True), ("2026-03-23", True), ("2026-03-24", False)):
            self.assertEqual(bool(self._deciding(day)), expected, day)

    def test_unless_the_payer_names_a_day(self):
        self._apply(valid_until="2026-03-31")
        self.assertFalse(self._deciding("2026-04-01"))

    def test_asked_about_an_earlier_day_it_counts_from_that_day(self):
        self._apply(service_date="2026-02-10")
        self.assertTrue(self._deciding("2026-02-10"))
        self.assertFalse(self._deciding("2026-02-09"))

    def test_the_latest_answer_decides(self):
        first = self._apply(date="2026-03-10")
        second = self._apply(result="unclear")
        self.assertEqual(self._deciding("2026-03-12"), first)
        self.assertEqual(self._deciding("2026-03-16"), second)
        third = self._apply()
        self.assertEqual(self._deciding("2026-03-16"), third)

    def test_a_question_without_an_answer_decides_nothing(self):
        self._ask()
        self._ask().action_cancel()
        self.assertFalse(self._deciding("2026-03-16"))
        self.assertEqual(self.coverage.verification, "unverified")

    def test_days_are_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "“An answer is good for” of .* cannot be -1 days"):
            self.company.billing_verify_days = -1

    def test_many_coverages_cost_one_search(self):
        people = self.env["res.partner"].create([{"name": f"Person {number}"} for number in range(30)])
        coverages = self.env["billing.coverage"].create([
            self._coverage_vals(patient_id=person.id) for person in people
        ])
        for coverage in coverages:
            self._apply(coverage_id=coverage.id)
        for few in (coverages[:2], coverages):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                found = coverages._get_deciding_checks([(coverage, date(2026, 3, 20)) for coverage in few])
                self.assertEqual([check.result for check in found.values()], ["active"] * len(few))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestWhoMayAsk(EligibilityCommon):
    def test_a_coordinator_verifies_and_a_reader_only_reads(self):
        coordinator = new_test_user(self.env, "cora.verify", groups="billing_coordinator.group_coordinator")
        reader = new_test_user(self.env, "rosa.verify", groups="billing_coordinator.group_readonly")
        check = self.env["billing.eligibility.check"].with_user(coordinator).create({
            "coverage_id": self.coverage.id, "responder": "Maria", "result": "other_plan", "plan_id": self.green.id,
            "date_from": "2026-03-01",
        })
        self.env.invalidate_all()
        check.action_apply()
        self.assertEqual((check.state, check.user_id), ("applied", coordinator))
        self.env.invalidate_all()
        self.assertTrue(check.with_user(reader).change_ids.read())
        self.assertEqual(self.coverage.with_user(reader).verification, "problem")
        waiting = self._ask()
        for action in (
            lambda: waiting.with_user(reader).action_apply(),
            lambda: waiting.with_user(reader)._answer({"result": "active"}),
            lambda: check.change_ids[:1].with_user(coordinator).write({"new_value": "x"}),
            lambda: waiting.with_user(coordinator).unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                action()

    def test_card_pictures_are_for_the_billing_office(self):
        pixel = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        self.coverage.write({"card_front": pixel, "card_back": pixel})
        outsider = new_test_user(self.env, "olga.card", groups="base.group_user,account.group_account_manager")
        self.env.flush_all()
        pictures = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "billing.coverage"), ("res_id", "=", self.coverage.id), ("res_field", "!=", False),
        ])
        self.assertEqual(set(pictures.mapped("res_field")), {"card_front", "card_back"})
        self.env.invalidate_all()
        for read in (
            lambda: self.coverage.with_user(outsider).read(["card_front"]),
            lambda: pictures.with_user(outsider).read(["datas"]),
        ):
            with self.assertRaises(AccessError):
                read()
        self.assertFalse(self.coverage.copy({"date_from": "2020-01-01", "date_to": "2020-12-31"}).card_front)

    def test_two_companies_keep_their_checks_apart(self):
        other = self.env["res.company"].create({"name": "Second office"})
        stranger = new_test_user(
            self.env, "sam.verify", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        check = self._apply(copay=30.0)
        self.env.invalidate_all()
        for record in (check, check.change_ids):
            self.assertFalse(record.with_user(stranger).search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        theirs = self._cover(plan_id=self.blue.copy({"company_id": other.id}).id, date_to=False)
        self.assertEqual(theirs.verification, "unverified", "an answer to one office is none to the other")
        with self.assertRaises(UserError):
            self._ask(plan_id=theirs.plan_id.id)
