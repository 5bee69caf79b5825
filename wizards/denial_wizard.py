from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

ACTIONS = [
    ("resend", "Correct and send again"),
    ("appeal", "Appeal"),
    ("pass_on", "Pass on to the next payer or the patient"),
    ("write_off", "Write off"),
    ("assign", "Give to somebody"),
]
# Which reasons a decision posts with.
EFFECTS = {"pass_on": "transfer", "write_off": "reduce"}
# So many sentences say why something cannot go; the rest is counted.
MOST_SENTENCES = 12


class BillingDenialWizard(models.TransientModel):
    """What to do about denials, one or all for one cause; says first what will happen, what cannot go, and why."""

    _name = "billing.denial.wizard"
    _description = "Decide about denials"

    denial_ids = fields.Many2many(
        comodel_name="billing.denial",
        relation="billing_denial_wizard_rel",
        column1="wizard_id",
        column2="denial_id",
        string="Denials",
        required=True,
    )
    action = fields.Selection(
        selection=ACTIONS,
        string="What to do",
    )
    next_step = fields.Text(
        string="What usually helps",
        compute="_compute_next_step",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Whose it will be",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
    )
    effect = fields.Char(compute="_compute_effect")
    reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        string="Reason",
        compute="_compute_reason_id",
        store=True,
        readonly=False,
        domain="[('effect', '=', effect), ('group', '=', 'PR' if effect == 'transfer' else 'OFFICE')]",
    )
    channel = fields.Selection(
        selection=lambda self: self.env["billing.claim.submission"]._fields["channel"]._description_selection(self.env),
        string="Sent already",
        help="Empty: the claims wait among those to send.",
    )
    is_together = fields.Boolean(
        string="One letter for all claims of a payer",
        help="Where the cause is the same. Otherwise each claim has its own appeal.",
    )
    note = fields.Text(
        string="Why",
    )
    summary = fields.Text(compute="_compute_preview")
    refusals = fields.Text(compute="_compute_preview")
    going_count = fields.Integer(compute="_compute_preview")
    refused_count = fields.Integer(compute="_compute_preview")
    needs_manager = fields.Boolean(compute="_compute_preview")

    # === COMPUTE METHODS === #

    @api.depends("denial_ids")
    def _compute_next_step(self):
        for wizard in self:
            steps = wizard.denial_ids.category_id.mapped("next_step")
            wizard.next_step = steps[0] if len(set(steps)) == 1 else False

    @api.depends("action")
    def _compute_effect(self):
        for wizard in self:
            wizard.effect = EFFECTS.get(wizard.action)

    @api.depends("action")
    def _compute_reason_id(self):
        usual = {
            "write_off": self.env.ref("billing_coordinator.reason_office_giveup", raise_if_not_found=False),
            "pass_on": self.env.ref("billing_coordinator.reason_pr_96", raise_if_not_found=False),
        }
        for wizard in self:
            wizard.reason_id = usual.get(wizard.action)

    @api.depends("denial_ids", "action", "reason_id", "user_id", "is_together")
    def _compute_preview(self):
        for wizard in self:
            going, refusals = wizard._divide()
            wizard.going_count, wizard.refused_count = len(going), len(refusals)
            wizard.needs_manager = wizard._count_for_manager(going) > 0
            wizard.summary = wizard._say(going) if wizard.action else False
            sentences = list(refusals.values())
            if len(sentences) > MOST_SENTENCES:
                rest = len(sentences) - MOST_SENTENCES
                sentences = [*sentences[:MOST_SENTENCES], self.env._("… and %(count)s more", count=rest)]
            wizard.refusals = "\n".join(sentences)

    # === ACTIONS === #

    def action_apply(self):
        """Do it with all that can go; the others stay as they are."""
        self.ensure_one()
        # The default values of this window must not fall upon decisions and appeals.
        self = self.with_context(clean_context(self.env.context))
        self.denial_ids.check_access("write")
        if not self.action:
            raise UserError(self.env._("Choose what is to be done."))
        if self.action in EFFECTS and not self.reason_id:
            raise UserError(self.env._("Choose the reason with which it is posted."))
        self.denial_ids._lock_or_refuse()
        going, refusals = self._divide()
        if not going:
            raise UserError("\n".join(refusals.values()) or self.env._("No denial is chosen."))
        return getattr(self, f"_do_{self.action}")(going) or {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _divide(self):
        """(denials that can go, {denial: why it cannot})."""
        denials = self.denial_ids._origin
        refusals = denials._get_refusals(self.action) if self.action else {}
        return denials - denials.browse().concat(*refusals), refusals

    def _count_for_manager(self, going):
        """How many decisions are above what the user may decide alone."""
        if self.action not in EFFECTS or not self.reason_id:
            return 0
        return sum(
            not self.env["billing.adjustment"].new({
                "move_id": claim.invoice_id.id, "company_id": claim.company_id.id, "currency_id": claim.currency_id.id,
                "reason_id": self.reason_id.id, "amount": sum(denials.mapped("amount_open")),
                "date": fields.Date.context_today(self),
            })._is_within_limit()
            for claim, denials in going.grouped("claim_id").items()
        )

    def _say(self, going):
        """What will happen, in a sentence."""
        if not going:
            return self.env._("Nothing can go this way.")
        amounts = ", ".join(
            currency.format(sum(denials.mapped("amount_open")))
            for currency, denials in going.grouped("currency_id").items()
        )
        facts = {"count": len(going), "amount": amounts}
        sentence = self._say_one(facts) if len(going) == 1 else self._say_many(going, facts)
        waiting = self._count_for_manager(going)
        if waiting and waiting == len(going.claim_id):
            sentence += " " + self.env._("A manager decides first.")
        elif waiting:
            sentence += " " + self.env._(
                "%(waiting)s of %(claims)s decisions wait for a manager.", waiting=waiting, claims=len(going.claim_id),
            )
        return sentence

    def _say_one(self, facts):
        """What will happen to a single denial."""
        if self.action == "resend":
            return self.env._("The claim is corrected and sent again, for %(amount)s.", **facts)
        if self.action == "appeal":
            return self.env._("An appeal for %(amount)s is drafted.", **facts)
        if self.action == "assign":
            return self.env._("This denial, %(amount)s, goes to %(user)s.", user=self.user_id.name or "–", **facts)
        if self.action == "pass_on":
            return self.env._("%(amount)s passes on: the next payer, or else the patient, is asked.", **facts)
        return self.env._("%(amount)s is written off; nobody owes it any more.", **facts)

    def _say_many(self, going, facts):
        """What will happen to several denials."""
        if self.action == "resend":
            return self.env._(
                "%(count)s denials, %(amount)s: what they stand on is corrected and sent again. Claims: %(claims)s.",
                claims=len(going.claim_id), **facts,
            )
        if self.action == "appeal":
            letters = len(going.grouped(lambda denial: denial._get_appeal_key(self.is_together)))
            return self.env._(
                "%(count)s denials, %(amount)s, are appealed. Letters: %(letters)s.", letters=letters, **facts,
            )
        if self.action == "assign":
            return self.env._("%(count)s denials, %(amount)s, go to %(user)s.", user=self.user_id.name or "–", **facts)
        if self.action == "pass_on":
            return self.env._(
                "%(count)s denials, %(amount)s, pass on: the next payer, or else the patient, is asked.", **facts,
            )
        return self.env._("%(count)s denials, %(amount)s, are written off; nobody owes it any more.", **facts)

    def _do_resend(self, going):
        going._resend(self.note, self.channel)

    def _do_appeal(self, going):
        appeals = going._appeal(self.is_together)
        return appeals._get_records_action(name=self.env._("Appeals"))

    def _do_pass_on(self, going):
        going._decide(self.reason_id, self.note)

    def _do_write_off(self, going):
        going._decide(self.reason_id, self.note)

    def _do_assign(self, going):
        going.user_id = self.user_id
