from odoo import fields, models
from odoo.exceptions import UserError


class BillingAgencyAgreement(models.Model):
    """Telling the agency what has changed."""

    _inherit = "billing.agency.agreement"

    to_tell_count = fields.Integer(
        string="Changes to report",
        compute="_compute_to_tell_count",
    )

    def _compute_to_tell_count(self):
        counts = dict(self.env["billing.placement"]._read_group(
            [("agreement_id", "in", self.ids), ("has_to_tell", "=", True)], ["agreement_id"], ["__count"],
        ))
        for agreement in self:
            agreement.to_tell_count = counts.get(agreement._origin, 0)

    def action_tell_changes(self):
        """The file with payments that came to us, what was taken off, and debts that ended, since the file before."""
        self.ensure_one()
        placements = self.env["billing.placement"].search([("agreement_id", "=", self.id), ("has_to_tell", "=", True)])
        placements.check_access("write")
        if not placements:
            raise UserError(self.env._("%(agency)s knows of everything.", agency=self.agency_id.name))
        placements._lock_or_refuse()
        batch = self.env["billing.placement.batch"].sudo().create({
            "kind": "change",
            "agreement_id": self.id,
            "company_id": self.company_id.id,
            "date": fields.Date.context_today(self),
        })
        batch._make_change_file(placements.sudo())
        batch._set_state("sent")
        name = self.env._("Changes for %(agency)s", agency=self.agency_id.name)
        return batch.sudo(False)._get_records_action(name=name)
