import re

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.likeness import name_key


class BillingPayerAlias(models.Model):
    """A number or name under which a payer stands in its files; asked of a person once, and remembered."""

    _name = "billing.payer.alias"
    _description = "Payer also known as"
    _order = "payer_id, name, id"
    _check_company_auto = True

    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_payer', '=', True)]",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    name = fields.Char(
        string="Also known as",
        required=True,
        help="A number or name as it stands in the payer's files.",
    )
    key = fields.Char(
        compute="_compute_key",
        store=True,
        precompute=True,
    )

    _once = models.UniqueIndex(
        "(company_id, key)",
        "That number or name is remembered for a payer already. Remove it there first.",
    )

    @api.depends("name")
    def _compute_key(self):
        for alias in self:
            alias.key = self._get_key(alias.name)

    @api.model
    def _get_key(self, text):
        """A number or name as it is compared."""
        text = (text or "").strip()
        if re.search(r"\d", text):
            return re.sub(r"[^A-Z0-9]", "", text.upper()).lstrip("0")
        return name_key(text)

    @api.model
    def _remember(self, payer, names, company):
        """These names and numbers are this payer's from now on, whosoever they were before."""
        keys = {self._get_key(name): name for name in names if name and self._get_key(name)}
        here = self.sudo()
        known = here.search([("company_id", "=", company.id), ("key", "in", list(keys))])
        known.write({"payer_id": payer.id})
        here.create([
            {"payer_id": payer.id, "company_id": company.id, "name": name}
            for key, name in keys.items() if key not in set(known.mapped("key"))
        ])

    @api.model
    def _find(self, company, numbers, name):
        """The payer that stands in a file under these numbers and this name.

        What a person has said counts first; then the payer's identifier on its card; then its name, where only one
        payer has it.

        :param numbers: identifiers of the payer in the file, the surest first
        :return: the payer, or none where it is not certain
        """
        keys = [key for key in map(self._get_key, numbers) if key]
        named = self._get_key(name)
        aliases = self.sudo().search([("company_id", "=", company.id), ("key", "in", [*keys, named])])
        for found in (aliases.filtered(lambda alias: alias.key in keys), aliases):
            if len(found.payer_id) == 1:
                return found.payer_id.sudo(False)
        payers = self.env["res.partner"].sudo().search([
            *self.env["res.partner"]._check_company_domain(company), ("is_payer", "=", True),
        ])
        coded = payers.filtered(lambda payer: payer.payer_code and self._get_key(payer.payer_code) in keys)
        alike = payers.filtered(lambda payer: named and name_key(payer.name) == name_key(name))
        for found in (coded & alike, coded, alike):
            if len(found) == 1:
                return found.sudo(False)
        return self.env["res.partner"]
