import io

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .common import DenialCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAppealPacket(DenialCase):
    """The packet shows each claim as its payer got it: the form of what was sent, or the letter."""

    def _claim_paper(self, appeal):
        """(kind, text) of the paper of its one claim."""
        found = [paper for paper in appeal._get_documents() if paper[0] == f"Claim {appeal.claim_ids.name}"]
        self.assertEqual(len(found), 1)
        _name, kind, content = found[0]
        if kind != "application/pdf":
            return kind, " ".join(content.decode().replace("\xa0", "").split())
        pages = PdfFileReader(io.BytesIO(content), strict=False).pages
        return kind, "\n".join(page.extract_text() for page in pages)

    def _deny_with(self, **payer):
        self.payer.write(payer)
        return self._appeal(self._deny())

    def test_a_claim_goes_into_the_packet_as_the_form(self):
        appeal = self._appeal(self._deny())
        kind, text = self._claim_paper(appeal)
        self.assertEqual(kind, "application/pdf")
        for words in ("LOPEZ", f"Copy: {appeal.claim_ids.name}, sent on 03/16/2026, form 1 of 1", "500"):
            self.assertIn(words, text)
        self.assertNotIn("Proof, not to be sent", text)

    def test_the_form_says_what_was_sent_whatever_changed_since(self):
        self.patient.write({"street": "7 Elm Avenue", "city": "Springfield"})
        appeal = self._appeal(self._deny())
        self.patient.write({"street": "99 New Street", "city": "Denver"})
        _kind, text = self._claim_paper(appeal)
        self.assertIn("7 ELM AVENUE", text)
        self.assertNotIn("99 NEW STREET", text)

    def test_what_went_out_as_a_file_is_shown_as_the_form_of_it(self):
        route = self.env["billing.filing.route"].create({
            "name": "House", "format": "file", "submitter_id": "HILLSIDE", "receiver_id": "CLEARING",
            "contact_name": "Cora", "contact_phone": "555 010 2001",
        })
        self.payer.billing_route_id = route
        appeal = self._deny_with(payer_type="employer")
        self.assertEqual(appeal.claim_ids.last_submission_id.form, "cms1500")
        self.assertEqual(self._claim_paper(appeal)[0], "application/pdf")

    def test_a_corrected_claim_is_shown_as_corrected(self):
        denial = self._deny()
        claim = denial.claim_id
        self._wizard(denial, "resend", channel="paper").action_apply()
        self._answer(claim, 0.0, [(self.co_50, 500.0)], date="2026-03-16")
        sent = claim.last_submission_id
        self.assertEqual((sent.frequency, sent.content["frequency"], sent.content["original_reference"]),
                         ("7", "7", claim.payer_control_number))
        appeal = self._appeal(self._denials(claim)[-1])
        self.assertIn(claim.payer_control_number, self._claim_paper(appeal)[1])

    def test_an_employer_sees_the_letter_that_it_got(self):
        appeal = self._deny_with(payer_type="employer")
        claim = appeal.claim_ids
        self._answer(claim, 100.0, [(self.co_50, 400.0)], date="2026-03-12")
        with freeze_time("2026-03-20"):
            kind, text = self._claim_paper(appeal)
        self.assertEqual((claim.last_submission_id.form, kind), ("letter", "text/html"))
        for words in (f"Claim {claim.name}", "March 16, 2026", "We ask you for", "$500.00"):
            self.assertIn(words, text)
        # What came since is no part of what was sent.
        self.assertNotIn("are still open", text)

    def test_an_insurer_abroad_sees_its_letter(self):
        appeal = self._deny_with(country_id=self.env.ref("base.de").id)
        self.assertEqual(self._claim_paper(appeal)[0], "text/html")

    def test_of_what_was_sent_before_copies_were_kept_the_form_says_what_the_claim_says(self):
        appeal = self._appeal(self._deny())
        self.env.cr.execute("UPDATE billing_claim_submission SET content = NULL, form = NULL")
        self.env.invalidate_all()
        self.assertIn("LOPEZ", self._claim_paper(appeal)[1])

    def test_who_may_not_read_a_claim_gets_no_copy_of_it(self):
        claim = self._deny().claim_id
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = new_test_user(
            self.env, "stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["report.billing_coordinator.report_cms1500"].with_user(stranger)._print_copies(
                claim.with_user(stranger),
            )

    def test_many_claims_are_copied_with_as_many_queries_as_few(self):
        claims = (self._deny() | self._deny() | self._deny()).claim_id
        forms = self.env["report.billing_coordinator.report_cms1500"]

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            forms._print_copies(some)
            return self.env.cr.sql_log_count - before

        count(claims)
        self.assertLessEqual(count(claims) - count(claims[:1]), 2)
