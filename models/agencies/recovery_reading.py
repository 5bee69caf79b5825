from hashlib import sha256

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.agency_file import read


class BillingRecovery(models.Model):
    """Reading an agency's report: all of it or nothing, and once."""

    _inherit = "billing.recovery"

    @api.model
    def _read_report(self, agreement, content, **values):
        """The recovery that a file says, still to be posted.

        :param bytes content: a CSV file in the layout of the agreement
        :param values: further values, as reference, date and the money received
        :raise UserError: it was read before, or a line names no debt of the agency or no amount
        """
        digest = sha256(content).hexdigest()
        self._check_fresh(agreement, digest, values.get("reference"))
        lines, problems = self._parse(agreement, content)
        placements = self.env["billing.placement"].search([
            ("agency_id", "=", agreement.agency_id.id), ("company_id", "=", agreement.company_id.id),
            ("name", "in", [line.reference for line in lines]), ("state", "not in", ("ready", "dropped")),
        ])
        known = {placement.name: placement for placement in placements}
        sentences = [self._say_problem(problem) for problem in problems]
        for line in lines:
            if line.reference not in known:
                sentences.append(self.env._(
                    "Line %(number)s: %(agency)s never had “%(value)s”.",
                    number=line.number, agency=agreement.agency_id.name, value=line.reference,
                ))
            elif line.amount <= 0:
                sentences.append(self.env._(
                    "Line %(number)s: “%(value)s” is no sum collected. Reverse the report in which it was.",
                    number=line.number, value=line.amount,
                ))
        if sentences or not lines:
            raise UserError("\n".join([self.env._("Nothing was read."), *(
                sentences or [self.env._("The file has no lines.")]
            )]))
        return self.create({
            "agreement_id": agreement.id,
            "file_digest": digest,
            "line_ids": [
                Command.create({"placement_id": known[line.reference].id, "amount": float(line.amount)})
                for line in lines
            ],
            **values,
        })

    def _parse(self, agreement, content):
        layout = agreement._get_layout()
        try:
            return read(content, layout, (agreement.report_reference, agreement.report_amount))
        except UnicodeDecodeError as error:
            raise UserError(self.env._(
                "The file is not in the letters of “%(agreement)s” (%(encoding)s). Save it in that encoding, or change "
                "the agreement.",
                agreement=agreement.name, encoding=layout.encoding,
            )) from error

    def _check_fresh(self, agreement, digest, reference):
        """
        :raise UserError: the same file or the same reference is here already
        """
        same = [[("reference", "=", reference)]] + ([[("file_digest", "=", digest)]] if digest else [])
        known = self.search(Domain.OR(same) & Domain([
            ("agency_id", "=", agreement.agency_id.id), ("company_id", "=", agreement.company_id.id),
            ("state", "!=", "reversed"),
        ]), limit=1)
        if known:
            raise UserError(self.env._(
                "This report is here already: it is %(recovery)s of %(date)s. Nothing was changed.",
                recovery=known.display_name, date=format_date(self.env, known.date),
            ))

    def _say_problem(self, problem):
        sentences = {
            "column": self.env._(
                "Line %(number)s: there is no column “%(value)s”. Call it so in the file, or change the agreement.",
                number=problem.number, value=problem.value,
            ),
            "reference": self.env._("Line %(number)s: our number is missing.", number=problem.number),
            "amount": self.env._(
                "Line %(number)s: “%(value)s” is no amount.", number=problem.number, value=problem.value,
            ),
        }
        return sentences[problem.what]
