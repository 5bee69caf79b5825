from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import AssistanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceApplication(AssistanceCase):
    """From a person's income to a decision: who says what, who decides, from when until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def user(login, groups):
            return new_test_user(
                cls.env, login=login, groups=groups, company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )

        cls.accountant = user("arno", "base.group_user,account.group_account_manager")
        cls.readonly = user("rosa", "billing_coordinator.group_readonly")
        cls.coordinator = user("cora", "billing_coordinator.group_coordinator")
        cls.manager = user("max", "billing_coordinator.group_manager")

    # === THE PROPOSAL === #

    def test_the_programme_proposes_a_discount_and_says_why(self):
        application = self._apply_for(household_size=3, income=50000.01)
        self.assertEqual((application.discount_proposed, application.discount_percent), (60.0, 60.0))
        self.assertEqual(
            application.proposal_reason.replace("\xa0", " "),
            "A yearly income of $ 50,000.01 for 3 persons is at most 300 % of the guideline, which is $ 75,000.00.",
        )
        application.income = 200000.0
        self.assertEqual(application.discount_proposed, 0.0)
        self.assertIn("is above every limit of the programme", application.proposal_reason)

    def test_a_monthly_income_counts_twelve_times(self):
        application = self._apply_for(income=2500.0, income_period="month")
        self.assertEqual((application.income_yearly, application.discount_proposed), (30000.0, 100.0))

    def test_no_income_at_all_is_an_income(self):
        self.assertEqual(self._apply_for(income=0.0).discount_proposed, 100.0)

    def test_an_income_abroad_is_compared_at_the_rate_of_the_day_of_the_application(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.50), ("2026-03-10", 0.80)])
        application = self._apply_for(income=20000.0, currency_id=euro.id)
        self.assertEqual((application.income_yearly, application.discount_proposed), (40000.0, 60.0))
        application.date = "2026-03-12"
        self.assertEqual((application.income_yearly, application.discount_proposed), (25000.0, 100.0))

    def test_a_table_says_which_size_it_used(self):
        table = self._create_table((1, 20000.0, 50.0), (2, 30000.0, 50.0))
        application = self._apply_for(programme=table, household_size=4, income=30000.0)
        self.assertIn("the limit that the programme names for 2 persons", application.proposal_reason)

    def test_what_was_handed_in_keeps_the_proposal_it_was_handed_in_with(self):
        accepted = self._accept()
        waiting, draft = (self._apply_for(self._create_patient(name)) for name in ("Max Frei", "Ida Berg"))
        waiting.action_submit()
        self.programme.bracket_ids.filtered(lambda b: b.guideline_percent == 300.0).discount_percent = 50.0
        for application in (accepted, waiting):
            self.assertEqual((application.discount_proposed, application.discount_percent), (60.0, 60.0))
        draft.action_submit()
        self.assertEqual((draft.discount_proposed, draft.discount_percent), (50.0, 50.0))

    def test_what_a_manager_typed_is_never_overwritten(self):
        application = self._apply_for()
        application.action_submit()
        application.with_user(self.manager).discount_percent = 75.0
        self.programme.bracket_ids.filtered(lambda b: b.guideline_percent == 300.0).discount_percent = 50.0
        self.programme.guideline_amount = 14000.0
        self.assertEqual(application.discount_percent, 75.0)
        application.action_back_to_draft()
        application.income = 20000.0
        application.action_submit()
        self.assertEqual((application.discount_proposed, application.discount_percent), (100.0, 75.0))

    def test_another_table_of_the_programme_rewrites_no_application(self):
        applications = self.env["billing.assistance.application"].concat(*(
            self._accept(self._create_patient(f"Person {number}")) for number in range(5)
        ))
        self.env.flush_all()
        self.programme.bracket_ids[0].discount_percent = 90.0
        waiting = self.env.transaction.tocompute.get(applications._fields["discount_proposed"], ())
        self.assertFalse(applications & applications.browse(waiting))

    # === BAD INPUT === #

    def test_bad_facts_are_refused(self):
        payer, child = self.payer, self._create_patient("Leo López", guarantor_id=self.patient.id)
        for values, sentence in (
            ({"household_size": 0}, "household of Ana López cannot have 0 persons"),
            ({"household_size": -2}, "household of Ana López cannot have -2 persons"),
            ({"income": -1.0}, "income of Ana López cannot be negative"),
            ({"date": "2026-03-17"}, "cannot have arrived on 03/17/2026"),
            ({"applicant": payer}, "Blue Insurance is a payer"),
            ({"applicant": child}, "The bills of Leo López go to Ana López"),
        ):
            with (
                self.subTest(sentence=sentence),
                self.assertRaisesRegex(ValidationError, sentence),
                self.env.cr.savepoint(),
            ):
                self._apply_for(**values)

    def test_a_decision_out_of_bounds_is_refused(self):
        application = self._apply_for()
        application.action_submit()
        for values, sentence in (
            ({"discount_percent": 100.01}, "cannot give a discount of 100.01 %"),
            ({"discount_percent": -1.0}, "cannot give a discount of -1 %"),
            ({"date_from": "2026-03-10", "date_to": "2026-03-09"}, "would end on 03/09/2026, before it begins"),
        ):
            with (
                self.subTest(sentence=sentence),
                self.assertRaisesRegex(ValidationError, sentence),
                self.env.cr.savepoint(),
            ):
                application.write(values)

    def test_an_application_belongs_to_the_company_of_its_programme(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(UserError, "belongs to company|belongs to another company|Incompatible companies"):
            self._apply_for().company_id = other

    # === THE DECISION === #

    def test_a_coordinator_fills_in_the_screen_and_a_manager_decides_on_it(self):
        env = self.env(user=self.coordinator)
        with Form(env["billing.assistance.application"]) as form:
            form.applicant_id = self.patient.with_env(env)
            form.programme_id = self.programme.with_env(env)
            form.household_size = 2
            form.income = 4100.0
            form.income_period = "month"
            self.assertEqual((form.discount_proposed, form.income_yearly), (60.0, 49200.0))
        application = form.save()
        application.action_submit()
        with Form(application) as form:
            form.note = "Drives for two companies."
            for name in ("discount_percent", "date_from", "date_to", "income"):
                with self.assertRaisesRegex(AssertionError, "readonly"):
                    form[name] = False
        with Form(application.with_user(self.manager)) as form:
            form.discount_percent = 75.0
            form.decision_note = "Three children from June on."
        application.with_user(self.manager).action_accept()
        self.assertEqual((application.state, application.discount_percent), ("accepted", 75.0))

    def test_a_coordinator_hands_in_and_a_manager_decides(self):
        application = self._apply_for().with_user(self.coordinator)
        application.action_submit()
        self.assertEqual((application.state, application.submitted_date), ("submitted", fields.Date.to_date(TODAY)))
        for action in ("action_accept", "action_refuse"):
            with self.assertRaisesRegex(AccessError, "Only a billing manager decides"), self.env.cr.savepoint():
                getattr(application, action)()
        for values in ({"discount_percent": 90.0}, {"date_to": "2030-01-01"}, {"decision_note": "why not"}):
            with self.assertRaisesRegex(AccessError, "Only a billing manager decides"), self.env.cr.savepoint():
                application.write(values)
        application.with_user(self.manager).action_accept()
        self.assertEqual((application.state, application.decided_by_id), ("accepted", self.manager))
        self.assertEqual(
            (application.date_from, application.date_to),
            (fields.Date.to_date("2026-03-01"), fields.Date.to_date("2026-08-31")),
        )

    def test_states_and_traces_are_never_typed(self):
        application = self._apply_for()
        for values in ({"state": "accepted"}, {"decided_by_id": self.manager.id}, {"decision_date": TODAY}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                application.with_user(self.manager).write(values)
        typed = self.env["billing.assistance.application"].with_user(self.coordinator).create({
            "applicant_id": self.patient.id, "programme_id": self.programme.id, "decided_by_id": self.manager.id,
        })
        self.assertFalse(typed.decided_by_id)
        facts = {"applicant_id": self.patient.id, "programme_id": self.programme.id}
        applications = self.env["billing.assistance.application"].with_user(self.coordinator)
        with self.assertRaisesRegex(AccessError, "Only a billing manager decides"), self.env.cr.savepoint():
            applications.with_context(default_discount_percent=100.0).create(facts)
        by_default = applications.with_context(default_decided_by_id=self.manager.id).create(facts)
        self.assertFalse(by_default.decided_by_id)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            typed.copy({"discount_percent": 100.0})

    def test_only_what_waits_is_decided(self):
        application = self._apply_for()
        with self.assertRaisesRegex(UserError, "is “Being filled in” and cannot become “Accepted”"):
            application.action_accept()
        application.action_withdraw()
        with self.assertRaisesRegex(UserError, "is “Withdrawn” and cannot become “To decide”"):
            application.action_submit()

    def test_what_was_handed_in_stands_until_it_is_sent_back(self):
        application = self._apply_for()
        application.action_submit()
        with self.assertRaisesRegex(UserError, "what Ana López said stands as it is"):
            application.income = 1.0
        with self.assertRaisesRegex(UserError, "has been submitted and is kept"):
            application.unlink()
        application.action_back_to_draft()
        application.income = 20000.0
        self.assertEqual((application.discount_percent, application.submitted_date), (100.0, False))
        application.unlink()

    def test_a_decision_is_not_changed_afterwards(self):
        application = self._accept()
        for values in ({"discount_percent": 90.0}, {"date_to": "2030-01-01"}):
            with self.assertRaisesRegex(UserError, "is decided and is not changed any more"):
                application.write(values)

    def test_another_discount_than_proposed_and_a_surprising_refusal_need_a_reason(self):
        application = self._apply_for()
        application.action_submit()
        application.discount_percent = 80.0
        with self.assertRaisesRegex(UserError, "gives 80 % where the programme proposes 60 %. Say why"):
            application.action_accept()
        with self.assertRaisesRegex(UserError, "proposes 60 % for .* Say under “Reason of the decision”"):
            application.action_refuse()
        application.decision_note = "Lost the job in February."
        application.action_accept()
        self.assertEqual((application.state, application.discount_percent), ("accepted", 80.0))

    def test_nothing_is_not_accepted(self):
        application = self._apply_for(income=200000.0)
        application.action_submit()
        with self.assertRaisesRegex(UserError, "cannot be accepted with a discount of 0 %"):
            application.action_accept()
        application.action_refuse()
        self.assertEqual(application.state, "refused")

    def test_evidence_of_a_decision_is_not_deleted_from_its_history_either(self):
        application = self._apply_for()
        slip, other = self.env["ir.attachment"].create([
            {"name": name, "raw": b"slip", "res_model": application._name, "res_id": application.id}
            for name in ("slip.txt", "wrong.txt")
        ])
        application.evidence_ids = slip + other
        application.action_submit()
        other.unlink()
        application.action_accept()
        with self.assertRaisesRegex(UserError, "the evidence it was decided by stays with it"):
            slip.unlink()

    def test_a_year_that_begins_on_29_february_ends_on_the_28th(self):
        for first, months, last in (
            ("2024-02-29", 12, "2025-02-28"), ("2025-08-31", 6, "2026-02-28"), ("2026-01-01", 12, "2026-12-31"),
        ):
            with self.subTest(first=first):
                self.programme.validity_months = months
                self.assertEqual(str(self._apply_for(date=first).date_to), last)

    def test_a_programme_without_discounts_decides_nothing(self):
        empty = self._create_programme(bracket_ids=[])
        with self.assertRaisesRegex(UserError, "Care Fund has no discounts yet"):
            self._apply_for(programme=empty).action_submit()

    # === IN FORCE === #

    def test_two_are_not_in_force_at_once(self):
        first = self._accept()
        second = self._apply_for(income=20000.0)
        second.action_submit()
        with self.assertRaisesRegex(
            UserError, f"Ana López already has {first.name} from 03/01/2026 to 08/31/2026. End that one first",
        ):
            second.action_accept()
        second.write({"date_from": "2026-09-01", "date_to": "2027-02-28"})
        second.action_accept()
        self.assertEqual(
            self.patient._get_billing_assistance(self.company, fields.Date.to_date("2026-10-01")), second,
        )

    def test_two_are_not_in_force_even_if_accepted_at_the_same_moment(self):
        self._accept()
        rival = self._apply_for()
        rival.action_submit()
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE billing_assistance_application SET state = 'accepted' WHERE id = %s", [rival.id],
            )

    def test_another_company_and_another_person_do_not_matter(self):
        self._accept()
        other = self.setup_other_company(name="Second Practice")["company"]
        self.env.user.company_ids += other
        self.assertFalse(self.patient._get_billing_assistance(other, fields.Date.to_date(TODAY)))
        theirs = self._create_programme(company_id=other.id)
        self.assertEqual(self._accept(programme=theirs, currency_id=other.currency_id.id).state, "accepted")
        self.assertEqual(self._accept(self._create_patient("Max Frei")).state, "accepted")

    def test_it_holds_from_the_first_to_the_last_day(self):
        application = self._accept()
        for day, found in (
            ("2026-02-28", False), ("2026-03-01", True), ("2026-08-31", True), ("2026-09-01", False),
        ):
            in_force = self.patient._get_billing_assistance(self.company, fields.Date.to_date(day))
            self.assertEqual(bool(in_force), found, day)
        self.assertEqual(application.discount_percent, 60.0)
        self.assertTrue(application.is_in_force)
        self.assertIn(application, application.search([("is_in_force", "=", True)]))

    def test_waiting_refused_and_withdrawn_ones_do_not_hold(self):
        day = fields.Date.to_date(TODAY)
        application = self._apply_for()
        application.action_submit()
        self.assertFalse(self.patient._get_billing_assistance(self.company, day))
        application.action_accept()
        self.assertTrue(self.patient._get_billing_assistance(self.company, day))
        application.action_withdraw()
        self.assertFalse(self.patient._get_billing_assistance(self.company, day))

    def test_a_guarantors_assistance_counts_for_those_they_pay_for(self):
        child = self._create_patient("Leo López", guarantor_id=self.patient.id)
        stranger = self._create_patient("Max Frei")
        application = self._accept()
        day = fields.Date.to_date(TODAY)
        found = self.env["res.partner"]._find_billing_assistance(
            {(person, self.company, day) for person in (self.patient, child, stranger)}
        )
        self.assertEqual(found[child, self.company, day], application)
        self.assertEqual(found[self.patient, self.company, day], application)
        self.assertFalse(found[stranger, self.company, day])

    def test_any_number_of_people_is_asked_in_the_same_number_of_queries(self):
        people = self.env["res.partner"].concat(*(self._create_patient(f"Person {n}") for n in range(30)))
        for person in people[:10]:
            self._accept(person)
        day = fields.Date.to_date(TODAY)

        def ask(persons):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.env["res.partner"]._find_billing_assistance({(p, self.company, day) for p in persons})
            discounts = sum(application.discount_percent for application in found.values())
            return self.cr.sql_log_count - before, discounts

        ask(people[:2])
        (few, _two), (many, total) = ask(people[:2]), ask(people)
        self.assertEqual(few, many)
        self.assertEqual(total, 600.0)
        self.assertLess(many, 5)

    def test_it_expires_by_itself_and_what_it_covered_stays_covered(self):
        application, later = self._accept(), self._accept(self._create_patient("Max Frei"), date="2026-03-16")
        with freeze_time("2026-09-01"), self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_assistance_expire").method_direct_trigger()
        self.assertEqual((application.state, later.state), ("expired", "accepted"))
        self.assertTrue(self.patient._get_billing_assistance(self.company, fields.Date.to_date("2026-08-31")))
        self.assertIn("The validity ran out.", str(application.message_ids.mapped("body")))

    def test_it_is_ended_before_its_time(self):
        application = self._accept()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            application.with_user(self.coordinator).action_end()
        application.action_end()
        self.assertEqual((application.state, application.date_to), ("expired", fields.Date.to_date(TODAY)))
        self.assertFalse(self.patient._get_billing_assistance(self.company, fields.Date.to_date("2026-03-17")))
        early = self._accept(self._create_patient("Max Frei"), date_from="2026-04-01", date_to="2026-05-01")
        with self.assertRaisesRegex(UserError, "begins on 04/01/2026 only. Withdraw it instead"):
            early.action_end()

    def test_who_applies_again_continues_where_the_last_one_ends(self):
        application = self._accept(household_size=2, note="two jobs")
        action = application.with_user(self.coordinator).action_renew()
        renewal = application.browse(action["res_id"])
        self.assertEqual((renewal.state, renewal.previous_id, renewal.household_size), ("draft", application, 2))
        self.assertEqual((renewal.income, renewal.note, renewal.date), (0.0, False, fields.Date.to_date(TODAY)))
        self.assertEqual(
            (renewal.date_from, renewal.date_to),
            (fields.Date.to_date("2026-09-01"), fields.Date.to_date("2027-02-28")),
        )
        renewal.write({"income": 40000.0})
        renewal.action_submit()
        renewal.action_accept()
        refused = self._apply_for(self._create_patient("Max Frei"), income=200000.0, date="2026-01-01")
        refused.action_submit()
        refused.action_refuse()
        again = refused.browse(refused.action_renew()["res_id"])
        self.assertEqual(again.date_from, fields.Date.to_date(TODAY), "a refused one was never in force")

    # === WHO SEES WHAT === #

    def test_records_of_another_company_are_invisible(self):
        application = self._accept()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for record in (application, self.programme, self.programme.bracket_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
            self.assertFalse(record.with_user(stranger).search([("id", "in", record.ids)]))
