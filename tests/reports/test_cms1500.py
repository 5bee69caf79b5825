import io
import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .common import PaperCase

REPORT = "billing_coordinator.action_report_cms1500"
MM = 72 / 25.4


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCms1500(PaperCase):
    """The American claim form, printed from claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        america = cls.env.ref("base.us")
        oregon = cls.env["res.country.state"].search([("country_id", "=", america.id), ("code", "=", "OR")])
        home = {"city": "Portland", "zip": "97209", "country_id": america.id, "state_id": oregon.id}
        cls.company.write({"vat": "93-1234567", "phone": "(503) 555-0100"})
        cls.company.partner_id.write({"npi": "1245319599", "street": "120 Harbor Street", "street2": False, **home})
        cls.payer.write({"street": "PO Box 4410", **home})
        cls.payer_b.write({"street": "9 Gold Street", **home})
        cls.patient.write({"birth_date": "1981-04-12", "sex": "female", "street": "77 Alder Way", **home})
        cls.coverage.write({"member_number": "XWZ-1", "group_number": "GRP-77"})
        cls.service.billing_code_id.code = "99213"
        cls.office.code = "11"

    def _create_claim(self, services=None, **values):
        encounter = self._create_encounter(
            services=services or [self.service], place_id=self.office.id,
            diagnosis_ids=[Command.create({"code_id": self.diabetes.id, "sequence": 1})], **values,
        )
        return self._bill(encounter).claim_ids

    def _print(self, claims, user=None, **data):
        env = self.env(user=user) if user else self.env
        ids = None if data else claims.ids
        content, kind = env["ir.actions.report"]._render_qweb_pdf(
            REPORT, ids, data={"claim_ids": claims.ids, **data} if data else None,
        )
        self.assertEqual(kind, "pdf")
        return PdfFileReader(io.BytesIO(content)).pages

    def _read(self, page):
        return page.extract_text()

    def _find(self, page, text):
        """Points from the left and upper edge of the paper at which a text begins."""
        content = page.get_contents().get_data().decode("latin-1")
        moved = re.match(r"1 0 0 1 0 0 cm.*?1 0 0 1 (\S+) (\S+) cm", content, re.DOTALL)
        place = re.search(rf"1 0 0 1 (\S+) (\S+) Tm \({re.escape(text)}\) Tj", content)
        self.assertTrue(place, f"{text} is not on the page")
        x, y = float(place[1]), float(place[2])
        return round(x + float(moved[1]), 2), round(792 - y - float(moved[2]), 2)

    def test_the_data_of_a_claim_stands_on_the_grid_of_the_form(self):
        claim = self._create_claim()
        [page] = self._print(claim)
        self.assertEqual([float(value) for value in page.mediabox[2:]], [612, 792])
        # Box 2: line 5, column 1. Box 1a: line 3, column 50. Text stands three points above the edge of its line.
        self.assertEqual(self._find(page, "LOPEZ, ANA"), (21.6, 12 * 12 - 3))
        self.assertEqual(self._find(page, "XWZ1"), (374.4, 12 * 10 - 3))
        self.assertEqual(self._find(page, "99213"), (194.4, 12 * 46 - 3))
        words = self._read(page).split()
        for word in ("BLUE", "77", "ALDER", "WAY", "E119", "500", "00", "931234567", "1245319599", "1234567893"):
            self.assertIn(word, words)
        self.assertNotIn("Insured's", self._read(page))

    def test_what_the_printer_is_off_moves_everything(self):
        claim = self._create_claim()
        before = self._find(self._print(claim)[0], "LOPEZ, ANA")
        self.company.write({"billing_cms1500_right": 2.5, "billing_cms1500_down": -1.0})
        [page] = self._print(claim)
        after = self._find(page, "LOPEZ, ANA")
        self.assertAlmostEqual(after[0] - before[0], 2.5 * MM, 1)
        self.assertAlmostEqual(after[1] - before[1], -1.0 * MM, 1)
        self.assertAlmostEqual(self._find(page, "99213")[0], 21.6 + 7.2 * 24 + 2.5 * MM, 1)

    def test_somebody_with_a_printer_of_their_own_types_its_figures_once(self):
        claim = self._create_claim()
        self.company.billing_cms1500_right = 2.0
        clerk = new_test_user(self.env, "paper_clerk", groups="billing_coordinator.group_readonly")
        wizard = self.env["billing.cms1500.wizard"].with_user(clerk).create({
            "claim_ids": claim.ids, "is_own": True, "right": 5.0, "down": 1.0,
        })
        wizard.action_print()
        own, others = self._print(claim, user=clerk)[0], self._print(claim)[0]
        self.assertAlmostEqual(self._find(own, "LOPEZ, ANA")[0], 21.6 + 5.0 * MM, 1)
        self.assertAlmostEqual(self._find(others, "LOPEZ, ANA")[0], 21.6 + 2.0 * MM, 1)
        again = self.env["billing.cms1500.wizard"].with_user(clerk).create({"claim_ids": claim.ids})
        self.assertEqual((again.is_own, again.right, again.down), (True, 5.0, 1.0))
        again.is_own = False
        again.action_print()
        self.assertAlmostEqual(self._find(self._print(claim, user=clerk)[0], "LOPEZ, ANA")[0], 21.6 + 2.0 * MM, 1)

    def test_a_printer_cannot_be_a_hand_off(self):
        message = "cannot be moved by -40.0 mm. Type at most 25 mm"
        with self.assertRaisesRegex(ValidationError, message):
            self.company.billing_cms1500_down = -40.0
        wizard = self.env["billing.cms1500.wizard"].create({"is_own": True, "down": -40.0, "paper": "alignment"})
        with self.assertRaisesRegex(ValidationError, message):
            wizard.action_print()

    def test_seven_services_take_two_pages_with_their_own_totals(self):
        claim = self._create_claim(services=[(self.service, 100.0 + number) for number in range(7)])
        first, second = self._print(claim)
        self.assertIn("615 00", self._read(first))
        self.assertIn("106 00", self._read(second))
        self.assertNotIn("615 00", self._read(second))

    def test_many_claims_are_one_file_in_the_order_chosen(self):
        dan = self._create_patient(
            "Dan Kim", birth_date="1990-01-01", street="1 Elm Street", city="Portland", zip="97209",
        )
        self._create_coverage(dan, self.plan)
        ana, dan = self._create_claim(), self._create_claim(patient=dan)
        pages = self._print(dan + ana)
        self.assertEqual(len(pages), 2)
        self.assertIn("KIM, DAN", self._read(pages[0]))
        self.assertIn("LOPEZ, ANA", self._read(pages[1]))

    def test_what_a_payer_would_send_back_is_not_printed_on_red_stock(self):
        self.patient.birth_date = False
        self.coverage.member_number = "9" * 31
        claim = self._create_claim()
        with self.assertRaises(UserError) as caught:
            self._print(claim)
        self.assertEqual(str(caught.exception), (
            "Nothing was printed, because a payer would send it back:\n"
            f"• {claim.name}, box 1a (member number of the policy): “{'9' * 31}” does not fit, the form takes 29 "
            "characters. Shorten it, or send the claim as a file.\n"
            f"• {claim.name}: box 3 (birth date of the patient) is empty. Fill it in.\n"
            "Print with the grey form to see where."
        ))

    def test_nobody_reads_a_hundred_sentences_at_once(self):
        self.service.billing_code_id.code = "MUCHTOOLONG"
        claim = self._create_claim(services=[self.service] * 25)
        with self.assertRaises(UserError) as caught:
            self._print(claim)
        self.assertEqual(str(caught.exception).count("MUCHTOOLONG"), 20)
        self.assertIn("• and 5 more", str(caught.exception))

    def test_the_proof_is_printed_whatever_is_the_matter(self):
        self.patient.birth_date = False
        claim = self._create_claim()
        [page] = self._print(claim, with_form=True)
        text = self._read(page)
        for words in ("1a Insured's number", "LOPEZ, ANA", f"Proof, not to be sent: {claim.name}, form 1 of 1",
                      "box 3 (birth date of the patient) is empty. Fill it in."):
            self.assertIn(words, text)

    def test_a_second_claim_goes_with_the_answer_to_the_first(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="SUP-881")
        primary = self._create_claim()
        self._answer(primary, 300.0, [(self.co_45, 120.0), (self.pr_2, 80.0)])
        secondary = primary.encounter_id.claim_ids - primary
        form, answer = self._print(secondary)
        text = self._read(form)
        self.assertIn("SUP881", text)
        self.assertIn("300 00", text)
        text = " ".join(self._read(answer).split())
        for words in ("ANSWER OF THE PRIMARY PAYER", "Blue Insurance", "03/10/2026", "99213", "500.00 300.00",
                      "CO-45 120.00; PR-2 80.00"):
            self.assertIn(words, text)
        self.assertEqual(len(self._print(secondary, part="forms")), 1)
        [page] = self._print(primary + secondary, part="answers")
        self.assertIn("ANSWER OF THE PRIMARY PAYER", self._read(page))
        with self.assertRaisesRegex(UserError, "No payer has answered before"):
            self._print(primary, part="answers")

    def test_the_window_says_what_is_the_matter_before_anything_is_printed(self):
        self.patient.birth_date = False
        claim = self._create_claim()
        window = Form(self.env["billing.cms1500.wizard"].with_context(
            active_model="billing.claim", active_ids=claim.ids,
        ))
        self.assertIn("box 3 (birth date of the patient) is empty", window.problems)
        self.assertFalse(window.has_answers)
        self.assertEqual(window.paper, "form")
        window.paper = "data"
        wizard = window.save()
        with self.assertRaisesRegex(UserError, "Nothing was printed"):
            wizard.action_print()
        wizard.paper = "form"
        action = wizard.action_print()
        self.assertEqual(action["report_name"], "billing_coordinator.report_cms1500")
        self.assertEqual(action["data"], {"claim_ids": claim.ids, "with_form": True, "part": "all"})
        self.patient.birth_date = "1981-04-12"
        again = self.env["billing.cms1500.wizard"].create({"claim_ids": claim.ids})
        self.assertFalse(again.problems)
        self.assertEqual(again.paper, "data")

    def test_the_alignment_page_needs_no_claim(self):
        self.company.billing_cms1500_right = 1.5
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(REPORT, None, data={"alignment": True})
        [page] = PdfFileReader(io.BytesIO(content)).pages
        self.assertIn("Printed with 1.5 mm to the right and 0.0 mm down.", self._read(page))
        self.assertAlmostEqual(self._find(page, "X")[0], 21.6 + 1.5 * MM, 1)
        action = self.env.ref("billing_coordinator.action_report_cms1500_alignment").run()
        self.assertEqual(action["data"], {"alignment": True})

    def test_it_can_be_read_as_text_where_there_is_no_pdf(self):
        claim = self._create_claim()
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, claim.ids)
        self.assertIn(b"LOPEZ, ANA", content)

    def test_only_billing_prints_it_and_only_of_its_own_companies(self):
        claim = self._create_claim()
        accountant = new_test_user(self.env, "plain_accountant", groups="account.group_account_invoice")
        for data in ({}, {"with_form": True}, {"alignment": True}):
            with self.subTest(data=data), self.assertRaises(AccessError):
                self._print(claim, user=accountant, **data)
        other = self.company_data_2["company"] if hasattr(self, "company_data_2") else self.env["res.company"].create(
            {"name": "Elsewhere"},
        )
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self._print(claim, user=stranger, with_form=True)
        reader = new_test_user(self.env, "billing_reader", groups="billing_coordinator.group_readonly")
        self.assertEqual(len(self._print(claim, user=reader)), 1)

    def test_nothing_chosen_is_nothing_printed(self):
        with self.assertRaisesRegex(UserError, "Choose the claims"):
            self._print(self.env["billing.claim"], with_form=True)

    def test_more_claims_do_not_take_more_queries_each(self):
        def bill(count):
            claims = self.env["billing.claim"]
            for number in range(count):
                patient = self._create_patient(f"Pat Number{number}", birth_date="1990-01-01", street="1 Elm Street")
                self._create_coverage(patient, self.plan)
                claims += self._create_claim(patient=patient)
            return claims

        def count_queries(claims):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._print(claims, with_form=True)
            return self.env.cr.sql_log_count - before

        few, many = bill(2), bill(12)
        count_queries(few)
        self.assertLessEqual(count_queries(many), count_queries(few) + 5)
