from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputePaper(DisputeCase):
    """Our answer on paper, the e-mail with it, and what a statement says meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["ir.actions.report"]

    def _letter(self, dispute):
        body, _kind = self.report._render_qweb_html("billing_coordinator.report_dispute_answer", dispute.ids)
        return html.fromstring(body)

    def _say(self, page, name):
        return " ".join(" ".join(node.text_content().split()) for node in page.xpath(f"//*[@name='{name}']"))

    def test_the_answer_comes_first_with_the_new_amount_and_an_apology(self):
        dispute = self._dispute(date="2026-03-10")
        self._resolve(dispute, "credited", is_our_mistake=True, answer="The second visit was typed twice.")
        page = self._letter(dispute)
        self.assertEqual(
            self._say(page, "question"),
            f"On March 10, 2026 you told us that the amount is not right. It was about {self.january.name}. "
            "Thank you for asking.",
        )
        self.assertEqual(self._say(page, "answer"), "You do not have to pay $80.00: we have taken it off.")
        self.assertEqual(
            self._say(page, "apology"),
            "This was our mistake. We are sorry for it, and for the trouble that it gave you.",
        )
        self.assertEqual(self._say(page, "answer_box"), f"New amount $120.00 Reference {dispute.name}")
        self.assertEqual(self._say(page, "found"), "The second visit was typed twice.")
        self.assertIn("$80.00", self._say(page, "bills"))

    def test_what_is_held_is_not_asked_for_with_the_answer(self):
        dispute = self._dispute()
        self._resolve(dispute, "rejected")
        page = self._letter(dispute)
        text = " ".join(page.text_content().split())
        self.assertEqual(
            self._say(page, "answer"), "We have looked at it carefully, and the bill stays as it is.",
        )
        self.assertIn(
            "Before March 30, 2026 we do not ask you for the $80.00 in question.", self._say(page, "next"),
        )
        self.assertEqual(self._say(page, "answer_box"), f"Open as before $200.00 Reference {dispute.name}")
        self.assertNotIn("Please pay", text)
        self.assertFalse(page.xpath("//*[@name='slip' or @name='how_to_pay' or @name='amount_box']"))
        self.assertFalse(self._say(page, "apology"))

    def test_nothing_that_they_told_us_is_printed(self):
        dispute = self._dispute(claim="I never had that knee operation.", evidence="X-ray of the knee", subject="Knee")
        self._resolve(dispute, "explained")
        self.assertNotIn("nee", " ".join(self._letter(dispute).text_content().split()))

    def test_a_corrected_bill_is_named_once_it_is_there(self):
        dispute = self._dispute()
        visit = self.january.encounter_id
        self._resolve(dispute, "corrected")
        self.assertEqual(
            self._say(self._letter(dispute), "answer"), "We have taken the bill back. You will have a corrected one.",
        )
        visit.action_draft()
        visit.line_ids.price_unit = 120.0
        again = self._bill(visit, date="2026-03-17")
        page = self._letter(dispute)
        self.assertEqual(
            self._say(page, "answer"), "We have taken the bill back. In its place you have a corrected one.",
        )
        self.assertEqual(self._say(page, "answer_box"), f"New amount $120.00 Reference {dispute.name}")
        self.assertIn(again.name, self._say(page, "bills"))

    def test_insurance_that_is_asked_again_is_named_and_nothing_is_to_be_paid(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        bill = answer.caused_move_ids.filtered("billing_kind")
        dispute = self._dispute((bill, 80.0))
        self._resolve(dispute, "insurance")
        self.assertEqual(
            self._say(self._letter(dispute), "answer"),
            "We are taking it up with Blue Insurance. Please do not pay what you asked about until you hear from us.",
        )

    def test_nothing_decided_is_no_letter(self):
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "there is no answer yet"):
            dispute.action_print_answer()
        with self.assertRaisesRegex(UserError, "there is no answer yet"):
            dispute.action_send_answer()

    def test_sent_by_e_mail_it_is_answered(self):
        dispute = self._dispute()
        action = self._resolve(dispute, "rejected", channel="email")
        self.assertEqual((dispute.state, dispute.answered_on), ("resolved", False))
        composer = self.env["mail.compose.message"].with_context(action["context"]).create({})
        self.assertIn(f"our answer to {dispute.name}", composer.subject)
        self.assertEqual(composer.partner_ids, self.nora)
        self.assertEqual(composer.attachment_ids.mapped("name"), [f"{dispute.name.replace('/', '-')}.html"])
        composer._action_send_mail()
        self.assertEqual((str(dispute.answered_on), str(dispute.date_lift)), (TODAY, "2026-03-30"))

    # === STATEMENTS === #

    def _statement(self):
        statements = self.env["report.billing_coordinator.report_statement"]
        statement, = statements._get_statements(self.nora, self.company)
        return statement, statements._get_pay(statement)

    def test_a_statement_shows_apart_what_is_disputed(self):
        self._dispute()
        statement, pay = self._statement()
        self.assertEqual(
            (statement["amount_open"], statement["amount_disputed"], statement["amount_due_now"], pay["amount"]),
            (600.0, 80.0, 520.0, 520.0),
        )
        body, _kind = self.report._render_qweb_html("billing_coordinator.report_statement", self.nora.ids)
        told = self._say(html.fromstring(body), "disputes")
        self.assertIn("$80.00 of what you owe is in question. We do not ask for it now.", told)
        self.assertIn(f"Of bill {self.january.name}: we are looking into it, and write to you $80.00", told)

    def test_a_statement_says_that_they_have_our_answer(self):
        self._resolve(self._dispute(), "rejected")
        body, _kind = self.report._render_qweb_html("billing_coordinator.report_statement", self.nora.ids)
        self.assertIn(
            f"Of bill {self.january.name}: you have our answer; we do not ask for it before March 30, 2026 $80.00",
            self._say(html.fromstring(body), "disputes"),
        )

    def test_a_statement_without_disputes_is_as_ever(self):
        dispute = self._dispute()
        dispute.action_withdraw()
        statement, pay = self._statement()
        self.assertEqual((statement["disputes"], statement["amount_due_now"], pay["amount"]), ([], 600.0, 600.0))

    def test_a_statement_asks_for_instalments_of_a_plan_as_the_plan_says(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        before = self._statement()[1]["amount"]
        self._dispute()
        statement, pay = self._statement()
        self.assertEqual((statement["disputes"], pay["amount"]), ([], before))
