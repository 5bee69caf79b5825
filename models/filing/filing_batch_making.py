from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools import drop_folder
from odoo.addons.billing_coordinator.tools.x12 import claim837
from odoo.addons.billing_coordinator.tools.x12.problems import WriteError

NUMBERS = {
    "interchange_number": "billing.filing.interchange",
    "group_number": "billing.filing.group",
    "set_number": "billing.filing.set",
}
DIGITS = {"interchange_number": 9, "group_number": 1, "set_number": 4}
FORMS = {
    "paper": "billing_coordinator.action_report_cms1500",
    "letter": "billing_coordinator.action_report_claim_letter",
}


class BillingFilingBatch(models.Model):
    """Making what is handed over: looking at each claim, giving control numbers, writing the file or the forms."""

    _inherit = "billing.filing.batch"

    @api.model
    def _prepare_batches(self, groups):
        """Batches of claims, still to be made.

        :param groups: (way, currency, claims) for each of them
        :return: the batches
        """
        claims = self.env["billing.claim"].union(*(claims for _route, _currency, claims in groups))
        claims._lock_or_refuse()
        claims._check_sendable()
        claims._release_filing_lines()
        return self.sudo().create([
            {
                "route_id": route.id,
                "company_id": route.company_id.id,
                "currency_id": currency.id,
                "is_test": route._is_test(),
                "line_ids": [
                    fields.Command.create({
                        "claim_id": claim.id,
                        "amount": claim.amount_charged,
                        "frequency": claim._get_outgoing()[0],
                    })
                    for claim in claims
                ],
            }
            for route, currency, claims in groups
        ]).sudo(self.env.su)

    # === BUSINESS METHODS === #

    def _make(self):
        """Make the file, or the forms, of what fits.

        :raise UserError: somebody has it already
        """
        self.ensure_one()
        self._lock_or_refuse()
        if self.state not in ("draft", "made"):
            raise UserError(self._say_handed_over())
        self._check_not_dropped()
        lines = self.line_ids.filtered(lambda line: line.state == "goes")
        lines.claim_id._lock_or_refuse()
        lines.claim_id.filtered(lambda claim: claim._is_accuracy_open())._check_accuracy()
        problems = self._find_problems(lines)
        if problems:
            lines.browse([line.id for line in problems])._take_out(problems)
            lines = lines.filtered(lambda line: line not in problems)
        if not lines:
            return self._drop(self.env._("None of its claims can go. Below stands what is missing in each."))
        self.sudo()._make_file(lines)
        return True

    def _find_problems(self, lines):
        """{line: why its claim cannot go}, for those that cannot."""
        reasons = lines.claim_id._find_filing_obstacles(self.route_id, batch=self)
        return {line: reasons[line.claim_id] for line in lines if reasons.get(line.claim_id)}

    def _make_file(self, lines):
        """Write the file under new control numbers and keep it; what was made before and never left is thrown away."""
        today = fields.Date.context_today(self)
        if self.format == "file":
            numbers = self._get_control_numbers()
            name = self.route_id._make_file_name(numbers["interchange_number"], today)
            content, kind = self._write_file(lines.claim_id, numbers), "text/plain"
        else:
            numbers = {}
            content, kind = self._print_forms(lines.claim_id)
            name = f"{self.name.replace('/', '-')}.{'pdf' if kind == 'application/pdf' else 'html'}"
        before = self.file_id
        file = self.env["ir.attachment"].create({
            "name": name, "raw": content, "mimetype": kind, "res_model": self._name, "res_id": self.id,
        })
        self._set_state(
            "made", file_id=file.id, file_name=name, checksum=sha256(content).hexdigest(), date=today, **numbers,
        )
        before.unlink()

    def _get_control_numbers(self):
        """New numbers of interchange (nine digits), group and set (at least four), as the file writes them.

        They come from sequences of the database, so that two sessions never get the same one; those that are not used
        are gaps. One range serves all ways: a number never comes again, whoever the receiver.
        """
        numbers = {
            fname: int(self.env["ir.sequence"].next_by_code(code)) for fname, code in NUMBERS.items()
        }
        return {fname: f"{number:0{DIGITS[fname]}d}" for fname, number in numbers.items()}

    def _print_forms(self, claims):
        """All forms or letters in one document for the printer."""
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(FORMS[self.format], claims.ids)
        return content, "application/pdf" if kind == "pdf" else "text/html"

    def _write_file(self, claims, numbers):
        """The 837P file of these claims.

        :raise UserError: something of the envelope does not fit; claims were looked at before
        """
        contents = claims._get_contents()
        route = self.route_id
        name = route.submitter_name or self.company_id.name
        batch = claim837.Batch(
            interchange=claim837.Interchange(
                sender_id=route.submitter_id,
                receiver_id=route.receiver_id,
                control_number=int(numbers["interchange_number"]),
                at=fields.Datetime.context_timestamp(self, fields.Datetime.now()).replace(tzinfo=None),
                usage="test" if self.is_test else "production",
                sender_qualifier=route.submitter_qualifier,
                receiver_qualifier=route.receiver_qualifier,
                sender_code=route.application_sender or "",
                receiver_code=route.application_receiver or "",
                group_number=int(numbers["group_number"]),
                set_number=int(numbers["set_number"]),
            ),
            submitter=claim837.Submitter(
                name, route.submitter_id, route.contact_name or "", route.contact_phone or "",
                route.contact_email or "",
            ),
            receiver=claim837.Receiver(route.receiver_name or route.name, route.receiver_id),
            claims=tuple(contents[claim] for claim in claims),
            reference=self.name,
        )
        try:
            return claim837.write(batch)
        except WriteError as error:
            raise UserError(self.env._(
                "%(batch)s cannot be made: %(reasons)s Mend it in “%(route)s”.", batch=self.name, route=route.name,
                reasons=" ".join(claims._say_filing_problem(problem) for problem in error.problems),
            )) from error

    def _check_not_dropped(self):
        """
        :raise UserError: the file lies, or lay, in the drop folder though nobody was told: it counts as handed over
        """
        if self.state == "made" and self.drop_path and drop_folder.was_dropped(
            self.route_id._get_drop_folder(), self.file_name,
        ):
            raise UserError(self.env._(
                "The file %(file)s of %(batch)s lies in the drop folder already, or was taken from there: the server "
                "was stopped before it could note so. Press Hand over: it is recognised, and nothing is sent twice.",
                file=self.file_name, batch=self.name,
            ))
