import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.base.models.ir_qweb import QWebError

_logger = logging.getLogger(__name__)
REPORT = "billing_coordinator.action_report_statement_line"


class BillingStatementLine(models.Model):
    """A statement goes out: looked at once more, printed or put into the outbox, and written down, in one transaction.

    Killed in between, none of it has happened, and the next attempt sends it once. Who has paid meanwhile is left in
    peace.
    """

    _inherit = "billing.statement.line"

    def _send_safely(self):
        """Send these together; where one cannot be sent, the others are, and that one says why."""
        try:
            with self.env.cr.savepoint():
                self._send()
        except (UserError, ValueError, KeyError, QWebError, OSError) as error:
            if len(self) > 1:
                for line in self:
                    line._send_safely()
                return
            _logger.warning("Statement %s of %s: %s", self.id, self.run_id.name, error)
            self._set_state("failed", problem=str(error))

    def _send(self):
        """Send these statements, all or none of them; they are of one run."""
        lines, statements = self._look_again()
        lines = lines.with_context(billing_statements=statements)
        by_channel = lines.grouped("channel")
        by_channel.get("email", lines.browse())._mail()
        by_channel.get("letter", lines.browse())._print()
        lines.with_context(billing_statements=None)._note_sent()

    def _look_again(self):
        """Bring these statements up to date; who needs none any more is left out.

        :return: (those that go out, {line id: what the statement says})
        """
        facts, keep, before = self._get_facts(), self.browse(), {line: line.channel for line in self}
        told = self._get_told(self.run_id, self.partner_id)
        for line in self:
            reason = line._find_reason(facts, is_chosen=line.choice == "in")
            # Two accounts that have become one since owe what both owed, and hear of it once.
            if not reason and (line.partner_id, line.currency_id) in told:
                reason = "merged"
            if reason:
                line._set_state("out", why=reason)
                continue
            told.add((line.partner_id, line.currency_id))
            statement, way, _facts = facts[line]
            values = {**self._prepare_way(way), **self._prepare_amounts(statement)}
            line.sudo().write({name: value for name, value in values.items() if line[name] != value})
            keep += line
        keep.filtered(lambda line: line.channel != before[line] and line.channel == "letter")._queue_letters()
        return keep, {line.id: facts[line][0] for line in keep}

    def _queue_letters(self):
        """Put these letters behind those that lie in the pile already."""
        for run, lines in self.grouped("run_id").items():
            last = max(run.line_ids.mapped("position"), default=0)
            for number, line in enumerate(lines, start=1):
                line.sudo().position = last + number

    def _mail(self):
        """Put an e-mail for each of these into Odoo's outbox, the statement attached, in each debtor's language."""
        template = self.env.ref("billing_coordinator.mail_template_statement", raise_if_not_found=False)
        if not self:
            return
        if not template:
            raise UserError(self.env._(
                "The e-mail template of statements was deleted. Update the module, or send these by letter.",
            ))
        template.sudo().send_mail_batch(self.ids, email_layout_xmlid="billing_coordinator.mail_layout")

    def _print(self):
        """Print these letters as one part of the pile, in the order of the pile."""
        if not self:
            return
        lines = self.sorted("position")
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            REPORT, None, data={"line_ids": lines.ids},
        )
        part = self.env["ir.attachment"].sudo().create({
            "name": f"{lines.run_id.name} {lines[0].position:05d}.{kind}",
            "raw": content,
            "res_model": "billing.statement.run",
            "res_id": lines.run_id.id,
        })
        lines.sudo().file_id = part

    def _note_sent(self):
        """These are sent: the history of each debtor says what was asked for, and under which number."""
        if not self:
            return
        bodies = {}
        for line in self:
            bodies[line.partner_id.id] = " ".join(filter(None, [bodies.get(line.partner_id.id), line._say_sent()]))
        self.partner_id._message_log_batch(bodies=bodies)
        self._set_state("sent", sent_on=fields.Date.context_today(self), why=False, problem=False)

    def _say_sent(self):
        """What the debtor's history says of this statement."""
        self.ensure_one()
        known = {
            "run": self.run_id.name,
            "address": self.address or "",
            "amount": format_amount(self.env, self.amount_asked, self.currency_id),
            "due": format_amount(self.env, self.amount_due_now, self.currency_id),
        }
        if self.channel == "email":
            return self.env._(
                "Statement of %(run)s sent by e-mail to %(address)s: %(amount)s asked for, %(due)s of it due now.",
                **known,
            )
        return self.env._("Statement of %(run)s sent by letter: %(amount)s asked for, %(due)s of it due now.", **known)
