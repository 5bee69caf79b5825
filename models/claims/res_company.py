from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A printer that is further off takes another paper (millimetres).
MOST_OFF = 25.0


def check_offsets(env, name, values):
    """Refuse to move a print so far that it leaves the form.

    :param name: whose printer it is
    :param values: millimetres
    :raise ValidationError: one of them is too much
    """
    for value in values:
        if abs(value) > MOST_OFF:
            raise ValidationError(env._(
                "%(name)s: the print of the CMS-1500 cannot be moved by %(value)s mm. Type at most %(most)s mm; if the "
                "printer is further off, it scales the page or takes another paper: print at full size on Letter.",
                name=name, value=f"{value:.1f}", most=f"{MOST_OFF:.0f}",
            ))


class ResCompany(models.Model):
    """How far the printer of a company is off when it prints claim forms on red stock."""

    _inherit = "res.company"

    billing_cms1500_right = fields.Float(
        string="CMS-1500: to the right",
        digits=(6, 1),
        help="Millimetres by which the print is moved to the right so that it meets the boxes; negative: to the left. "
             "The alignment page shows how much.",
    )
    billing_cms1500_down = fields.Float(
        string="CMS-1500: down",
        digits=(6, 1),
        help="Millimetres by which the print is moved down so that it meets the boxes; negative: up.",
    )

    @api.constrains("billing_cms1500_right", "billing_cms1500_down")
    def _check_billing_cms1500_offsets(self):
        for company in self:
            check_offsets(self.env, company.name, (company.billing_cms1500_right, company.billing_cms1500_down))
