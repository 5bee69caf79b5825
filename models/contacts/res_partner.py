from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

from odoo.addons.billing_coordinator.tools.contact_rules import Wishes
from odoo.addons.billing_coordinator.tools.dunning import is_minor
from odoo.addons.billing_coordinator.tools.local_time import find_zones

from ..groups import HEALTH_GROUP

# The channel that each kind of consent is about.
CONSENTS = {"phone": "call", "email": "email", "sms": "sms"}


class ResPartner(models.Model):
    """When and how somebody who owes money may be contacted: what time it is there, and what they wish."""

    _inherit = "res.partner"

    # What stands against asking somebody is told with who typed it.
    billing_bankrupt_on = fields.Date(
        tracking=True,
    )
    billing_deceased_on = fields.Date(
        tracking=True,
    )
    billing_contact_stopped_on = fields.Date(
        tracking=True,
    )
    billing_tz = fields.Selection(
        selection=_tz_get,
        string="Lives in time zone",
        copy=False,
        groups=HEALTH_GROUP,
        help="Only where it is another one than that of the address: calls keep to the time there.",
    )

    # === BUSINESS METHODS === #

    def _get_contact_zones(self, company):
        """The time zones in which this person may be, the likeliest first; names of ``pytz``."""
        self.ensure_one()
        partner = self.sudo()
        return find_zones(
            partner.country_id.code, partner.state_id.code, partner.billing_tz, partner.tz,
            company.sudo().partner_id.tz or self.env.user.tz,
        )

    @api.model
    def _get_contact_wishes(self, partners, company):
        """{partner: :class:`tools.contact_rules.Wishes`}, in one query: what they said, and what bars asking them."""
        consents = self.env["billing.consent"].sudo().search_fetch(
            [("partner_id", "in", partners.ids), ("kind", "in", list(CONSENTS))],
            ["partner_id", "kind", "date_withdrawn"],
        ).grouped("partner_id")
        needs = frozenset({"sms"} if company.sudo().billing_sms_consent else ())
        wishes = {}
        for partner in partners:
            mine = consents.get(partner.sudo(), self.env["billing.consent"])
            given = {CONSENTS[consent.kind] for consent in mine if not consent.date_withdrawn}
            wishes[partner] = Wishes(
                refused=frozenset(CONSENTS[consent.kind] for consent in mine) - given,
                needs_consent=needs,
                consented=frozenset(given),
                stopped=bool(partner.sudo().billing_contact_stopped_on),
                barred=partner._find_contact_bar(),
            )
        return wishes

    def _find_contact_bar(self):
        """Why nobody may ask this person for money, whatever they wish; empty where nothing bars it."""
        self.ensure_one()
        partner = self.sudo()
        today = fields.Date.context_today(self)
        if partner.billing_bankrupt_on:
            return "bankrupt"
        if partner.billing_deceased_on:
            return "deceased"
        if partner.birth_date and is_minor(partner.birth_date, today):
            return "minor"
        return ""

    def _stop_contact(self):
        """They have asked today not to be contacted at all."""
        self.filtered(lambda partner: not partner.billing_contact_stopped_on).write({
            "billing_contact_stopped_on": fields.Date.context_today(self),
        })

    def _refuse_channel(self, kind):
        """They have asked today not to be contacted this way any more; nobody needs to have allowed it before.

        :param str kind: "phone", "email" or "sms", as consents know them
        """
        today = fields.Date.context_today(self)
        given = self.env["billing.consent"].search([
            ("partner_id", "in", self.ids), ("kind", "=", kind), ("date_withdrawn", "=", False),
        ])
        given.write({"date_withdrawn": today})
        self.env["billing.consent"].create([
            {"partner_id": partner.id, "kind": kind, "channel": "spoken", "date_given": today, "date_withdrawn": today}
            for partner in self - given.partner_id
        ])
