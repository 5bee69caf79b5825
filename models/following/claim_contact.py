from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class BillingClaimContact(models.Model):
    """A call to a payer, or a message, about one or several of its claims: who said what, and what comes next.

    A fact once it is logged. The day of the next step decides when the claims are on the worklist again.
    """

    _name = "billing.claim.contact"
    _description = "Contact with a payer"
    _order = "date desc, id desc"
    _check_company_auto = True

    claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        relation="billing_claim_contact_rel",
        column1="contact_id",
        column2="claim_id",
        string="Claims",
        required=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    desk_id = fields.Many2one(
        comodel_name="res.partner",
        string="Whom to ask",
        compute="_compute_desk_id",
    )
    desk_phone = fields.Char(
        string="Telephone",
        compute="_compute_desk_id",
    )
    desk_hours = fields.Char(
        string="Reached",
        compute="_compute_desk_id",
    )
    date = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    channel = fields.Selection(
        selection=[
            ("phone", "Telephone"),
            ("portal", "Payer's portal"),
            ("mail", "E-mail"),
            ("letter", "Letter"),
            ("fax", "Fax"),
            ("other", "Otherwise"),
        ],
        string="How",
        required=True,
        default="phone",
    )
    spoken_to = fields.Char(
        string="Spoken to",
        help="Who answered: with the name, what was promised can be asked for.",
    )
    call_reference = fields.Char(
        string="Call reference",
        help="The number that the payer gave this call.",
    )
    outcome = fields.Selection(
        selection=[
            ("in_process", "In process"),
            ("not_on_file", "Not on file"),
            ("needs_information", "Needs information"),
            ("paid", "To be paid"),
            ("denied", "Denied"),
            ("not_reached", "Nobody reached"),
            ("other", "Something else"),
        ],
        string="What was said",
        required=True,
    )
    said = fields.Text(
        string="In their words",
    )
    date_promised = fields.Date(
        string="Promised for",
        help="The day on which the payer will have answered or paid. Until then the claims leave the worklist.",
    )
    next_step = fields.Char(
        string="Next step",
    )
    date_next = fields.Date(
        string="Next step on",
        compute="_compute_date_next",
        store=True,
        readonly=False,
        help="On this day the claims are on the worklist again.",
    )

    # === COMPUTE METHODS === #

    @api.depends("payer_id")
    def _compute_desk_id(self):
        desks = self.payer_id._get_billing_contacts("claims")
        for contact in self:
            desk = desks.get(contact.payer_id, contact.payer_id)
            contact.desk_id = desk
            contact.desk_phone = desk.phone or contact.payer_id.phone
            contact.desk_hours = desk.billing_hours

    @api.depends("date_promised")
    def _compute_date_next(self):
        for contact in self:
            contact.date_next = contact.date_promised or contact.date_next

    @api.depends("payer_id", "date", "outcome")
    def _compute_display_name(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{contact.payer_id.name}: {labels.get(contact.outcome, '')}"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create([self._prepare_contact(vals) for vals in vals_list])
        contacts._check_facts()
        contacts._plan_next_step()
        return contacts

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._(
                "What %(payer)s said on %(date)s is logged and stays. Log another contact that puts it right.",
                payer=self[:1].payer_id.name,
                date=format_date(self.env, self[:1].date),
            ))
        return super().write(vals)

    @api.model
    def _prepare_contact(self, vals):
        """The values with the payer and the company of the claims, and of whoever logs it.

        :raise UserError: for claims of several payers or companies, or none
        """
        commands = vals["claim_ids"] if "claim_ids" in vals else self.env.context.get("default_claim_ids")
        claims = self.env["billing.claim"].browse(self._read_claim_ids(commands))
        if not claims:
            raise UserError(self.env._("Say which claims were talked about."))
        if len(claims.payer_id) > 1 or len(claims.company_id) > 1:
            raise UserError(self.env._(
                "One call is about claims of one payer and one company. The claims chosen are from %(payers)s.",
                payers=", ".join(claims.payer_id.mapped("display_name")),
            ))
        return {
            **vals,
            "claim_ids": [Command.set(claims.ids)],
            "payer_id": claims.payer_id.id,
            "company_id": claims.company_id.id,
            "user_id": self.env.uid,
        }

    @api.model
    def _read_claim_ids(self, commands):
        """The ids that commands on an empty field leave in it."""
        ids = []
        for command in commands or []:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == Command.SET:
                ids = list(command[2])
            elif command[0] == Command.LINK:
                ids.append(command[1])
        return ids

    # === BUSINESS METHODS === #

    def _check_facts(self):
        now = fields.Datetime.now()
        for contact in self:
            if contact.date > now:
                raise UserError(self.env._(
                    "%(payer)s cannot have said anything on %(date)s, which is still to come.",
                    payer=contact.payer_id.name,
                    date=format_date(self.env, contact.date),
                ))
            day = fields.Datetime.context_timestamp(self, contact.date).date()
            for name in ("date_promised", "date_next"):
                if contact[name] and contact[name] < day:
                    raise UserError(self.env._(
                        "“%(field)s” lies before the contact with %(payer)s of %(day)s: %(date)s. Type a later day.",
                        field=self._fields[name]._description_string(self.env),
                        payer=contact.payer_id.name,
                        day=format_date(self.env, day),
                        date=format_date(self.env, contact[name]),
                    ))

    def _plan_next_step(self):
        """What is to do next about each claim is an activity of whoever called, on its day."""
        for contact in self.filtered(lambda contact: contact.next_step and contact.date_next):
            contact.claim_ids._ask_for(
                "mail.mail_activity_data_todo",
                dict.fromkeys(contact.claim_ids, contact.next_step),
                users=contact.user_id,
                deadline="date_follow_up",
            )
