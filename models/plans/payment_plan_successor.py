from odoo import fields, models
from odoo.exceptions import UserError

# Plans that another one may take the place of.
REPLACEABLE = ("active", "defaulted")


class BillingPaymentPlan(models.Model):
    """A plan that takes the place of another one: renegotiated terms, or new bills that go into it.

    Nothing changes before the person agrees: the earlier plan runs until the later one is accepted. Then it is
    replaced, and the chain stays readable. Interest that is not due by then is not asked for any more; what is due
    already is a bill like the others, and goes along.
    """

    _inherit = "billing.payment.plan"

    kind = fields.Selection(
        selection=[
            ("first", "New plan"),
            ("renegotiated", "Renegotiated"),
            ("amended", "New bills added"),
        ],
        required=True,
        readonly=True,
        default="first",
        copy=False,
    )
    previous_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        string="Takes the place of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    next_ids = fields.One2many(
        comodel_name="billing.payment.plan",
        inverse_name="previous_id",
        string="Later plans",
    )

    # === ACTIONS === #

    def action_renegotiate(self):
        """Draw up other terms for what is left; the plan goes on until they are accepted."""
        return self._draw_up_next("renegotiated")

    def action_amend(self):
        """Draw up a plan that pays new bills, too, with instalments as before; accepted, it takes the place."""
        return self._draw_up_next("amended")

    def action_view_next(self):
        """Open what takes the place of this plan."""
        return self.next_ids._get_records_action(name=self.env._("Payment Plan"))

    # === BUSINESS METHODS === #

    def _draw_up_next(self, kind):
        """Draw up the plan that is to take the place of this one, or open the one that somebody drew up already.

        :raise UserError: this plan has ended otherwise, or there is nothing to add
        """
        self.ensure_one()
        if self.state not in REPLACEABLE:
            raise UserError(self.env._(
                "%(plan)s does not run, so there is nothing to renegotiate. Make a new plan.", plan=self.display_name,
            ))
        following = self.next_ids.filtered(lambda plan: plan.state in ("draft", "proposed", "accepted"))[:1]
        if not following:
            # Which plan it follows is written by this button alone.
            following = self.sudo().create(self._prepare_next(kind)).sudo(False)
        if following.state == "draft":
            following.sudo().kind = kind
            following._take_debts()
            if kind == "amended" and not following.item_ids.move_line_id - self.item_ids.move_line_id:
                raise UserError(self.env._(
                    "%(person)s has no new bill that %(plan)s could cover.\n%(reasons)s",
                    person=self.partner_id.name, plan=self.display_name, reasons=following.left_out or "",
                ))
        return following._get_records_action(name=self.env._("Payment Plan"))

    def _prepare_next(self, kind):
        """The terms go on as they are: as much each time, on the same days; nobody pays for setting it up again."""
        today = fields.Date.context_today(self)
        coming = self.instalment_ids.filtered(lambda row: row.date > today and row.amount_open > 0).sorted("date")
        usual = coming[:1] or self.instalment_ids.sorted("date")[-2:][:1]
        own_dates = self.frequency == "dates"
        return {
            "kind": kind,
            "previous_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "policy_id": self.policy_id.id,
            "user_id": self.user_id.id,
            "date": today,
            "frequency": "month" if own_dates else self.frequency,
            "mode": "amount",
            "instalment_amount": self.currency_id.round(usual.amount - usual.fee - usual.principal_ahead),
            "rate": self.rate,
            "fee": 0.0,
            "skip_closed": self.skip_closed,
            **({"date_first": coming[0].date} if coming else {}),
        }

    def _get_debts(self):
        """What is left of the earlier plan stays in, whatever the policy says of new bills."""
        debts = super()._get_debts()
        if not self.previous_id:
            return debts
        kept = self._get_previous_items()
        if self.kind == "renegotiated":
            return [
                debt._replace(reason="") if debt.item in kept
                else debt._replace(reason=debt.reason or self.env._("not part of %(plan)s", plan=self.previous_id.name))
                for debt in debts
            ]
        return [debt._replace(reason="") if debt.item in kept else debt for debt in debts]

    def _get_previous_items(self):
        """The bills of the earlier plan, and what it asked for fees and interest."""
        previous = self.previous_id.sudo()
        charges = previous.charge_ids.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        return (previous.item_ids.move_line_id | charges).sudo(False)

    def _find_reasons_against(self, items):
        reasons = super()._find_reasons_against(items)
        if self.previous_id:
            others = self._find_other_plans(items)
            kept = self._get_previous_items().filtered(lambda item: item not in others)
            reasons = {item: reason for item, reason in reasons.items() if item not in kept}
        return reasons

    def _find_other_plans(self, items):
        others = super()._find_other_plans(items)
        return {item: plan for item, plan in others.items() if plan != self.previous_id}

    def _prepare_item(self, debt):
        """What was due when without any plan is handed on along the chain."""
        vals = super()._prepare_item(debt)
        item = self.previous_id.sudo().item_ids.filtered(lambda item: item.move_line_id == debt.item)
        if item and item.date_maturity_before and debt.item.date_maturity == item.date_maturity_plan:
            vals["date_maturity_before"] = item.date_maturity_before
        return vals

    def _replace_previous(self):
        """The earlier plan hands its bills over.

        :raise UserError: somebody works on it right now
        """
        previous = self.previous_id
        if previous.state not in REPLACEABLE:
            return
        previous._lock_or_refuse()
        if previous.state == "active":
            # What this one does not cover is due again when it was.
            previous._restore_dates(previous.item_ids.filtered(
                lambda item: item.move_line_id not in self.item_ids.move_line_id
            ))
        previous._let_go()
        previous.item_ids.flush_recordset(["is_running"])
        previous._set_state(
            "replaced",
            self.env._("%(plan)s takes its place.", plan=self.name),
            ended_on=fields.Date.context_today(self),
        )
