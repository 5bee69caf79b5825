from odoo import api, fields, models

from ..groups import HEALTH_GROUP

# What makes an address of a desk's own, other than its payer's.
ADDRESS = ("street", "street2", "city", "state_id", "zip", "country_id")


class ResPartner(models.Model):
    """Whom to ask at a payer, by what the question is about."""

    _inherit = "res.partner"

    billing_purpose_ids = fields.Many2many(
        comodel_name="billing.contact.purpose",
        relation="billing_contact_purpose_partner_rel",
        column1="partner_id",
        column2="purpose_id",
        string="Asked about",
        copy=False,
        groups=HEALTH_GROUP,
        help="What this person or desk of the payer answers. The right one is offered where it is needed.",
    )
    # Readable by all: whoever adds a contact to a company sorts it into the list below.
    is_payer_desk = fields.Boolean(
        compute="_compute_is_payer_desk",
        store=True,
        help="Somebody to be asked at a payer.",
    )
    billing_contact_ids = fields.One2many(
        comodel_name="res.partner",
        inverse_name="parent_id",
        string="Whom to ask",
        domain=[("is_payer_desk", "=", True)],
        groups=HEALTH_GROUP,
        help="The payer's desks and people by what they answer.",
    )

    @api.depends("billing_purpose_ids")
    def _compute_is_payer_desk(self):
        for partner in self:
            partner.is_payer_desk = bool(partner.sudo().billing_purpose_ids)

    @api.model_create_multi
    def create(self, vals_list):
        # A desk added on a payer's page is not one more payer, whatever list the page was opened from.
        return super().create([
            {"is_payer": False, "is_billing_account": False, **vals, "type": self._get_desk_type(vals)}
            if vals.get("parent_id") and vals.get("billing_purpose_ids") else vals
            for vals in vals_list
        ])

    def write(self, vals):
        if "type" not in vals and any(vals.get(name) for name in ADDRESS):
            desks = self.sudo().filtered(
                lambda desk: desk.type == "contact" and desk.parent_id and desk.billing_purpose_ids
            )
            # A desk with an address of its own no longer shares its payer's, and does not change it.
            super(ResPartner, desks.sudo(False)).write({"type": "other"})
        return super().write(vals)

    @api.model
    def _get_desk_type(self, vals):
        """Contacts have their company's address; one with an address of its own is another address."""
        return "other" if any(vals.get(name) for name in ADDRESS) else vals.get("type") or "contact"

    def _has_billing_address(self):
        """Whether a letter would find this contact."""
        self.ensure_one()
        return any(self[name] for name in ADDRESS if name != "country_id")

    def _get_billing_contacts(self, code):
        """Whom to ask at these payers.

        :param code: of the purpose: ``eligibility``, ``authorizations``, ``claims``, ``appeals``
        :return: {payer: its first contact for that purpose, or the payer itself}
        """
        contacts = self.search(
            [("parent_id", "in", self.ids), ("billing_purpose_ids.code", "=", code)], order="id desc",
        )
        by_payer = {contact.parent_id: contact for contact in contacts}
        return {payer: by_payer.get(payer, payer) for payer in self}
