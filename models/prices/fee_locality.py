from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.fee_schedule import Indices
from odoo.addons.billing_coordinator.tools.money import to_decimal


class BillingFeeLocality(models.Model):
    """Where services are rendered, for a fee schedule of relative values: what work, practice and malpractice
    insurance cost there, compared with the national average (geographic practice cost indices, 42 CFR 414.26).

    Indices are published for a year; a new year is a new record.
    """

    _name = "billing.fee.locality"
    _description = "Fee schedule locality"
    _order = "name, edition desc, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(
        required=True,
        help="As the schedule calls it, such as Chicago, IL.",
    )
    code = fields.Char(
        string="Number",
        required=True,
        help="Carrier and locality number, such as 06102-16.",
    )
    edition = fields.Char(
        string="Year",
        required=True,
        help="The year for which the indices were published.",
    )
    work_index = fields.Float(
        string="Work",
        required=True,
        default=1.0,
        digits=(6, 4),
        help="1 is the national average.",
    )
    practice_index = fields.Float(
        string="Practice expense",
        required=True,
        default=1.0,
        digits=(6, 4),
        help="1 is the national average.",
    )
    malpractice_index = fields.Float(
        string="Malpractice insurance",
        required=True,
        default=1.0,
        digits=(6, 4),
        help="1 is the national average.",
    )
    active = fields.Boolean(
        default=True,
    )

    _code_edition_unique = models.UniqueIndex(
        "(upper(code), edition)",
        "This locality already has its indices of that year. Change the existing one.",
    )
    _indices_positive = models.Constraint(
        "CHECK (work_index > 0 AND practice_index > 0 AND malpractice_index > 0 "
        "AND work_index < 100 AND practice_index < 100 AND malpractice_index < 100)",
        "An index of a locality is more than zero and less than 100; 1 is the national average.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        """The values without the blanks that copying leaves around them: they would hide a locality typed twice."""
        return {**vals, **{
            name: vals[name].strip() for name in ("name", "code", "edition") if isinstance(vals.get(name), str)
        }}

    @api.depends("name", "edition")
    def _compute_display_name(self):
        for locality in self:
            locality.display_name = f"{locality.name or ''} {locality.edition or ''}".strip()

    def _get_indices(self):
        """The indices as exact figures; the national average where there is no locality."""
        if not self:
            return Indices()
        return Indices(
            to_decimal(self.work_index), to_decimal(self.practice_index), to_decimal(self.malpractice_index),
        )
