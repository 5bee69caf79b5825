import datetime
from decimal import Decimal
from importlib.util import find_spec

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.claim_content import Accident, Address, Adjustment, Diagnosis
from odoo.addons.billing_coordinator.tools.x12.claim837 import check, write

from ..common import TODAY, BillingCase
from ..tools.claim_examples import judge, make_batch
from ..tools.x12_answer import read_claims


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimContent(BillingCase):
    """The facts of a claim, as files, forms and letters tell them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        us = cls.env.ref("base.us")
        cls.illinois = cls.env["res.country.state"].search([("country_id", "=", us.id), ("code", "=", "IL")])
        home = {"city": "Springfield", "state_id": cls.illinois.id, "country_id": us.id}
        cls.company.partner_id.write({
            **home, "name": "Hillside Family Practice", "street": "12 Hill Street", "zip": "62701-0012",
            "npi": "1245319599", "vat": "12-3456789", "phone": "555 010 2000", "claim_taxonomy": "261qp2300x",
        })
        cls.patient.write({
            **home, "street": "7 Elm Avenue", "zip": "62704", "birth_date": "1980-05-17", "sex": "female",
        })
        cls.payer.write({**home, "street": "PO Box 100", "zip": "62701"})
        cls.coverage.group_number = "GRP-7"
        systems = {
            kind: cls.env.ref(f"billing_coordinator.code_system_{key}")
            for kind, key in {"procedure": "cpt", "diagnosis": "icd10cm", "modifier": "mod"}.items()
        }
        cls.codes = {
            code: cls.env["billing.code"].create({
                "system_id": systems[kind].id, "kind": kind, "code": code, "name": f"Invented {code}",
            })
            for kind, code in (
                ("procedure", "99901"), ("procedure", "99902"), ("diagnosis", "Z98.7X1"), ("diagnosis", "Z98.7X2"),
                ("modifier", "Q1"), ("modifier", "Q2"),
            )
        }
        cls.service.billing_code_id = cls.codes["99901"]
        cls.other_service = cls._create_service("Wound care", 120.0, billing_code_id=cls.codes["99902"].id)

    @classmethod
    def _claim(cls, services=None, **values):
        """The claim to the first payer for a visit with two diagnoses."""
        visit = cls._create_encounter(
            services=services,
            place_id=cls.env.ref("billing_coordinator.code_pos_11").id,
            diagnosis_ids=[
                Command.create({"code_id": cls.codes["Z98.7X1"].id}),
                Command.create({"code_id": cls.codes["Z98.7X2"].id}),
            ],
            **values,
        )
        cls._bill(visit)
        return visit.claim_ids

    def _content(self, claim):
        return claim._get_contents()[claim]

    # === THE CLAIM === #

    def test_a_claim_tells_everything_about_a_visit(self):
        claim = self._claim(
            [self.service, (self.other_service, 100.0)],
            onset_date="2026-03-01", accident_kind="auto", accident_date="2026-03-01",
            accident_state_id=self.illinois.id, is_emergency=True, amount_patient_paid=20.0, claim_note="See letter",
        )
        content = self._content(claim)
        self.assertEqual(content.number, claim.name)
        self.assertEqual((content.payer.name, content.payer_code, content.filing), ("Blue Insurance", "Blue ", "CI"))
        self.assertEqual(content.payer.address, Address("PO Box 100", "", "Springfield", "IL", "62701", "US"))
        self.assertEqual(
            content.billing[:-1],
            ("Hillside Family Practice", False, "", "", "", "", "1245319599", "12-3456789", "EI", "261QP2300X",
             "555 010 2000"),
        )
        self.assertEqual((content.patient.last, content.patient.first), ("López", "Ana"))
        self.assertEqual(
            (content.patient_birth, content.patient_sex), (datetime.date(1980, 5, 17), "female"),
        )
        self.assertTrue(content.is_self)
        self.assertEqual(
            content.insured[1:],
            (f"M-{self.patient.id}", datetime.date(1980, 5, 17), "female", "self", "GRP-7", "", "Blue Plan"),
        )
        self.assertEqual((content.rendering.last, content.rendering.npi), ("Stein", "1234567893"))
        self.assertEqual(content.diagnoses, (Diagnosis("A", "Z98.7X1"), Diagnosis("B", "Z98.7X2")))
        self.assertEqual(content.diagnosis_system, "10")
        self.assertEqual(content.total, Decimal("600.00"))
        self.assertEqual((content.place, content.frequency, content.rank), ("11", "1", 1))
        self.assertEqual(content.accident, Accident("auto", "IL", datetime.date(2026, 3, 1)))
        self.assertEqual(content.dates.onset, datetime.date(2026, 3, 1))
        self.assertEqual((content.paid_by_patient, content.note), (Decimal("20.00"), "See letter"))
        self.assertEqual(
            [(s.number, s.code, s.charge, s.units, s.pointers, s.date_from, s.emergency) for s in content.services],
            [
                (1, "99901", Decimal("500.00"), Decimal(1), "A", datetime.date(2026, 3, 5), True),
                (2, "99902", Decimal("100.00"), Decimal(1), "A", datetime.date(2026, 3, 5), True),
            ],
        )
        self.assertEqual(
            [service.control_number for service in content.services],
            [str(item.id) for item in claim.invoice_id.invoice_line_ids.sorted("id")],
        )
        self.assertEqual((content.others, content.currency), ((), "USD"))

    def test_a_complete_claim_fits_into_a_file(self):
        self.assertEqual(check(self._content(self._claim())), [])

    def test_what_is_missing_is_said_with_its_box(self):
        self.company.partner_id.npi = False
        self.patient.write({"zip": False, "birth_date": False})
        self.assertEqual(
            [(problem.loop, problem.element, problem.box, problem.reason)
             for problem in check(self._content(self._claim()))],
            [
                ("2010AA", "NM109", "33a", "missing"),
                ("2010BA", "N403", "5", "missing"),
                ("2010BA", "DMG02", "3", "missing"),
            ],
        )

    def test_the_payer_is_told_its_own_codes(self):
        claim = self._claim()
        told = claim.told_ids.filtered(lambda told: told.kind == "service")
        told.sudo().write({"code_id": self.codes["99902"].id, "modifiers": "Q1 Q2"})
        self.env["billing.claim.told"].sudo().create({
            "claim_id": claim.id, "kind": "value", "label": "Referral", "value": "R7",
        })
        content = self._content(claim)
        self.assertEqual((content.services[0].code, content.services[0].modifiers), ("99902", ("Q1", "Q2")))
        self.assertEqual(content.remark, "Referral R7")

    def test_a_child_is_insured_with_a_parent(self):
        self.patient.name = "López García, Ana María"
        child = self._create_patient("Ben López", birth_date="2018-01-02", sex="male", guarantor_id=self.patient.id,
                                     street="7 Elm Avenue", city="Springfield", zip="62704",
                                     state_id=self.illinois.id)
        self._create_coverage(child, self.plan, relationship="child", subscriber_id=self.patient.id)
        content = self._content(self._claim(patient=child))
        self.assertFalse(content.is_self)
        holder = content.insured.party
        self.assertEqual((holder.last, holder.first, holder.middle), ("López García", "Ana", "María"))
        self.assertEqual((content.insured.birth, content.insured.sex), (datetime.date(1980, 5, 17), "female"))
        self.assertEqual((content.patient.first, content.patient_birth), ("Ben", datetime.date(2018, 1, 2)))
        self.assertEqual(check(content), [])

    def test_a_name_that_cannot_be_told_apart_is_typed_in_parts(self):
        self.patient.write({"name": "Ana López García", "claim_family_name": "López García",
                            "claim_given_name": "Ana"})
        patient = self._content(self._claim()).patient
        self.assertEqual((patient.last, patient.first, patient.middle), ("López García", "Ana", ""))

    def test_an_address_abroad_keeps_its_country(self):
        self.patient.write({
            "street": "Hauptstraße 5", "city": "Köln", "zip": "50667", "state_id": False,
            "country_id": self.env.ref("base.de").id,
        })
        content = self._content(self._claim())
        self.assertEqual(content.patient.address, Address("Hauptstraße 5", "", "Köln", "", "50667", "DE"))
        self.assertEqual(check(content), [])

    def test_where_and_by_whom(self):
        doctor = self.env["res.partner"].create({"name": "Dr. Paul Weiß", "npi": "1003000126"})
        hospital = self.env["res.partner"].create({
            "name": "Hill Hospital", "is_company": True, "street": "1 Main Road", "city": "Springfield",
            "zip": "627020001", "state_id": self.illinois.id,
        })
        self.company.billing_pay_to_id = self.env["res.partner"].create({
            "name": "Lockbox", "street": "PO Box 9", "city": "Springfield", "zip": "62705",
            "state_id": self.illinois.id,
        })
        content = self._content(self._claim(referring_id=doctor.id, facility_id=hospital.id))
        self.assertEqual((content.referring.last, content.referring.npi), ("Weiß", "1003000126"))
        self.assertEqual((content.facility.name, content.facility.is_person), ("Hill Hospital", False))
        self.assertEqual(content.facility.address.country, "US")
        self.assertEqual(content.pay_to.address.street, "PO Box 9")
        self.assertEqual(check(content), [])

    # === OTHER PAYERS === #

    def _secondary(self, answers, services=None, **values):
        """The claim to the second payer, after the first has answered: [(paid, [(reason, amount)])] one after other."""
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-9")
        claim = self._claim(services, **values)
        for paid, adjustments in answers:
            self._answer(claim, paid, adjustments)
        return (claim.encounter_id.claim_ids - claim).ensure_one()

    def test_the_second_payer_is_told_what_the_first_has_answered(self):
        content = self._content(self._secondary([(300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])]))
        self.assertEqual((content.rank, content.total, content.services[0].asked), (2, Decimal(500), Decimal(80)))
        blue, = content.others
        self.assertEqual((blue.rank, blue.paid, blue.date), (1, Decimal(300), datetime.date(2026, 3, 10)))
        self.assertEqual(blue.services[1].adjustments, (
            Adjustment("CO", "45", Decimal(120)), Adjustment("PR", "1", Decimal(80)),
        ))
        self.assertEqual(blue.patient_share, Decimal(80))
        self.assertEqual(check(content), [])

    def test_the_first_payer_is_told_that_there_is_a_second(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-9")
        claim = self._claim()
        gold, = self._content(claim).others
        self.assertEqual((gold.payer.name, gold.rank, gold.is_answered), ("Gold Insurance", 2, False))
        self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = claim.encounter_id.claim_ids - claim
        self._answer(second, 80.0)
        self.assertFalse(self._content(claim).others[0].is_answered)

    def test_a_later_answer_takes_the_place_of_what_was_held_back(self):
        content = self._content(self._secondary([
            (0.0, [(self.co_50, 500.0)]), (300.0, [(self.co_45, 120.0), (self.pr_2, 80.0)]),
        ]))
        answer = content.others[0].services[1]
        self.assertEqual(answer.paid, Decimal(300))
        self.assertEqual(answer.adjustments, (
            Adjustment("CO", "45", Decimal(120)), Adjustment("PR", "2", Decimal(80)),
        ))
        self.assertEqual(check(content), [])

    def test_the_third_payer_is_told_both_answers(self):
        third = self._create_plan("Third Plan", self._create_payer("Third Insurance"))
        self._create_coverage(self.patient, third, rank="3", member_number="T-1")
        second = self._secondary([(300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])])
        self._answer(second, 50.0, [(self.pr_2, 30.0)])
        claim = second.encounter_id.claim_ids.filtered(lambda claim: claim.rank == "3")
        blue, gold = self._content(claim).others
        self.assertEqual(gold.services[1].adjustments, (
            Adjustment("PR", "2", Decimal(30)), Adjustment("OA", "23", Decimal(420)),
        ))
        self.assertEqual((blue.paid, gold.paid), (Decimal(300), Decimal(50)))
        self.assertEqual(check(self._content(claim)), [])

    def test_a_split_at_once_is_told_as_the_first_payers_share(self):
        self.plan.write({"billing_mode": "split"})
        self.coverage.write({"coinsurance": 20.0})
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-9")
        claims = self._claim()
        first = claims.filtered(lambda claim: claim.rank == "1")
        second = claims - first
        self.assertEqual((first.amount_charged, second.amount_charged), (400.0, 100.0))
        self._answer(first, 380.0, [(self.co_45, 20.0)])
        content = self._content(second)
        self.assertEqual(content.others[0].services[1].adjustments, (
            Adjustment("PR", "2", Decimal(100)), Adjustment("CO", "45", Decimal(20)),
        ))
        self.assertEqual(check(content), [])

    def test_taxes_are_part_of_the_charge(self):
        tax = self.company_data["default_tax_sale"].copy({"name": "Ten", "amount": 10.0})
        service = self._create_service("Brace", 100.0, taxes=tax, billing_code_id=self.codes["99902"].id)
        content = self._content(self._secondary([(70.0, [(self.pr_1, 40.0)])], [service]))
        self.assertEqual((content.total, content.services[0].tax), (Decimal("110.00"), Decimal("10.00")))
        self.assertEqual(check(content), [])

    # === GOING OUT === #

    def test_what_the_payer_has_is_replaced_and_what_was_taken_back_is_cancelled(self):
        claim = self._claim()
        self.assertEqual(self._content(claim).frequency, "1")
        claim._submit("file", reference="41")
        claim._acknowledge("Accepted", payer_control_number="ICN-9")
        self.assertEqual((self._content(claim).frequency, self._content(claim).original_reference), ("1", ""))
        claim._reject("Subscriber not found")
        content = self._content(claim)
        self.assertEqual((content.frequency, content.original_reference), ("7", "ICN-9"))
        self.assertEqual(check(content), [])
        claim._submit("file", reference="42")
        claim._acknowledge("Accepted")
        self.assertEqual(self._content(claim).frequency, "7")
        claim.action_void()
        content = self._content(claim)
        self.assertEqual((claim.cancellation_due, content.frequency, content.original_reference), (True, "8", "ICN-9"))
        self.assertEqual(content.total, Decimal(500))
        self.assertEqual(check(content), [])

    def test_a_visit_that_is_billed_anew_does_not_change_what_was_taken_back(self):
        claim = self._claim()
        visit = claim.encounter_id
        claim.action_void()
        visit.action_draft()
        visit.line_ids.price_unit = 450.0
        self._bill(visit)
        new = visit.claim_ids - claim
        contents = (claim + new)._get_contents()
        self.assertEqual((contents[claim].total, contents[new].total), (Decimal(500), Decimal(450)))
        self.assertEqual(contents[new].others, ())

    def test_the_file_of_what_the_database_says_is_accepted(self):
        if not find_spec("pyx12"):
            self.skipTest("pyx12 judges the file; it is one of dev/requirements.txt and not installed")
        second = self._secondary(
            [(300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])], claim_note="Café; see <letter>",
            accident_kind="other", accident_date="2026-03-01", amount_patient_paid=12.5,
        )
        claims = second.encounter_id.claim_ids
        data = write(make_batch(*claims._get_contents().values()))
        self.assertEqual(judge(data), [])
        segments = data.decode().split("~")
        for segment in ("SVD*BLUE*300*HC:99901**1", "CAS*CO*45*120", "CAS*PR*1*80", "AMT*F5*12.5"):
            self.assertIn(segment, segments)
        self.assertEqual([asked.charge for asked in read_claims(data)], [Decimal(500), Decimal(500)])

    # === FIELDS === #

    def test_the_kind_of_payer_follows_until_somebody_chooses(self):
        agency = self._create_payer("Agency", payer_type="agency")
        self.assertEqual(agency.claim_filing, "OF")
        agency.claim_filing = "MB"
        agency.payer_type = "other"
        self.assertEqual(agency.claim_filing, "MB")
        self.assertFalse(self.patient.claim_filing)

    def test_facts_for_the_payer_are_corrected_after_billing(self):
        visit = self._claim().encounter_id
        visit.write({"claim_note": "Corrected", "accident_kind": "other", "accident_date": "2026-03-02"})
        self.assertEqual(self._content(visit.claim_ids).note, "Corrected")
        with self.assertRaisesRegex(ValidationError, "cannot begin later"):
            visit.accident_date = "2026-03-06"
        with self.assertRaisesRegex(ValidationError, "ten letters and digits"):
            self.provider.claim_taxonomy = "Family doctor"

    # === SETS, RIGHTS === #

    def test_many_claims_take_as_many_queries_as_few(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-9")
        visits = self.env["billing.encounter"].concat(*(
            self._create_encounter(services=[self.service, self.other_service],
                                   diagnosis_ids=[Command.create({"code_id": self.codes["Z98.7X1"].id})])
            for _number in range(20)
        ))
        visits.action_ready()
        visits._bill()
        claims = self.env["billing.claim"].browse(visits.claim_ids.ids)
        for claim in claims[:3]:
            remittance = self._prepare_answer(claim, 0.0, reference=claim.name)
            for line in remittance.line_ids:
                line.adjustment_ids = [Command.create({"reason_id": self.pr_1.id, "amount": line.amount_asked})]
            remittance.action_post()
        claims = self.env["billing.claim"].browse(visits.claim_ids.ids)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._get_contents()
            return self.cr.sql_log_count - before

        count(claims)  # The first reading fills caches of rights and fields.
        few, many = count(claims[:2]), count(claims)
        self.assertLessEqual(many, few)
        self.assertLess(many, 60)

    def test_health_data_is_for_the_billing_office(self):
        claim = self._claim()
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        with self.assertRaises(AccessError):
            claim.with_user(outsider)._get_contents()
        reader = new_test_user(
            self.env, "reader", "billing_coordinator.group_readonly", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        content = claim.with_user(reader)._get_contents()[claim.with_user(reader)]
        self.assertEqual(content.patient_birth, datetime.date(1980, 5, 17))

    def test_money_without_cents_has_none(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        claim = self._claim(currency_id=yen.id)
        content = self._content(claim)
        self.assertEqual((content.currency, str(content.total), check(content)), ("JPY", "500", []))
