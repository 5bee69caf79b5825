from odoo import api, models
from odoo.exceptions import AccessError


class BillingAdjustmentReason(models.Model):
    """Reasons as payers' files name them: group and code."""

    _inherit = "billing.adjustment.reason"

    @api.model
    def _get_by_code(self):
        """{(group, code): reason}; those put away count, too: payers do not know of that."""
        return {
            (reason.group, reason.code): reason
            for reason in self.with_context(active_test=False).search([("group", "!=", "OFFICE")])
        }

    @api.model
    def _create_unknown(self, codes):
        """Take in reasons that payers give and nobody has met here: what they leave unpaid stays open.

        :param codes: (group, code) pairs
        :return: the new reasons
        :raise AccessError: only managers say what reasons mean
        """
        if not self.has_access("create"):
            raise AccessError(self.env._(
                "Only a manager takes in a new reason: it decides what happens to the money. Ask one to look at "
                "%(codes)s.",
                codes=", ".join(f"{group}-{code}" for group, code in sorted(codes)),
            ))
        known = self._get_by_code()
        groups = dict(self._fields["group"].selection)
        return self.create([
            {
                "group": group,
                "code": code,
                "name": self.env._("Reason %(code)s of the payer", code=code),
                "effect": "hold",
            }
            for group, code in sorted(codes) if (group, code) not in known and group in groups
        ])
