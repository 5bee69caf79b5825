from odoo import api, fields, models


class BillingCollectionStage(models.Model):
    """The stages that a company begins with: those of the first company, whatever its people made of them; and how much
    their letters say."""

    _inherit = "billing.collection.stage"

    tells_options = fields.Boolean(
        string="Says what can be done",
        default=True,
        help="How to object, to ask for a plan or for help, and where advice is free. Without it the letter stays a "
        "short reminder.",
    )

    @api.model
    def _create_usual_stages(self, companies):
        """Give these companies the stages of the main company, words in all languages; who has some keeps those.

        :return: the stages that are new
        """
        self.check_access("create")
        # Whoever sets up one company need not be let into the main one to begin with its stages.
        stages = self.sudo().with_context(active_test=False)
        main = self.env.ref("base.main_company", raise_if_not_found=False)
        usual = stages.search([("company_id", "=", main.id), ("active", "=", True)]) if main else stages.browse()
        taken = stages.search([("company_id", "in", companies.ids)]).company_id
        created = self.browse()
        for company in companies - taken if usual else ():
            created += usual._copy_to_company(company).with_env(self.env)
        return created

    def _copy_to_company(self, company):
        """These stages once more, for another company; amounts in its currency."""
        today = fields.Date.context_today(self)
        copies = self.copy({"company_id": company.id})
        for stage, copy in zip(self, copies, strict=True):
            if stage.currency_id != copy.currency_id:
                copy.write({
                    name: stage.currency_id._convert(stage[name], copy.currency_id, company, today)
                    for name in ("amount_min", "fee") if stage[name]
                })
        return copies
