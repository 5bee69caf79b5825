from odoo import fields, models

from odoo.addons.billing_coordinator.tools.coverage_rules import Service, choose


class RuleBook:
    """The rules of plans as the choice among them wants them: made out once for many services, and asked once each."""

    def __init__(self):
        self._scopes, self._chosen = {}, {}

    def choose(self, plan, product, code, date):
        """The ids of the rules of ``plan`` that speak of this service, the one that counts first."""
        key = plan.id, product._origin.id, code.code or "", date
        if key not in self._chosen:
            if plan.id not in self._scopes:
                self._scopes[plan.id] = [rule._get_scope() for rule in plan.rule_ids._origin]
            # A category and all above it, as its path names them.
            categories = [int(number) for number in (product.categ_id.parent_path or "").split("/") if number]
            service = Service(product._origin.id, categories, code.code or "", date)
            self._chosen[key] = [scope.rule for scope in choose(self._scopes[plan.id], service)]
        return self._chosen[key]


class BillingInsurancePlan(models.Model):
    """What a plan says of single services: its coverage rules, and what the payer recognises of a charge."""

    _inherit = "billing.insurance.plan"

    allowed_pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Allowed amounts",
        tracking=True,
        ondelete="restrict",
        check_company=True,
        help="What the payer recognises of each service. The rest of the charge is a discount that its answer gives "
             "up; the patient is never asked for it. Empty: the whole charge.",
    )
    rule_ids = fields.One2many(
        comodel_name="billing.coverage.rule",
        inverse_name="plan_id",
        string="Coverage rules",
        copy=True,
    )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            self.rule_ids._check_company()
        return result

    # === ACTIONS === #

    def action_find_rule(self):
        """Ask which rule counts for a service."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which rule counts?"),
            "res_model": "billing.rule.finder",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _find_rules(self, product, code, date, book=None):
        """The rules that speak of a service rendered on ``date``, the one that counts first.

        :param product: ``product.product``
        :param code: ``billing.code`` of the procedure, may be empty
        :param book: a :class:`RuleBook`, where many services are asked about
        :return: ``billing.coverage.rule`` records
        """
        self.ensure_one()
        rules = self.rule_ids._origin
        return rules.browse((book or RuleBook()).choose(self, product, code, date)) if rules else rules

    def _find_rule(self, product, code, date, book=None):
        """The rule that counts for a service rendered on ``date``: the most specific one, or none."""
        return self._find_rules(product, code, date, book)[:1]

    def _needs_authorization(self, product, code, date, book=None):
        """Whether the payer wants to be asked before this service is rendered on ``date``."""
        return self._find_rule(product, code, date, book).authorization_needed

    def _get_allowed(self, product, quantity, date, currency):
        """What the payer recognises of these units of a service.

        :return: amount in ``currency``, or None where the list does not name the service: the whole charge counts
        """
        self.ensure_one()
        if not self.allowed_pricelist_id or not product:
            return None
        price, item_id = self.allowed_pricelist_id._get_product_price_rule(
            product, quantity or 1.0, currency=currency, date=date,
        )
        return quantity * price if item_id else None
