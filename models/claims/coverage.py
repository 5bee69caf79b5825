from odoo import models
from odoo.fields import Domain


class BillingCoverage(models.Model):
    """A coverage that claims stand on may no longer change what they say."""

    _inherit = "billing.coverage"

    def _has_postings(self, outside=None):
        domain = Domain("coverage_id", "in", self.ids) & Domain("state", "!=", "void")
        if outside:
            date_from, date_to = outside
            before_or_after = Domain("service_date", "<", date_from)
            if date_to:
                before_or_after |= Domain("service_date", ">", date_to)
            domain &= before_or_after
        groups = self.env["billing.claim"].sudo()._read_group(domain, ["coverage_id"])
        return super()._has_postings(outside=outside) | self.browse(coverage.id for (coverage,) in groups)
