from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.accuracy import CLEAN, LEVELS, worst

# What the engine writes and nobody types: the first-pass figures are made of it.
ENGINE_FIELDS = frozenset({
    "accuracy_level", "accuracy_date", "accuracy_first_level", "accuracy_first_date", "accuracy_final_level",
})
LEVEL_LABELS = [
    ("stop", "Stop"),
    ("warn", "Warning"),
    ("note", "Note"),
    ("clean", "Clean"),
]


class BillingAccuracyDocument(models.AbstractModel):
    """A document whose accuracy is checked before it leaves: a visit, an estimate, a claim.

    There is one truth: the findings of the document, as the engine wrote them the last time it looked. It looks by
    itself once anything that the document says changes (``accuracy_level`` is computed from it), once something on
    file about its people or coverages changes (``touched.py``), before the document becomes ready or is billed, and
    each night. A document that has left keeps the findings with which it left, archived.

    A model names in ``_finding_field`` the field by which findings point to it, and has them in ``finding_ids``.
    """

    _name = "billing.accuracy.document"
    _description = "Checked before it leaves"

    _finding_field = None

    accuracy_level = fields.Selection(
        selection=LEVEL_LABELS,
        string="Accuracy",
        compute="_compute_accuracy",
        store=True,
        copy=False,
        index="btree_not_null",
        help="The most severe finding that nobody has mended or accepted. Empty: not checked yet.",
    )
    accuracy_date = fields.Datetime(
        string="Checked on",
        compute="_compute_accuracy",
        store=True,
        copy=False,
    )
    accuracy_first_level = fields.Selection(
        selection=LEVEL_LABELS,
        string="At first check",
        readonly=True,
        copy=False,
        help="The most severe finding, accepted or not, when the document was first ready, billed, or looked at by the "
             "nightly check, whichever came first. Clean: right at the first attempt.",
    )
    accuracy_first_date = fields.Date(
        string="First checked on",
        readonly=True,
        copy=False,
    )
    accuracy_final_level = fields.Selection(
        selection=LEVEL_LABELS,
        string="When it left",
        readonly=True,
        copy=False,
        help="The most severe finding, accepted or not, with which it left.",
    )
    can_override = fields.Boolean(
        compute="_compute_can_override",
    )
    has_accepted = fields.Boolean(
        compute="_compute_has_accepted",
    )

    # === COMPUTE METHODS === #

    @api.depends(lambda self: self._get_accuracy_triggers())
    def _compute_accuracy(self):
        saved = self.browse(id_ for id_ in self._ids if isinstance(id_, int))
        for document in self - saved:
            # What is being typed is checked when it is saved.
            document.accuracy_level = document._origin.accuracy_level
            document.accuracy_date = document._origin.accuracy_date
        catalogue = self.env["billing.accuracy.rule"]._get_catalogue() if saved else {}
        checked = saved.filtered(lambda document: document._is_accuracy_open()) if catalogue else saved.browse()
        left = saved - checked
        for document in left:
            document.accuracy_level = document.accuracy_level
            document.accuracy_date = document.accuracy_date
        left._archive_findings()
        for document, level in checked._run_accuracy(catalogue).items():
            document.accuracy_level = level
            document.accuracy_date = fields.Datetime.now()

    @api.depends("accuracy_level", "accuracy_date")
    def _compute_finding_ids(self):
        """What is wrong and can be mended, accepted or not; what was touched is looked at first."""
        self.mapped("accuracy_level")
        Finding = self.env["billing.accuracy.finding"]
        found = Finding.search(
            [(self._finding_field, "in", self.ids), ("active", "=", True)],
        ).grouped(lambda row: row[self._finding_field].id)
        for document in self:
            document.finding_ids = found.get(document._origin.id, Finding)

    @api.depends("accuracy_level")
    @api.depends_context("uid")
    def _compute_can_override(self):
        is_manager = self.env.user.has_group("billing_coordinator.group_manager")
        for document in self:
            document.can_override = is_manager and document.accuracy_level == "stop"

    @api.depends("finding_ids")
    def _compute_has_accepted(self):
        for document in self:
            document.has_accepted = any(document.finding_ids.mapped("is_accepted"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_typed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_typed(vals)
        return super().write(vals)

    def _check_not_typed(self, vals):
        """Refuse what somebody types over what was found.

        :raise UserError: naming the document
        """
        if ENGINE_FIELDS & vals.keys() and not self.env.su:
            raise UserError(self.env._(
                "What was found out about %(document)s cannot be typed over. Mend it, or accept it with a reason.",
                document=self[:1].display_name or self._description,
            ))

    # === ACTIONS === #

    def action_check_accuracy(self):
        """Look again, now."""
        self.check_access("write")
        self._check_accuracy()
        return True

    def action_override(self):
        """A manager lets this document pass in spite of its stops: asks why."""
        self.ensure_one()
        return self._get_stops().sudo(False).action_accept()

    # === HOOKS === #

    def _get_accuracy_triggers(self):
        """The fields of the document and its services whose change makes the engine look again."""
        return []

    def _is_accuracy_open(self):
        """Whether something can still be mended: the document has not left the house."""
        self.ensure_one()
        return False

    def _get_accuracy_lines(self):
        """The services of these documents."""
        return self.line_ids

    def _get_accuracy_date(self):
        """The day of service."""
        self.ensure_one()
        return self.date

    def _get_accuracy_coverage(self):
        """The coverage that is asked first; empty when nobody but the patient is asked."""
        self.ensure_one()
        return self.primary_coverage_id

    def _get_accuracy_amount(self):
        """The money at stake."""
        self.ensure_one()
        return self.amount_total

    # === BUSINESS METHODS === #

    def _check_accuracy(self):
        """Look at these documents now, whatever they were found to be before. As many queries as for one of them."""
        self._touch_accuracy()
        self._recompute_recordset(["accuracy_level"])

    def _touch_accuracy(self):
        """Something that these documents stand on has changed: look at them before anybody asks."""
        for name in ("accuracy_level", "accuracy_date"):
            self.env.add_to_compute(self._fields[name], self)
        self.invalidate_recordset(["finding_ids"], flush=False)

    def _get_findings(self):
        """What is wrong with these documents and can be mended, accepted or not; up to date."""
        # The field reads them for all documents that are being worked on, in one search.
        return self.sudo().finding_ids

    def _get_stops(self):
        """What keeps these documents from leaving."""
        return self._get_findings().filtered(lambda found: found.severity == "stop" and not found.is_accepted)

    def _refuse_stops(self, *ignored):
        """Refuse to go on with documents that something is wrong with.

        :param str ignored: keys of checks that do not matter yet
        :raise UserError: one sentence for each stop: what is wrong and the way out
        """
        stops = self._get_stops().filtered(lambda found: found.rule_id.key not in ignored)
        if stops:
            raise UserError("\n".join(dict.fromkeys(stops.sudo(False).mapped("name"))))

    def _set_accuracy_level(self):
        """Say anew how bad it is: a finding was accepted, or counts again."""
        findings = self._get_findings().filtered(lambda found: not found.is_accepted).grouped(self._finding_field)
        none = self.env["billing.accuracy.finding"]
        for document in self.sudo().filtered(lambda document: document._is_accuracy_open()):
            document.accuracy_level = worst(findings.get(document, none).mapped("severity"))

    def _note_first_pass(self):
        """Keep, once, how these documents were when they were first checked as complete."""
        new = self.filtered(lambda document: not document.accuracy_first_date and document._get_accuracy_lines())
        today = fields.Date.context_today(self)
        for level, documents in new._group_by_raw_level().items():
            documents.sudo().write({"accuracy_first_level": level, "accuracy_first_date": today})

    def _note_final_level(self):
        """Keep how these documents leave."""
        for level, documents in self._group_by_raw_level().items():
            documents.sudo().write({"accuracy_final_level": level})

    def _group_by_raw_level(self):
        """{level: documents} by their most severe finding, accepted or not."""
        worst_of = {document: LEVELS.index(CLEAN) for document in self}
        for found in self._get_findings():
            document = self.browse(found[self._finding_field].id)
            worst_of[document] = min(worst_of[document], LEVELS.index(found.severity))
        groups = {}
        for document, number in worst_of.items():
            groups[LEVELS[number]] = groups.get(LEVELS[number], self.browse()) | document
        return groups
