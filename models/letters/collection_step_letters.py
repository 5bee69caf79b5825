from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base.models.ir_qweb import QWebError

# Each takes about a second, and the browser waits for all of them.
PRINT_MOST = 100


class BillingCollectionStep(models.Model):
    """Letters: printed in one go, each kept with its case. Where one cannot be printed, the others are."""

    _inherit = "billing.collection.step"

    # === ACTIONS === #

    def action_print_letters(self):
        """Print the letters among these that wait, oldest first, and do their steps; what was printed before, again.

        Where none is chosen, all that wait.

        :raise UserError: none of these is a letter to print
        """
        chosen = self or self.search([
            ("state", "=", "ready"), ("channel", "=", "letter"), ("company_id", "in", self.env.companies.ids),
        ])
        again = chosen.filtered("letter_id")
        ready = chosen.filtered(lambda step: step.channel == "letter" and step.state == "ready").sorted(
            lambda step: (step.date, step.partner_id.name or "", step.id),
        )[:PRINT_MOST]
        if not again and not ready:
            raise UserError(self.env._(
                "None of these is a letter that waits to be printed. Somebody has to approve the steps to look at "
                "first.",
            ))
        printed, failed = ready._print() if ready else (ready, ready)
        return self.env["billing.letter.batch"]._hand_over((again | printed).letter_id, failed)

    # === BUSINESS METHODS === #

    def _print(self):
        """Do these letters: all at once, and one by one where something is wrong with one of them.

        :return: (those that were done, those that could not be and say why)
        """
        done, problem = self._try_to_do()
        if not problem:
            return done, self.browse()
        if len(self) == 1:
            self.sudo().problem = problem
            return done, self
        results = [step._print() for step in self]
        nobody = self.browse()
        return nobody.union(*(good for good, _bad in results)), nobody.union(*(bad for _good, bad in results))

    def _try_to_do(self):
        """(the steps that were done, None), or (none of them, what is wrong)."""
        try:
            with self.env.cr.savepoint():
                return self._do(), None
        except (UserError, QWebError, OSError) as error:
            return self.browse(), str(error)

    def _write_letters(self):
        """The letter of each of these steps as a file of its case, with a note."""
        if not self:
            return
        letters = self.env["billing.collection.letter"]._render_letters(self)
        files = self.env["ir.attachment"].sudo().create([
            {
                "name": f"{step.stage_id.name} {fields.Date.context_today(self)}.{kind}",
                "raw": content,
                "res_model": "billing.collection.case",
                "res_id": step.case_id.id,
            }
            for step, (content, kind) in letters.items()
        ])
        messages = self.case_id._message_log_batch({
            step.case_id.id: self.env._("Letter “%(stage)s” printed.", stage=step.stage_id.name) for step in letters
        })
        of_case = {message.res_id: message for message in messages}
        for step, file in zip(letters, files, strict=True):
            step.sudo().letter_id = file
            of_case[step.case_id.id].attachment_ids = [Command.link(file.id)]
