import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.billing_coordinator.tools import drop_folder

DROP_ROOT = "billing_coordinator.drop_root"
# What X12 knows beyond letters and digits (basic and extended set), without its usual separators.
X12_TEXT = re.compile(r"[A-Za-z0-9 !\"&'()+,\-./;?=%@_#$]*")
QUALIFIERS = [
    ("01", "01 D-U-N-S number"),
    ("14", "14 D-U-N-S number and suffix"),
    ("20", "20 Health industry number"),
    ("27", "27 Carrier number"),
    ("28", "28 Fiscal intermediary number"),
    ("29", "29 Medicare number"),
    ("30", "30 Tax identification number"),
    ("33", "33 NAIC company code"),
    ("ZZ", "ZZ As agreed"),
]


class BillingFilingRoute(models.Model):
    """A way in which claims reach a payer: a file for its computer or for a clearinghouse, a form, or a letter."""

    _name = "billing.filing.route"
    _description = "Way to file claims"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
        help="As the office calls it: the clearinghouse, or the payer's portal.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    format = fields.Selection(
        selection=[
            ("file", "837P file"),
            ("paper", "CMS-1500 form on paper"),
            ("letter", "Claim letter"),
        ],
        required=True,
        default="file",
        tracking=True,
        help="837P: a file in the format of American health insurers. Form: printed and sent by post. Letter: a letter "
             "with the itemised bill and the claim form, in the payer's language, for agencies, employers and "
             "insurers abroad.",
    )
    usage = fields.Selection(
        selection=[
            ("T", "Test"),
            ("P", "Production"),
        ],
        required=True,
        default="T",
        tracking=True,
        help="Test: files say that they are tests, and claims stay to be sent. Production: what is handed over is "
             "submitted (ISA15).",
    )
    submitter_name = fields.Char(string="Submitter's name", help="Who hands the files over. Empty: the company.")
    submitter_qualifier = fields.Selection(
        string="Kind of number", selection=QUALIFIERS, required=True, default="ZZ", help="ISA05",
    )
    submitter_id = fields.Char(string="Submitter number", tracking=True, help="Given to you by the receiver (ISA06).")
    receiver_name = fields.Char(string="Receiver's name", help="Who receives the files. Empty: the name of this way.")
    receiver_qualifier = fields.Selection(
        string="Kind of receiver's number", selection=QUALIFIERS, required=True, default="ZZ", help="ISA07",
    )
    receiver_id = fields.Char(string="Receiver number", tracking=True, help="The receiver's own number (ISA08).")
    application_sender = fields.Char(string="Application sender", help="GS02. Empty: the submitter number.")
    application_receiver = fields.Char(string="Application receiver", help="GS03. Empty: the receiver number.")
    contact_name = fields.Char(string="Contact", help="Whom the receiver calls about a file (PER).")
    contact_phone = fields.Char(string="Contact's phone")
    contact_email = fields.Char(string="Contact e-mail")
    drop_path = fields.Char(
        string="Drop folder",
        copy=False,
        tracking=True,
        help="A folder of the server from which your transfer program takes the files. Empty: files are downloaded. "
             "Only administrators choose it, below the folder that the system parameter billing_coordinator.drop_root "
             "names.",
    )
    file_pattern = fields.Char(
        string="File name",
        required=True,
        default="837P-{submitter}-{number}.txt",
        help="The name of the files: {number} is the control number and has to be there, {date} the day, {submitter} "
             "your number.",
    )
    claim_limit = fields.Integer(
        string="Claims per file",
        default=5000,
        help="At most so many claims go into one file; more make several.",
    )
    batch_count = fields.Integer(compute="_compute_batch_count", string="Batches")

    _name_once = models.UniqueIndex(
        "(company_id, name) WHERE active",
        "There is already a way to file of this name.",
    )

    # === COMPUTE METHODS === #

    def _compute_batch_count(self):
        counts = dict(self.env["billing.filing.batch"]._read_group(
            [("route_id", "in", self.ids)], ["route_id"], ["__count"],
        ))
        for route in self:
            route.batch_count = counts.get(route._origin, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "format", "submitter_id", "receiver_id", "application_sender", "application_receiver", "contact_name",
        "contact_phone", "contact_email", "submitter_name", "receiver_name",
    )
    def _check_envelope(self):
        for route in self.filtered(lambda way: way.format == "file"):
            for fname in ("submitter_id", "receiver_id"):
                if not (route[fname] or "").strip():
                    route._refuse(fname, self.env._("It is missing: ask the receiver of the files for it."))
            if not route.contact_name or not (route.contact_phone or route.contact_email):
                route._refuse("contact_name", self.env._("The receiver needs a name, and a phone number or an e-mail."))
            for fname in ("submitter_id", "receiver_id", "application_sender", "application_receiver"):
                value = route[fname] or ""
                if len(value) > 15 or (value and len(value) < 2):
                    route._refuse(fname, self.env._("“%(value)s” has not 2 to 15 characters.", value=value))
                if not X12_TEXT.fullmatch(value):
                    route._refuse(fname, self.env._("“%(value)s” has signs that such files do not know.", value=value))

    @api.constrains("file_pattern", "submitter_id")
    def _check_file_pattern(self):
        for route in self:
            try:
                route._make_file_name("000000001", fields.Date.to_date("2000-01-01"))
            except drop_folder.DropError:
                route._refuse("file_pattern", self.env._(
                    "“%(value)s” makes no name for a file. Put {number} in it, and use letters, digits, dots, hyphens "
                    "and underscores only.", value=route.file_pattern,
                ))

    @api.constrains("claim_limit")
    def _check_claim_limit(self):
        for route in self:
            if not 1 <= route.claim_limit <= 5000:
                route._refuse("claim_limit", self.env._("Choose a number from 1 to 5,000."))

    @api.constrains("drop_path")
    def _check_drop_path(self):
        for route in self.filtered("drop_path"):
            route._get_drop_folder()

    def _refuse(self, fname, sentence):
        raise ValidationError(self.env._(
            "%(route)s, %(field)s: %(sentence)s", route=self.name,
            field=self._fields[fname]._description_string(self.env), sentence=sentence,
        ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("drop_path") for vals in vals_list):
            self._check_may_drop()
        return super().create(vals_list)

    def write(self, vals):
        if "drop_path" in vals and any((route.drop_path or "") != (vals["drop_path"] or "") for route in self):
            self._check_may_drop()
        if "company_id" in vals and any(
            route.batch_count and route.company_id.id != vals["company_id"] for route in self
        ):
            raise UserError(self.env._("Claims have gone this way already: it stays in its company."))
        return super().write(vals)

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", route.name), "usage": "T"}
            for route, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for route in self:
            if route.batch_count:
                raise UserError(self.env._(
                    "Claims have gone by %(route)s: it is kept for the record. Archive it instead.", route=route.name,
                ))

    def _check_may_drop(self):
        """
        :raise AccessError: the user does not administer the system
        """
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._(
                "Where on the server files are laid down is chosen by an administrator of the system only. Ask one, or "
                "leave the folder empty and download the files.",
            ))

    # === ACTIONS === #

    def action_view_batches(self):
        """What has gone this way."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_filing_batch_action")
        return {**action, "domain": [("route_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _is_test(self):
        """Whether what goes this way only tries it out; what is on paper is always meant."""
        self.ensure_one()
        return self.format == "file" and self.usage == "T"

    def _make_file_name(self, number, date):
        return drop_folder.make_name(
            self.file_pattern or "", number, date=date.strftime("%Y%m%d"), submitter=self.submitter_id or "",
        )

    def _get_drop_folder(self):
        """The folder in which files of this way are laid down.

        :raise ValidationError: it cannot be used, and why
        """
        self.ensure_one()
        root = self.env["ir.config_parameter"].sudo().get_param(DROP_ROOT) or ""
        try:
            return drop_folder.check_folder(self.drop_path, root)
        except drop_folder.DropError as error:
            self._refuse("drop_path", self._say_drop_error(error))

    def _say_drop_error(self, error):
        path = self.drop_path
        sentences = {
            "relative": self.env._("“%(path)s” is no whole path. Begin it with a slash.", path=path),
            "no_root": self.env._(
                "The administrator of the server allows no folder yet: the system parameter %(parameter)s is empty.",
                parameter=DROP_ROOT,
            ),
            "outside": self.env._(
                "“%(path)s” does not lie below the folder that the administrator of the server allows "
                "(system parameter %(parameter)s).", path=path, parameter=DROP_ROOT,
            ),
            "missing": self.env._("“%(path)s” is no folder of the server. Have it made first.", path=path),
            "not_writable": self.env._("The server may not write to “%(path)s”. Have its rights changed.", path=path),
            "other": self.env._(
                "A file “%(name)s” with another content has been in “%(path)s”. Nothing was laid over it: look there, "
                "and ask the receiver which one it has.", name=error.detail, path=path,
            ),
            "failed": self.env._(
                "The server could not write to “%(path)s”: %(detail)s.", path=path, detail=error.detail,
            ),
        }
        return sentences[error.reason]

    @api.model
    def _get_usual(self, company):
        """The way of payers for whom nobody has chosen one: forms by post, letters where no such form is known."""
        usual = self.env.ref("base.us")
        form = "paper" if (company.account_fiscal_country_id or company.country_id or usual) == usual else "letter"
        found = self.search([("company_id", "=", company.id), ("format", "=", form)], limit=1)
        return found or self.sudo().create({
            "name": self.env._("By post") if form == "paper" else self.env._("By letter"),
            "company_id": company.id, "format": form, "usage": "P", "sequence": 90,
        }).sudo(self.env.su)
