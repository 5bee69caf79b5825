from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..groups import INTERNAL_GROUP
from ..state_gate import _GATE_KEY

# Nothing new is billed to accounts that stand here.
HALTS = ("on_hold", "closed")
# What each move writes down about itself.
TRACES = frozenset({"billing_state_reason", "billing_state_date", "billing_state_user_id"})


class ResPartner(models.Model):
    """Where an account stands: new, waiting for approval, active, on hold or closed.

    Contacts who are no patients or clients have no state. An account approved by nobody yet may be billed or not, as
    its company decides; one on hold or closed is not billed anew, while what was billed before goes on as ever.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "billing.state.gate", "billing.asking"]

    _state_field = "billing_state"
    _state_moves = {
        False: ("new",),
        "new": ("pending", "closed", False),
        "pending": ("active", "new", "closed", False),
        "active": ("on_hold", "closed", False),
        "on_hold": ("active", "closed", False),
        "closed": ("pending", False),
    }

    billing_state = fields.Selection(
        selection=[
            ("new", "New"),
            ("pending", "Waiting for approval"),
            ("active", "Active"),
            ("on_hold", "On hold"),
            ("closed", "Closed"),
        ],
        string="Account",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="New: being registered. Waiting for approval: no rule approved it, a manager decides. On hold: nothing "
        "new is billed for now. Closed: nothing is open, and nothing new is billed.",
    )
    billing_state_reason = fields.Char(
        string="Because",
        readonly=True,
        copy=False,
        groups=INTERNAL_GROUP,
        help="Why the account stands where it does, as whoever moved it said.",
    )
    billing_state_date = fields.Date(
        string="Since",
        readonly=True,
        copy=False,
    )
    billing_state_user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        readonly=True,
        copy=False,
        groups=INTERNAL_GROUP,
    )

    billing_stands = fields.Char(
        string="Stands",
        compute="_compute_billing_stands",
        groups=INTERNAL_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_state", "billing_state_reason", "billing_state_date", "billing_state_user_id")
    @api.depends_context("lang")
    def _compute_billing_stands(self):
        for partner in self:
            known = {
                "date": format_date(self.env, partner.billing_state_date),
                "reason": partner.billing_state_reason,
                "user": partner.billing_state_user_id.sudo().name,
            }
            if partner.billing_state == "on_hold":
                partner.billing_stands = self.env._(
                    "On hold since %(date)s, nothing new is billed: %(reason)s (%(user)s)", **known,
                )
            elif partner.billing_state == "closed":
                partner.billing_stands = self.env._("Closed on %(date)s: %(reason)s (%(user)s)", **known)
            else:
                partner.billing_stands = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Said explicitly, like the state itself: defaults would be another way in.
        return super().create([{**vals, **dict.fromkeys(TRACES, False)} for vals in vals_list])

    @api.model
    def _get_first_states(self, vals_list):
        # Patients and clients begin as new, whoever creates them; other contacts have no state.
        by_default = self.default_get(["is_billing_account"]).get("is_billing_account")
        return ["new" if vals.get("is_billing_account", by_default) else False for vals in vals_list]

    def write(self, vals):
        # What a move writes down passes the gate that only the move itself opens.
        if not TRACES.isdisjoint(vals) and self.env.context.get("billing_gate") is not _GATE_KEY:
            raise UserError(self.env._(
                "Why, when and by whom the account of %(account)s was moved is written down by its buttons, never "
                "typed.",
                account=self[:1].display_name,
            ))
        if "is_billing_account" not in vals:
            return super().write(vals)
        if vals["is_billing_account"]:
            result = super().write(vals)
            joining = self.filtered(lambda partner: not partner.billing_state)
            joining.with_context(mail_notrack=True)._set_state("new")
            return result
        leaving = self.filtered("billing_state")
        leaving._check_nothing_open()
        leaving._set_state(False)
        return super().write(vals)

    def _set_state(self, target, reason=None, **values):
        return super()._set_state(
            target,
            reason,
            billing_state_reason=reason,
            billing_state_date=fields.Date.context_today(self),
            billing_state_user_id=self.env.uid,
            **values,
        )

    # === ACTIONS === #

    def action_billing_submit(self):
        """The account is complete: rules approve it, or it waits for a manager."""
        if not (self.env.su or self.env.user.has_group("billing_coordinator.group_coordinator")):
            raise AccessError(self.env._(
                "Only the billing office submits accounts for approval. Ask a billing coordinator to look at "
                "%(account)s.",
                account=self[:1].display_name,
            ))
        self.filtered(lambda partner: partner.billing_state == "new")._billing_submit()

    def action_billing_approve(self):
        """A manager says that this account may be billed."""
        self._check_may_decide()
        self._set_state("active", self.env._("Approved by %(user)s", user=self.env.user.name))
        self._billing_answer_managers()

    def action_billing_hold(self):
        """Stop billing this account for now; asks why."""
        return self._ask_billing_move("on_hold", self.env._("Put on hold"))

    def action_billing_release(self):
        """Bill this account again; asks why."""
        return self._ask_billing_move("active", self.env._("Release"))

    def action_billing_send_back(self):
        """A manager does not approve yet; asks what is missing."""
        self._check_may_decide()
        return self._ask_billing_move("new", self.env._("Send back"))

    def action_billing_close(self):
        """Close this account; shows what is open, and asks why."""
        return self._ask_billing_move("closed", self.env._("Close account"))

    def action_billing_reopen(self):
        """Take a closed account up again: it is approved anew."""
        return self._ask_billing_move("pending", self.env._("Reopen account"))

    def _ask_billing_move(self, target, title):
        self.ensure_one()
        wizard = self.env["billing.account.change"].create({
            "partner_id": self.id,
            "target": target,
            "line_ids": self.env["billing.account.change"]._prepare_lines(self, target),
        })
        return wizard._get_records_action(name=title, target="new")

    # === MOVES === #

    def _billing_move(self, target, reason):
        """Move these accounts as a person decided.

        :param str target: the state to reach; ``pending`` asks the rules first
        :param str reason: why, for the chatter
        :raise UserError: when the reason is missing, or something is open on an account to be closed
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._(
                "Say why: whoever looks at %(account)s next has to know.", account=self[:1].display_name,
            ))
        if target == "closed":
            self._lock_or_refuse()
            self._check_nothing_open()
        if target == "new" or (target == "active" and "pending" in self.mapped("billing_state")):
            self._check_may_decide()
        if target == "pending":
            self._billing_submit(reason)
            return
        self._set_state(target, reason)
        self._billing_answer_managers()

    def _billing_submit(self, reason=None):
        """Ask the rules about these new or closed accounts; what none of them approves waits for a manager.

        :param str reason: why, when a person said so
        """
        if not self:
            return
        self._set_state("pending", reason or self.env._("Submitted by %(user)s", user=self.env.user.name))
        approved = self.browse()
        for rule, accounts in self.env["billing.approval.rule"]._find_rules(self).items():
            said = self.env._("Approved by the rule “%(rule)s”", rule=rule.name)
            accounts._set_state("active", f"{reason}. {said}" if reason else said)
            approved |= accounts
        (self - approved)._billing_ask_managers()

    def _check_may_decide(self):
        """Only managers approve accounts or send them back."""
        if not (self.env.su or self.env.user.has_group("billing_coordinator.group_manager")):
            raise UserError(self.env._(
                "%(account)s waits for a billing manager: you can complete it, but not decide.",
                account=self[:1].display_name,
            ))

    # === MANAGERS === #

    def _billing_ask_managers(self):
        """Put these accounts on a manager's list of activities."""
        if manager := self.env.company._get_billing_manager():
            self._ask_for("billing_coordinator.activity_type_approval", {
                account: self.env._("Approve the account of %(account)s", account=account.name) for account in self
            }, users=manager)

    def _billing_answer_managers(self):
        """Nobody has to decide about these accounts any more."""
        self.activity_unlink(["billing_coordinator.activity_type_approval"])

    # === MAY IT BE BILLED === #

    def _get_billing_stop(self, company):
        """What stands in the way of billing this account, or should be known before.

        :param company: the company that would bill; its setting decides about accounts nobody has approved
        :return: (sentence, whether it stops billing); the sentence is empty when nothing is to be said
        """
        self.ensure_one()
        stop = self._find_billing_stops(company).get(self)
        return (self._say_billing_stop(stop, company), stop != "not_approved") if stop else ("", False)

    def _find_billing_stops(self, company):
        """What stands in the way of billing these accounts, the rules asked about all of them at once.

        Bills go to who pays for a person: where that account is on hold or closed, the person's is not billed either.

        :return: {account: "on_hold", "closed", "payer_on_hold", "payer_closed" or "refused", which stop billing, or
            "not_approved", a warning}
        """
        stops = {}
        for account in self:
            payer = account._get_billing_debtor()
            if account.billing_state in HALTS:
                stops[account] = account.billing_state
            elif payer.billing_state in HALTS:
                stops[account] = f"payer_{payer.billing_state}"
        policy = company.sudo().billing_unapproved
        waiting = self.filtered(lambda account: account.billing_state in ("new", "pending") and account not in stops)
        if policy == "yes" or not waiting:
            return stops
        # An account that is only waiting to be submitted is approved when it is.
        new = waiting.filtered(lambda account: account.billing_state == "new")
        # By the rules of who bills.
        rules = self.env["billing.approval.rule"].with_company(company)
        for accounts in (rules._find_rules(new) if new else {}).values():
            waiting -= accounts
        return stops | dict.fromkeys(waiting, "refused" if policy == "no" else "not_approved")

    def _say_billing_stop(self, stop, company):
        """The sentence for one of the answers of :meth:`_find_billing_stops`."""
        self.ensure_one()
        who = self._get_billing_debtor() if stop.startswith("payer_") else self
        stop = stop.removeprefix("payer_")
        account = {"account": who.display_name, "reason": who.billing_state_reason or self.env._("no reason given")}
        if stop == "on_hold":
            return self.env._("%(account)s is on hold: %(reason)s. Release the account to bill it.", **account)
        if stop == "closed":
            return self.env._("%(account)s is closed: %(reason)s. Reopen the account to bill it.", **account)
        if stop == "refused":
            return self.env._(
                "%(account)s is not approved yet, and %(company)s bills approved accounts only. Complete the account "
                "or ask a billing manager to approve it.",
                company=company.sudo().name, **account,
            )
        return self.env._("%(account)s is not approved yet.", **account)
