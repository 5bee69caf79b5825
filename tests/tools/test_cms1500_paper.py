"""The PDF of a CMS-1500: what stands on the grid, whatever is drawn around it; and the page of earlier answers."""

import io
from decimal import Decimal
from unittest import TestCase

from odoo.tools.pdf import PdfFileReader

from ...tools.claim_content import Adjustment
from ...tools.cms1500 import layout
from ...tools.cms1500.answers import LINES_A_PAGE, WIDTH, list_answers
from ...tools.cms1500.drawing import Paper
from .claim_examples import make_claim, make_secondary, make_service


def draw(form, right=0.0, down=0.0, **values):
    paper = Paper("A claim", right, down)
    paper.add_form(form, **values)
    return paper.finish()


def read_pages(data):
    return [page.extract_text() for page in PdfFileReader(io.BytesIO(data)).pages]


class TestPaper(TestCase):
    """What a printer gets."""

    def test_the_red_stock_gets_the_data_and_nothing_else(self):
        [form] = layout(make_claim())
        [text] = read_pages(draw(form))
        self.assertEqual(sorted(text.split()), sorted(" ".join(entry.text for entry in form.entries).split()))

    def test_the_proof_has_captions_and_remarks_besides(self):
        [form] = layout(make_claim())
        [text] = read_pages(draw(form, with_form=True, remarks=["Proof of this claim"]))
        for words in ("LOPEZ, ANA, M", "1a Insured's number", "33 Billed by", "Proof of this claim"):
            self.assertIn(words, text)

    def test_the_same_claim_gives_the_same_file(self):
        [form] = layout(make_claim())
        self.assertEqual(draw(form), draw(form))
        self.assertNotEqual(draw(form), draw(form, right=1.0))

    def test_many_remarks_stay_above_the_form(self):
        [form] = layout(make_claim())
        [text] = read_pages(draw(form, with_form=True, remarks=[f"Remark {number} " * 8 for number in range(20)]))
        self.assertIn("Remark 3", text)
        self.assertNotIn("Remark 15", text)


class TestAnswers(TestCase):
    """The page behind a claim to a second payer."""

    def test_it_says_who_answered_when_and_what_of_each_service(self):
        [lines] = list_answers(make_secondary())
        text = "\n".join(lines)
        for words in (
            "ANSWER OF THE PRIMARY PAYER", "Blue Insurance (60054)", "ICN-77", "03/12/2026", "number M123456",
            "CLM-00043", "  1 03/05/2026 99213                      120.00        60.00  CO-45 40.00; PR-2 12.50; PR-3",
            "Total                      120.00        60.00  60.00 not paid", "CO  contractual obligation",
            "PR  patient responsibility",
        ):
            self.assertIn(words, text)
        self.assertNotIn("OA  other adjustment", text)

    def test_a_first_claim_has_no_such_page(self):
        self.assertEqual(list_answers(make_claim()), [])
        blue = make_secondary().others[0]._replace(paid=None)
        self.assertEqual(list_answers(make_claim(others=(blue,))), [])

    def test_what_concerns_the_whole_claim_is_told_apart(self):
        blue = make_secondary().others[0]
        [lines] = list_answers(make_secondary(others=(blue._replace(
            paid=Decimal(55), adjustments=(Adjustment("OA", "23", Decimal(5)),),
        ),)))
        text = "\n".join(lines)
        self.assertIn("whole claim                                     OA-23 5.00", text)
        self.assertIn("whole claim                              -5.00", text)
        self.assertIn("Total                      120.00        55.00  65.00 not paid", text)

    def test_fifty_services_run_over_to_further_pages_with_the_head_again(self):
        blue = make_secondary().others[0]
        services = tuple(make_service(number) for number in range(1, 51))
        answers = dict.fromkeys(range(1, 51), blue.services[1])
        pages = list_answers(make_secondary(services=services, others=(blue._replace(
            paid=Decimal(3000), services=answers,
        ),)))
        self.assertEqual(len(pages), 2)
        for lines in pages:
            self.assertLessEqual(len(lines), LINES_A_PAGE)
            self.assertEqual(lines[0], "ANSWER OF THE PRIMARY PAYER")
            self.assertLessEqual(max(map(len, lines)), WIDTH)
