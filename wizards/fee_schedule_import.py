import base64
import binascii
import io

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.billing_coordinator.models.prices.fee_plan import FeeTerms
from odoo.addons.billing_coordinator.tools.code_files.fee_schedule import FeeFileError, FeeRow, read_fee_schedule
from odoo.addons.billing_coordinator.tools.fee_schedule import SETTINGS
from odoo.addons.billing_coordinator.tools.money import to_decimal

# More of a kind is counted, not listed.
LISTED = 200


class BillingFeeImportWizard(models.TransientModel):
    """Which fee schedule goes into which price list, and how; shows what it would change before it does."""

    _name = "billing.fee.import.wizard"
    _description = "Take over a fee schedule"

    file = fields.Binary(
        string="File",
        required=True,
        attachment=False,
        help="The relative value file (PPRRVU…csv), or the zip in which it was published.",
    )
    filename = fields.Char()
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Into price list",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="The contract's list of a plan or payer, or your usual one.",
    )
    currency_id = fields.Many2one(
        related="pricelist_id.currency_id",
    )
    factor = fields.Float(
        string="Conversion factor",
        digits=(12, 4),
        help="Money for one relative value unit, in the currency of the price list. Zero: the one in the file.",
    )
    locality_id = fields.Many2one(
        comodel_name="billing.fee.locality",
        help="Where you render services. Empty: the national average.",
    )
    setting = fields.Selection(
        selection=[(SETTINGS[0], "Office and everywhere else"), (SETTINGS[1], "Facility, such as a hospital")],
        required=True,
        default=SETTINGS[0],
    )
    percent = fields.Float(
        string="Share of the schedule (%)",
        required=True,
        default=100.0,
        digits=(7, 2),
        help="What the contract pays of the schedule: 120 is a fifth more.",
    )
    date_from = fields.Date(
        string="Valid from",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="Valid until",
        help="Empty: until the next schedule. After that day the list has no price of these services, and what counts "
             "is the next list or the service itself: a price of before does not come back.",
    )
    end_dropped = fields.Boolean(
        string="End prices of codes that the file does not name",
        default=True,
        help="Only those that an earlier schedule made. Untick it for a file with a part of the codes.",
    )
    skip_unreadable = fields.Boolean(
        string="Leave out lines that cannot be read",
    )
    state = fields.Selection(
        selection=[("choose", "Choose"), ("preview", "Preview")],
        default="choose",
    )
    factor_used = fields.Float(
        string="Conversion factor taken",
        digits=(12, 4),
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.fee.import.wizard.line",
        inverse_name="wizard_id",
        readonly=True,
    )
    count_unreadable = fields.Integer(readonly=True)
    summary = fields.Text(readonly=True)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_to and wizard.date_to < wizard.date_from:
                raise ValidationError(self.env._(
                    "The schedule would end before it begins. Correct one of the two dates.",
                ))

    @api.constrains("factor", "percent")
    def _check_figures(self):
        for wizard in self:
            if wizard.factor < 0 or wizard.percent <= 0:
                raise ValidationError(self.env._(
                    "The conversion factor cannot be negative, and the share of the schedule is more than zero.",
                ))

    # === ACTIONS === #

    def action_preview(self):
        """Read the file and show what it would change; nothing is changed yet."""
        self.ensure_one()
        fee_import, terms = self.env["billing.fee.import"], self._get_terms()
        plan = fee_import._read_plan(self.pricelist_id, self._get_data(), terms)
        self.line_ids.unlink()
        self.write({
            "state": "preview",
            "factor_used": float(terms.factor),
            "summary": self._summarise(plan),
            "count_unreadable": plan.unreadable_count,
            "line_ids": [fields.Command.create(vals) for vals in self._prepare_lines(plan)],
        })
        return self._reopen()

    def action_back(self):
        """Choose something else."""
        self.state = "choose"
        return self._reopen()

    def action_import(self):
        """Make the prices so, and show the record of it."""
        self.ensure_one()
        done = self.env["billing.fee.import"]._take_over(
            self.pricelist_id,
            self._get_data(),
            self._get_terms(),
            self.skip_unreadable,
            name=self.filename or self.env._("Fee schedule"),
            locality_id=self.locality_id.id,
        )
        if not done:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nothing to change: “%(list)s” has these prices already.", list=self.pricelist_id.name,
                    ),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return done._get_records_action(name=self.env._("Fee schedule taken over"))

    # === BUSINESS METHODS === #

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take over a fee schedule"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_data(self):
        try:
            return base64.b64decode(self.file or b"", validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("The file did not arrive as a whole. Choose it again.")) from error

    def _get_terms(self):
        return FeeTerms(
            factor=to_decimal(self.factor) or self._read_factor(),
            indices=self.locality_id._get_indices(),
            setting=self.setting,
            percent=to_decimal(self.percent),
            date_from=self.date_from,
            date_to=self.date_to or None,
            end_dropped=self.end_dropped,
        )

    def _read_factor(self):
        """The conversion factor of the file.

        :raise UserError: the file has none, or several, of which nobody can know the right one
        """
        try:
            rows = read_fee_schedule(io.BytesIO(self._get_data()))
            factors = sorted({row.factor for row in rows if isinstance(row, FeeRow) and row.factor})
        except FeeFileError as error:
            raise UserError(self.env["billing.fee.import"]._explain_file(error)) from error
        if not factors:
            raise UserError(self.env._(
                "The file has no conversion factor. Type it: the money for one relative value unit.",
            ))
        if len(factors) > 1:
            raise UserError(self.env._(
                "The file has several conversion factors (%(factors)s). Type the one that your contract names.",
                factors=", ".join(f"{factor:f}" for factor in factors[:5]),
            ))
        return factors[0]

    def _summarise(self, plan):
        """How many prices of each kind, in a sentence."""
        counts = self.env["billing.fee.plan"]._count(plan)
        sentence = self.env._(
            "New prices: %(count_new)s, changed: %(count_changed)s, ending: %(count_ended)s, as they are: "
            "%(count_same)s. Codes that no service of yours carries: %(count_unused)s.",
            **counts,
        )
        if plan.unpriced_count:
            sentence += " " + self.env._(
                "Codes of yours without a relative value, which get no price: %(count)s.", count=plan.unpriced_count,
            )
        return sentence

    def _prepare_lines(self, plan):
        """The preview, kind by kind."""
        explain = self.env["billing.fee.import"]._explain_line
        lines = [
            {"kind": "unreadable", "line": row.line, "code": row.code, "note": explain(row)}
            for row in plan.unreadable
        ]
        kinds = {"new": "new", "changed": "changed", "corrected": "changed"}
        listed = dict.fromkeys(("new", "changed", "ended"), 0)
        products = self.env["product.template"].browse({step.service[0] for step in plan.steps})
        own_codes = {product.id: product.billing_code_id.code for product in products}
        for step in plan.steps:
            kind = "ended" if step.is_dropped else kinds.get(step.kind)
            if not kind or listed[kind] >= LISTED:
                continue
            listed[kind] += 1
            lines.append({
                "kind": kind,
                "line": plan.lines.get(step.service, 0),
                "code": plan.codes.get(step.service) or own_codes[step.service[0]],
                "modifier": step.service[1],
                "product_tmpl_id": step.service[0],
                "price_before": float(step.price if step.is_dropped else step.before or 0),
                "price": 0.0 if step.is_dropped else float(step.price),
            })
        return lines + [
            {"kind": "unused", "line": row.line, "code": row.code, "modifier": row.modifier} for row in plan.unused
        ]


class BillingFeeImportWizardLine(models.TransientModel):
    """One thing that a fee schedule would do to a price list, or cannot do."""

    _name = "billing.fee.import.wizard.line"
    _description = "Fee schedule preview"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="billing.fee.import.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("unreadable", "Cannot be read"),
            ("new", "New"),
            ("changed", "Changed"),
            ("ended", "Ending"),
            ("unused", "No service"),
        ],
        string="What",
        required=True,
    )
    line = fields.Integer(
        string="Line",
    )
    code = fields.Char()
    modifier = fields.Char()
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Service",
    )
    currency_id = fields.Many2one(
        related="wizard_id.currency_id",
    )
    price_before = fields.Monetary(
        string="Before",
    )
    price = fields.Monetary(
        string="From now on",
    )
    note = fields.Text()
