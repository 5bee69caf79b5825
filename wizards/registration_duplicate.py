from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Somebody who is here already, found while they were being registered a second time."""

    _inherit = "res.partner"

    def action_billing_use_this(self):
        """Use this account instead of opening a second one, and take over what was typed."""
        self.ensure_one()
        registration = self.env["billing.registration"].browse(self.env.context.get("billing_registration_id")).exists()
        if not registration:
            raise UserError(self.env._(
                "The registration is not open any more. Open %(account)s from the list of accounts.",
                account=self.display_name,
            ))
        registration._use_account(self)
        return self._get_records_action(
            views=[(self.env.ref("billing_coordinator.billing_partner_view_form").id, "form")],
        )
