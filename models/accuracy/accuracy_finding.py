from odoo import api, fields, models
from odoo.exceptions import UserError

from .accuracy_rule import SEVERITIES

DOCUMENT_FIELDS = ("encounter_id", "estimate_id", "claim_id")
SEVERITY_ORDER = {severity: number * 10_000 for number, (severity, _label) in enumerate(SEVERITIES)}


class BillingAccuracyFinding(models.Model):
    """Something that is wrong with a visit, an estimate or a claim before it leaves the house.

    Findings are written by the engine alone (``billing.accuracy.document``), each time their document is touched, and
    go when what is wrong has been mended. What a finding says is worked out from its facts, in the reader's language.
    """

    _name = "billing.accuracy.finding"
    _description = "Finding"
    _order = "sequence, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        comodel_name="billing.accuracy.rule",
        string="Finding",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    severity = fields.Selection(
        selection=SEVERITIES,
        required=True,
        readonly=True,
        index=True,
    )
    sequence = fields.Integer(
        readonly=True,
        help="The most severe first.",
    )
    # Text, not Char: lists break it into lines instead of cutting it off.
    name = fields.Text(
        string="What is wrong",
        compute="_compute_name",
    )
    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    estimate_id = fields.Many2one(
        comodel_name="billing.estimate",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    place = fields.Char(
        readonly=True,
        help="Tells findings of one kind in one document apart.",
    )
    service_ref = fields.Integer(
        readonly=True,
        help="The service that it is about; zero: the document itself.",
    )
    facts = fields.Json(
        readonly=True,
        help="What was found. Once it changes, a finding that was accepted comes back.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    date = fields.Date(
        string="Date of service",
        readonly=True,
        index=True,
    )
    date_found = fields.Date(
        string="Found on",
        readonly=True,
        default=fields.Date.context_today,
    )
    amount = fields.Monetary(
        string="At stake",
        readonly=True,
        help="The charge of the service that it is about, or of the whole document.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        readonly=True,
    )
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="Not active: its document has left, and this is how it left.",
    )
    # Accepted as it is: a warning or note by whoever bills, a stop by a manager.
    is_accepted = fields.Boolean(
        string="Accepted",
        readonly=True,
        index=True,
    )
    accepted_user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        readonly=True,
    )
    accepted_date = fields.Datetime(
        string="Accepted on",
        readonly=True,
    )
    accepted_reason = fields.Char(
        string="Because",
        readonly=True,
    )

    _document_once = models.Constraint(
        "CHECK (num_nonnulls(encounter_id, estimate_id, claim_id) = 1)",
        "A finding is about one visit, one estimate or one claim.",
    )
    _place_once = models.UniqueIndex(
        "(rule_id, COALESCE(encounter_id, 0), COALESCE(estimate_id, 0), COALESCE(claim_id, 0), COALESCE(place, ''))",
        "Somebody else has just checked the same document. Reload the page.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rule_id", "facts", "encounter_id", "estimate_id", "claim_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for finding in self:
            finding.name = finding._get_sentence()

    @api.depends("rule_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.rule_id.name

    # === CRUD METHODS === #

    def _search(self, domain, *args, **kwargs):
        # What was touched in this transaction is checked before anybody looks at findings.
        for name in DOCUMENT_FIELDS:
            self.env[self._fields[name].comodel_name]._recompute_model(["accuracy_level"])
        return super()._search(domain, *args, **kwargs)

    # === ACTIONS === #

    def action_accept(self):
        """Accept these findings as they are: asks why."""
        self._check_may_accept()
        return self.env["billing.accuracy.reason"]._ask("accept", self)

    def action_take_back(self):
        """It counts again, after all."""
        self._check_may_decide()
        for finding in self.filtered("is_accepted"):
            finding._get_document()._message_log(body=self.env._(
                "Counts again, said %(user)s: %(finding)s", user=self.env.user.name, finding=finding.name,
            ))
        self.sudo().write({
            "is_accepted": False, "accepted_user_id": False, "accepted_date": False, "accepted_reason": False,
        })
        self._set_accuracy_levels()

    def action_open(self):
        """Go to the document."""
        self.ensure_one()
        return self._get_document()._get_records_action()

    def action_check_again(self):
        """Look at the documents of these findings once more."""
        for name in DOCUMENT_FIELDS:
            self[name].action_check_accuracy()
        return True

    # === BUSINESS METHODS === #

    def _get_document(self):
        """The visit, estimate or claim that the finding is about."""
        self.ensure_one()
        return next(self[name] for name in DOCUMENT_FIELDS if self[name])

    def _get_service(self):
        """The service that it is about; empty when it is about the whole document or the service has gone."""
        self.ensure_one()
        lines = self._get_document()._get_accuracy_lines()
        return lines.filtered(lambda line: line.id == self.service_ref)

    def _set_accuracy_levels(self):
        """Say anew how bad it is with the documents of these findings."""
        for name in DOCUMENT_FIELDS:
            self.sudo()[name]._set_accuracy_level()

    def _check_may_decide(self):
        """Only whoever may change a document decides about what is wrong with it, until it has left.

        :raise UserError: naming a document that has left
        """
        for name in DOCUMENT_FIELDS:
            self[name].check_access("write")
        for finding in self.filtered(lambda finding: not finding.active):
            raise UserError(self.env._(
                "%(document)s has left: how it left stays on record. Take it back first, then decide.",
                document=finding._get_document().display_name,
            ))

    def _check_may_accept(self):
        """Warnings and notes are accepted by whoever bills, stops by a manager, and some by nobody.

        :raise UserError: naming the finding and the way out
        """
        self._check_may_decide()
        is_manager = self.env.su or self.env.user.has_group("billing_coordinator.group_manager")
        for finding in self:
            if finding.severity == "stop" and finding.rule_id.is_final:
                raise UserError(self.env._(
                    "There is no bill before this is mended: %(finding)s", finding=finding.name,
                ))
            if finding.severity == "stop" and not is_manager:
                raise UserError(self.env._(
                    "Only a billing manager may let this pass: %(finding)s Mend it, or ask a manager.",
                    finding=finding.name,
                ))

    def _get_seen(self):
        """What somebody sees who is asked about these findings, for :meth:`_accept`."""
        return {str(finding.id): [finding.severity, finding.facts] for finding in self}

    def _check_seen(self, seen):
        """Refuse to accept what somebody has not seen.

        :raise UserError: naming a finding that has changed meanwhile
        """
        for finding in self:
            if seen.get(str(finding.id)) != [finding.severity, finding.facts]:
                raise UserError(self.env._(
                    "This has changed while you were deciding: %(finding)s Look at it again.", finding=finding.name,
                ))

    def _accept(self, reason, seen=None):
        """Accept these findings, with the reason in the history of their documents.

        :param str reason: why they may be as they are
        :param dict seen: what whoever decides has seen, from :meth:`_get_seen`; None: what is there now
        :raise UserError: when the reason is missing, somebody else has to decide, or what was found has changed
        """
        if seen is not None:
            self._check_seen(seen)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: whoever looks at this next has to know."))
        self._check_may_accept()
        for finding in self:
            facts = {"finding": finding.name, "user": self.env.user.name, "reason": reason}
            finding._get_document()._message_log(body=(
                self.env._("Overridden by %(user)s: %(finding)s Because: %(reason)s", **facts)
                if finding.severity == "stop"
                else self.env._("Silenced by %(user)s: %(finding)s Because: %(reason)s", **facts)
            ))
        self.sudo().write({
            "is_accepted": True,
            "accepted_user_id": self.env.uid,
            "accepted_date": fields.Datetime.now(),
            "accepted_reason": reason,
        })
        self._set_accuracy_levels()
