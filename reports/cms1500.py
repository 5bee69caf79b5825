import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.cms1500 import find_problems, layout
from odoo.addons.billing_coordinator.tools.cms1500.answers import list_answers
from odoo.addons.billing_coordinator.tools.cms1500.boxes import FIRST_LINE, LAST_COLUMN, LAST_LINE
from odoo.addons.billing_coordinator.tools.cms1500.drawing import Paper

REPORT = "billing_coordinator.report_cms1500"
# What is printed of a claim: red stock and plain paper lie in different trays.
PARTS = ("all", "forms", "answers")
# Nobody reads more at once.
MOST_SENTENCES = 20


class ReportCms1500(models.AbstractModel):
    """The claim form CMS-1500 (02/12) as PDF: the data alone for the red stock, or with a grey form to look at."""

    _name = "report.billing_coordinator.report_cms1500"
    _description = "CMS-1500"

    # === WHAT ODOO ASKS FOR === #

    @api.model
    def _get_report_values(self, docids, data=None):
        """The forms as lines of text: what is seen where no PDF can be made, and in a browser."""
        claims = self._find_claims(docids, data or {})
        return {
            "doc_ids": claims.ids,
            "doc_model": "billing.claim",
            "docs": claims,
            "pages": {
                claim: ["\n".join(
                    form.find_text(line, 1, LAST_COLUMN).rstrip() for line in range(FIRST_LINE, LAST_LINE + 1)
                ) for form in forms]
                for claim, forms in self._get_forms(claims).items()
            },
        }

    @api.model
    def _get_streams(self, docids, data):
        """The PDF of each claim, for the printing of Odoo to join: {id of the claim: stream and no attachment}.

        :param data: ``claim_ids`` where no ids are given, ``with_form``, ``part`` (one of :data:`PARTS`), or
            ``alignment`` for the page to align a printer
        :raise UserError: a claim does not go on the form, or nothing is left to print
        """
        if data.get("alignment"):
            self.env["billing.claim"].check_access("read")
            return {False: {"stream": io.BytesIO(self._print_alignment()), "attachment": None}}
        claims = self._find_claims(docids, data)
        files = self._print(claims, with_form=bool(data.get("with_form")), part=data.get("part") or "all")
        if not files:
            raise UserError(self.env._(
                "No payer has answered before about the claims chosen: there is no page to print behind them.",
            ))
        return {claim.id: {"stream": io.BytesIO(file), "attachment": None} for claim, file in files.items()}

    def _find_claims(self, docids, data):
        """The claims asked for, those that the reader may read; in the order they were asked for."""
        claims = self.env["billing.claim"].browse(docids or data.get("claim_ids") or [])
        claims.check_access("read")
        if not claims:
            raise UserError(self.env._("Choose the claims whose form shall be printed."))
        return claims

    # === PRINTING === #

    @api.model
    def _print(self, claims, with_form=False, part="all"):
        """The forms of these claims, and behind them what earlier payers answered.

        :param with_form: with a grey form as proof, whatever is the matter; else the data alone
        :param part: one of :data:`PARTS`
        :return: {claim: PDF}; a claim without such pages is missing
        :rtype: dict[billing.claim, bytes]
        :raise UserError: data alone, and a claim does not go on the form
        """
        contents = claims._get_contents()
        forms = self._get_forms(claims, contents)
        if not with_form and part != "answers":
            self._check(forms)
        files = {}
        for claim in claims:
            paper = Paper(claim.name, *self.env.user._get_cms1500_offsets(claim.company_id))
            sheets = forms[claim] if part in ("all", "forms") else []
            for form in sheets:
                paper.add_form(form, with_form, self._get_remarks(claim, form) if with_form else [])
            answers = list_answers(contents[claim]) if part in ("all", "answers") else []
            for lines in answers:
                paper.add_text(lines)
            if sheets or answers:
                files[claim] = paper.finish()
        return files

    @api.model
    def _print_copies(self, claims):
        """The forms of these claims as they were sent last, with a grey form, and behind them what earlier payers had
        answered by then. Of what was sent before copies were kept, as the claim says now.

        :return: {claim: PDF}
        :rtype: dict[billing.claim, bytes]
        :raise AccessError: the user may not read one of them
        """
        claims.check_access("read")
        claims.last_submission_id.fetch(["content", "day"])
        kept = {claim: claim.last_submission_id._get_kept_content() if claim.last_submission_id else None
                for claim in claims}
        unkept = claims.filtered(lambda claim: not kept[claim])
        now = unkept._get_contents() if unkept else {}
        files = {}
        for claim in claims:
            content, day = kept[claim] or now[claim], claim.last_submission_id.day
            # Not moved by what a printer is off: nobody prints it on the red stock.
            paper = Paper(claim.name)
            for form in layout(content, day or None):
                paper.add_form(form, True, [self._say_copy(claim, form, day)], is_copy=True)
            for lines in list_answers(content):
                paper.add_text(lines)
            files[claim] = paper.finish()
        return files

    def _say_copy(self, claim, form, day):
        """What stands at the head of a copy."""
        values = {"claim": claim.name, "number": form.number, "count": form.count}
        if not day:
            return self.env._("Copy: %(claim)s, form %(number)s of %(count)s", **values)
        return self.env._(
            "Copy: %(claim)s, sent on %(day)s, form %(number)s of %(count)s", day=format_date(self.env, day), **values,
        )

    @api.model
    def _get_forms(self, claims, contents=None):
        """{claim: its forms, as ``tools.cms1500`` lays them out}, signed today."""
        contents = contents or claims._get_contents()
        today = fields.Date.context_today(self)
        return {claim: layout(contents[claim], today) for claim in claims}

    @api.model
    def _preview(self, claims):
        """(sentences about what is the matter, whether an earlier payer has answered) of these claims."""
        contents = claims._get_contents() if claims else {}
        return self._tell_problems(self._get_forms(claims, contents)), any(map(list_answers, contents.values()))

    def _tell_problems(self, forms):
        """Sentences about what is the matter with the forms of claims; of very many the first."""
        problems = [(claim, problem) for claim, pages in forms.items() for problem in find_problems(pages)]
        sentences = [self._tell_problem(claim, problem) for claim, problem in problems[:MOST_SENTENCES]]
        if rest := len(problems) - len(sentences):
            sentences.append(self.env._("and %(count)s more", count=rest))
        return sentences

    def _check(self, forms):
        """Nothing is printed on red stock that a payer would send back."""
        if sentences := self._tell_problems(forms):
            raise UserError(self.env._(
                "Nothing was printed, because a payer would send it back:\n%(problems)s\nPrint with the grey form to "
                "see where.",
                problems="\n".join(f"• {sentence}" for sentence in sentences),
            ))

    def _get_remarks(self, claim, form):
        """What stands in red at the head of a proof."""
        return [
            self.env._(
                "Proof, not to be sent: %(claim)s, form %(number)s of %(count)s",
                claim=claim.name, number=form.number, count=form.count,
            ),
            *(self._tell_problem(claim, problem) for problem in form.problems),
        ]

    def _print_alignment(self):
        """The page that says how far a printer is off."""
        right, down = self.env.user._get_cms1500_offsets(self.env.company)
        paper = Paper(self.env._("CMS-1500: alignment"), right, down)
        paper.add_alignment([
            self.env._("CMS-1500: how far is the printer off?"),
            self.env._("1. Print this page at 100 %, never fitted to the page, on a sheet of the red stock."),
            self.env._("2. Every X belongs in the box with its number. Measure how far it is from there."),
            self.env._("3. The crosses are 12.7 mm from the edges; each of their marks is one millimetre."),
            self.env._("4. Type what is missing in Settings, Billing, CMS-1500, in millimetres to the right and down."),
            self.env._(
                "Printed with %(right)s mm to the right and %(down)s mm down.",
                right=f"{right:.1f}", down=f"{down:.1f}",
            ),
        ])
        return paper.finish()
