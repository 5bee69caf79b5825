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
        raise UserError(" ".join(filter(None, [
            self.env._(
                "%(amount)s for %(negotiation)s gives up %(conceded)s (%(percent).1f %%), which is more than you may "
                "decide.",
                amount=format_amount(self.env, self.amount, self.currency_id),
                negotiation=self.negotiation_id.display_name,
                conceded=format_amount(self.env, self.amount_conceded, self.currency_id),
                percent=self.percent,
            ),
            self._say_limit(),
            self._say_who_may(),
        ])))

    def _say_limit(self):
        """What the current user may give up, in a sentence."""
        limit = self.company_id._get_settlement_limit(self.env.user)
        if not limit or limit.amount == 0 or not limit.percent:
            return self.env._("You may give up nothing.")
        if limit.amount is None:
            return self.env._("You may give up at most %(percent)g %% of what is open.", percent=limit.percent)
        return self.env._(
            "You may give up at most %(amount)s and %(percent)g %% of what is open, together with what was taken off "
            "the same bills before.",
            amount=format_amount(self.env, float(limit.amount), self.company_id.currency_id), percent=limit.percent,
        )

    def _say_who_may(self):
        """Who may decide about this offer, in a sentence: the managers of the company, where their limit allows it."""
        managers = self.env.ref("billing_coordinator.group_manager").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
        if not managers or not self.with_user(managers[0]).sudo()._is_within_authority():
            return self.env._("Nobody may: the limits stand in Settings > Billing.")
        people = managers - self.env.ref("base.user_root") - self.env.ref("base.user_admin") or managers
        return self.env._(
            "Ask %(names)s. The limits stand in Settings > Billing.",
            names=", ".join(people.sorted("name")[:5].mapped("name")),
        )

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
