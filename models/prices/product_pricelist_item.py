from odoo import api, fields, models


class ProductPricelistItem(models.Model):
    """A price of a service, for which a fee schedule may be the reason; some are for one modifier only."""

    _inherit = "product.pricelist.item"

    billing_modifier = fields.Char(
        string="With modifier",
        size=2,
        help="The price counts only where the service bears this modifier, such as 26, the professional part, or TC, "
             "the technical one. Empty: without, or with any modifier that has no price of its own.",
    )
    billing_fee_import_id = fields.Many2one(
        comodel_name="billing.fee.import",
        string="Fee schedule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="billing_coordinator.group_readonly",
    )

    # Two people importing at once, or one import running twice.
    _billing_fee_once = models.UniqueIndex(
        "(pricelist_id, product_tmpl_id, COALESCE(billing_modifier, ''), date_start) "
        "WHERE billing_fee_import_id IS NOT NULL",
        "Somebody has taken over a fee schedule into this list for the same days in the meantime. Look at the list, "
        "and start again if something is missing.",
    )

    @api.depends("billing_modifier")
    def _compute_name(self):
        super()._compute_name()
        for item in self:
            if item.billing_modifier:
                item.name = self.env._(
                    "%(service)s, with modifier %(modifier)s", service=item.name, modifier=item.billing_modifier,
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_modifier(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_modifier(vals))

    @api.model
    def _tidy_modifier(self, vals):
        if isinstance(vals.get("billing_modifier"), str):
            return {**vals, "billing_modifier": vals["billing_modifier"].strip().upper() or False}
        return vals
