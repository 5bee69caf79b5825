from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

from ..groups import HEALTH_GROUP

# How they are asked for money (``DEBTOR_CLASSES``): by the first of these that somebody is, else like a person.
CLASSES_BY_FIELD = (("is_payer", "payer"), ("is_company", "company"))


class ResPartner(models.Model):
    """What stands against asking somebody for money, whatever they owe."""

    _inherit = "res.partner"

    billing_bankrupt_on = fields.Date(
        string="Bankrupt since",
        copy=False,
        groups=HEALTH_GROUP,
        help="Proceedings were opened: nobody asks this person for what was owed before.",
    )
    billing_deceased_on = fields.Date(
        string="Died on",
        copy=False,
        groups=HEALTH_GROUP,
        help="Nobody writes to this person any more; a manager decides what becomes of the debt.",
    )
    billing_contact_stopped_on = fields.Date(
        string="Asked not to be contacted",
        copy=False,
        groups=HEALTH_GROUP,
        help="Nobody calls or writes beyond what the law requires.",
    )
    billing_case_ids = fields.One2many(
        comodel_name="billing.collection.case",
        inverse_name="partner_id",
        string="Collection cases",
        groups=HEALTH_GROUP,
    )
    billing_case_note = fields.Char(
        compute="_compute_billing_case_note",
        groups=HEALTH_GROUP,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "tz", "allowed_company_ids")
    def _compute_billing_case_note(self):
        cases = self.env["billing.collection.case"].search([
            ("partner_id", "in", self._origin.commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
            ("state", "=", "open"),
            ("amount_overdue", ">", 0),
        ]).grouped("partner_id")
        for partner in self:
            mine = cases.get(partner._origin.commercial_partner_id, self.env["billing.collection.case"])
            partner.billing_case_note = " ".join(
                self.env._(
                    "%(amount)s since %(date)s. %(outlook)s",
                    amount=format_amount(self.env, case.amount_overdue, case.currency_id),
                    date=format_date(self.env, case.date_oldest),
                    outlook=case.guard_note or case.outlook or "",
                ).strip()
                for case in mine
            ) or False

    # === BUSINESS METHODS === #

    def _get_debtor_class(self):
        """The class of debtors that this one belongs to, a key of ``billing.collection.stage.debtor_class``."""
        self.ensure_one()
        return next((debtor_class for name, debtor_class in CLASSES_BY_FIELD if self[name]), "person")

    @api.model
    def _debtor_class_of(self, alias):
        """The same as SQL; NULL where there is no partner.

        :param str alias: of ``res_partner`` in the statement
        :rtype: odoo.tools.SQL
        """
        return SQL(
            "CASE WHEN %s IS NULL THEN NULL %s ELSE 'person' END",
            SQL.identifier(alias, "id"),
            SQL(" ").join(
                SQL("WHEN %s THEN %s", SQL.identifier(alias, name, to_flush=self._fields[name]), debtor_class)
                for name, debtor_class in CLASSES_BY_FIELD
            ),
        )

    def _say_billing_overdue(self, amount, date):
        if not self.billing_case_note:
            return super()._say_billing_overdue(amount, date)
        return self.env._(
            "Leave it to collections: %(amount)s, overdue since %(date)s. What comes next stands below.",
            amount=amount, date=date,
        )

    # === ACTIONS === #

    def action_billing_cases(self):
        """The collection case of this person, or all of them."""
        cases = self.env["billing.collection.case"].search([
            ("partner_id", "=", self.commercial_partner_id.id), ("company_id", "in", self.env.companies.ids),
        ])
        return (cases.filtered(lambda case: case.state == "open") or cases)._get_records_action(
            name=self.env._("Collections"),
        )
