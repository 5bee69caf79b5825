from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of collections: when people are contacted, and what holds for promises."""

    _inherit = "res.config.settings"

    billing_contact_earliest = fields.Float(
        related="company_id.billing_contact_earliest",
        readonly=False,
    )
    billing_contact_latest = fields.Float(
        related="company_id.billing_contact_latest",
        readonly=False,
    )
    billing_contact_days = fields.Selection(
        related="company_id.billing_contact_days",
        readonly=False,
        required=True,
    )
    billing_contact_most = fields.Integer(
        related="company_id.billing_contact_most",
        readonly=False,
    )
    billing_contact_window = fields.Integer(
        related="company_id.billing_contact_window",
        readonly=False,
    )
    billing_contact_quiet = fields.Integer(
        related="company_id.billing_contact_quiet",
        readonly=False,
    )
    billing_sms_consent = fields.Boolean(
        related="company_id.billing_sms_consent",
        readonly=False,
    )
    billing_promise_days_ahead = fields.Integer(
        related="company_id.billing_promise_days_ahead",
        readonly=False,
    )
    billing_promise_grace = fields.Integer(
        related="company_id.billing_promise_grace",
        readonly=False,
    )
    billing_promise_after = fields.Selection(
        related="company_id.billing_promise_after",
        readonly=False,
        required=True,
    )
