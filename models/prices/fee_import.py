import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.code_files.fee_schedule import FeeFileError
from odoo.addons.billing_coordinator.tools.fee_schedule import SETTINGS

# Of plans and payers that use a list, so many are named.
NAMED = 5


class BillingFeeImport(models.Model):
    """A fee schedule that was taken over into a price list: from which file, how it was priced, and what it changed.

    It is written by the import alone and stays, because the prices made of it point to it.
    """

    _name = "billing.fee.import"
    _description = "Fee schedule taken over"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="File",
        required=True,
        readonly=True,
    )
    checksum = fields.Char(
        readonly=True,
        help="SHA-256 of the file: the same figure means the same file.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Price list",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken over by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    currency_id = fields.Many2one(
        related="pricelist_id.currency_id",
    )
    date_from = fields.Date(
        string="Valid from",
        required=True,
        readonly=True,
    )
    date_to = fields.Date(
        string="Valid until",
        readonly=True,
    )
    factor = fields.Float(
        string="Conversion factor",
        digits=(12, 4),
        readonly=True,
        help="Money for one relative value unit, in the currency of the price list.",
    )
    locality_id = fields.Many2one(
        comodel_name="billing.fee.locality",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    setting = fields.Selection(
        selection=[(SETTINGS[0], "Office and everywhere else"), (SETTINGS[1], "Facility, such as a hospital")],
        readonly=True,
    )
    percent = fields.Float(
        string="Share of the schedule (%)",
        digits=(7, 2),
        readonly=True,
    )
    used_by = fields.Char(
        string="For members of",
        compute="_compute_used_by",
        help="The plans and payers whose prices come from this list.",
    )
    count_new = fields.Integer(
        string="New",
        readonly=True,
    )
    count_changed = fields.Integer(
        string="Changed",
        readonly=True,
    )
    count_ended = fields.Integer(
        string="Ended",
        readonly=True,
        help="Prices of services that the schedule does not name any more.",
    )
    count_same = fields.Integer(
        string="Unchanged",
        readonly=True,
    )
    count_unreadable = fields.Integer(
        string="Lines left out",
        readonly=True,
        help="Lines of the file that made no sense.",
    )
    count_unused = fields.Integer(
        string="Codes without a service",
        readonly=True,
    )
    changes = fields.Text(
        string="What it did",
        readonly=True,
    )
    item_ids = fields.One2many(
        comodel_name="product.pricelist.item",
        inverse_name="billing_fee_import_id",
        string="Prices",
        readonly=True,
    )

    @api.depends("name", "date_from")
    def _compute_display_name(self):
        for done in self:
            done.display_name = f"{done.name or ''} ({done.pricelist_id.name or ''})"

    @api.depends("pricelist_id")
    def _compute_used_by(self):
        for done in self:
            done.used_by = ", ".join(done._get_list_users()) or False

    def _get_list_users(self):
        """Names of the plans, payers and companies whose prices come from the list."""
        self.ensure_one()
        pricelist = self.pricelist_id
        domain = Domain("pricelist_id", "=", pricelist.id)
        plans = self.env["billing.insurance.plan"].search(domain, limit=NAMED)
        payers = self.env["res.partner"].with_company(self.company_id).search(
            Domain("is_payer", "=", True) & Domain("billing_pricelist_id", "=", pricelist.id), limit=NAMED,
        )
        company = self.company_id.filtered(lambda company: company.billing_pricelist_id == pricelist)
        return [*plans.mapped("name"), *payers.mapped("name"), *company.mapped("name")]

    def action_view_prices(self):
        """The prices made of this schedule."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices of %(schedule)s", schedule=self.name),
            "res_model": "product.pricelist.item",
            "views": [(self.env.ref("billing_coordinator.billing_fee_price_view_list").id, "list")],
            "domain": [("billing_fee_import_id", "=", self.id)],
            "context": {"create": False, "edit": False, "delete": False},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _take_over(self, pricelist, data, terms, skip_unreadable=False, **values):
        """Take a fee schedule over into a price list; a scheduled load calls this as the wizard does.

        All or nothing. The same schedule a second time changes nothing.

        :param bytes data: the file, a CSV or the zip in which it was published
        :param terms: ``fee_plan.FeeTerms``
        :param skip_unreadable: leave out lines that make no sense, instead of refusing the file
        :param values: what else to record of it: name, locality, …
        :return: the record of what was done, empty when there was nothing to do
        :raise UserError: the file or one of its lines cannot be read, or somebody else is at the same list
        """
        pricelist = pricelist.with_env(self.env)
        pricelist.check_access("read")
        try:
            pricelist.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody else is taking a fee schedule over into “%(list)s” right now. Wait a moment and look whether "
                "it is still to be done.",
                list=pricelist.display_name,
            )) from error
        plan = self._read_plan(pricelist, data, terms)
        if plan.unreadable and not skip_unreadable:
            raise UserError(self.env._(
                "Lines that cannot be read: %(count)s, the first one is line %(line)s: %(why)s Correct the file, or "
                "choose to leave those lines out.",
                count=plan.unreadable_count,
                line=plan.unreadable[0].line,
                why=self._explain_line(plan.unreadable[0]),
            ))
        if all(step.kind == "same" for step in plan.steps):
            return self.browse()
        return self.env["billing.fee.plan"]._apply(pricelist, plan, {
            "checksum": hashlib.sha256(data).hexdigest(),
            "company_id": (pricelist.company_id or self.env.company).id,
            "date_from": terms.date_from,
            "date_to": terms.date_to,
            "factor": float(terms.factor),
            "setting": terms.setting,
            "percent": float(terms.percent),
            **values,
        }).sudo(False)

    @api.model
    def _read_plan(self, pricelist, data, terms):
        """What the file would do to the list.

        :raise UserError: it cannot be read as a whole
        """
        try:
            return self.env["billing.fee.plan"]._plan(pricelist, io.BytesIO(data), terms)
        except FeeFileError as error:
            raise UserError(self._explain_file(error)) from error

    @api.model
    def _explain_file(self, error):
        """Why a file is no fee schedule, and what to do."""
        sentences = {
            "empty": self.env._("The file is empty. Choose the relative value file (PPRRVU…csv) or its zip."),
            "no_headings": self.env._(
                "This is no relative value file: no line begins with HCPCS,MOD. Choose PPRRVU…csv, as CMS publishes it."
            ),
            "no_codes": self.env._(
                "After its headings the file ends: there is no code in it. Download it again, or choose PPRRVU…csv.",
            ),
            "workbook": self.env._(
                "This is a spreadsheet (XLSX). Choose PPRRVU…csv from the same download, or save the sheet as CSV.",
            ),
            "no_column": self.env._(
                "The headings lack what a price is made of (%(what)s). Choose PPRRVU…csv, as CMS publishes it.",
                what=error.detail,
            ),
            "members": self.env._(
                "The zip should hold one relative value file, and has: %(names)s. Unpack it and choose the right one.",
                names=error.detail or self.env._("none"),
            ),
            "too_big": self.env._("%(name)s is far larger than any fee schedule.", name=error.detail),
            "broken_zip": self.env._("The zip is damaged (%(why)s). Download it again.", why=error.detail),
        }
        return sentences[error.problem]

    @api.model
    def _explain_line(self, row):
        """Why a line of the file makes no sense."""
        if not hasattr(row, "problem"):
            code = f"{row.code} {row.modifier}".strip()
            return self.env._("%(code)s stands there twice, with different values.", code=code)
        sentences = {
            "code": self.env._("“%(what)s” is no code of five letters and digits.", what=row.detail),
            "modifier": self.env._("“%(what)s” is no modifier of two letters or digits.", what=row.detail),
            "cut": self.env._("it ends after %(what)s columns.", what=row.detail),
            "number": self.env._("“%(what)s” is no relative value.", what=row.detail),
            "broken": self.env._("a quotation mark has no end."),
        }
        return sentences[row.problem]
