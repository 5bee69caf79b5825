from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..domain import DOMAIN_ERRORS


class BillingApprovalRule(models.Model):
    """Which new accounts are approved without asking anybody: those that the rule's domain finds.

    What no rule finds waits for a manager.
    """

    _name = "billing.approval.rule"
    _description = "Approval rule for accounts"
    _inherit = ["billing.domain.mixin"]
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="Stands in the history of every account that the rule approves.",
    )
    active = fields.Boolean(
        default=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Accounts submitted in this company only. Empty: in every company.",
    )
    domain = fields.Char(
        string="Approves",
        help="The accounts that need nobody's approval. Dates may be relative, as in "
        "[('birth_date', '<', 'today -18y')].",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                Domain(rule._get_domain()).validate(self.env["res.partner"].sudo())
            except DOMAIN_ERRORS as error:
                raise ValidationError(self.env._(
                    "The approval rule %(rule)s would not work: %(error)s.", rule=rule.name, error=error,
                )) from error

    # === BUSINESS METHODS === #

    @api.model
    def _find_rules(self, accounts):
        """Which rule approves which of these accounts, the first one in order.

        As many queries as there are rules, whatever the number of accounts.

        :return: {rule: accounts}; accounts that no rule approves are left out
        """
        left, found = accounts, {}
        rules = self.sudo().search([("company_id", "in", (False, self.env.company.id))])
        for rule in rules:
            if not left:
                break
            domain = Domain(rule._get_domain()) & Domain("id", "in", left.ids)
            if approved := left & accounts.sudo().with_context(active_test=False).search(domain):
                found[rule] = approved
                left -= approved
        return found
