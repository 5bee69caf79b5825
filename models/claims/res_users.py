from odoo import fields, models

from .res_company import check_offsets


class ResUsers(models.Model):
    """Whose own printer is off in another way than the company's prints claim forms with figures of its own."""

    _inherit = "res.users"

    billing_cms1500_own = fields.Boolean(
        string="CMS-1500 on one's own printer",
        groups="billing_coordinator.group_readonly",
        copy=False,
    )
    billing_cms1500_right = fields.Float(
        string="CMS-1500: to the right",
        digits=(6, 1),
        groups="billing_coordinator.group_readonly",
        copy=False,
    )
    billing_cms1500_down = fields.Float(
        string="CMS-1500: down",
        digits=(6, 1),
        groups="billing_coordinator.group_readonly",
        copy=False,
    )

    def _get_cms1500_offsets(self, company):
        """Millimetres to the right and down by which a print of this user is moved: as their own printer is off, or as
        the company's is.
        """
        own = self.sudo()
        source = own if own.billing_cms1500_own else company.sudo()
        return source.billing_cms1500_right, source.billing_cms1500_down

    def _keep_cms1500_offsets(self, is_own, right, down):
        """What somebody typed about their own printer: nobody may change their own user otherwise.

        :param is_own: ``False``: the company's printer holds from now on
        """
        values = {"billing_cms1500_own": is_own}
        if is_own:
            check_offsets(self.env, self.name, (right, down))
            values |= {"billing_cms1500_right": right, "billing_cms1500_down": down}
        own = self.sudo()
        if any(own[name] != value for name, value in values.items()):
            own.write(values)
