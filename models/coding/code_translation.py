from odoo import models
from odoo.fields import Domain


class BillingCode(models.Model):
    """What codes are called in other lists, as far as these lists are loaded."""

    _inherit = "billing.code"

    def _translate(self, systems):
        """The codes of other lists that the crosswalk names for these: candidates, whatever day they are valid on.

        Where only several codes together say the same, or the other list has no counterpart, there is none. As many
        queries as there are lists, and one more.

        :param systems: the ``billing.code.system`` records wanted
        :return: {(code, system): ``billing.code`` records, the closest first}
        """
        texts = {}
        for system in systems:
            for code, lines in self.env["billing.code.crosswalk"]._suggest(self, system).items():
                usable = lines.filtered(lambda line: line.code_to and not (line.is_no_map or line.is_combination))
                texts[code, system] = usable.sorted("is_approximate").mapped("code_to")
        if not any(texts.values()):
            return {}
        wanted = {spelling for found in texts.values() for text in found for spelling in self._spell(text)}
        codes = self.search(
            Domain("system_id", "in", systems.ids) & Domain("code", "in", sorted(wanted)),
        ).grouped(lambda code: (code.system_id, code.code))
        return {
            (code, system): self.browse().union(*(
                codes.get((system, spelling), self.browse()) for text in found for spelling in self._spell(text)
            ))
            for (code, system), found in texts.items()
        }

    def _spell(self, text):
        """How a code may be written: files of diagnoses leave out the dot that papers show."""
        return (text, f"{text[:3]}.{text[3:]}") if len(text) > 3 and "." not in text else (text, text.replace(".", ""))
