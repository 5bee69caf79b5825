import base64

from odoo import api, fields, models
from odoo.tools.pdf import merge_pdf


class BillingLetterBatch(models.TransientModel):
    """Letters that were printed in one go: one file for the printer, and who is missing in it."""

    _name = "billing.letter.batch"
    _description = "Printed letters"

    name = fields.Char(
        readonly=True,
    )
    file = fields.Binary(
        attachment=True,
        readonly=True,
    )
    letter_count = fields.Integer(
        string="Letters",
        readonly=True,
    )
    step_ids = fields.Many2many(
        comodel_name="billing.collection.step",
        string="Not printed",
        readonly=True,
    )

    @api.model
    def _hand_over(self, files, failed):
        """Give these letters to whoever prints them.

        :param files: the letters, as attachments
        :param failed: the steps whose letter could not be printed
        :return: the download; where something failed, or nobody was left to write to, a window that says so
        """
        batch = self.create({
            "name": self.env._(
                "Letters of %(date)s.%(kind)s", date=fields.Date.context_today(self), kind=self._get_kind(files),
            ),
            "file": base64.b64encode(self._join(files)) if files else False,
            "letter_count": len(files),
            "step_ids": failed.ids,
        })
        if files and not failed:
            return batch.action_download()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": self._name,
            "res_id": batch.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _get_kind(self, files):
        return "html" if any(file.mimetype != "application/pdf" for file in files) else "pdf"

    @api.model
    def _join(self, files):
        """These letters as one file. They are web pages where Odoo prints none, as in tests."""
        contents = files.sudo().mapped("raw")
        return merge_pdf(contents) if self._get_kind(files) == "pdf" else b"".join(contents)

    def action_download(self):
        """The file in a window of its own, to print it; the list behind it is brought up to date."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.name}",
            "target": "new",
        }
