from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import format_decimalized_number

# Unreadable lines that are named.
SHOWN = 20


class BillingCodeImport(models.Model):
    """What files can be read, and what their readers complain about, in words that a person can act on."""

    _inherit = "billing.code.import"

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

    # === SENTENCES === #

    @api.model
    def _explain(self, unreadable):
        """Why a line cannot be loaded, and what to do. The readers know no languages, so the words are here.

        :param unreadable: ``tools.code_files.Unreadable``
        """
        _ = self.env._
        about = {
            key: format_date(self.env, value) if key in ("date_from", "date_to") else value
            for key, value in unreadable.about.items()
        }
        if "size" in about:
            about["size"] = format_decimalized_number(about["size"])
        words = self._get_line_words() | self._get_file_words()
        sentence = words.get(unreadable.reason)
        return sentence % about if sentence else _("This line cannot be read (%(reason)s).", reason=unreadable.reason)

    @api.model
    def _get_format_words(self):
        """Names of the formats, by their key."""
        _ = self.env._
        return {
            "icd10cm_order": _("ICD-10-CM order file"),
            "icd10cm_tabular": _("ICD-10-CM tabular list (XML)"),
            "hcpcs": _("HCPCS Level II (ANWEB)"),
            "gem_9_to_10": _("Crosswalk ICD-9-CM to ICD-10-CM (GEM)"),
            "gem_10_to_9": _("Crosswalk ICD-10-CM to ICD-9-CM (GEM)"),
            "ncci_pairs": _("NCCI pairs (PTP)"),
            "ncci_units": _("NCCI unit limits (MUE)"),
            "icd10cm_codes": _("ICD-10-CM codes file"),
            "icd9cm_short": _("ICD-9-CM short list"),
            "icd9cm_long": _("ICD-9-CM long list"),
            "remark_codes": _("Remark codes (RARC)"),
            "reason_codes": _("Adjustment reason codes (CARC)"),
            "plain_table": _("Table with headings (CSV, XLSX)"),
        }

    def _get_line_words(self):
        """Sentences for single lines, by the reason of the readers."""
        _ = self.env._
        return {
            "cut": _("The line is cut: it has %(length)s characters of at least %(expected)s."),
            "length": _("The record has %(length)s characters instead of %(expected)s."),
            "code": _("“%(code)s” is no code of this list."),
            "flag": _("“%(value)s” is none of the marks that may stand here."),
            "kind": _("“%(value)s” is no kind of code."),
            "no_text": _("%(code)s has no description."),
            "date": _("“%(value)s” is no date."),
            "order": _("The code would end on %(date_to)s, before it starts on %(date_from)s."),
            "number": _("“%(value)s” is no number."),
            "columns": _("The line has %(count)s columns; at least %(expected)s are needed."),
            "quote": _("A quotation mark is opened and not closed."),
            "encoding": _("The line is not written in UTF-8. Save the file in that encoding."),
            "duplicate": _("%(code)s stands in line %(first)s already."),
            "parent": _("%(code)s stands under %(parent)s, which is neither in the file nor in the list."),
            "circle": _("%(code)s would stand under itself, by way of %(parent)s."),
            "continuation": _("The line goes on with %(code)s, but the line before is about %(before)s."),
            "same": _("Both codes of the pair are %(code)s."),
        }

    def _get_file_words(self):
        """Sentences for files as a whole."""
        _ = self.env._
        return {
            "empty": _("The file is empty."),
            "no_rows": _("Nothing in the file looks like a line of such a list."),
            "utf16": _("The file is written in UTF-16. Save it in UTF-8."),
            "endless": _("The line does not end. This is no text file."),
            "headings": _("The first line has to name the columns: at least “code” and “name” or “description”."),
            "entities": _("The file declares a document type or entities, which no published list does."),
            "xml": _("The XML is broken here: %(message)s"),
            "spreadsheet": _("The spreadsheet cannot be opened: %(message)s"),
            "zip_broken": _("The archive is broken: %(message)s"),
            "zip_locked": _("The archive is locked with a password. Unpack it first."),
            "zip_members": _("The archive holds %(count)s files, more than the %(limit)s that are looked at."),
            "zip_size": _("Unpacked, the archive would take %(size)sB. That is more than a list of codes needs."),
            "zip_ratio": _(
                "“%(name)s” would unpack to more than %(limit)s times its size. No list of codes does; it is refused."
            ),
            "zip_nothing": _("The archive holds no text, CSV, XML or XLSX file."),
            "zip_missing": _("The archive holds no file “%(name)s”."),
        }
