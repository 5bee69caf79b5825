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
        """Go on where these cases stop: with what was promised in them, and not before the time that they gave.

        One promise runs in a case; any other one goes on in its own, and is waited for as well.
        """
        self.ensure_one()
        promises = others.promise_ids.filtered(lambda promise: promise.state == "running")
        if promises and not self.promise_id:
            promises.sorted("date_last")[-1].case_id = self
        self.date_stage = max(filter(None, (self | others).mapped("date_stage")), default=False)
