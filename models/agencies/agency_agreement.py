from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.billing_coordinator.tools.agency_fees import Fee, find_percent
from odoo.addons.billing_coordinator.tools.agency_file import Layout
from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.placing import Terms

# Without columns of its own, an agency gets what it needs to write and to call.
USUAL_COLUMNS = (
    "reference", "name", "street", "street2", "zip", "city", "state", "country", "phone", "email", "language",
    "bills", "date_oldest", "amount", "currency",
)


class BillingAgencyAgreement(models.Model):
    """What was agreed with a collection agency: its fees, how it pays, what it gets, after which notice.

    Amounts are in the currency of the company. Changing it changes nothing for debts that were handed over before.
    """

    _name = "billing.agency.agreement"
    _description = "Agreement with a collection agency"
    _inherit = ["mail.thread"]
    _order = "agency_id, date_from desc, id"
    _check_company_auto = True

    name = fields.Char(
        string="Agreement",
        required=True,
        tracking=True,
        help="How the agreement is called on its paper, with its number and day.",
    )
    active = fields.Boolean(
        default=True,
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_collection_agency', '=', True)]",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(
        string="Until",
        tracking=True,
        help="The last day on which something may be handed over. Empty: without end.",
    )
    document = fields.Binary(
        string="Signed agreement",
        attachment=True,
        help="Nothing is handed over before it is here; in the United States with the business associate agreement of "
             "45 CFR 164.504(e), as names and debts of patients are health information.",
    )
    document_name = fields.Char()

    # What the agency gets
    pays = fields.Selection(
        selection=[
            ("gross", "All it collects, and sends a bill"),
            ("net", "What is left after its commission"),
        ],
        string="It pays",
        required=True,
        default="net",
        tracking=True,
    )
    fee_ids = fields.One2many(
        comodel_name="billing.agency.fee",
        inverse_name="agreement_id",
        string="Fees",
        copy=True,
    )
    fee_minimum = fields.Monetary(
        string="At least",
        tracking=True,
        help="For each debt of which anything comes; never more than what has come.",
    )
    fee_on_direct = fields.Boolean(
        string="Also when the debtor pays us",
        tracking=True,
        help="The agency gets its commission on payments that come straight to the office, too.",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes on commissions",
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase')]",
    )

    # What may be handed over
    since_demand = fields.Integer(
        string="Days since the final demand",
        default=30,
        tracking=True,
        help="A bill goes so many days after the last stage of the pipeline before the agency's was done in writing. "
             "Nonprofit hospitals in the United States: 30 (26 CFR 1.501(r)-6(c)(4)). Zero: no demand is needed.",
    )
    since_bill = fields.Integer(
        string="Days since the first bill",
        tracking=True,
        help="Nonprofit hospitals in the United States: 120 (26 CFR 1.501(r)-6(c)(3)).",
    )
    amount_min = fields.Monetary(
        string="Smallest sum",
        help="The smallest sum of a debtor that the agency takes.",
    )
    return_days = fields.Integer(
        string="Comes back after (days)",
        help="Days without any payment after which the agency gives a debt back. Zero: it keeps it.",
    )

    # Its files
    file_kind = fields.Selection(
        selection=[
            ("csv", "Text (CSV)"),
            ("xlsx", "Spreadsheet (XLSX)"),
        ],
        string="File",
        required=True,
        default="csv",
    )
    file_rows = fields.Selection(
        selection=[
            ("debtor", "A row for each debtor"),
            ("bill", "A row for each bill"),
        ],
        string="With",
        required=True,
        default="debtor",
    )
    file_separator = fields.Selection(
        selection=[
            (";", "Semicolon"),
            (",", "Comma"),
            ("\t", "Tab"),
            ("|", "Bar"),
        ],
        string="Columns parted by",
        required=True,
        default=";",
    )
    file_encoding = fields.Selection(
        selection=[
            ("utf-8-sig", "Unicode, for Excel (UTF-8 with mark)"),
            ("utf-8", "Unicode (UTF-8)"),
            ("cp1252", "Western Europe (Windows-1252)"),
        ],
        string="Letters",
        required=True,
        default="utf-8-sig",
    )
    file_decimal = fields.Selection(
        selection=[
            (".", "Point: 1234.50"),
            (",", "Comma: 1234,50"),
        ],
        string="Amounts with",
        required=True,
        default=".",
    )
    file_total = fields.Boolean(
        string="Control total at the end",
        default=True,
    )
    column_ids = fields.One2many(
        comodel_name="billing.agency.column",
        inverse_name="agreement_id",
        string="Columns",
        copy=True,
        help="Empty: number, name, address, phone, e-mail, language, bills, oldest due date, amount, currency.",
    )
    report_reference = fields.Char(
        string="Column of our number",
        required=True,
        default="Reference",
        help="In the files in which the agency reports what it has collected.",
    )
    report_amount = fields.Char(
        string="Column of the sum collected",
        required=True,
        default="Amount",
    )

    _days_positive = models.Constraint(
        "CHECK (since_demand >= 0 AND since_bill >= 0 AND return_days >= 0)",
        "Days are counted from zero.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (fee_minimum >= 0 AND amount_min >= 0)",
        "Amounts of an agreement are not negative.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreement ends after it has begun.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("agency_id")
    def _check_agency(self):
        for agreement in self:
            if not agreement.agency_id.is_collection_agency:
                raise ValidationError(self.env._(
                    "%(partner)s is no collection agency. Tick that on the contact first.",
                    partner=agreement.agency_id.display_name,
                ))

    # === ACTIONS === #

    def action_view_placements(self):
        """What was handed over under this agreement."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_placement_action")
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _get_terms(self):
        """What it asks for: :class:`tools.placing.Terms`."""
        self.ensure_one()
        return Terms(
            since_demand=self.since_demand,
            since_bill=self.since_bill,
            amount_min=to_decimal(self.amount_min),
            begins=self.date_from,
            ends=self.date_to or None,
            on_file=bool(self.with_context(bin_size=True).document),
        )

    def _get_percent(self, days, amount):
        """The commission on a debt handed over, in percent.

        :param days: past due, of its oldest bill
        :param amount: in the currency of the company
        :raise UserError: the fee table says nothing about it
        """
        self.ensure_one()
        percent = find_percent(
            [
                Fee(percent=to_decimal(row.percent), age=row.age_from, amount=to_decimal(row.amount_from))
                for row in self.fee_ids
            ],
            days, to_decimal(amount),
        )
        if percent is None:
            raise UserError(self.env._(
                "“%(agreement)s” has no fee for a debt of %(amount)s that is %(days)s days late. Add a row that "
                "begins at zero days and zero amount.",
                agreement=self.name, amount=self.currency_id.format(amount), days=days,
            ))
        return float(percent)

    def _get_layout(self):
        """How its files look: :class:`tools.agency_file.Layout`."""
        self.ensure_one()
        return Layout(
            kind=self.file_kind, separator=self.file_separator, encoding=self.file_encoding,
            decimal_sign=self.file_decimal,
        )

    def _get_columns(self):
        """[(key, head)] of its file, in their order."""
        self.ensure_one()
        names = dict(self.env["billing.agency.column"]._fields["key"]._description_selection(self.env))
        if self.column_ids:
            return [(column.key, column.head or names[column.key]) for column in self.column_ids]
        return [(key, names[key]) for key in USUAL_COLUMNS]
