import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

import { Component } from "@odoo/owl";

const WIZARD = "billing_coordinator.billing_report_wizard_action";
const DAYS = ["yesterday", "last_month", "last_quarter", "last_year"];
/** The reports of each analysis that somebody may read, asked for once. */
const reports = {};

function getReports(orm, model) {
    reports[model] ??= orm.silent
        .searchRead(
            "billing.report",
            [["res_model", "=", model], ["is_available", "=", true]],
            ["id", "res_model", "group_fields"]
        )
        .catch(() => {
            delete reports[model];
            return [];
        });
    return reports[model];
}

/** What the search bar says, for the head of the paper. */
function describe(facets) {
    return facets
        .filter((facet) => facet.type !== "groupBy" && facet.type !== "favorite")
        .map((facet) => [facet.title, facet.values.join(` ${facet.separator || "|"} `)].filter(Boolean).join(": "))
        .join(" · ");
}

/** Print or export what the list, pivot or graph of an analysis shows: the same rows, day and groups. */
export class PrintReportMenu extends Component {
    static template = "billing_coordinator.PrintReportMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async onSelected() {
        const { resModel, context, domain, facets, groupBy } = this.env.searchModel;
        const [report] = await getReports(this.orm, resModel);
        const possible = (report.group_fields || "").split(",").map((name) => name.trim());
        const levels = groupBy.filter((name) => possible.includes(name)).map((name) => `${resModel}/${name}`);
        // The list counts, whatever its dates.
        const defaults = { default_report_id: report.id, default_period_name: "all" };
        if (domain.length) {
            defaults.default_domain = new Domain(domain).toString();
            defaults.default_filter_text = describe(facets);
        }
        if (levels.length) {
            defaults.default_level_1 = levels[0];
            defaults.default_level_2 = levels[1] || false;
        }
        const day = context.billing_as_of;
        if (day) {
            defaults.default_day_name = DAYS.includes(day) ? day : "own";
            defaults.default_date = DAYS.includes(day) ? false : day;
        }
        await this.action.doAction(WIZARD, { additionalContext: defaults });
    }
}

registry.category("cogMenu").add(
    "billing-print-report",
    {
        Component: PrintReportMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) => {
            const model = env.searchModel?.resModel || "";
            return (
                model.startsWith("billing.") &&
                env.config.actionType === "ir.actions.act_window" &&
                env.config.viewType !== "form" &&
                Boolean((await getReports(env.services.orm, model)).length)
            );
        },
    },
    { sequence: 5 }
);
