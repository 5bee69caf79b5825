from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestAccountNumbers(TransactionCase):
    def _create(self, *vals_list):
        return self.env["res.partner"].create(list(vals_list))

    def test_who_has_no_billing_rights_adds_a_contact_to_a_payer(self):
        clerk = new_test_user(self.env, "clara", "base.group_user,base.group_partner_manager")
        payer = self._create({"name": "Blue Insurance", "is_company": True, "is_payer": True})
        self.assertFalse(payer.billing_contact_ids)
        contact = self.env["res.partner"].with_user(clerk).create({"name": "Reception", "parent_id": payer.id})
        self.assertFalse(contact.is_payer_desk)
        desk = self.env["res.partner"].create({
            "name": "Claims desk", "parent_id": payer.id,
            "billing_purpose_ids": self.env.ref("billing_coordinator.contact_purpose_claims").ids,
        })
        self.env.invalidate_all()
        self.assertEqual(payer.billing_contact_ids, desk)

    def test_patients_and_company_clients_get_a_number_others_do_not(self):
        ana, firm, supplier = self._create(
            {"name": "Ana López", "is_billing_account": True},
            {"name": "Example Works", "is_company": True, "is_billing_account": True},
            {"name": "Paper Shop", "is_company": True},
        )
        self.assertRegex(ana.billing_account_number, r"^A\d{5,}$")
        self.assertRegex(firm.billing_account_number, r"^A\d{5,}$")
        self.assertNotEqual(ana.billing_account_number, firm.billing_account_number)
        self.assertFalse(supplier.billing_account_number)

    def test_somebody_who_becomes_a_patient_gets_one_and_keeps_it(self):
        person = self._create({"name": "Ana López"})
        person.is_billing_account = True
        number = person.billing_account_number
        self.assertTrue(number)
        person.is_billing_account = False
        person.is_billing_account = True
        self.assertEqual(person.billing_account_number, number)

    def test_a_number_brought_along_from_elsewhere_is_kept(self):
        ana = self._create(
            {"name": "Ana López", "is_billing_account": True, "billing_account_number": "OLD-7"}
        )
        self.assertEqual(ana.billing_account_number, "OLD-7")

    def test_a_copy_is_another_account(self):
        ana = self._create({"name": "Ana López", "is_billing_account": True})
        copy = ana.copy()
        self.assertTrue(copy.billing_account_number)
        self.assertNotEqual(copy.billing_account_number, ana.billing_account_number)

    def test_a_person_registered_from_a_menu_or_a_field_gets_one(self):
        partners = self.env["res.partner"].with_context(default_is_billing_account=True)
        self.assertTrue(partners.browse(partners.name_create("Ana López")[0]).billing_account_number)

    def test_two_accounts_never_share_a_number(self):
        ana, ben = self._create({"name": "Ana", "is_billing_account": True}, {"name": "Ben"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            ben.billing_account_number = ana.billing_account_number
            ben.flush_recordset()

    def test_numbers_cost_no_query_per_person(self):
        self._create({"name": "Warm-up", "is_billing_account": True})
        queries = []
        for count in (1, 40):
            before = self.cr.sql_log_count
            numbers = self.env["res.partner"]._next_account_numbers(count)
            queries.append(self.cr.sql_log_count - before)
            self.assertEqual(len(set(numbers)), count)
        self.assertEqual(queries[0], queries[1])
        self.assertEqual(self.env["res.partner"]._next_account_numbers(0), [])

    def test_becoming_patients_together_costs_the_same_queries_for_many(self):
        people = self._create(*({"name": f"Person {number}"} for number in range(60)))
        self.env.flush_all()
        queries = []
        for chunk in (people[:2], people[2:20], people[20:60]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            chunk.is_billing_account = True
            self.env.flush_all()
            queries.append(self.cr.sql_log_count - before)
        self.assertEqual(queries[1], queries[2], queries)
        self.assertEqual(len(set(people.mapped("billing_account_number"))), 60)

    def test_an_administrator_may_ask_for_numbers_without_gaps(self):
        self.env.ref("billing_coordinator.sequence_billing_account").implementation = "no_gap"
        numbers = self.env["res.partner"]._next_account_numbers(3)
        self.assertEqual(len(set(numbers)), 3)


@tagged("post_install", "-at_install")
class TestFindingPeople(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls.env["res.partner"]
        cls.ana = partner.create({"name": "Ana López", "is_billing_account": True})
        payer = partner.create({"name": "Blue Insurance", "is_payer": True})
        plan = cls.env["billing.insurance.plan"].create({"name": "Blue Plan", "payer_id": payer.id})
        cls.env["billing.coverage"].create(
            {
                "patient_id": cls.ana.id,
                "plan_id": plan.id,
                "member_number": "XQZ-778-1",
                "date_from": "2026-01-01",
            }
        )

    def _found(self, text, user=None):
        partners = self.env["res.partner"].with_user(user) if user else self.env["res.partner"]
        return self.ana.id in dict(partners.name_search(text))

    def test_by_account_number(self):
        self.assertTrue(self._found(self.ana.billing_account_number))
        self.assertTrue(self._found(self.ana.billing_account_number.lower()))

    def test_by_the_whole_member_number(self):
        self.assertTrue(self._found("XQZ-778-1"))
        self.assertFalse(self._found("XQZ"))

    def test_outside_the_billing_office_the_insurance_card_is_not_searched(self):
        outsider = new_test_user(self.env, login="outsider", groups="base.group_user")
        self.assertTrue(self._found("Ana L", outsider))
        self.assertTrue(self._found(self.ana.billing_account_number, outsider))
        self.assertFalse(self._found("XQZ-778-1", outsider))

    def test_searching_for_nothing_or_for_others_works_as_before(self):
        self.assertTrue(self.env["res.partner"].name_search(""))
        self.assertNotIn(
            self.ana, self.env["res.partner"].search([("display_name", "not ilike", "Ana López")])
        )


@tagged("post_install", "-at_install")
class TestWhoPaysTheBills(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother, cls.child, cls.firm = cls.env["res.partner"].create(
            [
                {"name": "Maria López", "is_billing_account": True},
                {"name": "Ana López", "is_billing_account": True},
                {"name": "Blue Insurance", "is_company": True, "is_payer": True},
            ]
        )

    def test_without_a_guarantor_people_pay_for_themselves(self):
        self.assertEqual(self.child._get_billing_debtor(), self.child)

    def test_the_guarantor_is_asked_and_nobody_behind_the_guarantor(self):
        grandmother = self.env["res.partner"].create({"name": "Rosa López"})
        self.child.guarantor_id = self.mother
        self.mother.guarantor_id = grandmother
        self.assertEqual(self.child._get_billing_debtor(), self.mother)

    def test_nobody_pays_in_a_circle(self):
        self.child.guarantor_id = self.mother
        for person, guarantor in ((self.mother, self.child), (self.mother, self.mother)):
            with (
                self.assertRaisesRegex(ValidationError, "pay their own bills through one another"),
                self.cr.savepoint(),
            ):
                person.guarantor_id = guarantor

    def test_a_payer_is_not_a_guarantor(self):
        sentence = (
            "Blue Insurance is a payer and cannot be the guarantor of Ana López. Give Ana López a coverage"
        )
        with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
            self.child.guarantor_id = self.firm
        self.child.guarantor_id = self.mother
        with self.assertRaisesRegex(ValidationError, "Maria López is a payer"), self.cr.savepoint():
            self.mother.is_payer = True


@tagged("post_install", "-at_install")
class TestPersonalData(TransactionCase):
    @freeze_time("2026-06-30 12:00:00")
    def test_an_age_is_said_as_people_say_it(self):
        ages = {
            "1982-06-30": "44 years",
            "1982-07-01": "43 years",
            "2024-06-30": "2 years",
            "2024-07-01": "23 months",
            "2026-05-30": "1 month",
            "2026-06-29": "1 day",
            "2026-06-30": "0 days",
            False: False,
        }
        people = self.env["res.partner"].create([{"name": "Someone", "birth_date": born} for born in ages])
        self.assertEqual(people.mapped("age"), list(ages.values()))

    @freeze_time("2026-06-30 12:00:00")
    def test_nobody_is_born_tomorrow(self):
        with self.assertRaisesRegex(ValidationError, "Ana López cannot be born on 07/01/2026"):
            self.env["res.partner"].create({"name": "Ana López", "birth_date": "2026-07-01"})

    def test_a_providers_number_is_checked_and_its_blanks_dropped(self):
        doctor = self.env["res.partner"].create(
            {"name": "Dr. Weber", "is_provider": True, "npi": "1234 5678 93"}
        )
        self.assertEqual(doctor.npi, "1234567893")
        with (
            self.assertRaisesRegex(ValidationError, "1234567890 cannot be the NPI of Dr. Weber"),
            self.cr.savepoint(),
        ):
            doctor.npi = "1234567890"
        doctor.npi = False


@tagged("post_install", "-at_install")
class TestOutsideTheBillingOffice(TransactionCase):
    """Colleagues without a billing group keep using contacts and see nothing of health or insurance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, login="colleague", groups="base.group_user,base.group_partner_manager"
        )
        cls.reader = new_test_user(cls.env, login="reader", groups="billing_coordinator.group_readonly")
        cls.ana = cls.env["res.partner"].create(
            {
                "name": "Ana López",
                "is_billing_account": True,
                "birth_date": "1982-03-01",
                "special_concerns": "Call the daughter",
            }
        )

    def test_they_register_and_change_contacts_even_patients(self):
        partners = self.env["res.partner"].with_user(self.colleague)
        person = partners.create({"name": "New", "is_billing_account": True})
        self.assertTrue(person.billing_account_number)
        other = partners.create({"name": "Other"})
        other.write({"is_billing_account": True, "phone": "123"})
        self.assertTrue(other.billing_account_number)
        self.ana.with_user(self.colleague).write({"phone": "456"})

    def test_they_open_the_form_and_save_it(self):
        with Form(self.ana.with_user(self.colleague), view="base.view_partner_form") as form:
            form.phone = "789"
        self.assertEqual(self.ana.phone, "789")

    def test_they_read_nothing_about_health(self):
        ana = self.ana.with_user(self.colleague)
        for name in ("birth_date", "age", "sex", "special_concerns", "coverage_ids", "plan_ids"):
            with self.assertRaises(AccessError, msg=name):
                ana.read([name])
            self.assertNotIn(name, ana.fields_get())

    def test_they_see_none_of_our_models(self):
        for name in (
            "billing.code.system",
            "billing.code",
            "billing.adjustment.reason",
            "billing.insurance.plan",
            "billing.coverage",
        ):
            with self.assertRaises(AccessError, msg=name):
                self.env[name].with_user(self.colleague).search([])

    def test_the_office_reads_all_of_it(self):
        [values] = self.ana.with_user(self.reader).read(["birth_date", "special_concerns", "coverage_ids"])
        self.assertEqual(values["special_concerns"], "Call the daughter")


@tagged("post_install", "-at_install")
class TestWhoMayChangeWhat(TransactionCase):
    READ, WORK, ALL = (1, 0, 0, 0), (1, 1, 1, 0), (1, 1, 1, 1)
    RIGHTS = {
        "billing.code.system": (READ, READ, ALL),
        "billing.code": (READ, READ, ALL),
        "billing.adjustment.reason": (READ, READ, ALL),
        "billing.insurance.plan": (READ, READ, ALL),
        "billing.coverage": (READ, WORK, ALL),
    }

    def test_each_role_has_its_rights_on_configuration_and_coverage(self):
        roles = ("readonly", "coordinator", "manager")
        users = [
            new_test_user(self.env, login=role, groups=f"billing_coordinator.group_{role}") for role in roles
        ]
        for model, expected in self.RIGHTS.items():
            for user, rights in zip(users, expected, strict=True):
                found = tuple(
                    int(self.env[model].with_user(user).has_access(operation))
                    for operation in ("read", "write", "create", "unlink")
                )
                self.assertEqual(found, rights, f"{model} for {user.login}")

    def test_another_companys_plans_and_coverages_are_invisible(self):
        other = self.env["res.company"].create({"name": "Second office"})
        payer, ana = self.env["res.partner"].create([{"name": "Blue", "is_payer": True}, {"name": "Ana"}])
        plan = self.env["billing.insurance.plan"].create(
            {
                "name": "Blue Plan",
                "payer_id": payer.id,
                "company_id": other.id,
            }
        )
        coverage = self.env["billing.coverage"].create(
            {
                "patient_id": ana.id,
                "plan_id": plan.id,
                "member_number": "1",
                "date_from": "2026-01-01",
            }
        )
        here = new_test_user(self.env, login="here", groups="billing_coordinator.group_manager")
        there = new_test_user(
            self.env,
            login="there",
            groups="billing_coordinator.group_readonly",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (plan, coverage):
            self.assertFalse(record.with_user(here).search([("id", "=", record.id)]))
            self.assertTrue(record.with_user(there).search([("id", "=", record.id)]))
        self.assertFalse(ana.with_user(here).coverage_ids)


@tagged("post_install", "-at_install")
class TestNumbersOfPapers(TransactionCase):
    def test_they_count_within_the_year_of_the_paper(self):
        sequence = self.env["ir.sequence"]
        for code, prefix in (
            ("billing.encounter", "V"),
            ("billing.claim", "C"),
            ("billing.remittance", "R"),
            ("billing.adjustment", "W"),
        ):
            self.assertRegex(
                sequence.next_by_code(code, sequence_date="2031-12-31"), rf"^{prefix}-2031-00001$"
            )
            self.assertRegex(
                sequence.next_by_code(code, sequence_date="2032-01-01"), rf"^{prefix}-2032-00001$"
            )
            self.assertRegex(
                sequence.next_by_code(code, sequence_date="2031-01-01"), rf"^{prefix}-2031-00002$"
            )
