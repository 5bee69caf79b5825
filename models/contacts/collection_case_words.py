from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import format_time

from odoo.addons.billing_coordinator.tools.local_time import reduce_zones, to_local


class BillingCollectionCase(models.Model):
    """What the rules about contacts say, in words: the time there, why not now, and when."""

    _inherit = "billing.collection.case"

    def _say_local_time(self, moment):
        """The clock where this debtor lives; of several possible times, all."""
        self.ensure_one()
        zones = reduce_zones(self.partner_id._get_contact_zones(self.company_id), moment)
        return ", ".join(
            self.env._(
                "%(time)s (%(place)s)",
                time=format_time(self.env, to_local(moment, zone).time(), time_format="short"),
                place=_to_place(zone),
            )
            for zone in zones
        )

    def _say_when(self, answer, now):
        """Whether this debtor may be called, in a word or two."""
        if not answer.refusal:
            return self.env._("Now")
        if not answer.moment:
            return self.env._("Not at all")
        zone = self.env.user.tz or "UTC"
        local = to_local(answer.moment, zone)
        time = format_time(self.env, local.time(), time_format="short")
        if local.date() == to_local(now, zone).date():
            return self.env._("From %(time)s", time=time)
        return self.env._("From %(date)s, %(time)s", date=format_date(self.env, local.date()), time=time)

    def _say_refusal(self, answer, now, channel="call"):
        """The rule that stands against an attempt, and when it is allowed: there, and for the user."""
        self.ensure_one()
        sentence = self._get_rule_words(answer, now, channel)[answer.refusal.rule]
        if not answer.moment:
            return self.env._("%(rule)s Waiting does not change that.", rule=sentence)
        there = to_local(answer.moment, answer.zone)
        here = to_local(answer.moment, self.env.user.tz or "UTC")
        words = {
            "rule": sentence,
            "date": format_date(self.env, there.date()),
            "time": format_time(self.env, there.time(), time_format="short"),
            "place": _to_place(answer.zone),
            "here": format_time(self.env, here.time(), time_format="short"),
        }
        if there == here:
            return self.env._("%(rule)s It is allowed from %(date)s, %(time)s on.", **words)
        if there.date() == here.date():
            return self.env._(
                "%(rule)s It is allowed from %(date)s, %(time)s on in %(place)s (%(here)s your time).", **words,
            )
        return self.env._(
            "%(rule)s It is allowed from %(date)s, %(time)s on in %(place)s (%(here_date)s, %(here)s your time).",
            here_date=format_date(self.env, here.date()), **words,
        )

    def _get_rule_words(self, answer, now, channel):
        """{rule: sentence}, as somebody reads them who was about to call."""
        partner, company = self.partner_id.sudo(), self.company_id.sudo()
        name, rules = partner.name, company._get_contact_rules()
        there = to_local(now, answer.zone)
        facts = answer.refusal.facts
        channels = {"call": self.env._("calls"), "sms": self.env._("text messages"), "email": self.env._("e-mails"),
                    "visit": self.env._("visits")}
        words = {
            "name": name,
            "place": _to_place(answer.zone),
            "time": format_time(self.env, there.time(), time_format="short"),
            "what": channels.get(channel, channel),
        }
        talked = facts.get("talked")
        return {
            "bankrupt": self.env._("%(name)s is bankrupt: nobody asks for what was owed before.", **words),
            "deceased": self.env._("%(name)s has died: a manager decides what becomes of the debt.", **words),
            "minor": self.env._("%(name)s is a minor: speak with a parent or guardian, and bill them.", **words),
            "stopped": self.env._("%(name)s has asked not to be contacted.", **words),
            "refused": self.env._("%(name)s does not want %(what)s, or has taken back the consent.", **words),
            "consent": self.env._("%(name)s has not agreed to %(what)s. Record a consent first.", **words),
            "hours": self.env._(
                "People are contacted from %(earliest)s to %(latest)s where they live; in %(place)s it is %(time)s.",
                earliest=format_time(self.env, rules.earliest, time_format="short"),
                latest=format_time(self.env, rules.latest, time_format="short"), **words,
            ),
            "closed": self.env._(
                "%(date)s is a day of rest where %(name)s lives.", date=format_date(self.env, there.date()), **words,
            ),
            "often": self.env._(
                "%(name)s was tried %(count)s times within %(days)s days, and %(most)s is the most.",
                count=facts.get("count", 0), days=rules.window, most=rules.most, **words,
            ),
            "quiet": self.env._(
                "Somebody spoke with %(name)s on %(date)s: it is quiet for %(days)s days, that one included.",
                date=format_date(self.env, talked.date()) if talked else "", days=rules.quiet, **words,
            ),
        }


def _to_place(zone):
    """A time zone as people know it: America/Los_Angeles is Los Angeles."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")
