/**
 * Somebody opens Reports, chooses one by its question, asks for the last year as a spreadsheet in the background, sees
 * how far it is, and finds it among their own.
 */
import { registry } from "@web/core/registry";

const card = (text) => `.o_kanban_record:contains("${text}")`;

registry.category("web_tour.tours").add("billing_report_export", {
    steps: () => [
        {
            content: "Reports stand by the question that they answer",
            trigger: `${card("Is every charge accounted for")} button[name="action_print"]`,
            run: "click",
        },
        {
            content: "The usual grouping is chosen already",
            trigger: '.modal .o_field_widget[name="level_1"]',
        },
        {
            content: "Every row of it",
            trigger: '.modal .o_field_widget[name="with_details"] input',
            run: "click",
        },
        {
            content: "As a spreadsheet",
            trigger: '.modal .o_field_widget[name="file_format"] input[data-value="xlsx"]',
            run: "click",
        },
        {
            content: "Go on working meanwhile",
            trigger: '.modal .o_field_widget[name="is_background"] input',
            run: "click",
        },
        {
            content: "Ask for it",
            trigger: '.modal footer button[name="action_make"]',
            run: "click",
        },
        {
            content: "It waits, and says so",
            trigger: '.o_form_view .alert-info:contains("It waits its turn")',
        },
        {
            content: "Back to the reports",
            trigger: '.o_breadcrumb a:contains("Reports"), .o_back_button',
            run: "click",
        },
        {
            content: "The list of a report can be printed as it stands, too",
            trigger: `${card("Is every charge accounted for")} button[name="action_open"]`,
            run: "click",
        },
        {
            content: "Open the menu of the list",
            trigger: ".o_control_panel .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "Print or export",
            trigger: ".o_billing_print_report",
            run: "click",
        },
        {
            content: "The same report is asked for",
            trigger: '.modal .o_field_widget[name="report_id"] input:value("Conservation")',
        },
        {
            content: "Not now",
            trigger: '.modal footer button:contains("Discard")',
            run: "click",
        },
        {
            content: "Done",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
