import io
from hashlib import sha256

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.x12 import acknowledgement as x12
from odoo.addons.billing_coordinator.tools.x12 import faults

from .filing_batch import HANDED_STATES

KNOWN = (x12.InterchangeAnswer, x12.SetAnswer, x12.GroupAnswer, x12.BatchAnswer, x12.ClaimAnswer)


def to_number(text):
    """A control number without the zeros before it; texts that are none stay as they are."""
    return text.strip().lstrip("0")


class BillingAcknowledgement(models.Model):
    """Reading a file: once, each of its answers once, and each to what it belongs."""

    _inherit = "billing.acknowledgement"

    @api.model
    def _read_file(self, content, name):
        """Read a file, and let batches and claims of this company follow what it says.

        :param bytes content: one or several interchanges with TA1, 999, 997 or 277CA
        :param str name: of the file
        :return: (the acknowledgement, whether it is new): the same file, or the same answers in another file, change
            nothing
        :raise UserError: it is no such file
        """
        company = self.env.company
        checksum = sha256(content).hexdigest()
        if before := self.search([("company_id", "=", company.id), ("checksum", "=", checksum)], limit=1):
            return before, False
        answers, warnings, kinds = self._parse(content, name)
        values = self._prepare_lines(answers)
        known = self.env["billing.acknowledgement.line"].search([
            ("company_id", "=", company.id), ("key", "in", list(values)),
        ])
        if known and len(known) == len(values):
            return known[:1].acknowledgement_id, False
        for line in known:
            del values[line.key]
        self._match(values)
        acknowledgement = self.sudo().create({
            "company_id": company.id,
            "kinds": ", ".join(kinds),
            "file_name": name,
            "checksum": checksum,
            "warnings": "\n".join(warnings),
            "line_ids": [
                Command.create({key: value for key, value in vals.items() if key not in ("group", "set", "reference")})
                for vals in values.values()
            ],
        })
        acknowledgement.file_id = self.env["ir.attachment"].sudo().create({
            "name": name, "raw": content, "mimetype": "text/plain", "res_model": self._name,
            "res_id": acknowledgement.id,
        })
        acknowledgement.line_ids.batch_id._lock_or_refuse()
        acknowledgement.line_ids._follow()
        acknowledgement._finish()
        return acknowledgement.sudo(self.env.su), True

    @api.model
    def _parse(self, content, name):
        """(answers, sentences about what is wrong with the file, kinds) of a file.

        :raise UserError: it is no such file, or answers nothing of ours
        """
        answers, warnings, kinds = [], [], set()
        try:
            for record in x12.read(io.BytesIO(content)):
                if isinstance(record, KNOWN):
                    answers.append(record)
                    kinds.add(self._get_kind(record))
                else:
                    warnings.append(self.env._(
                        "Segment %(position)s: %(what)s", position=record.position,
                        what=faults.sentence(record.reason, record.detail),
                    ))
        except faults.X12Error as error:
            raise UserError(self.env._(
                "“%(file)s” was not read. %(reason)s", file=name, reason=str(error),
            )) from error
        if not answers:
            raise UserError("\n".join([
                self.env._(
                    "“%(file)s” holds no TA1, 999, 997 or 277CA, so that it says nothing of our files. Remittances "
                    "(835) are read under Remittances.", file=name,
                ),
                *warnings,
            ]))
        order = ("TA1", "999", "997", "277CA")
        return answers, warnings, sorted(kinds, key=order.index)

    @api.model
    def _get_kind(self, record):
        if isinstance(record, x12.InterchangeAnswer):
            return "TA1"
        return "277CA" if isinstance(record, x12.BatchAnswer | x12.ClaimAnswer) else "999"

    # === WHAT IS SAID === #

    @api.model
    def _prepare_lines(self, answers):
        """{key: values of a line} in the order of the file; the same said twice is one line."""
        lines, reference = {}, ""
        groups = {(answer.interchange, answer.group) for answer in answers if isinstance(answer, x12.SetAnswer)}
        for answer in answers:
            vals = None
            if isinstance(answer, x12.InterchangeAnswer):
                vals = self._prepare_interchange(answer)
            elif isinstance(answer, x12.SetAnswer):
                vals = self._prepare_syntax(answer, answer.control, self._say_set(answer), answer.control)
            elif isinstance(answer, x12.GroupAnswer):
                # Where its sets are answered one by one, that says more.
                if (answer.interchange, answer.group) not in groups:
                    vals = self._prepare_syntax(answer, answer.group, self._say_group(answer))
            elif isinstance(answer, x12.BatchAnswer):
                reference = answer.reference if answer.level == "receiver" else reference
                # What is taken is said again of each claim.
                if answer.verdict == x12.REJECTED:
                    vals = self._prepare_whole(answer, reference)
            else:
                vals = self._prepare_claim(answer, reference)
            if vals:
                lines.setdefault(vals["key"], vals)
        return lines

    @api.model
    def _prepare_interchange(self, answer):
        return {
            "kind": "ta1",
            "number": answer.interchange,
            "verdict": answer.verdict,
            "date": answer.date,
            "text": self._say_interchange(answer),
            "key": f"ta1/{answer.interchange}/{answer.date}/{answer.status}/{answer.code}",
        }

    @api.model
    def _prepare_syntax(self, answer, number, text, control=""):
        """A 999 or 997 about one transaction, or about a whole group."""
        return {
            "kind": "999",
            "number": number,
            "group": answer.group,
            "set": control,
            "verdict": answer.verdict,
            "text": text,
            "key": f"999/{answer.interchange}/{answer.group}/{control}/{answer.status}",
        }

    @api.model
    def _prepare_whole(self, answer, reference):
        return {
            "kind": "277",
            "number": reference,
            "reference": reference,
            "verdict": answer.verdict,
            "text": self._say_statuses(answer.statuses),
            "key": f"277/{answer.interchange}/{answer.level}/{answer.reference or reference}/{answer.identifier}",
        }

    @api.model
    def _prepare_claim(self, answer, reference):
        every = [*answer.statuses, *(status for service in answer.services for status in service.statuses)]
        codes = "+".join(f"{status.category}:{status.code}" for status in every)
        return {
            "kind": "277",
            "number": answer.claim_id,
            "reference": reference,
            "payer_control_number": answer.control_number or False,
            "verdict": answer.verdict,
            "date": answer.date,
            "text": self._say_claim(answer),
            "claim_id": False,
            "key": f"277/{answer.interchange}/{answer.claim_id}/{answer.control_number}/{answer.date}/{codes}",
        }

    # === TO WHAT IT BELONGS === #

    @api.model
    def _match(self, values):
        """Write batch and claim into these values, where they are ours."""
        lines = values.values()
        batches = self._find_batches(lines)
        names = {vals["number"] for vals in lines if "claim_id" in vals}
        claims = {claim.name: claim for claim in self.env["billing.claim"].search([
            ("company_id", "=", self.env.company.id), ("name", "in", list(names)),
        ])}
        in_batches = self._find_batch_lines(claims.values())
        for vals in lines:
            if "claim_id" in vals:
                claim = claims.get(vals["number"])
                if claim:
                    of_claim = in_batches.get(claim, {})
                    batch = of_claim.get(vals["reference"]) or next(iter(of_claim.values()), None)
                    vals.update(claim_id=claim.id, batch_id=batch and batch.id)
                continue
            batch = self._find_batch(vals, batches)
            vals["batch_id"] = batch.id if batch else False

    @api.model
    def _find_batches(self, lines):
        """{kind of number: {number: batch}} of the batches that these lines may name."""
        batches = self.env["billing.filing.batch"].search([
            ("company_id", "=", self.env.company.id),
            ("state", "in", (*HANDED_STATES, "dropped")),
            "|", "|",
            ("interchange_number", "in", [vals["number"].zfill(9) for vals in lines if vals["kind"] == "ta1"]),
            ("group_number", "in", [to_number(vals["group"]) for vals in lines if vals.get("group")]),
            ("name", "in", [vals["reference"] for vals in lines if vals.get("reference")]),
        ])
        return {
            "ta1": {to_number(batch.interchange_number or ""): batch for batch in batches},
            "999": {to_number(batch.group_number or ""): batch for batch in batches},
            "277": {batch.name: batch for batch in batches},
        }

    @api.model
    def _find_batch(self, vals, batches):
        if vals["kind"] == "277":
            return batches["277"].get(vals["reference"])
        if vals["kind"] == "ta1":
            return batches["ta1"].get(to_number(vals["number"]) or None)
        batch = batches["999"].get(to_number(vals["group"]) or None)
        if batch and vals.get("set") and to_number(vals["set"]) != to_number(batch.set_number or ""):
            return None
        return batch

    @api.model
    def _find_batch_lines(self, claims):
        """{claim: {name of a batch that had it and was handed over: the batch}}, the latest first."""
        lines = self.env["billing.filing.batch.line"].search([
            ("claim_id", "in", [claim.id for claim in claims]),
            ("batch_id.state", "in", HANDED_STATES),
            ("is_problem", "=", False),
        ], order="id desc")
        found = {}
        for line in lines:
            found.setdefault(line.claim_id, {})[line.batch_id.name] = line.batch_id
        return found
