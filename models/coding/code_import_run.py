from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.billing_coordinator.tools import code_files

from .stage import STAGES, Job

# Rows of one transaction when a file is loaded in the background.
BATCH = 10_000
# Files with more rows than this are left to the scheduled action.
AT_ONCE = 25_000
# Examples of each kind in a preview.
SHOWN = 20
# Fewer codes than this may end without anybody wondering.
FEW = 10


class BillingCodeImport(models.Model):
    """Loading a file: read all of it, compare, then create and change in batches, and end what it dropped.

    Nothing is written before the whole file was read and found readable. In the background each batch is a
    transaction of its own, so that nobody waits for longer than that. Cut off in between, every code stands either as
    before or as the file says; the next run reads the file again, finds what is done already to be the same, and goes
    on. Codes end in the last batch, when all the others are in.
    """

    _inherit = "billing.code.import"

    @api.model
    def _get_stages(self):
        """What rows of files become, by the target that their format names. Hook: other rooms add theirs."""
        return STAGES

    # === PREVIEW === #

    def _preview(self, file):
        """What loading would do, without doing it.

        :return: (counts by what happens, and ``warning`` where very many codes would end; samples
            [(what, line, code, text, what it was)]; unreadable lines)
        """
        self.ensure_one()
        stage = self._prepare_stage(preview=True)
        try:
            with stage.opened(), code_files.open_rows(file, stage.job.format, self.member) as rows:
                stage.fill(rows)
                counts = {**stage.compare(), "unreadable": stage.unreadable_count}
                if self._are_many(counts["ending"], stage):
                    counts["warning"] = self._warn_of_ends(counts["ending"], stage)
                return counts, stage.samples(SHOWN), stage.unreadable[:SHOWN]
        except code_files.BadFileError as error:
            return {"unreadable": 1}, [], [error.unreadable]
        finally:
            stage.drop()

    # === LOADING === #

    def _run(self, file, commit=None):
        """Load the file.

        :param commit: called after each batch with the number of rows done; without it all is one transaction
        :raise UserError: somebody else loads into this list, the file has unreadable lines, or nobody has looked and
            very many codes would end; nothing was changed
        """
        self.ensure_one()
        stage = self._prepare_stage()
        stage.job.all_systems._lock_for_loading()
        if self.state == "waiting":
            self._set_state("running")
        try:
            with stage.opened(), code_files.open_rows(file, stage.job.format, self.member) as rows:
                stage.fill(rows)
                self._refuse_unreadable(stage)
                counts = stage.compare()
                self._refuse_many_ends(stage, counts["ending"])
                self._apply(stage, counts, commit)
        except code_files.BadFileError as error:
            raise self._refusal(self.name, [error.unreadable], 1) from error
        self._finish(stage)

    def _apply(self, stage, counts, commit):
        """Batch after batch; what is counted stands in the same transaction as what was done."""
        self.write({"row_count": stage.total, "row_done": 0})
        size = BATCH if commit else max(stage.total, 1)
        todo = counts["new"] or counts["changed"]
        for first in range(1, stage.total + 1, size) if todo else ():
            last = min(first + size - 1, stage.total)
            created, changed = stage.apply(first, last)
            self.write({
                "row_done": last,
                "new_count": self.new_count + created,
                "changed_count": self.changed_count + changed,
            })
            if commit:
                self.env[stage.model].invalidate_model()
                commit(last - first + 1, stage.total - last)
                stage.job.all_systems._lock_for_loading()
        with stage.whole_sets():
            self.ended_count += stage.end()

    def _finish(self, stage):
        """Say what was done; the list remembers its latest edition."""
        self.env.invalidate_all()
        system = self.system_id
        if self.is_complete and self.date_from and (not system.edition_date or system.edition_date <= self.date_from):
            system.write({"edition": self.edition, "edition_date": self.date_from})
        self._set_state(
            "done",
            row_done=stage.total,
            same_count=max(stage.total - self.new_count - self.changed_count, 0),
            unreadable_count=stage.unreadable_count,
            date_done=fields.Datetime.now(),
            seal=stage.seal(),
            file=False,
            report=self._describe(stage),
        )
        self.flush_recordset()

    def _describe(self, stage):
        """What was done, in a sentence; and the lines that were left out."""
        if not (self.new_count or self.changed_count or self.ended_count):
            summary = self.env._("Everything was as the file says already: nothing was changed.")
        else:
            summary = self.env._(
                "%(new)s new, %(changed)s changed, %(ended)s ended.",
                new=self._count(self.new_count), changed=self._count(self.changed_count),
                ended=self._count(self.ended_count),
            )
        return "\n".join([summary, *self._list_unreadable(stage.unreadable, stage.unreadable_count)])

    @api.model
    def _count(self, number):
        """A number as people read it: 98,236."""
        return formatLang(self.env, number, digits=0)

    # === VERY MANY CODES WOULD END === #

    @api.model
    def _get_most_ending(self):
        """The share of a list, in percent, that may end without anybody having looked. A system parameter."""
        return self.env["ir.config_parameter"].sudo().get_param("billing_coordinator.code_import_most_ending", 20)

    def _are_many(self, ending, stage):
        """Whether so much would end that the file may not be the whole list, or not this list at all."""
        return ending > FEW and 100 * ending > float(self._get_most_ending()) * stage.count_valid()

    def _warn_of_ends(self, ending, stage):
        """How much would end, in a sentence."""
        valid = stage.count_valid()
        return self.env._(
            "%(ending)s of the %(valid)s entries that are valid until now would end (%(share)s %%), because the file "
            "does not name them.",
            ending=self._count(ending), valid=self._count(valid), share=round(100 * ending / valid),
        )

    def _refuse_many_ends(self, stage, ending):
        """What nobody has looked at does not end a large part of a list.

        :raise UserError: it would
        """
        if not self.may_end and self._are_many(ending, stage):
            raise UserError("\n".join([
                self.env._("“%(file)s” was not loaded; nothing was changed.", file=self.name),
                self._warn_of_ends(ending, stage),
                self.env._(
                    "Nobody was there to ask. Load the file under Configuration > Load Codes, where you see first what "
                    "would end."
                ),
            ]))

    # === THE STAGE === #

    def _prepare_stage(self, preview=False):
        """What compares and writes the rows of the file."""
        job = self._prepare_job(preview)
        return self._get_stages()[job.format.target](job)

    def _prepare_job(self, preview=False):
        """What the stage has to know."""
        form = code_files.BY_KEY[self.format]
        systems = {}
        for kind, key in form.systems.items():
            system = self.system_id if key.upper() == self.system_id.code.upper() else self.env[
                "billing.code.system"
            ].with_context(active_test=False).search([("code", "=ilike", key)], limit=1)
            systems[kind] = system or self.system_id
        if self.system_id not in systems.values() and systems:
            # Another list than the usual one was chosen: what is meant first goes there.
            systems[next(iter(systems))] = self.system_id
        return Job(
            env=self.env, format=form, system=self.system_id, systems=systems, setting=self.setting,
            edition=self.edition, date_from=self.date_from or None, is_complete=self.is_complete and not (
                # Codes on lines that were left out would seem to have been dropped.
                self.skip_unreadable and form.target == "code"
            ),
            kind=self.kind, lang=self.lang or "en_US", preview=preview,
        )
