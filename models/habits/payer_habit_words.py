from odoo import api, models
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.code_range import measure_range


class BillingPayerHabit(models.Model):
    """A habit in words: what it speaks of, what the payer wants, and why a claim says so."""

    _inherit = "billing.payer.habit"

    # === COMPUTE METHODS === #

    @api.depends("payer_id", "plan_id", "scope_label", "summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for habit in self:
            whose = habit.plan_id.name or habit.payer_id.name
            habit.display_name = whose and f"{whose}: {habit.scope_label}, {habit.summary}"

    @api.depends("applies_to", "product_id", "category_id", "code_from", "code_to", "subject")
    @api.depends_context("lang")
    def _compute_scope_label(self):
        for habit in self:
            habit.scope_label = habit._get_scope_label()

    @api.depends(
        "kind", "use_code_id", "use_system_id", "modifier_action", "modifier_id", "use_modifier_id", "value_label",
        "value_missing",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for habit in self:
            habit.summary = habit._get_summary()

    def _get_summary(self):
        """What the payer wants, in a few words."""
        self.ensure_one()
        if self.kind == "code":
            return self.env._("%(code)s instead", code=self.use_code_id.code or "…")
        if self.kind == "system":
            return self.env._("the code of %(list)s instead", list=self.use_system_id.name or "…")
        if self.kind == "value":
            return self.env._("“%(label)s” as well", label=self.value_label or "…")
        old, new = self.modifier_id.code or "…", self.use_modifier_id.code or "…"
        return {
            "add": self.env._("modifier %(new)s as well", new=new),
            "first": self.env._("modifier %(new)s in front", new=new),
            "replace": self.env._("modifier %(new)s instead of %(old)s", new=new, old=old),
            "remove": self.env._("no modifier %(old)s", old=old),
        }.get(self.modifier_action, "")

    def _get_scope_label(self):
        """What the habit speaks of, in a few words."""
        self.ensure_one()
        if self.applies_to == "product":
            return self.product_id.display_name or ""
        if self.applies_to == "category":
            return self.category_id.display_name or ""
        if self.applies_to == "all":
            return self.env._("All diagnoses") if self.subject == "diagnosis" else self.env._("All procedures")
        if measure_range(self.code_from or "", self.code_to or "") == 1:
            return self.env._("Code %s", self.code_from or "")
        return self.env._("Codes %(first)s–%(last)s", first=self.code_from, last=self.code_to)

    def _get_reason(self):
        """Why a payer is told something else, as it stands on the claim."""
        self.ensure_one()
        whose = self.plan_id.name or self.payer_id.name
        words = self.env._("%(whose)s wants %(what)s", whose=whose, what=self.summary)
        if self.date_from:
            words = self.env._("%(words)s since %(date)s", words=words, date=format_date(self.env, self.date_from))
        return f"{words} ({self.note})" if self.note else words
