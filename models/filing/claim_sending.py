from odoo import models

from odoo.addons.billing_coordinator.tools.claim_keeping import keep

from ..charges.res_partner_claims import USUAL_FILINGS

# How these are usually named on claims says nothing about the form that they want.
READS_LETTERS = ("agency", "employer")


class BillingClaim(models.Model):
    """What claims told their payers is kept when they are sent."""

    _inherit = "billing.claim"

    def _submit(self, channel, reference=None, date=None, note=None, **values):
        submissions = super()._submit(channel, reference=reference, date=date, note=note, **values)
        contents, forms = self._get_contents(), self._get_forms_sent(reference)
        for submission in submissions.sudo():
            claim = submission.claim_id.sudo(self.env.su)
            submission.write({
                "content": keep(contents[claim]._replace(
                    frequency=submission.frequency, original_reference=submission.original_reference or "",
                )),
                "form": forms[claim],
            })
        return submissions

    def _get_forms_sent(self, reference=None):
        """{claim: "cms1500" or "letter"}: in which form its payer gets it, as a file also as the form of that.

        As the batch went; else as the way says that somebody has chosen; else letters to payers abroad, agencies and
        employers of which nothing more is said.

        :param str reference: the number under which they are sent: of a batch, where they go with one
        """
        lines = self.env["billing.filing.batch.line"].sudo().search([
            ("claim_id", "in", self.ids), ("is_live", "=", True), ("batch_id.state", "not in", ("draft", "dropped")),
        ])
        sent = {line.claim_id.id: line.batch_id.format for line in lines
                if line.batch_id._get_reference() == reference}
        usual = {company: self.env["billing.filing.route"]._get_usual(company) for company in self.company_id}
        forms = {}
        for claim in self:
            way = sent.get(claim.id) or claim.filing_route_id.sudo().format
            if not way:
                way = "letter" if claim._is_read_as_letter() else usual[claim.company_id].sudo().format
            forms[claim] = "letter" if way == "letter" else "cms1500"
        return forms

    def _get_sent_as_letters(self):
        """Those of these claims of which the payer got a letter, not the form; of what was sent before that was noted,
        as they would go now.
        """
        unknown = self.filtered(lambda claim: not claim.last_submission_id.form)
        forms = unknown._get_forms_sent() if unknown else {}
        return self.filtered(lambda claim: (claim.last_submission_id.form or forms[claim]) == "letter")

    def _is_read_as_letter(self):
        """Whether this claim's payer, of which nobody has said how it wants claims, hardly knows the American form."""
        payer, usual = self.payer_id, self.env.ref("base.us")
        if payer.country_id and payer.country_id != usual:
            return True
        return payer.payer_type in READS_LETTERS and payer.claim_filing == USUAL_FILINGS[payer.payer_type]
