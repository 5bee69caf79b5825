from odoo import api, fields, models
from odoo.exceptions import UserError

SEND_BATCH = 200


class BillingCollectionStep(models.Model):
    """What a step sends: an e-mail, a text message or a letter, in the debtor's language, and never twice.

    Message, history and state are saved in one transaction: killed in between, none of them is there, and Odoo's own
    queue sends each message once.
    """

    _inherit = "billing.collection.step"

    letter_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    came_back_on = fields.Date(
        string="Came back on",
        readonly=True,
        copy=False,
    )

    @api.model
    def _cron_send_texts(self):
        """Each hour: text messages of those where it is day."""
        self._work_through(
            (
                lambda model: [("state", "=", "ready"), ("channel", "=", "sms")],
                lambda steps: steps._filter_day()._do_safely(),
            ),
            batch_size=SEND_BATCH,
        )

    # === ACTIONS === #

    def action_do(self):
        """Do these steps now; letters among them are printed, and text messages wait where it is night."""
        if len(self) == 1 and self.channel == "sms":
            self._check_hour()
        letters = self.filtered(lambda step: step.channel == "letter")
        super(BillingCollectionStep, self - letters).action_do()
        if letters:
            letters.action_approve()
            return letters.action_print_letters()
        return None

    def action_preview(self):
        """What these steps write, as it would be printed; nothing is done."""
        return self.env.ref("billing_coordinator.action_report_collection_letter").report_action(self, config=False)

    def action_came_back(self):
        """The post has brought these letters back: the addresses do not work any more."""
        for step in self:
            if step.state != "done" or step.channel != "letter":
                raise UserError(self.env._(
                    "“%(stage)s” to %(debtor)s is no letter that was sent: choose one that was.",
                    stage=step.stage_id.name, debtor=step.partner_id.display_name,
                ))
        back = self.filtered(lambda step: not step.came_back_on)
        back.partner_id.action_billing_letter_back()
        back.sudo().came_back_on = fields.Date.context_today(self)
        back.case_id._message_log_batch({
            step.case_id.id: self.env._("The letter “%(stage)s” came back.", stage=step.stage_id.name) for step in back
        })

    # === BUSINESS METHODS === #

    def _get_lang(self):
        """The language of who is written to."""
        return self.partner_id.lang or self.lang or self.env.lang

    def _filter_day(self):
        """Those whose debtor may be sent a text message at this hour where they live."""
        answers = self.case_id._ask_rules("sms", fields.Datetime.now())
        return self.filtered(lambda step: not answers[step.case_id].refusal)

    def _check_hour(self):
        """
        :raise UserError: this text message may not be sent now, with the rule and the next moment
        """
        now = fields.Datetime.now()
        answer = self.case_id._ask_rules("sms", now)[self.case_id]
        if answer.refusal:
            raise UserError(self.case_id._say_refusal(answer, now, "sms"))

    def _look_again(self):
        return super()._look_again()._choose_ways()

    def _choose_ways(self):
        """How these are written to by now.

        Who is written to on paper by now waits for the printer, and a text message for the day.
        """
        waiting = self.browse()
        for step in self.filtered(lambda step: step.channel in ("email", "sms")):
            channel, address = step.case_id._get_channel(step.stage_id)
            if (channel, address) != (step.channel, step.address):
                step.sudo().write({"channel": channel, "address": address})
            if channel == "letter":
                waiting += step
        texts = (self - waiting).filtered(lambda step: step.channel == "sms")
        return self - waiting - (texts - texts._filter_day())

    def _act(self):
        super()._act()
        self._tell()

    def _tell(self):
        """Write to those of these steps that somebody is written to with."""
        by_channel = self.grouped("channel")
        by_channel.get("email", self.browse())._mail()
        by_channel.get("sms", self.browse())._text()
        by_channel.get("letter", self.browse())._write_letters()

    def _mail(self):
        """Put an e-mail for each of these steps into Odoo's outbox; it stands in the history of its case."""
        template = self.env.ref("billing_coordinator.mail_template_collection_step", raise_if_not_found=False)
        if not self or not template:
            return
        letter = self.env["billing.collection.letter"]
        letters = letter._get_letters(self)
        bodies = {step.case_id.id: letter._render_mail(step, values) for step, values in letters.items()}
        subjects = {step.case_id.id: step.with_context(lang=step._get_lang()).stage_id.subject for step in self}
        template.sudo().with_context(billing_bodies=bodies, billing_subjects=subjects).send_mail_batch(
            self.case_id.ids, email_layout_xmlid="billing_coordinator.mail_layout",
        )

    def _text(self):
        """Put a text message for each of these steps into Odoo's outbox."""
        if not self:
            return
        texts = {step: step._get_text() for step in self}
        messages = self.case_id._message_log_batch({
            step.case_id.id: self.env._("Text message to %(number)s: %(text)s", number=step.address, text=text)
            for step, text in texts.items()
        })
        of_case = {message.res_id: message.id for message in messages}
        self.env["sms.sms"].sudo().create([
            {
                "number": step.address, "body": text, "partner_id": step.partner_id.id,
                "mail_message_id": of_case[step.case_id.id],
            }
            for step, text in texts.items()
        ])

    def _get_text(self):
        """The text message of this step: who writes, how much, under which reference."""
        self.ensure_one()
        letter = self.env["billing.collection.letter"].with_context(lang=self._get_lang())
        values = {
            "{company}": self.company_id.name,
            "{amount}": letter._format_sums(self),
            "{reference}": letter._get_reference(self),
        }
        step = self.with_context(lang=self._get_lang())
        text = step.stage_id.sms_text or step.env._(
            "{company}: {amount} is open, reference {reference}. Questions? Please call us.",
        )
        for name, value in values.items():
            text = text.replace(name, value)
        return text
