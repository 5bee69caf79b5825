from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.code_range import is_range

# What a habit of each kind cannot do without.
NEEDED = {
    "code": ("use_code_id",),
    "system": ("use_system_id",),
    "value": ("value_label",),
}
NEEDED_BY_ACTION = {
    "add": ("use_modifier_id",),
    "first": ("use_modifier_id",),
    "replace": ("modifier_id", "use_modifier_id"),
    "remove": ("modifier_id",),
}
SCOPES = {"product": "product_id", "category": "category_id", "code": "code_from"}


class BillingPayerHabit(models.Model):
    """What a habit has to say before it can count."""

    _inherit = "billing.payer.habit"

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "kind", "subject", "applies_to", "product_id", "category_id", "code_from", "code_to", "use_code_id",
        "use_system_id", "modifier_action", "modifier_id", "use_modifier_id", "value_label",
    )
    def _check_complete(self):
        for habit in self:
            needed = NEEDED.get(habit.kind) or NEEDED_BY_ACTION[habit.modifier_action or "add"]
            needed += (SCOPES[habit.applies_to],) if habit.applies_to in SCOPES else ()
            if missing := [name for name in needed if not habit[name]]:
                raise ValidationError(self.env._(
                    "The habit of %(payer)s is not complete: fill in “%(field)s”.",
                    payer=habit.payer_id.display_name,
                    field=habit._fields[missing[0]]._description_string(self.env),
                ))
            if habit.applies_to == "code" and habit.code_to and not is_range(habit.code_from, habit.code_to):
                raise ValidationError(self.env._(
                    "%(first)s to %(last)s is no range of codes. Type the lower code first and the higher one last, "
                    "both equally long.",
                    first=habit.code_from,
                    last=habit.code_to,
                ))
            if habit.subject == "diagnosis" and (
                habit.kind in ("modifier", "value") or habit.applies_to in ("product", "category")
            ):
                raise ValidationError(self.env._(
                    "A habit of %(payer)s about diagnoses names codes, or all of them, and the code or list to use "
                    "instead; the rest is about procedures.",
                    payer=habit.payer_id.display_name,
                ))

    @api.constrains("payer_id", "plan_id")
    def _check_plan(self):
        for habit in self:
            if habit.plan_id and habit.plan_id.payer_id != habit.payer_id:
                raise ValidationError(self.env._(
                    "%(plan)s is no plan of %(payer)s. Choose one of its plans, or none.",
                    plan=habit.plan_id.name,
                    payer=habit.payer_id.display_name,
                ))
