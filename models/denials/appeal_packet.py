from base64 import b64encode

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.packet import bind


class BillingAppeal(models.Model):
    """What goes to the payer, as one PDF: letter, claim form, the payer's answer, authorization and documents."""

    _inherit = "billing.appeal"

    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="billing_appeal_attachment_rel",
        column1="appeal_id",
        column2="attachment_id",
        string="Notes and documents",
        copy=False,
        help="PDFs and pictures are bound into the packet. Anything else has to be sent apart.",
    )
    packet = fields.Binary(
        attachment=True,
        readonly=True,
        copy=False,
    )
    packet_name = fields.Char(
        readonly=True,
        copy=False,
    )
    packet_pages = fields.Integer(
        string="Pages",
        readonly=True,
        copy=False,
    )
    packet_content = fields.Text(
        string="What is in it",
        readonly=True,
        copy=False,
    )
    packet_missing = fields.Text(
        string="What is not in it",
        readonly=True,
        copy=False,
    )

    # === ACTIONS === #

    def action_make_packet(self):
        """Bind everything into one PDF, and keep it with the appeal."""
        self.ensure_one()
        self.check_access("write")
        if not (self.letter or "").strip():
            raise UserError(self.env._(
                "%(appeal)s has no letter yet. Write one, or begin with the text for its cause.",
                appeal=self.display_name,
            ))
        self._make_packet()

    def action_open_packet(self):
        """Open the packet, to print or upload it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/billing.appeal/{self.id}/packet/{self.packet_name}",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _get_filed_in_time(self):
        """The claims whose sending is on record, where the payer says that it was too late."""
        timely = self.env.ref("billing_coordinator.denial_category_timely", raise_if_not_found=False)
        claims = self.denial_ids.filtered(lambda denial: denial.category_id == timely).claim_id
        return claims.filtered("last_submission_id")

    def _make_packet(self):
        """Bind letter, claim forms, answers, authorizations and documents, and keep it with the appeal."""
        self.ensure_one()
        packet = bind(self._get_documents())
        missing = [self.env._("%(name)s: neither a readable PDF nor a picture. Send it apart.", name=name)
                   for name in packet.left_out]
        self.sudo().write({
            "packet": b64encode(packet.content),
            "packet_name": f"{self.name.replace('/', '-')}.pdf",
            "packet_pages": packet.pages,
            "packet_content": "\n".join(
                self.env._("page %(page)s: %(name)s", page=first, name=name) for name, first, _pages in packet.parts
            ),
            "packet_missing": "\n".join(missing),
        })

    def _get_documents(self):
        """(name, kind, content) of what belongs into the packet, in its order."""
        documents = [
            *self._render(self.env._("Letter"), "action_report_appeal", self),
            *self._get_claims_sent(),
            *self._render(self.env._("Your answer"), "action_report_appeal_answer", self),
            *self._render(
                self.env._("Proof of filing in time"), "action_report_timely_filing", self._get_filed_in_time(),
            ),
            *self._render(
                self.env._("Prior authorization"), "action_report_authorization", self._get_authorizations(),
            ),
        ]
        # Under the rights of whoever binds: nobody gets to see here what they may not open.
        documents += [
            (attachment.name, attachment.mimetype or "", attachment.raw or b"") for attachment in self.attachment_ids
        ]
        return documents

    def _get_claims_sent(self):
        """Each claim as its payer got it: the CMS-1500 of what was sent, or the claim letter."""
        claims = self.claim_ids
        letters = claims._get_sent_as_letters()
        forms = self.env["report.billing_coordinator.report_cms1500"].with_context(
            lang=self.payer_id.lang or self.env.lang,
        )._print_copies(claims - letters)
        name = self.env._("Claim")
        documents = []
        for claim in claims:
            if claim in letters:
                documents += self.with_context(billing_as_sent=True)._render(name, "action_report_claim_letter", claim)
            else:
                documents.append((f"{name} {claim.name}", "application/pdf", forms[claim]))
        return documents

    def _render(self, name, xmlid, records):
        """[(name, kind, content)] of a report, one for each of these records."""
        documents = []
        for record in records:
            content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
                f"billing_coordinator.{xmlid}", record.ids,
            )
            number = record.name if record != self else ""
            documents.append((
                f"{name} {number}".strip(), "application/pdf" if kind == "pdf" else "text/html", content,
            ))
        return documents
