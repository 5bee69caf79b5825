from odoo import models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    """Many statements in one print, whichever PDF renderer the machine has."""

    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        # The wkhtmltopdf of Linux distributions (without patched Qt) takes one document at a time and would refuse.
        # It prints no page headers either, so that printing one by one loses nothing.
        bodies = list(bodies)
        kwargs = {
            "header": header, "footer": footer, "landscape": landscape,
            "specific_paperformat_args": specific_paperformat_args, "set_viewport_size": set_viewport_size,
        }
        report = self._get_report(report_ref) if report_ref else self.browse()
        if (report.report_name or "").startswith("billing_coordinator.") and not _wkhtml().is_patched_qt:
            render = super(IrActionsReport, self.with_context(billing_prints_at_once=True))._run_wkhtmltopdf
            kwargs |= {"header": None, "footer": None}
            pages = [render([body], report, **kwargs) for body in bodies]
            return merge_pdf(pages) if len(pages) > 1 else pages[0]
        return super()._run_wkhtmltopdf(bodies, report_ref, **kwargs)

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Odoo waits a second for the script of page headers: papers without headers have none, and do not wait."""
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("billing_prints_at_once") and "--javascript-delay" in arguments:
            arguments[arguments.index("--javascript-delay") + 1] = "0"
        return arguments
