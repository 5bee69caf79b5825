from odoo import api, models

from odoo.addons.billing_coordinator.tools.x12 import syntax_codes
from odoo.addons.billing_coordinator.tools.x12.status_codes import describe, words


class BillingAcknowledgement(models.Model):
    """What receivers say in codes, in words for whoever mends it: which segment, which element, what is wrong."""

    _inherit = "billing.acknowledgement"

    @api.model
    def _say_interchange(self, answer):
        result = words(syntax_codes.RESULTS, answer.status)
        if answer.code in ("", "000"):
            return self.env._("Envelope %(result)s.", result=result)
        return self.env._(
            "Envelope %(result)s: %(reason)s.",
            result=result, reason=words(syntax_codes.INTERCHANGE, answer.code),
        )

    @api.model
    def _say_set(self, answer):
        return "\n".join([
            self._say_result(answer.status, syntax_codes.SETS, answer.codes),
            *(sentence for error in answer.errors for sentence in self._say_segment(error)),
        ])

    @api.model
    def _say_group(self, answer):
        return self._say_result(answer.status, syntax_codes.GROUPS, answer.codes)

    @api.model
    def _say_result(self, status, table, codes):
        result = words(syntax_codes.RESULTS, status)
        reasons = "; ".join(words(table, code) for code in codes)
        if reasons:
            return self.env._("File %(result)s: %(reasons)s.", result=result, reasons=reasons)
        return self.env._("File %(result)s.", result=result)

    @api.model
    def _say_segment(self, error):
        """One sentence for the segment, one for each of its elements."""
        place = error.segment
        if error.loop:
            place = self.env._("%(segment)s in loop %(loop)s", segment=place, loop=error.loop)
        if error.number:
            place = self.env._("Segment %(number)s, %(place)s", number=error.number, place=place)
        if error.context:
            place = self.env._("%(place)s (%(context)s)", place=place, context=", ".join(error.context))
        sentences = [self.env._(
            "%(place)s: %(reason)s.", place=place, reason=words(syntax_codes.SEGMENTS, error.code),
        )] if error.code and not (error.code == "8" and error.elements) else []
        for element in error.elements:
            name = f"{error.segment}{element.element:02d}" if element.element else error.segment
            if element.component:
                name = f"{name}-{element.component}"
            reason = words(syntax_codes.ELEMENTS, element.code)
            sentences.append(
                self.env._("%(place)s, element %(name)s: %(reason)s, “%(value)s”.", place=place, name=name,
                           reason=reason, value=element.value)
                if element.value else
                self.env._("%(place)s, element %(name)s: %(reason)s.", place=place, name=name, reason=reason)
            )
        return sentences

    @api.model
    def _say_statuses(self, statuses):
        """What was said of a claim or batch: one line for each status."""
        lines = []
        for status in statuses:
            sentence = describe(status)
            lines.append(f"{sentence[:1].upper()}{sentence[1:]}.")
        return "\n".join(dict.fromkeys(lines))

    @api.model
    def _say_claim(self, answer):
        parts = [self._say_statuses(answer.statuses)]
        for service in answer.services:
            if service.statuses:
                parts.append(self.env._(
                    "Service %(code)s: %(what)s", code=service.code, what=self._say_statuses(service.statuses),
                ))
        if answer.text:
            parts.append(answer.text)
        return "\n".join(filter(None, parts))
