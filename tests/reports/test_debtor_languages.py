from odoo.tests import TransactionCase, tagged

LANGUAGES = ("de_DE", "es_ES")
# What debtors and patients read of collections, and what it is made of.
TEMPLATES = (
    "paper_head", "paper_how_to_pay", "paper_slip", "paper_bank_code", "report_collection_letter_document",
    "collection_mail", "report_dispute_answer_document", "report_placement_notice_document",
    "report_statement_document", "report_statement_plans", "report_statement_disputes",
    "report_statement_agencies", "report_settlement_document",
)
# Looks the same in every language.
SAME = {"BIC", ", BIC", "Patient"}
SAME_OF_REPORTS = {"Journal", "Partner", "Plan", "Total"}


@tagged("post_install", "-at_install")
class TestDebtorLanguages(TransactionCase):
    """Whoever owes reads German and Spanish throughout, never half of it in English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"]._load_module_terms(["billing_coordinator"], list(LANGUAGES), overwrite=True)

    def _get_untranslated(self, record, field):
        terms, _context = record.get_field_translations(field, list(LANGUAGES))
        return [
            (record.display_name, term["lang"], term["source"])
            for term in terms
            if any(letter.isalpha() for letter in term["source"]) and term["source"] not in SAME
            and term["value"] in ("", False, term["source"])
        ]

    def test_every_sentence_of_the_papers_is_translated(self):
        missing = []
        for name in TEMPLATES:
            missing += self._get_untranslated(self.env.ref(f"billing_coordinator.{name}"), "arch_db")
        self.assertEqual(missing, [])

    def test_so_are_the_mails_of_statements_and_reports(self):
        missing = []
        for name in ("mail_template_statement", "mail_template_report", "mail_template_settlement"):
            template = self.env.ref(f"billing_coordinator.{name}")
            missing += self._get_untranslated(template, "body_html")
        statement = self.env.ref("billing_coordinator.mail_template_statement")
        missing += self._get_untranslated(statement, "subject")
        self.assertEqual(missing, [])

    def test_so_is_what_stands_on_printed_reports(self):
        """Names, questions, headings of columns and of groups: whoever gets a report by mail may know no English."""
        missing = set()
        for report in self.env["billing.report"].search([]):
            for fname in ("name", "question"):
                missing.update(self._get_untranslated(report, fname))
            names = {
                name.partition(":")[0]
                for fname in ("group_fields", "detail_fields", "amount_fields") for name in report._split(fname)
            }
            described = self.env["ir.model.fields"].search([("model", "=", report.res_model), ("name", "in", names)])
            for field in described:
                missing.update(self._get_untranslated(field, "field_description"))
        # What Odoo says the same way in these languages, or translates itself.
        self.assertEqual({term for term in missing if term[2] not in SAME_OF_REPORTS}, set())

    def test_so_are_the_messages_about_disputes_and_what_they_quote(self):
        missing = []
        for name in ("mail_template_dispute_received", "mail_template_dispute_answer"):
            template = self.env.ref(f"billing_coordinator.{name}")
            missing += self._get_untranslated(template, "subject") + self._get_untranslated(template, "body_html")
        for code in LANGUAGES:
            for reason in self.env["billing.dispute.category"].search([]).filtered("question"):
                if reason.get_external_id()[reason.id] and reason.with_context(lang=code).question == reason.question:
                    missing.append((reason.name, code, reason.question))
        self.assertEqual(missing, [])
