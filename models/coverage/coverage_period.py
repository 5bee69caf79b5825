import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# What places a coverage among the others of a person.
PLACE_FIELDS = frozenset({"patient_id", "plan_id", "rank", "date_from", "date_to", "active"})
# What claims already sent stand on.
CLAIM_FIELDS = ("patient_id", "plan_id", "rank")


def _explain_overlap(env, diagnostics):
    """The sentence for an overlap that only the database saw: two people saved at the same moment.

    PostgreSQL names the row that was there first in ranges: [patient, ), [company, ), [rank, ), [from, to).
    """
    detail = (diagnostics.message_detail if diagnostics else None) or ""
    found = re.match(r"\[(\d+),\d+\), ?\[(\d+),\d+\), ?\[(\d),\d\), ?\[([\d-]+),", detail.rpartition("=(")[2])
    if found:
        patient_id, company_id, rank, date_from = found.groups()
        first = env["billing.coverage"].search(
            [
                ("patient_id", "=", int(patient_id)),
                ("company_id", "=", int(company_id)),
                ("rank", "=", rank),
                ("date_from", "=", date_from),
            ],
            limit=1,
        )
        if first:
            return first._get_overlap_sentence()
    return env._(
        "This person already has a coverage of the same rank at that time. End that one first or choose "
        "another rank.",
    )


class BillingCoverage(models.Model):
    """When a coverage is in force, and that no other of its rank is at the same time."""

    _inherit = "billing.coverage"

    status = fields.Selection(
        selection=[
            ("future", "Not yet"),
            ("active", "In force"),
            ("expired", "Ended"),
        ],
        compute="_compute_status",
        search="_search_status",
    )

    # Ranges of one number: overlapping means equal, and no extension of the database is needed.
    _rank_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(patient_id, patient_id, '[]') WITH &&,
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(rank::int, rank::int, '[]') WITH &&,
            daterange(date_from, GREATEST(date_from, COALESCE(date_to, 'infinity')), '[]') WITH &&
        ) WHERE (active)""",
        _explain_overlap,
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for coverage in self:
            if coverage.date_from and coverage.date_from > today:
                coverage.status = "future"
            elif coverage.date_to and coverage.date_to < today:
                coverage.status = "expired"
            else:
                coverage.status = "active"

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        future = Domain("date_from", ">", today)
        expired = Domain("date_from", "<=", today) & Domain("date_to", "<", today)
        active = Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )
        domains = {"future": future, "active": active, "expired": expired}
        return Domain.OR(domains[status] for status in value if status in domains)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # The number is for the sentence, should two of them compete with each other.
        self.browse().concat(*(
            self.new({**self._get_place(vals), "member_number": vals.get("member_number")}) for vals in vals_list
        ))._check_overlap()
        return super().create(vals_list)

    def write(self, vals):
        place = self._get_place(vals)
        if place:
            moved = self.browse().concat(*(self.new(place, origin=coverage) for coverage in self))
            self._check_postings_kept(moved)
            moved._check_overlap()
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _get_in_force(self, wanted):
        """The coverages that claims for a service go to, in the order of their ranks.

        One search, however many are asked for.

        :param wanted: (patient, company, date of service) triples
        :return: {triple: coverages}, with an entry for each triple
        """
        wanted = list(wanted)
        found = dict.fromkeys(wanted, self.browse())
        if not wanted:
            return found
        patient_ids, company_ids, dates = (
            {patient._origin.id for patient, _company, _date in wanted},
            {company._origin.id for _patient, company, _date in wanted},
            [date for _patient, _company, date in wanted],
        )
        candidates = self.search_fetch(
            domain=[
                ("active", "=", True),
                ("patient_id", "in", list(patient_ids)),
                ("company_id", "in", list(company_ids)),
                ("date_from", "<=", max(dates)),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", min(dates)),
            ],
            field_names=["patient_id", "company_id", "rank", "date_from", "date_to"],
            order="rank, id",
        )
        owned = candidates.grouped(lambda coverage: (coverage.patient_id.id, coverage.company_id.id))
        for patient, company, date in wanted:
            mine = owned.get((patient._origin.id, company._origin.id), self.browse())
            found[patient, company, date] = mine.filtered(lambda c, date=date: c._is_in_force(date))
        return found

    def _is_in_force(self, date):
        """Whether the coverage pays for a service rendered on ``date``."""
        self.ensure_one()
        return self.date_from <= date and (not self.date_to or date <= self.date_to)

    def _check_overlap(self):
        """Refuse coverages (new records, not yet saved) that compete with others or among themselves.

        :raise ValidationError: naming the coverage that was there first
        """
        candidates = self.filtered(
            lambda c: c.active and c.patient_id and c.company_id and c.rank and c.date_from
        )
        if not candidates:
            return
        others = self.search(
            [
                ("active", "=", True),
                ("patient_id", "in", candidates.patient_id._origin.ids),
                ("id", "not in", candidates._origin.ids),
            ]
        )
        rivals = dict(others.grouped(lambda coverage: coverage._get_rank_key()))
        for coverage in candidates:
            key = coverage._get_rank_key()
            for rival in rivals.get(key, ()):
                if coverage._overlaps(rival):
                    raise ValidationError(rival._get_overlap_sentence())
            rivals[key] = rivals.get(key, self.browse()) + coverage

    def _get_rank_key(self):
        """Coverages with the same key must not be in force on the same day."""
        self.ensure_one()
        return self.patient_id._origin.id, self.company_id._origin.id, self.rank

    def _overlaps(self, other):
        return (not other.date_to or self.date_from <= other.date_to) and (
            not self.date_to or other.date_from <= self.date_to
        )

    def _get_overlap_sentence(self):
        """What to tell somebody who wants to add a coverage where this one stands."""
        self.ensure_one()
        facts = {
            "patient": self.patient_id.name,
            "rank": dict(self._fields["rank"]._description_selection(self.env))[self.rank],
            "plan": self.plan_id.name,
            "number": self.member_number,
            "date_from": format_date(self.env, self.date_from),
        }
        if not self.date_to:
            return self.env._(
                "%(patient)s already has %(rank)s coverage %(plan)s (member %(number)s) since "
                "%(date_from)s. End that one first or choose another rank.",
                **facts,
            )
        return self.env._(
            "%(patient)s already has %(rank)s coverage %(plan)s (member %(number)s) from %(date_from)s to "
            "%(date_to)s. End that one first or choose another rank.",
            **facts,
            date_to=format_date(self.env, self.date_to),
        )

    def _check_postings_kept(self, moved):
        """Claims were sent under what a coverage says: that stays, and so do the days of their services.

        :param moved: these coverages as they would become, in the same order
        :raise UserError: naming the coverage and what to do instead
        """
        for coverage, after in zip(self, moved, strict=True):
            period = (after.date_from, after.date_to)
            changes_claim = any(coverage[name] != after[name] for name in CLAIM_FIELDS)
            shortens = period != (coverage.date_from, coverage.date_to) and coverage._has_postings(
                outside=period
            )
            if shortens or (changes_claim and coverage._has_postings()):
                raise UserError(
                    self.env._(
                        "Claims were already made under %(coverage)s of %(patient)s. Its plan, person and "
                        "rank stay, and its dates keep covering those services: give it an end date after "
                        "them and add a new coverage.",
                        coverage=coverage.display_name,
                        patient=coverage.patient_id.name,
                    )
                )

    @api.model
    def _get_place(self, vals):
        return {name: vals[name] for name in PLACE_FIELDS & vals.keys()}
