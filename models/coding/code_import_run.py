import hashlib
import io
import logging
from contextlib import contextmanager

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools import code_files

from .stage import STAGES, Job, drop_staged

_logger = logging.getLogger(__name__)

# Rows of one transaction when a file is loaded in the background.
BATCH = 10_000
# Files with more rows than this are left to the scheduled action.
AT_ONCE = 25_000
SHOWN = 20


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

    # === WAYS IN === #

    @api.model
    def _load_file(self, file, name, **options):
        """Load a file at once: for scheduled actions and scripts, with the same result as the wizard.

        :param file: a binary file that can be read from anywhere
        :param str name: its name, which may say format and edition
        :param options: ``system`` (a code system), ``format`` (key), ``member``, ``setting``, ``kind``, ``lang``,
            ``edition``, ``date_from``, ``is_complete``, ``skip_unreadable``: where the file does not say, or wrongly
        :return: the loading, with what was done
        :raise UserError: the file cannot be loaded; the database is as it was
        """
        vals = self._prepare_vals(file, name, **options)
        self.env["billing.code.system"].browse(vals["system_id"])._lock_for_loading()
        loading = self.create([vals])
        loading._run(file)
        return loading

    @api.model
    def _prepare_vals(self, file, name, **options):
        """The values of a loading of this file, with everything that the file says of itself filled in.

        :raise UserError: nobody knows what it is, or for which list
        """
        self.env["billing.code"].check_access("write")
        given = {key: value for key, value in options.items() if value is not None}
        found = self._detect(file, name, given.get("member"))
        form = code_files.BY_KEY.get(given.get("format")) or found.format
        if form is None or form.target not in self._get_stages():
            raise UserError(self.env._(
                "“%(file)s” looks like none of the files that can be loaded here. Say which format it is, or bring it "
                "into a table with the headings code, name, description.", file=name,
            ))
        system = given.get("system") or self._find_system(form)
        if not system:
            raise UserError(self.env._("“%(file)s” does not say for which list it is. Choose the list.", file=name))
        return {
            "name": name,
            "checksum": self._get_checksum(file),
            "member": found.name if found.members else False,
            "format": form.key,
            "system_id": system.id,
            "setting": given.get("setting") or found.setting or "practitioner",
            "kind": given.get("kind") or system.default_kind,
            "lang": given.get("lang") or "en_US",
            "edition": given.get("edition") or found.edition.name or name,
            "date_from": options.get("date_from", found.edition.date_from),
            "is_complete": given.get("is_complete", form.is_complete),
            "skip_unreadable": given.get("skip_unreadable", False),
        }

    @api.model
    def _detect(self, file, name, member=None):
        """What a file is.

        :raise UserError: it is empty, or an archive that cannot be opened
        """
        try:
            return code_files.detect(file, name, member)
        except code_files.BadFileError as error:
            raise self._refusal(name, [error.unreadable], 1) from error

    @api.model
    def _find_system(self, form):
        """The code system that a format is for, by its short key."""
        keys = list(form.systems.values())
        return self.env["billing.code.system"].with_context(active_test=False).search(
            [("code", "=ilike", keys[0])], limit=1,
        ) if keys else self.env["billing.code.system"]

    @api.model
    def _get_checksum(self, file):
        """What tells two files apart."""
        file.seek(0)
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return checksum

    # === PREVIEW === #

    def _preview(self, file):
        """What loading would do, without doing it.

        :return: (counts by what happens, samples [(what, line, code, text, what it was)], unreadable lines)
        """
        self.ensure_one()
        job = self._prepare_job(preview=True)
        stage = self._get_stages()[job.format.target](job)
        try:
            with stage.opened(), code_files.open_rows(file, job.format, self.member) as rows:
                stage.fill(rows)
                counts = stage.compare()
                return (
                    {**counts, "unreadable": stage.unreadable_count}, stage.samples(SHOWN), stage.unreadable[:SHOWN],
                )
        except code_files.BadFileError as error:
            return {"unreadable": 1}, [], [error.unreadable]
        finally:
            stage.drop()

    # === LOADING === #

    def _run(self, file, commit=None):
        """Load the file.

        :param commit: called after each batch with the number of rows done; without it all is one transaction
        :raise UserError: somebody else loads into this list, or the file has unreadable lines; nothing was changed
        """
        self.ensure_one()
        job = self._prepare_job()
        job.all_systems._lock_for_loading()
        if self.state == "waiting":
            self._set_state("running")
        stage = self._get_stages()[job.format.target](job)
        try:
            with stage.opened(), code_files.open_rows(file, job.format, self.member) as rows:
                stage.fill(rows)
                self._refuse_unreadable(stage)
                counts = stage.compare()
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
                new=self.new_count, changed=self.changed_count, ended=self.ended_count,
            )
        return "\n".join([summary, *self._list_unreadable(stage.unreadable, stage.unreadable_count)])

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

    # === REFUSALS === #

    def _refuse_unreadable(self, stage):
        """Nothing is loaded of a file with unreadable lines, unless they are to be left out; nor of one without rows.

        :raise UserError: naming the first lines
        """
        if stage.unreadable_count and not (self.skip_unreadable and stage.total):
            raise self._refusal(self.name, stage.unreadable, stage.unreadable_count)

    def _refusal(self, name, unreadable, count):
        """Why a file was not loaded."""
        return UserError("\n".join([
            self.env._("“%(file)s” was not loaded; nothing was changed.", file=name),
            *self._list_unreadable(unreadable, count),
        ]))

    def _list_unreadable(self, unreadable, count):
        """The first unreadable lines, each with its reason."""
        lines = [
            self.env._("Line %(line)s: %(reason)s", line=item.line, reason=self._explain(item))
            for item in unreadable[:SHOWN]
        ]
        if count > SHOWN:
            lines.append(self.env._("… and %(count)s more.", count=count - SHOWN))
        return lines

    # === IN THE BACKGROUND === #

    @contextmanager
    def _open_file(self):
        """The kept file, read from the disk as far as Odoo keeps it there: memory does not grow with it."""
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id),
        ], limit=1)
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as file:
                yield file
        else:
            yield io.BytesIO(attachment.raw or b"")

    @api.model
    def _cron_load(self):
        """Load what waits, one file after the other; what was cut off goes on."""
        for loading in self.search([("state", "in", ("waiting", "running"))], order="id"):
            loading = loading.try_lock_for_update()  # noqa: PLW2901
            if not loading:
                continue
            try:
                loading.with_user(loading.user_id).with_context(lang=loading.user_id.lang)._run_in_background()
            except OperationalError:
                # Somebody changed the same codes meanwhile: the next run finds what is still to be done.
                self.env.cr.rollback()
                self.env.ref("billing_coordinator.cron_load_codes")._trigger()
            except Exception as error:  # one bad file stops no other
                self.env.cr.rollback()
                if not isinstance(error, UserError):
                    _logger.exception("Loading %s failed", loading.name)
                loading._set_state("failed", report=str(error))
            drop_staged(self.env)
            if not self.env["ir.cron"]._commit_progress():
                break

    def _run_in_background(self):
        """Load one file in batches."""
        progress = self.env["ir.cron"]._commit_progress
        with self._open_file() as file:
            self._run(file, commit=lambda done, remaining: progress(done, remaining=remaining))
