from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.negotiation import within


class BillingNegotiationOffer(models.Model):
    """Who may give up how much: each group within its amount and its share of what is open."""

    _inherit = "billing.negotiation.offer"

    def _is_within_authority(self):
        """Whether the current user may make or accept this offer without asking anybody.

        What was taken off the same bills before counts.
        """
        self.ensure_one()
        limit = self.company_id._get_settlement_limit(self.env.user)
        if not limit:
            return False
        negotiation = self.negotiation_id
        earlier = self.env["billing.adjustment"].sudo().search([
            ("move_id", "in", negotiation.item_ids.move_id.ids), ("state", "=", "posted"),
            ("reason_id.effect", "=", "reduce"),
        ])
        return within(
            limit,
            to_decimal(self._to_company_currency(self.amount_conceded)),
            to_decimal(self._to_company_currency(self.amount_open or negotiation.amount_open)),
            to_decimal(self._to_company_currency(sum(earlier.mapped("amount")))),
        )

    def _to_company_currency(self, amount):
        company = self.company_id
        return self.currency_id._convert(amount, company.currency_id, company, self.date)

    def _check_authority(self):
        """
        :raise UserError: it gives up more than the current user may
        """
        if not self._is_within_authority():
            self._refuse_authority()

    def _refuse_authority(self):
        raise UserError(self.env._(
            "%(amount)s for %(negotiation)s gives up %(conceded)s (%(percent).1f %%), which is more than you may "
            "decide. Ask somebody with a higher limit; the limits stand in Settings > Billing.",
            amount=format_amount(self.env, self.amount, self.currency_id),
            negotiation=self.negotiation_id.display_name,
            conceded=format_amount(self.env, self.amount_conceded, self.currency_id),
            percent=self.percent,
        ))

    def _ask_manager(self):
        self.negotiation_id._ask_for(
            "mail.mail_activity_data_todo",
            {self.negotiation_id: self.env._(
                "May we offer %(amount)s (gives up %(conceded)s)?",
                amount=format_amount(self.env, self.amount, self.currency_id),
                conceded=format_amount(self.env, self.amount_conceded, self.currency_id),
            )},
            users=self.company_id._get_billing_manager() or self.env.user,
        )
