from odoo import fields, models
from odoo.fields import Domain


class ProductPricelist(models.Model):
    """A price list of the office or of a contract; its rules may speak of a service with a certain modifier."""

    _inherit = "product.pricelist"

    billing_fee_import_id = fields.Many2one(
        comodel_name="billing.fee.import",
        string="Fee schedule",
        readonly=True,
        copy=False,
        groups="billing_coordinator.group_readonly",
        help="The fee schedule that was taken over last.",
    )

    def _get_applicable_rules_domain(self, products, date, *, billing_modifiers=(), **kwargs):
        # Whoever does not know modifiers gets the price of the service without any.
        return Domain(super()._get_applicable_rules_domain(products, date, **kwargs)) & Domain(
            "billing_modifier", "in", [False, *billing_modifiers],
        )

    def _get_applicable_rules(self, products, date, *, billing_modifiers=(), **kwargs):
        rules = super()._get_applicable_rules(products, date, billing_modifiers=billing_modifiers, **kwargs)
        if not billing_modifiers:
            return rules
        # Among rules for the same thing, the price with a modifier is the more specific one; the first modifier is the
        # one that changes the price (CMS-1500 box 24D).
        order = {code: number for number, code in enumerate(billing_modifiers)}
        return rules.sorted(lambda rule: (rule.applied_on, order.get(rule.billing_modifier, len(order))))
