from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Two contacts that are the same person become one: the account number stays with who remains."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        # An account number is unique: it has to be free before the one who remains can take it over.
        numbers = src_partners.filtered("billing_account_number").mapped("billing_account_number")
        src_partners.sudo().billing_account_number = False
        if numbers and not dst_partner.billing_account_number:
            self.env.flush_all()
            dst_partner.sudo().billing_account_number = numbers[-1]
        return super()._update_values(src_partners, dst_partner)
