from contextlib import suppress

from psycopg2 import DataError, ProgrammingError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from odoo.addons.billing_coordinator.tools.accuracy import Flaw

# What a domain that a person wrote can raise.
DOMAIN_ERRORS = (ValueError, TypeError, KeyError, NameError, SyntaxError, ArithmeticError, UserError)
# What the database says of a condition that it meets for the first time in a record.
REFUSED = (DataError, ProgrammingError)
# The field that leads from what a rule searches to the document that is checked.
DOCUMENT_FIELDS = {"billing.encounter.line": "encounter_id", "billing.estimate.line": "estimate_id"}
MODELS = [
    ("billing.encounter", "Visits"),
    ("billing.encounter.line", "Services of visits"),
    ("billing.estimate", "Estimates"),
    ("billing.estimate.line", "Services of estimates"),
    ("billing.claim", "Claims"),
]
OWN_PREFIX = "own:"


class BillingAccuracyRule(models.Model):
    """Rules of the office, written without code: which documents, what to say, how severe, when, for which payer.

    A rule sees what the person who wrote it may see, and of that only its documents' company.
    """

    _inherit = "billing.accuracy.rule"

    model = fields.Selection(
        selection=MODELS,
        string="Looks at",
        default="billing.encounter",
    )
    domain = fields.Char(
        string="Finds",
        default="[]",
        help="What is wrong: the documents that match are found. Dates may be relative, as in "
             "[('date', '<', 'today -90d')].",
    )
    message = fields.Char(
        translate=True,
        help="What is wrong and what to do about it, in one or two sentences: whoever meets it reads this.",
    )
    date_from = fields.Date(
        string="For services from",
        help="First day of service for which the rule counts. Empty: since ever.",
    )
    date_to = fields.Date(
        string="Until",
        help="Last day of service for which the rule counts. Empty: until further notice.",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payer",
        index="btree_not_null",
        domain="[('is_payer', '=', True)]",
        ondelete="cascade",
        check_company=True,
        help="Only where this payer is asked first. Empty: for all payers, and without one.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Documents of this company only. Empty: of every company.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="The rule finds what this person may see.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("name", "key", "message")
    def _check_message(self):
        for rule in self:
            if not rule.key and not (rule.message or "").strip():
                raise ValidationError(self.env._(
                    "“%(rule)s” does not say anything yet. Type what is wrong and what to do about it.", rule=rule.name,
                ))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_to < rule.date_from:
                raise ValidationError(self.env._(
                    "“%(rule)s” would end before it begins. Correct one of its two dates.", rule=rule.name,
                ))

    @api.constrains("name", "model", "domain")
    def _check_domain(self):
        """A domain that cannot be read is refused when it is saved; nobody meets it while billing."""
        for rule in self.filtered("is_own"):
            try:
                domain = Domain(rule._get_domain())
                domain.validate(self.env[rule.model].sudo())
                # Not sudo: whoever writes a rule may use the fields they may read. The database, too, may refuse it.
                with self.env.cr.savepoint():
                    self.env[rule.model].search(domain, limit=1)
            except (*DOMAIN_ERRORS, *REFUSED, AccessError) as error:
                raise ValidationError(self.env._(
                    "The rule “%(rule)s” would not work: %(error)s. Choose the conditions anew.",
                    rule=rule.name, error=str(error).partition("\n")[0],
                )) from error

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sign(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._sign(vals) if {"domain", "model", "author_id"} & vals.keys() else vals)

    @api.model
    def _sign(self, vals):
        """The values with whoever writes them as author: nobody has a rule look with somebody else's eyes."""
        return vals if self.env.su and "author_id" in vals else {**vals, "author_id": self.env.uid}

    # === BUSINESS METHODS === #

    @api.model
    def _get_own_rules(self, model):
        """The office's rules that look at these documents or at their services."""
        looked_at = [model, *(line for line, name in DOCUMENT_FIELDS.items() if model == _get_owner(line))]
        return self.sudo().search([("key", "=", False), ("model", "in", looked_at)])

    def _find_own(self, documents):
        """What these rules find in documents of one company: one search for each rule, however many there are.

        :return: {document: [Flaw]}
        """
        found = {}
        for rule, records in self._search_each(documents).items():
            for record in records:
                path = DOCUMENT_FIELDS.get(rule.model)
                document = documents.browse(record[path].id) if path else record.sudo()
                found.setdefault(document, []).append(Flaw(
                    kind=f"{OWN_PREFIX}{rule.id}",
                    place=str(record.id) if path else "",
                    service=record.id if path else None,
                    facts=rule._get_own_facts(record.sudo()),
                ))
        return found

    def _search_each(self, documents):
        """{rule: what it finds}. What the database refuses is taken back alone, not with what somebody is saving."""
        asked = {
            rule: documents.filtered(rule._counts_for)
            for rule in self if rule.company_id in (documents.company_id, documents.company_id.browse())
        }
        if not any(asked.values()):
            return {}
        with suppress(*REFUSED), self.env.cr.savepoint():
            return {rule: rule._search_own(those) for rule, those in asked.items()}
        found = {}
        for rule, those in asked.items():
            with suppress(*REFUSED), self.env.cr.savepoint():
                found[rule] = rule._search_own(those)
        return found

    def _counts_for(self, document):
        """Whether the rule speaks of a document: its day of service and its payer."""
        self.ensure_one()
        date, payer = document._get_accuracy_date(), document._get_accuracy_coverage().payer_id
        return bool(
            date
            and (not self.date_from or self.date_from <= date)
            and (not self.date_to or date <= self.date_to)
            and (not self.payer_id or self.payer_id == payer)
        )

    def _search_own(self, documents):
        """What the rule finds of these documents, or of their services, with its author's eyes."""
        self.ensure_one()
        records = self.env[self.model]
        if not documents or not self.author_id:
            return records
        path = DOCUMENT_FIELDS.get(self.model, "id")
        seen = records.with_user(self.author_id).with_context(
            allowed_company_ids=documents.company_id.ids, active_test=False,
        )
        try:
            return seen.search(Domain(self._get_domain()) & Domain(path, "in", documents.ids)).sudo()
        except (*DOMAIN_ERRORS, AccessError):
            # A field has gone, or its author may not look any more: a rule never keeps people from working.
            return records

    def _get_domain(self):
        """The domain as a list.

        :raises ValueError: when it is none
        """
        self.ensure_one()
        domain = safe_eval(self.domain or "[]", {"uid": self.env.uid})
        if not isinstance(domain, list):
            raise ValueError(self.env._("the domain is not a list"))
        return domain

    def _get_own_facts(self, record):
        """The values that the rule has looked at: once one of them changes, an accepted finding comes back."""
        self.ensure_one()
        return dict(_read_values(self._get_domain(), record))


def _read_values(domain, records, above=""):
    """(name of a field, its values) for what a domain, and the ones within it, look at of these records."""
    for leaf in domain:
        if not isinstance(leaf, list | tuple) or not isinstance(leaf[0], str):
            continue
        value = records
        for name in leaf[0].split("."):
            if isinstance(value, models.BaseModel) and name in value._fields:
                value = value.mapped(name)
        path = f"{above}{leaf[0]}"
        if not isinstance(value, models.BaseModel):
            yield path, [str(one) for one in value]
            continue
        yield path, value.ids
        if isinstance(leaf[2], list):
            yield from _read_values(leaf[2], value, f"{path}.")


def _get_owner(line_model):
    return line_model.removesuffix(".line")
