from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import HEALTH_GROUP
from .res_partner_verification import WAYS

# A way that nobody has verified, in the order of dates.
NEVER = date(1900, 1, 1)


class ResPartner(models.Model):
    """Who has something to verify: found by one indexed date, however many contacts there are."""

    _inherit = "res.partner"

    billing_oldest_verification = fields.Date(
        compute="_compute_billing_oldest_verification",
        store=True,
        index="btree_not_null",
        groups=HEALTH_GROUP,
        help="When the way verified longest ago was verified; a day long past where one was never verified, or does "
        "not work. Empty: there is no way to verify.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *(names[0] for names in WAYS.values()),
        *(f"billing_{way}_{part}" for way in WAYS for part in ("verified", "failure")),
    )
    def _compute_billing_oldest_verification(self):
        for partner in self:
            partner.billing_oldest_verification = min((
                NEVER if partner[f"billing_{way}_failure"] else partner[f"billing_{way}_verified"] or NEVER
                for way, names in WAYS.items() if partner[names[0]]
            ), default=False)

    def _search_billing_to_verify(self, operator, value):
        # “Is set” only: which way it is, the list shows.
        if operator != "in" or set(value) - {False, ""}:
            return NotImplemented
        limit = self._get_billing_verification_limit()
        return ~(
            Domain("billing_oldest_verification", "<", limit) if limit
            else Domain("billing_oldest_verification", "=", NEVER)
        )
