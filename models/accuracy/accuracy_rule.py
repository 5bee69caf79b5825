from odoo import api, fields, models
from odoo.exceptions import UserError

SEVERITIES = [
    ("stop", "Stop"),
    ("warn", "Warning"),
    ("note", "Note"),
]
# What the office may change about a check that comes with the addon; its rules of its own it writes as it likes.
CHANGEABLE = frozenset({"severity", "active", "sequence", "name"})


class BillingAccuracyRule(models.Model):
    """One thing that is checked before a bill leaves: a check that comes with the addon, or a rule of the office.

    It says how severe a finding is. *Stop*: nothing is billed before it is mended. *Warning*: look at it first. *Note*:
    good to know. Archived: not checked.
    """

    _name = "billing.accuracy.rule"
    _description = "Accuracy check"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="What findings are grouped by.",
    )
    key = fields.Char(
        readonly=True,
        copy=False,
        help="The built-in check that this stands for. Empty: a rule of the office.",
    )
    is_own = fields.Boolean(
        string="Our own rule",
        compute="_compute_is_own",
        search="_search_is_own",
    )
    severity = fields.Selection(
        selection=SEVERITIES,
        required=True,
        default="warn",
        help="Stop: nothing is billed before it is mended, or a manager says why it may be. Warning: look at it first. "
             "Note: good to know.",
    )
    is_final = fields.Boolean(
        string="Cannot be overridden",
        readonly=True,
        help="There is no bill without mending this, whoever asks.",
    )
    is_decided_elsewhere = fields.Boolean(
        readonly=True,
        help="How severe it is, another setting decides: the plan's or the company's.",
    )
    explanation = fields.Text(
        translate=True,
        help="What is looked at, and where the rule comes from.",
    )
    sequence = fields.Integer(
        default=500,
    )
    active = fields.Boolean(
        default=True,
    )
    finding_count = fields.Integer(
        string="Findings",
        compute="_compute_finding_count",
    )

    _key_unique = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL",
        "This built-in check is in the list already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("key")
    def _compute_is_own(self):
        for rule in self:
            rule.is_own = not rule.key

    def _search_is_own(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("key", "=" if True in value else "!=", False)]

    def _compute_finding_count(self):
        counts = dict(self.env["billing.accuracy.finding"]._read_group(
            [("rule_id", "in", self.ids), ("is_accepted", "=", False)], ["rule_id"], ["__count"],
        ))
        for rule in self:
            rule.finding_count = counts.get(rule, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        changed = vals.keys() - CHANGEABLE
        is_loading = self.env.su and self.env.context.get("install_mode")
        for rule in self if changed and not is_loading else ():
            if rule.key:
                raise UserError(self.env._(
                    "“%(rule)s” comes with the addon: choose how severe it is, or archive it. For something else, add "
                    "a rule of your own.",
                    rule=rule.name,
                ))
        if vals.get("severity", "stop") != "stop" or not vals.get("active", True):
            for rule in self.filtered("is_final"):
                rule._refuse_leniency()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_built_in(self):
        for rule in self.filtered("is_final"):
            rule._refuse_leniency()
        for rule in self.filtered("key"):
            raise UserError(self.env._(
                "“%(rule)s” comes with the addon and cannot be deleted. Archive it, and it is not checked any more.",
                rule=rule.name,
            ))

    # === ACTIONS === #

    def action_view_findings(self):
        """What this check has found and nobody has mended or accepted yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_accuracy_finding_action")
        action["domain"] = [("rule_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _refuse_leniency(self):
        raise UserError(self.env._(
            "“%(rule)s” stays a stop: without mending it there is nothing that could be billed.", rule=self.name,
        ))

    @api.model
    def _get_catalogue(self):
        """The built-in checks that count: {key: check}; empty before the addon has loaded them."""
        return {rule.key: rule for rule in self.sudo().search_fetch(
            [("key", "!=", False)], ["key", "severity", "sequence", "is_final", "is_decided_elsewhere"],
        )}
