from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.claim_content import Address, Party
from odoo.addons.billing_coordinator.tools.person_names import split_name
from odoo.addons.billing_coordinator.tools.x12.parties import TAXONOMY

# Kinds of payers as claims name them (837P: SBR09; CMS-1500: box 1).
CLAIM_FILINGS = [
    ("CI", "Commercial insurance"),
    ("BL", "Blue Cross / Blue Shield"),
    ("12", "Preferred provider organization (PPO)"),
    ("13", "Point of service (POS)"),
    ("14", "Exclusive provider organization (EPO)"),
    ("HM", "Health maintenance organization"),
    ("MB", "Medicare Part B"),
    ("MA", "Medicare Part A"),
    ("16", "Medicare Advantage"),
    ("MC", "Medicaid"),
    ("CH", "TRICARE"),
    ("VA", "Veterans Affairs"),
    ("FI", "Federal employees"),
    ("OF", "Other federal programme"),
    ("TV", "Title V"),
    ("WC", "Workers' compensation"),
    ("AM", "Car insurance, medical"),
    ("LM", "Liability, medical"),
    ("DS", "Disability"),
    ("15", "Indemnity insurance"),
    ("17", "Dental maintenance organization"),
    ("11", "Other non-federal programme"),
    ("ZZ", "Something else"),
]
USUAL_FILINGS = {"insurer": "CI", "agency": "OF", "employer": "WC", "other": "ZZ"}


class ResPartner(models.Model):
    """What claims say of people and organisations: names in parts, numbers, the kind of a payer."""

    _inherit = "res.partner"

    claim_filing = fields.Selection(
        selection=CLAIM_FILINGS,
        string="Kind on claims",
        compute="_compute_claim_filing",
        store=True,
        readonly=False,
        help="What kind of insurance claims to this payer name (CMS-1500 box 1). From the kind of payer, unless you "
             "choose another.",
    )
    claim_tax_kind = fields.Selection(
        selection=[
            ("EI", "Employer's number (EIN)"),
            ("SY", "Social security number (SSN)"),
        ],
        string="Tax ID is",
        default="EI",
        help="What the Tax ID is: claims say so (CMS-1500 box 25).",
    )
    claim_taxonomy = fields.Char(
        string="Taxonomy",
        help="The specialty as claims carry it: ten letters and digits of the provider taxonomy code set, such as "
             "207Q00000X.",
    )
    claim_family_name = fields.Char(
        string="Family name on claims",
        help="Only where the name above cannot be told apart: claims need family name and given names each by itself.",
    )
    claim_given_name = fields.Char(
        string="Given name on claims",
    )

    # === COMPUTE METHODS === #

    @api.depends("payer_type", "is_payer")
    def _compute_claim_filing(self):
        for partner in self:
            usual = USUAL_FILINGS.get(partner.payer_type, "ZZ") if partner.is_payer else False
            is_usual = partner.claim_filing in (False, "ZZ", *USUAL_FILINGS.values())
            partner.claim_filing = usual if is_usual or not partner.is_payer else partner.claim_filing

    # === CONSTRAINT METHODS === #

    @api.constrains("claim_taxonomy")
    def _check_claim_taxonomy(self):
        for partner in self:
            if partner.claim_taxonomy and not TAXONOMY.fullmatch(partner.claim_taxonomy):
                raise ValidationError(self.env._(
                    "%(code)s cannot be the taxonomy code of %(provider)s: it has ten letters and digits and ends with "
                    "X, such as 207Q00000X. The provider's NPI record names it.",
                    code=partner.claim_taxonomy,
                    provider=partner.name,
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_taxonomy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_taxonomy(vals))

    @api.model
    def _tidy_taxonomy(self, vals):
        code = vals.get("claim_taxonomy")
        return {**vals, "claim_taxonomy": "".join(code.split()).upper()} if isinstance(code, str) else vals

    # === BUSINESS METHODS === #

    def _to_party(self, company=None, desk=None):
        """This person or organisation as claims name it.

        :param company: whose country an address without country lies in
        :param desk: the contact whose address is used where it has one, such as a payer's claims desk
        :return: a :class:`~odoo.addons.billing_coordinator.tools.claim_content.Party`, ``None`` for nobody
        """
        if not self:
            return None
        self.ensure_one()
        parts = ("", "", "", "")
        if not self.is_company:
            parts = split_name(self.name)
            if self.claim_family_name:
                parts = parts._replace(last=self.claim_family_name, first=self.claim_given_name or "", middle="")
        address = desk if desk and desk.street else self
        return Party(
            self.name or "", not self.is_company, *parts,
            npi=self.npi or "",
            tax_id=self.vat or "",
            tax_kind=self.claim_tax_kind or "EI",
            taxonomy=self.claim_taxonomy or "",
            phone=self.phone or "",
            address=address._to_claim_address(company),
        )

    def _to_claim_address(self, company=None):
        """Where this is, as claims say it; the country is the company's where none is chosen."""
        self.ensure_one()
        country = self.country_id or self.state_id.country_id or (company and company.country_id)
        return Address(
            self.street or "", self.street2 or "", self.city or "", self.state_id.code or "", self.zip or "",
            country.code if country else "",
        )
