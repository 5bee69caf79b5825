from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.likeness import Person

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRegistration(BillingCase):
    """One screen from the person to the insured, approved account; who is here already is shown before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({
            "birth_date": "1980-04-01", "phone": "(708) 555-0111", "email": "ana@example.com",
        })
        cls.coverage.member_number = "XQZ-1"

    def _registration(self, **values):
        return self.env["billing.registration"].create({"name": "Tom Gray", **values})

    def _register(self, **values):
        action = self._registration(**values).action_register()
        return self.env["res.partner"].browse(action["res_id"])

    def _card(self, **values):
        return Command.create({
            "plan_id": self.plan.id, "member_number": "G-1", "date_from": "2026-01-01", **values,
        })

    # === REGISTER === #

    def test_a_person_with_everything(self):
        account = self._register(
            birth_date="1975-06-02", sex="male", phone="(708) 555-0222", email="tom@example.com",
            street="9 Orchard Lane", city="Riverside", zip="60546", billing_channel="email",
            billing_addressee="c/o Susan Reed", billing_confidential_address="PO Box 218",
            special_concerns="Hard of hearing", consent_release=True, consent_email=True, consent_given_by="Susan Reed",
            coverage_line_ids=[self._card(), self._card(plan_id=self.plan_b.id, member_number=" G-2 ", rank="2")],
        )
        self.assertEqual(
            (account.billing_state, str(account.birth_date), account.sex), ("active", "1975-06-02", "male"),
        )
        self.assertTrue(account.billing_account_number)
        self.assertIn("Registered. Approved by the rule", account.message_ids[0].body)
        self.assertEqual(
            (account.special_concerns, account.billing_channel, account.billing_addressee,
             account.billing_confidential_address),
            ("Hard of hearing", "email", "c/o Susan Reed", "PO Box 218"),
        )
        self.assertEqual(account.coverage_ids.mapped(lambda c: (c.rank, c.member_number, c.subscriber_id)),
                         [("1", "G-1", account), ("2", "G-2", account)])
        self.assertEqual(set(account.billing_consent_ids.mapped(lambda c: (c.kind, c.given_by, str(c.date_given)))),
                         {("email", "Susan Reed", TODAY), ("release", "Susan Reed", TODAY)})

    def test_a_company(self):
        account = self._register(
            name="Example Works", is_company=True, street="1 Road", city="Joliet", birth_date="1975-06-02",
            guarantor_kind="existing", coverage_line_ids=[self._card()],
        )
        self.assertEqual((account.is_company, account.birth_date, account.billing_state), (True, False, "active"))
        self.assertFalse(account.coverage_ids or account.guarantor_id, "typed before it was said to be a company")

    def test_a_name_alone_is_an_account_that_waits_for_a_manager(self):
        self.assertEqual(self._register().billing_state, "pending")

    def test_a_child_with_a_parent_whom_we_know_is_insured_under_the_parent(self):
        child = self._register(
            name="Mia López", birth_date="2020-05-05", guarantor_kind="existing", guarantor_id=self.patient.id,
            coverage_line_ids=[self._card(relationship="child")],
        )
        self.assertEqual((child.guarantor_id, child.coverage_ids.subscriber_id), (self.patient, self.patient))

    def test_a_child_with_a_parent_who_is_new(self):
        child = self._register(
            birth_date="2020-05-05", guarantor_kind="new", guarantor_name=" Tina Gray ", guarantor_phone="555 123456",
            street="9 Orchard Lane", city="Riverside",
        )
        parent = child.guarantor_id
        self.assertEqual((parent.name, parent.phone, parent.street), ("Tina Gray", "555 123456", "9 Orchard Lane"))
        self.assertFalse(parent.is_billing_account)

    def test_the_screen_helps_with_a_child(self):
        self.patient.write({"street": "9 Orchard Lane", "city": "Riverside", "lang": "en_US"})
        form = Form(self.env["billing.registration"])
        form.name = "Mia López"
        form.birth_date = "2020-05-05"
        self.assertTrue(form.is_minor)
        form.guarantor_kind = "existing"
        form.guarantor_id = self.patient
        self.assertEqual((form.street, form.city, form.phone), ("9 Orchard Lane", "Riverside", "(708) 555-0111"))
        self.assertFalse(form.is_likely_duplicate, "she has her mother's phone, not her name and birth date")
        with form.coverage_line_ids.new() as line:
            line.plan_id = self.plan
            line.member_number = "1"
        self.assertEqual(form.next_rank, "2")

    # === BAD INPUT === #

    def test_what_is_missing_or_wrong_is_said_and_nothing_is_half_done(self):
        before = self.env["res.partner"].search_count([])
        for values, error, sentence in (
            ({"name": " "}, UserError, "Whom do you register"),
            ({"email": "tom at home"}, UserError, "“tom at home” is no e-mail address"),
            ({"guarantor_kind": "new", "guarantor_name": "T", "guarantor_email": "x@"}, UserError, "no e-mail address"),
            ({"guarantor_kind": "existing"}, UserError, "Choose the guarantor"),
            ({"guarantor_kind": "new"}, UserError, "Type the guarantor's name"),
            ({"birth_date": "2026-03-17"}, ValidationError, "cannot be born on 03/17/2026"),
            ({"coverage_line_ids": [self._card(date_to="2025-12-31")]}, ValidationError, "would end on 12/31/2025"),
            ({"coverage_line_ids": [self._card(member_number=" ")]}, ValidationError, "has no member number"),
            ({"coverage_line_ids": [self._card(), self._card(member_number="G-2")]}, ValidationError, "Blue Plan"),
            ({"coverage_line_ids": [self._card(relationship="child")]}, UserError, "Who took out the Blue Plan"),
            ({"guarantor_kind": "existing", "guarantor_id": self.payer.id}, ValidationError, "is a payer"),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(error, sentence), self.cr.savepoint():
                self._register(**values)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    # === HERE ALREADY === #

    def _found(self, **values):
        registration = self._registration(**values)
        return registration.duplicate_ids, registration.is_likely_duplicate

    def test_accents_swapped_names_and_typos_are_found_by_birth_date(self):
        for name in ("Ana Lopez", "LOPEZ, Ana", "Anna López", "Ana Lopes"):
            self.assertEqual(self._found(name=name, birth_date="1980-04-01"), (self.patient, True), name)

    def test_somebody_else_on_the_same_birth_date_is_not_shown(self):
        self.assertFalse(self._found(name="Robert Hayes", birth_date="1980-04-01")[0])

    def test_the_same_name_without_birth_date_is_found_and_with_another_one_is_only_shown(self):
        self.assertEqual(self._found(name="López Ana"), (self.patient, True))
        self.assertEqual(self._found(name="Ana Lopez", birth_date="1999-09-09"), (self.patient, False))

    def test_the_same_phone_mail_or_member_number_is_shown_as_a_relative(self):
        for values in (
            {"phone": "+1 708 555 0111"}, {"email": "ANA@example.com"}, {"coverage_line_ids": [self._card(
                member_number="XQZ-1 ")]},
        ):
            self.assertEqual(self._found(name="Mia Suarez", **values), (self.patient, False), values)

    def test_companies_are_compared_with_companies(self):
        firm = self.env["res.partner"].create({"name": "Lakeside Logistics Inc.", "is_company": True})
        self.assertEqual(self._found(name="LAKESIDE LOGISTICS", is_company=True), (firm, True))
        self.assertFalse(self._found(name="Lakeside Logistics")[0])
        self.assertFalse(self._found(name="Blue Insurance", is_company=True)[0], "payers are no accounts")

    def test_archived_accounts_are_found(self):
        self.patient.active = False
        self.assertEqual(self._found(name="Ana Lopez", birth_date="1980-04-01"), (self.patient, True))

    def test_the_reasons_are_said(self):
        registration = self._registration(name="Lopez Ana", birth_date="1980-04-01", phone="708-555-0111")
        self.assertEqual(
            registration.duplicate_reasons, "Ana López: same birth date, same or similar name, same phone",
        )

    def test_a_likely_duplicate_is_registered_only_when_the_user_says_so(self):
        registration = self._registration(name="Ana Lopez", birth_date="1980-04-01")
        with self.assertRaisesRegex(UserError, "Ana Lopez is likely here already:\nAna López: same birth date"):
            registration.action_register()
        action = registration.with_context(billing_no_duplicate=True).action_register()
        self.assertNotEqual(action["res_id"], self.patient.id)

    def test_use_this_one_adds_what_is_new_and_changes_nothing_that_is_known(self):
        registration = self._registration(
            name="Ana Lopez", birth_date="1980-04-01", phone="708 555 0999", street="9 Orchard Lane", city="Riverside",
            consent_release=True,
            coverage_line_ids=[
                self._card(member_number="XQZ-1"), self._card(plan_id=self.plan_b.id, member_number="G-2", rank="2"),
            ],
        )
        action = self.patient.with_context(billing_registration_id=registration.id).action_billing_use_this()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.patient.id))
        self.assertEqual((self.patient.name, self.patient.phone, self.patient.city),
                         ("Ana López", "(708) 555-0111", "Riverside"))
        self.assertEqual(self.patient.coverage_ids.mapped("member_number"), ["XQZ-1", "G-2"])
        self.assertEqual(self.patient.billing_consent_ids.mapped("kind"), ["release"])
        self.assertEqual(self.patient.billing_state, "active")
        self.patient.with_context(billing_registration_id=registration.id).action_billing_use_this()
        self.assertEqual(len(self.patient.coverage_ids), 2, "a second time adds nothing")

    def test_use_this_one_makes_a_contact_an_account(self):
        contact = self.env["res.partner"].create({"name": "Tom Gray", "phone": "708 555 0300"})
        registration = self._registration(phone="708 555 0300", birth_date="1975-06-02")
        self.assertIn(contact, registration.duplicate_ids)
        contact.with_context(billing_registration_id=registration.id).action_billing_use_this()
        self.assertEqual((contact.billing_state, str(contact.birth_date)), ("active", "1975-06-02"))

    def test_without_a_registration_there_is_nothing_to_take_over(self):
        with self.assertRaisesRegex(UserError, "The registration is not open any more"):
            self.patient.action_billing_use_this()

    def test_a_member_number_is_found_however_it_is_typed(self):
        for number in ("xqz1", "XQZ 1", " xqz-1 "):
            with self.subTest(number=number):
                registration = self.env["billing.registration"].create({
                    "name": "Somebody Else", "coverage_line_ids": [self._card(member_number=number)],
                })
                self.assertEqual(registration.duplicate_ids, self.patient)
                self.assertIn("same member number", registration.duplicate_reasons)

    def test_finding_costs_the_same_queries_however_many_are_found(self):
        person = Person(
            "Ana López", self.patient.birth_date, "708 555 0111", "ana@example.com", frozenset({"XQZ-1"}),
        )

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.env["res.partner"]._find_billing_duplicates(person)
            return len(found), self.cr.sql_log_count - before

        count()
        few = count()
        self.env["res.partner"].create([
            {"name": f"Ana Lopez {number}", "birth_date": "1980-04-01", "is_billing_account": True}
            for number in range(30)
        ])
        many = count()
        self.assertEqual((few[0], many[0]), (1, 8))
        self.assertEqual(few[1], many[1])

    # === WHO === #

    def test_coordinators_register_readers_do_not(self):
        coordinator = new_test_user(
            self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        action = self.env["billing.registration"].with_user(coordinator).create({
            "name": "Tom Gray", "birth_date": "1975-06-02", "phone": "555 123456", "consent_release": True,
            "coverage_line_ids": [self._card()],
        }).action_register()
        self.assertEqual(self.env["res.partner"].browse(action["res_id"]).billing_state, "active")
        reader = new_test_user(self.env, "rosa", "billing_coordinator.group_readonly")
        with self.assertRaises(AccessError):
            self.env["billing.registration"].with_user(reader).create({"name": "Tom Gray"})
