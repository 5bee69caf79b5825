from odoo import fields, models
from odoo.exceptions import UserError


class BillingAcknowledgementImport(models.TransientModel):
    """Read files in which receivers say what they could read of ours: one, or all of a morning."""

    _name = "billing.acknowledgement.import"
    _description = "Read acknowledgements"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        help="TA1, 999, 997 and 277CA files as your clearinghouse or payer gives them.",
    )

    def action_read(self):
        """Read them all; those that were read before change nothing, and that is said."""
        self.ensure_one()
        files = self.file_ids
        if not files:
            raise UserError(self.env._("Choose at least one file."))
        reader = self.env["billing.acknowledgement"].with_company(self.company_id)
        read, known = reader.browse(), []
        for file in files:
            acknowledgement, is_new = reader._read_file(file.raw, file.name)
            if not is_new:
                known.append(self.env._(
                    "“%(file)s” has been read already, as %(before)s: nothing was changed.",
                    file=file.name, before=acknowledgement.name,
                ))
            read |= acknowledgement
        # What was read is kept with the acknowledgement; what the browser brought would stay behind, with nobody's.
        files.filtered(lambda file: file.create_uid == self.env.user and not file.res_id).unlink()
        action = read._get_records_action(name=self.env._("Acknowledgements read"))
        if not known:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "sticky": True, "message": "\n".join(known), "next": action},
        }
