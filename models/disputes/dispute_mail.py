import re

from lxml import html

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext

from ..document import UNNUMBERED
from .dispute import LIVE


class BillingDispute(models.Model):
    """Disputes that come by e-mail, and the word that they have arrived.

    A message to the address of a company becomes a dispute of that company. The sender is known by the address on file;
    who is not, or stands on file for several debtors, waits until somebody says who it is. Bills that the message names
    by number are left alone as a whole, until somebody knows better.
    """

    _inherit = "billing.dispute"

    confirmed_on = fields.Date(
        string="Confirmed on",
        readonly=True,
        copy=False,
        help="The day on which the debtor was told by e-mail that it has arrived.",
    )

    # === MAIL GATEWAY === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        company = self.env["res.company"].browse(values.get("company_id")).exists() or self.env.company
        here = self.with_company(company).with_context(tz=company.partner_id.tz or "UTC")
        text = self._get_own_words(msg_dict.get("body"))
        dispute = super(BillingDispute, here).message_new(msg_dict, {
            "name": UNNUMBERED,
            "origin": "email",
            "subject": msg_dict.get("subject") or False,
            "claim": text,
            "partner_id": here._find_debtor(msg_dict.get("email_from"), company).id,
            "user_id": False,
            **values,
            "company_id": company.id,
        })
        dispute._take_named_bills(f"{msg_dict.get('subject') or ''}\n{text}")
        if company.billing_dispute_confirm:
            dispute._filter_mailed()._confirm()
        return dispute

    def message_update(self, msg_dict, update_vals=None):
        # Who writes again about what was answered is heard again.
        result = super().message_update(msg_dict, update_vals)
        over = self.filtered(lambda dispute: dispute.state not in LIVE)
        over._ask_for(
            "billing_coordinator.activity_dispute_again",
            {
                dispute: self.env._("%(dispute)s: somebody wrote again. Reopen it, or answer.", dispute=dispute.name)
                for dispute in over
            },
            users={dispute: dispute.user_id for dispute in over},
        )
        return result

    # === ACTIONS === #

    def action_confirm(self):
        """Tell the debtor by e-mail that it has arrived, and by when there is an answer.

        :raise UserError: there is nobody to tell, or no way to
        """
        mailed = self._filter_mailed()
        for dispute in self - mailed:
            raise UserError(self.env._(
                "%(dispute)s cannot be confirmed by e-mail: nobody is named who has an e-mail address and wants to be "
                "written to there. Tell them by phone or letter.",
                dispute=dispute.display_name,
            ))
        mailed._confirm()

    # === BUSINESS METHODS === #

    @api.model
    def _get_own_words(self, body):
        """What somebody wrote, without what they quote: our own letter names every bill."""
        page = html.fragment_fromstring(body or "", create_parent="div")
        for quote in page.xpath(".//*[@data-o-mail-quote or self::blockquote]"):
            quote.drop_tree()
        lines = html2plaintext(html.tostring(page, encoding="unicode")).strip().splitlines()
        return "\n".join(line for line in lines if not line.lstrip().startswith(">")).strip()

    @api.model
    def _find_debtor(self, address, company):
        """Who owes bills among those on file with this e-mail address; nobody where that is not certain."""
        address = email_normalize(address or "")
        partners = self.env["res.partner"]
        if not address:
            return partners
        found = partners.sudo().search([
            ("email_normalized", "=", address),
            ("company_id", "in", (False, company.id)),
            ("partner_share", "=", True),
        ])
        debtors = partners.sudo().union(*(partner._get_billing_debtor().commercial_partner_id for partner in found))
        if len(debtors) > 1:
            owing = self.env["account.move.line"].sudo()._read_group(
                [
                    ("partner_id", "in", debtors.ids), ("company_id", "=", company.id),
                    ("account_id.account_type", "=", "asset_receivable"), ("parent_state", "=", "posted"),
                    ("reconciled", "=", False), ("amount_residual", ">", 0),
                ],
                ["partner_id"],
            )
            debtors = partners.sudo().union(*(partner for [partner] in owing))
        return debtors if len(debtors) == 1 else partners

    def _take_named_bills(self, text):
        """Leave the bills alone that a message names by their number."""
        self.ensure_one()
        if not self.partner_id:
            return
        lines = self._find_open_items()
        named = lines.filtered(lambda line: re.search(rf"(?<!\w){re.escape(line.move_id.name)}(?!\w)", text))
        known = named[:1].currency_id
        self.item_ids = [
            fields.Command.create({"move_line_id": line.id}) for line in named if line.currency_id == known
        ]

    def _filter_mailed(self):
        """The disputes whose debtor is written to by e-mail: has an address, wants it so, has not taken that back."""
        return self.filtered(
            lambda dispute: dispute.partner_id.email
            and dispute.partner_id.billing_channel in (False, "email")
            and not dispute.partner_id._get_consent_withdrawn("email")
        )

    def _confirm(self):
        """Put the word that they have arrived into the outbox, in each debtor's language, once."""
        self.check_access("write")
        new = self.filtered(lambda dispute: not dispute.confirmed_on)
        template = self.env.ref("billing_coordinator.mail_template_dispute_received", raise_if_not_found=False)
        if new and template:
            template.sudo().send_mail_batch(new.ids, email_layout_xmlid="billing_coordinator.mail_layout")
            new.sudo().confirmed_on = fields.Date.context_today(self)
