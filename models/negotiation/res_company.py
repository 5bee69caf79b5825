from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.negotiation import Limit

PERCENTS = ("billing_settlement_percent", "billing_manager_settlement_percent")
AMOUNTS = ("billing_settlement_limit", "billing_manager_settlement_limit")


class ResCompany(models.Model):
    """How much people may give up when they negotiate."""

    _inherit = "res.company"

    billing_settlement_limit = fields.Monetary(
        string="Coordinators may give up",
        default=100.0,
        help="What a coordinator may give up in one negotiation without asking. Zero: nothing.",
    )
    billing_settlement_percent = fields.Float(
        string="Coordinators: share",
        default=20.0,
        help="And at most this share of what is open.",
    )
    billing_manager_settlement_limit = fields.Monetary(
        string="Managers may give up",
        help="What a manager may give up in one negotiation. Zero: any amount.",
    )
    billing_manager_settlement_percent = fields.Float(
        string="Managers: share",
        default=100.0,
        help="And at most this share of what is open.",
    )

    @api.constrains(*PERCENTS, *AMOUNTS)
    def _check_billing_settlement(self):
        for company in self:
            if any(not 0 <= company[name] <= 100 for name in PERCENTS) or any(company[name] < 0 for name in AMOUNTS):
                raise ValidationError(self.env._(
                    "%(company)s: what people may give up in negotiations is an amount of at least zero, and a share "
                    "between 0 and 100 %%.",
                    company=company.name,
                ))

    def _get_settlement_limit(self, user):
        """How much this person may give up when negotiating, a :class:`tools.negotiation.Limit`; None for nothing."""
        self.ensure_one()
        company = self.sudo()
        if user.has_group("billing_coordinator.group_manager"):
            amount = company.billing_manager_settlement_limit
            return Limit(
                to_decimal(amount) if amount else None, to_decimal(company.billing_manager_settlement_percent),
            )
        if user.has_group("billing_coordinator.group_coordinator"):
            return Limit(
                to_decimal(company.billing_settlement_limit), to_decimal(company.billing_settlement_percent),
            )
        return None
