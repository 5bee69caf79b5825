from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..written_numbers import format_number


class BillingBenefits(models.AbstractModel):
    """What an insurance leaves to the person it insures, in four figures; a plan and a coverage have them."""

    _name = "billing.benefits"
    _description = "Insurance benefits"

    currency_id = fields.Many2one(
        comodel_name="res.currency",
    )
    copay = fields.Monetary(
        help="The fixed amount the patient pays for a visit.",
    )
    deductible = fields.Monetary(
        help="What the patient pays in a year before the insurance pays anything.",
    )
    coinsurance = fields.Float(
        string="Coinsurance (%)",
        digits=(5, 2),
        help="The percentage the patient pays of what is left after deductible and copay.",
    )
    oop_max = fields.Monetary(
        string="Out-of-pocket maximum",
        help="The most the patient pays in a year. Zero: no limit.",
    )

    @api.constrains("copay", "deductible", "coinsurance", "oop_max")
    def _check_benefits(self):
        for record in self:
            for name in record._get_benefit_amounts():
                if record[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of “%(insurance)s” cannot be negative (%(amount)s). Type what the "
                            "patient pays as a positive amount.",
                            field=record._fields[name]._description_string(self.env),
                            insurance=record.display_name,
                            amount=record.currency_id.format(record[name]),
                        )
                    )
            if not 0 <= record.coinsurance <= 100:
                raise ValidationError(
                    self.env._(
                        "Coinsurance of “%(insurance)s” cannot be %(percent)s %%. It is the percentage that "
                        "the patient pays: between 0 and 100.",
                        insurance=record.display_name,
                        percent=format_number(self.env, record.coinsurance),
                    )
                )

    @api.model
    def _get_benefit_amounts(self):
        """Names of the fields that hold amounts of money and cannot be negative."""
        return ["copay", "deductible", "oop_max"]
