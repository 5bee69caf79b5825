from odoo import models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .cms1500 import REPORT as CMS1500


class IrActionsReport(models.Model):
    """Many statements in one print, whichever PDF renderer the machine has; forms that are drawn, not rendered."""

    _inherit = "ir.actions.report"

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # No renderer is needed for what is drawn: it is a PDF in tests and on machines without one, too.
        if self._get_report(report_ref).report_name != CMS1500:
            return super()._pre_render_qweb_pdf(report_ref, res_ids, data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self.env[f"report.{CMS1500}"]._get_streams(ids, data or {}), "pdf"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != CMS1500:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        return self.env[f"report.{CMS1500}"]._get_streams(res_ids, data or {})

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
