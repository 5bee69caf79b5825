from odoo import api, models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.coverage_rules import Scope, Service
from odoo.addons.billing_coordinator.tools.payer_habits import Habit, choose_habits


class BillingPayerHabit(models.Model):
    """Which habits count for a service or a diagnosis of a visit."""

    _inherit = "billing.payer.habit"

    def _to_habit(self):
        """The habit as the choice among habits wants it; see ``tools.payer_habits``."""
        self.ensure_one()
        is_code, category = self.applies_to == "code", self.category_id
        return Habit(
            key=self.id,
            topic=self._get_topic(),
            scope=Scope(
                rule=self.id,
                product=self.product_id.id if self.applies_to == "product" else None,
                code_from=(self.code_from or "") if is_code else "",
                code_to=(self.code_to or "") if is_code else "",
                category=category.id if self.applies_to == "category" else None,
                category_depth=len((category.parent_path or "").split("/")),
                date_from=self.date_from or None,
                date_to=self.date_to or None,
                sequence=self.sequence,
            ),
            place=self.place_id.id or None,
            has_plan=bool(self.plan_id),
            has_company=bool(self.company_id),
        )

    def _get_topic(self):
        """What it is about: of the habits about one thing, one alone counts."""
        self.ensure_one()
        if self.kind == "modifier":
            modifier = self.modifier_id if self.modifier_action in ("replace", "remove") else self.use_modifier_id
            return self.kind, modifier.id
        if self.kind == "value":
            return self.kind, (self.value_label or "").casefold()
        return self.kind, self.subject

    @api.model
    def _get_habits(self, payers, companies):
        """The habits of these payers, in one query.

        :return: ``billing.payer.habit`` records, for :meth:`_choose`
        """
        if not payers:
            return self.browse()
        return self.sudo().search(
            Domain("payer_id", "in", payers.ids) & Domain("company_id", "in", [False, *companies.ids]),
        )

    def _choose(self, asked, prepared=None):
        """Of these habits, those that count for one service or diagnosis, one of each topic.

        :param asked: :class:`payer_habit_telling.Asked`; its code may be empty
        :param dict prepared: {habit: what :meth:`_to_habit` makes of it}, where much is asked
        :return: {topic: habit}
        """
        plan, place = asked.plan, asked.place._origin
        own = self.filtered(
            lambda habit: habit.payer_id == plan.payer_id
            and habit.plan_id in (plan, habit.plan_id.browse())
            and habit.company_id in (asked.company, habit.company_id.browse())
            and habit.subject == asked.subject
        )
        if not own:
            return {}
        product = asked.product
        path = (product.categ_id.parent_path or "") if product else ""
        service = Service(
            product=product._origin.id if product else None,
            categories=[int(number) for number in path.split("/") if number],
            code=asked.code.code or "",
            day=asked.day,
        )
        candidates = (prepared[habit] if prepared else habit._to_habit() for habit in own)
        chosen = choose_habits(candidates, service, place.id or None)
        return {topic: self.browse(habit.key) for topic, habit in chosen.items()}
