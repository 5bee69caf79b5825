from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.accuracy import Flaw


class BillingEncounter(models.Model):
    """A visit that the office holds back: it says why, and is not billed before somebody releases it."""

    _inherit = "billing.encounter"

    hold_reason = fields.Char(
        string="Held because",
        readonly=True,
        copy=False,
        tracking=True,
    )
    hold_date = fields.Date(
        string="Held since",
        readonly=True,
        copy=False,
    )
    hold_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Held by",
        readonly=True,
        copy=False,
    )

    # === ACTIONS === #

    def action_hold(self):
        """Hold these visits back: asks why."""
        self._check_may_hold()
        return self.env["billing.accuracy.reason"]._ask("hold", self)

    def action_release(self):
        """Nothing holds these visits up any more."""
        self.check_access("write")
        held = self.filtered("hold_reason")
        for visit in held:
            visit._message_log(body=self.env._(
                "Released by %(user)s; held since %(date)s: %(reason)s",
                user=self.env.user.name,
                date=visit.hold_date,
                reason=visit.hold_reason,
            ))
        held.write({"hold_reason": False, "hold_date": False, "hold_user_id": False})

    # === BUSINESS METHODS === #

    def _hold(self, reason):
        """Keep these visits from being billed.

        :param str reason: why; it stands on the visit and in its history
        :raise UserError: when the reason is missing or a visit has been billed
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: whoever looks at this next has to know."))
        self._check_may_hold()
        self.write({
            "hold_reason": reason,
            "hold_date": fields.Date.context_today(self),
            "hold_user_id": self.env.uid,
        })

    def _check_may_hold(self):
        self.check_access("write")
        for visit in self.filtered(lambda visit: visit.state not in ("draft", "ready")):
            raise UserError(self.env._(
                "%(visit)s is “%(state)s”: there is nothing to hold back any more.",
                visit=visit.display_name,
                state=dict(self._fields["state"]._description_selection(self.env))[visit.state],
            ))

    def _find_known_flaws(self):
        found = super()._find_known_flaws()
        for visit in self.filtered("hold_reason"):
            found[visit].append(Flaw(kind="held", facts={
                "reason": visit.hold_reason,
                "date": visit.hold_date and visit.hold_date.isoformat(),
                "user": visit.hold_user_id.name,
            }))
        return found
