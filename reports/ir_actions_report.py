from odoo import models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    """Many statements in one print, whichever PDF renderer the machine has."""

    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(self, bodies, report_ref=False, *args, **kwargs):
        # The wkhtmltopdf of Linux distributions (without patched Qt) takes one document at a time and would refuse.
        # It prints no page headers either, so that printing one by one loses nothing.
        bodies = list(bodies)
        own = report_ref and self._get_report(report_ref).report_name.startswith("billing_coordinator.")
        if own and len(bodies) > 1 and not _wkhtml().is_patched_qt:
            render = super()._run_wkhtmltopdf
            return merge_pdf([render([body], report_ref, *args, **kwargs) for body in bodies])
        return super()._run_wkhtmltopdf(bodies, report_ref, *args, **kwargs)

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("billing_static_page"):
            # No script runs on it and nothing is fetched: there is nothing to wait for.
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
