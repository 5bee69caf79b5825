from base64 import b64encode

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.agency_file import write
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TOTAL = "TOTAL"


class BillingPlacementBatch(models.Model):
    """The files themselves. They say who owes, how to reach them, and how much; never what was done to them."""

    _inherit = "billing.placement.batch"

    # === NEW DEBTS === #

    def _make_placement_file(self):
        """Write the file with what was handed over, its control total at the end, and keep it."""
        self.ensure_one()
        columns = self.agreement_id._get_columns()
        placements = self.placement_ids.filtered(lambda placement: placement.state == "placed").sorted("name")
        values = [
            row for placement in placements
            for row in placement._get_file_rows(by_bill=self.agreement_id.file_rows == "bill")
        ]
        rows = [[row[key] for key, _head in columns] for row in values]
        sums = {}
        for row in values:
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["amount"]
        if self.agreement_id.file_total:
            rows += [self._get_total_row([key for key, _head in columns], len(values), sums)]
        self._keep_file([[head for _key, head in columns], *rows], len(values), placements)

    def _get_total_row(self, keys, count, sums):
        """TOTAL, how many rows, and the sum: in the column of the amounts, where there is one."""
        row = [""] * len(keys)
        total = sum(sums.values())
        row[0] = f"{TOTAL} {count}"
        for position, key in enumerate(keys[1:], start=1):
            if key == "amount":
                row[position] = total
            elif key == "currency":
                row[position] = ", ".join(sorted(sums))
        return row

    def _keep_file(self, rows, count, placements):
        """Make the file of these rows, the head in front, and hang it on the batch."""
        agreement = self.agreement_id
        layout = agreement._get_layout()
        try:
            content = write(rows, layout)
        except UnicodeEncodeError as error:
            raise UserError(self.env._(
                "“%(text)s” has letters that “%(encoding)s” does not know. Choose Unicode in “%(agreement)s”.",
                text=self._find_cell(error.object, error.start, layout.separator),
                encoding=dict(agreement._fields["file_encoding"]._description_selection(self.env))[layout.encoding],
                agreement=agreement.name,
            )) from error
        self.file_id = self.env["ir.attachment"].create({
            "name": f"{self.name.replace('/', '-')}.{layout.kind}",
            "datas": b64encode(content),
            "mimetype": TYPES[layout.kind],
            "res_model": self._name,
            "res_id": self.id,
        })
        counted = self.env._("1 row") if count == 1 else self.env._("%(count)s rows", count=count)
        totals = [
            format_amount(self.env, sum(of_currency.mapped("amount_placed")), currency)
            for currency, of_currency in placements.grouped("currency_id").items() if self.kind == "placement"
        ]
        self.file_total = ", ".join([counted, *totals])

    @api.model
    def _find_cell(self, text, position, separator):
        """The cell of a text with columns in which a letter stands."""
        signs = (separator, "\n")
        begin = max(text.rfind(sign, 0, position) for sign in signs) + 1
        end = min(found for sign in signs if (found := text.find(sign, position)) >= 0)
        return text[begin:end].strip()

    # === CHANGES === #

    def _make_change_file(self, placements):
        """What the agency has to know about debts it has or had: money that came to us, or was taken back, what was
        taken off, and what ended."""
        rows = [self.env._("Reference,What,Day,Amount,Currency,Open").split(",")]
        words = dict(placements._fields["state"]._description_selection(self.env))
        for placement in placements.sorted("name"):
            unit = to_unit(placement.currency_id.rounding)
            left = to_decimal(placement.amount_open, unit).quantize(unit)
            name, currency = placement.name, placement.currency_id.name
            for what, amount in (
                (self.env._("Paid to us"), placement.amount_direct_to_tell),
                (self.env._("Taken off"), placement.amount_taken_off_to_tell),
            ):
                if amount := to_decimal(amount, unit):
                    rows.append([name, what, self.date.isoformat(), amount.quantize(unit), currency, left])
            if placement.end_waits:
                rows.append([name, words[placement.state], placement.date_end.isoformat(), "", currency, left])
        self._keep_file(rows, len(rows) - 1, placements)
        for placement in placements:
            placement.write({
                "amount_direct_told": placement.amount_direct, "amount_taken_off_told": placement.amount_taken_off,
                "end_waits": False,
            })

    def action_send_email(self):
        """Write to the agency, the file with it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail to %(agency)s", agency=self.agency_id.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.agency_id.ids,
                "default_attachment_ids": self.file_id.ids,
                "default_subject": self.env._("%(company)s: %(batch)s", company=self.company_id.name, batch=self.name),
            },
        }
