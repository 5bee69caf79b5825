from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.safe_eval import safe_eval

# What a domain or field name that a person wrote can raise.
DOMAIN_ERRORS = (ValueError, TypeError, KeyError, SyntaxError, UserError)


class BillingDomainMixin(models.AbstractModel):
    """Something that finds records by a domain which a person wrote, in its field ``domain``."""

    _name = "billing.domain.mixin"
    _description = "Finds records by a domain"

    domain = fields.Char(
        required=True,
        default="[]",
    )

    def _get_domain(self):
        """The domain as a list, the reader's names filled in; relative dates stay relative.

        :raises ValueError: when it is none
        """
        self.ensure_one()
        domain = safe_eval(self.domain, {
            "uid": self.env.uid,
            "company_id": self.env.company.id,
            "company_ids": self.env.companies.ids,
            "today": fields.Date.to_string(fields.Date.context_today(self)),
        })
        if not isinstance(domain, list):
            raise ValueError(self.env._("the domain is not a list"))
        return domain
