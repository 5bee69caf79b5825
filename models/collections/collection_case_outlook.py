from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.dunning import decide


class BillingCollectionCase(models.Model):
    """What happens next with a case, and what stands against it, in words."""

    _inherit = "billing.collection.case"

    outlook = fields.Char(
        string="What comes next",
        compute="_compute_outlook",
    )
    guard_note = fields.Text(
        string="What stands against it",
        compute="_compute_outlook",
    )
    next_stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Next stage",
        compute="_compute_outlook",
    )
    waiting_step_id = fields.Many2one(
        comodel_name="billing.collection.step",
        string="Waits",
        compute="_compute_waiting_step_id",
    )
    waiting_state = fields.Char(
        string="Its state",
        compute="_compute_waiting_step_id",
    )
    waiting_channel = fields.Char(
        string="Its channel",
        compute="_compute_waiting_step_id",
    )
    days_in_stage = fields.Integer(
        string="Days in stage",
        compute="_compute_days",
    )
    days_late = fields.Integer(
        string="Days past due",
        compute="_compute_days",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "tz")
    @api.depends("state", "stage_id", "date_stage", "item_ids.stage_id", "step_ids.state", "amount_overdue")
    def _compute_outlook(self):
        today = fields.Date.context_today(self)
        open_cases = self.filtered(lambda case: case.state == "open" and case.id)
        facts, pipelines = open_cases._get_facts(), {}
        for case in self:
            case.outlook = case.guard_note = case.next_stage_id = False
            if case not in facts:
                continue
            items, steps, standing = facts[case]
            decision = decide(items, steps, today, case.date_stage or None, standing)
            then = decision.step or (decision.coming and decide(
                items, steps, decision.coming, case.date_stage or None, standing,
            ).step)
            stages = case._get_pipeline(pipelines)
            case.next_stage_id = stages[then.stage.order - 1] if then else False
            case.outlook = case._say_outlook(decision)
            case.guard_note = "\n".join(case._say_reason(guard.key, standing) for guard in decision.guards)

    @api.depends("step_ids.state")
    def _compute_waiting_step_id(self):
        waiting = self.env["billing.collection.step"].search([
            ("case_id", "in", self.ids), ("state", "in", ("review", "ready")),
        ]).grouped("case_id")
        for case in self:
            case.waiting_step_id = waiting.get(case._origin)
            case.waiting_state = case.waiting_step_id.state
            case.waiting_channel = case.waiting_step_id.channel

    @api.depends("date_stage", "date_oldest")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for case in self:
            case.days_in_stage = (today - case.date_stage).days if case.date_stage else 0
            case.days_late = (today - case.date_oldest).days if case.date_oldest else 0

    # === ACTIONS === #

    def action_decide(self):
        """Do not wait for the night: look at the ledger now, and write down the step that is due."""
        self.check_access("write")
        cases = self.filtered(lambda case: case.state == "open")
        cases._lock_or_refuse()
        for company in cases.company_id:
            self.with_company(company)._add_items(company)
        steps = cases.sudo()._apply(cases._decide())
        if len(self) == 1 and not steps:
            raise UserError(self.env._(
                "No step with %(debtor)s is due today. %(outlook)s",
                debtor=self.display_name, outlook=self.outlook or "",
            ).strip())

    def action_approve_step(self):
        """Somebody has looked at the step that waits: do it."""
        return self.waiting_step_id.action_do()

    def action_preview_step(self):
        """What the step that waits would write."""
        return self.waiting_step_id.action_preview()

    def action_drop_step(self):
        """Not this time."""
        self.waiting_step_id.action_drop()

    def action_open_account(self):
        """The debtor's account page."""
        return self.partner_id._get_records_action(name=self.env._("Account"))

    def action_open_plan(self):
        """The debtor's payment plan, or a new one over all that may go into it."""
        return self.partner_id.with_company(self.company_id).action_billing_plans()

    # === BUSINESS METHODS === #

    def _say_outlook(self, decision):
        """What happens next, in one sentence."""
        self.ensure_one()
        step, stage = self.waiting_step_id, self.next_stage_id
        if not self.amount_open:
            return self.env._("Nothing is open any more: the case closes in the coming night.")
        is_stopped = any(guard.stops for guard in decision.guards)
        if step and is_stopped:
            return self.env._("“%(stage)s” is left out as long as this stands against it.", stage=step.stage_id.name)
        if step:
            return {
                "review": self.env._("“%(stage)s” waits for somebody to look at it.", stage=step.stage_id.name),
                "ready": self.env._("“%(stage)s” waits to be sent.", stage=step.stage_id.name),
            }[step.state]
        if decision.step:
            return self.env._("“%(stage)s” is due: it is written in the coming night.", stage=stage.name)
        if is_stopped and not decision.coming:
            return self.env._("Nobody asks for anything as long as this stands against it.")
        if stage:
            return self.env._(
                "“%(stage)s” comes on %(date)s, unless it is paid.",
                stage=stage.name, date=format_date(self.env, decision.coming),
            )
        if decision.reasons == ("too_little",):
            return self.env._("What is due is too little for the next step.")
        return self._say_left_alone() or self.env._("No further step comes by itself: decide what becomes of it.")

    def _say_left_alone(self):
        """Why nobody asks for anything of what is overdue; nothing where something is asked for."""
        words = self._get_held_words()
        parts = {why: self[name] for why, name in self._get_apart_fields().items() if self[name] and why in words}
        if not parts or self.currency_id.compare_amounts(sum(parts.values()), self.amount_overdue) < 0:
            return ""
        return self.env._(
            "What is overdue is left alone: %(why)s.", why=", ".join(words[why] for why in parts),
        )

    def _say_reason(self, key, standing):
        """Why nobody is asked, or why somebody looks at it first."""
        words = self._get_reason_words(standing)
        return words.get(key, key)

    def _get_reason_words(self, standing):
        """{key of a guard: sentence}. Hook: rooms that add guards say what they mean."""
        partner = self.partner_id.sudo()
        until = standing.promise_until
        return {
            "bankrupt": self.env._(
                "Bankrupt since %(date)s: nobody asks for what was owed before.",
                date=format_date(self.env, partner.billing_bankrupt_on),
            ),
            "deceased": self.env._(
                "Died on %(date)s: a manager decides what becomes of the debt.",
                date=format_date(self.env, partner.billing_deceased_on),
            ),
            "stopped": self.env._(
                "Asked on %(date)s not to be contacted.",
                date=format_date(self.env, partner.billing_contact_stopped_on),
            ),
            "assistance": self.env._("Has applied for financial assistance, which is not decided yet."),
            "promise": self.env._(
                "Has promised to pay by %(date)s.", date=format_date(self.env, until) if until else "",
            ),
            "credit": self.env._(
                "%(amount)s of payments or credits belong to no bill yet. Match them with bills first.",
                amount=format_amount(self.env, float(standing.credit), self.currency_id),
            ),
            "minor": self.env._("Is a minor: name a parent or guardian as guarantor, and bill them."),
            "concern": self.env._("Has a special concern. Read it before you ask for money."),
            "address": self.env._("The address does not work. Verify it first."),
            "held": self.env._("A part of the bills is disputed, in a plan, or waits for insurance."),
        }

    @api.model
    def _get_held_words(self):
        """{why a bill is left alone: words}. Hook: rooms that hold something say what it is."""
        return {"plan": self.env._("in a payment plan"), "waiting": self.env._("insurance decides")}

    @api.model
    def _get_outcome_words(self):
        """{why a step was not done: words}."""
        return {
            "merged": self.env._("The same person has another case, which goes on."),
            "failed": self.env._("It could not be done; see what is wrong, and try again."),
            "paid": self.env._("Nothing is asked for any more."),
            "nothing_due": self.env._("Nothing is late enough."),
            "waiting": self.env._("It is too soon after the step before."),
            "too_little": self.env._("What is due is too little."),
        }
