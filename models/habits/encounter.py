from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class BillingEncounter(models.Model):
    """What the payers of a visit ask for beyond codes: proposed while it is recorded, checked before it is billed."""

    _inherit = "billing.encounter"

    value_ids = fields.One2many(
        comodel_name="billing.encounter.value",
        inverse_name="encounter_id",
        string="What payers ask for",
        compute="_compute_value_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    missing_values = fields.Char(
        string="Still asked for",
        compute="_compute_missing_values",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "line_ids.product_id", "line_ids.code_id", "date", "patient_id", "company_id", "is_self_pay", "place_id",
        "provider_id", "coverage_ids", "patient_id.coverage_ids.plan_id",
    )
    def _compute_value_ids(self):
        recording = self.filtered(lambda visit: visit.state in (False, "draft", "ready"))
        habits = self.env["billing.payer.habit"]._get_habits(recording.coverage_ids.payer_id, recording.company_id)
        habits = habits.filtered(lambda habit: habit.kind == "value")
        for encounter in self:
            wanted = encounter._get_wanted_values(habits) if encounter in recording else {}
            there = {(value.payer_id._origin.id, value.label.casefold()): value for value in encounter.value_ids}
            commands = [
                Command.create(encounter._prepare_value_vals(payer_id, habit))
                for (payer_id, label), habit in wanted.items() if (payer_id, label) not in there
            ]
            if encounter in recording:
                commands += [
                    Command.update(value.id, changes) for key, value in there.items()
                    if key in wanted and (changes := encounter._get_asked_changes(value, wanted[key]))
                ]
                # What somebody has typed stays, though nobody asks for it any more.
                commands += [
                    Command.delete(value.id) for key, value in there.items() if key not in wanted and not value.value
                ]
            if commands or not encounter.id:
                encounter.value_ids = commands or encounter.value_ids

    @api.depends("value_ids.value")
    def _compute_missing_values(self):
        for encounter in self:
            missing = encounter.value_ids.filtered(lambda value: not (value.value or "").strip())
            encounter.missing_values = "; ".join(
                f"{value.payer_id.name}: {value.label}" for value in missing
            ) or False

    def _get_wanted_values(self, habits):
        """{(payer id, label): the habit that asks for it} for the services of this visit."""
        self.ensure_one()
        wanted = {}
        if not habits or not self.date:
            return wanted
        for coverage in self.coverage_ids:
            for line in self.line_ids.filtered("product_id"):
                chosen = habits._choose(line._get_asked(coverage.plan_id))
                for (_kind, label), habit in chosen.items():
                    wanted.setdefault((coverage.payer_id._origin.id, label), habit)
        return wanted

    def _prepare_value_vals(self, payer_id, habit):
        """A value still to be typed, with what is usual or known of it."""
        known = {"provider": self.provider_id.npi, "place": self.place_id.code}
        return {
            "payer_id": payer_id,
            "label": habit.value_label,
            "value": habit.value_default or known.get(habit.value_kind) or False,
            "is_required": habit.value_missing == "stop",
            "reason": habit._get_reason(),
        }

    def _get_asked_changes(self, value, habit):
        """What the habit says by now of a value that is there; what somebody has typed stays."""
        asked = self._prepare_value_vals(value.payer_id.id, habit)
        wanted = {name: asked[name] for name in ("is_required", "reason")}
        if not value.value and asked["value"]:
            wanted["value"] = asked["value"]
        return {name: text for name, text in wanted.items() if value[name] != text}

    # === BUSINESS METHODS === #

    def _get_missing_values(self, is_required):
        """What payers ask for and is not there."""
        self.ensure_one()
        asked = self.value_ids.filtered(lambda value: value.payer_id in self.coverage_ids.payer_id)
        return asked.filtered(lambda value: value.is_required == is_required and not (value.value or "").strip())

    def _check_complete(self):
        super()._check_complete()
        if missing := self._get_missing_values(is_required=True)[:1]:
            raise UserError(self.env._(
                "%(payer)s asks for “%(label)s” with %(visit)s, and will not pay without. Type it under “What payers "
                "ask for”.",
                payer=missing.payer_id.name,
                label=missing.label,
                visit=self.display_name,
            ))

    def _get_billing_notices(self):
        return super()._get_billing_notices() + [
            self.env._(
                "%(payer)s asks for “%(label)s”, which is missing.", payer=value.payer_id.name, label=value.label,
            )
            for value in self._get_missing_values(is_required=False)
        ]


class BillingPayerHabit(models.Model):
    """What a payer comes to want is asked for on the visits that are not billed yet."""

    _inherit = "billing.payer.habit"

    @api.model_create_multi
    def create(self, vals_list):
        habits = super().create(vals_list)
        self._ask_open_visits(habits._get_asking_payers())
        return habits

    def write(self, vals):
        payers = self._get_asking_payers()
        result = super().write(vals)
        self._ask_open_visits(payers | self._get_asking_payers())
        return result

    def unlink(self):
        payers = self._get_asking_payers()
        result = super().unlink()
        self._ask_open_visits(payers)
        return result

    def _get_asking_payers(self):
        """The payers that ask for something by these habits."""
        return self.sudo().filtered(lambda habit: habit.kind == "value").payer_id

    @api.model
    def _ask_open_visits(self, payers):
        """Bring what these payers ask for on open visits up to date."""
        if payers:
            self.env["billing.encounter"].sudo().search(
                Domain("state", "in", ("draft", "ready"))
                & (
                    Domain("patient_id.coverage_ids.plan_id.payer_id", "in", payers.ids)
                    | Domain("value_ids.payer_id", "in", payers.ids)
                ),
            )._compute_value_ids()
