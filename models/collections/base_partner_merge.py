from odoo import fields, models


class MergePartnerAutomatic(models.TransientModel):
    """Two debtors that are the same person have one open case: that of who remains goes on, with the bills of both."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        cases = self.env["billing.collection.case"].sudo().search([
            ("partner_id", "in", (src_partners | dst_partner).ids), ("state", "=", "open"),
        ])
        for company_cases in cases.grouped("company_id").values():
            kept = company_cases.filtered(lambda case: case.partner_id == dst_partner)[:1] or company_cases[:1]
            if doubled := company_cases - kept:
                kept._take_over(doubled)
                doubled._drop_waiting("merged")
                doubled._set_state(
                    "closed",
                    self.env._("The same person as %(kept)s: that case goes on.", kept=dst_partner.display_name),
                    date_closed=fields.Date.context_today(self), date_next=False,
                )
        return super()._update_foreign_keys(src_partners, dst_partner)


class BillingCollectionCase(models.Model):
    """A case that goes on for others of the same person."""

    _inherit = "billing.collection.case"

    def _take_over(self, others):
        """Go on where these cases stop, not before the time to pay that they gave. Hook: rooms add what is theirs."""
        self.ensure_one()
        self.date_stage = max(filter(None, (self | others).mapped("date_stage")), default=False)
