/**
 * The manager loads a list from a file, looks at what it changes, and a clerk's visit is sold with a code of it.
 */
import { registry } from "@web/core/registry";
import { chooseFile, chooseRecord, openMenu } from "@billing_coordinator/../tests/tours/steps";

const LIST = [
    "code,name,description,valid from",
    "ZT100,Zlong talk,Zlong talk about the results,2020-01-01",
    "ZT200,Zshort talk,Zshort talk at the door,2020-01-01",
].join("\n");

registry.category("web_tour.tours").add("billing_code_import", {
    steps: () => [
        ...openMenu("billing_configuration_menu", "billing_code_import_wizard_menu"),
        ...chooseFile(LIST, "talks.csv"),
        {
            content: "It is taken for a table with headings",
            trigger: '.modal .o_field_widget[name="format"]:contains("Table with headings"), .modal .o_field_widget[name="format"] input:value("Table with headings (CSV, XLSX)"), .modal .o_field_widget[name="format"] select',
        },
        ...chooseRecord("system_id", "Own services"),
        {
            content: "Look what it changes",
            trigger: '.modal button[name="action_preview"]',
            run: "click",
        },
        {
            content: "Two codes are new",
            trigger: '.modal div[name="preview"] .o_data_row:contains("ZT200")',
        },
        {
            content: "Load it",
            trigger: '.modal button[name="action_import"]',
            run: "click",
        },
        {
            content: "It says what was done",
            trigger: '.o_form_view .o_field_widget[name="report"]:contains("2 new, 0 changed, 0 ended.")',
        },
        ...openMenu("billing_visits_menu", "billing_encounter_menu"),
        {
            content: "The visit of Ana López",
            trigger: '.o_data_row:contains("Ana López") .o_data_cell[name="patient_id"]',
            run: "click",
        },
        {
            content: "Its service",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row .o_data_cell[name="code_id"]',
            run: "click",
        },
        {
            content: "Look for the code by words in any order",
            trigger: '.o_field_widget[name="line_ids"] .o_selected_row .o_field_widget[name="code_id"] input',
            run: "edit results zlong",
        },
        {
            content: "It is found",
            trigger: '.ui-menu-item a:contains("ZT100 Zlong talk")',
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: '.o_form_saved .o_field_widget[name="line_ids"] .o_data_row:contains("ZT100"), .o_form_view:not(:has(.o_form_button_save:visible)) .o_field_widget[name="line_ids"] .o_data_row:contains("ZT100")',
        },
        {
            content: "Ready to be billed",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "It may be billed now",
            trigger: '.o_statusbar_buttons button[name="action_bill"]',
        },
    ],
});
