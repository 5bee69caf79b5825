/**
 * Statements go out: prepare a run, take one out, send, and download the letters for the printer.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "./steps";

registry.category("web_tour.tours").add("billing_statement_run", {
    steps: () => [
        ...openMenu("billing_money_menu", "billing_statement_run_menu"),
        {
            content: "A new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Prepare it",
            trigger: 'button[name="action_prepare"]:contains("Prepare")',
            run: "click",
        },
        {
            content: "It says what to do next, and who is asked for how much",
            trigger: '.alert:visible:contains("statements would go out")',
        },
        {
            content: "Take Nora out",
            trigger: '.o_data_row:contains("Nora Neu"):contains("600.00") button[name="action_take_out"]',
            run: "click",
        },
        {
            content: "She is left out, by a person",
            trigger: '.o_data_row:contains("Nora Neu"):contains("Taken out by")',
        },
        {
            content: "Send",
            trigger: 'button[name="action_send"]',
            run: "click",
        },
        {
            content: "Yes",
            trigger: '.modal-footer button.btn-primary:contains("Send")',
            run: "click",
        },
        {
            content: "All of it is out",
            trigger: 'body:not(.modal-open) .alert:contains("All of it is out")',
        },
        {
            content: "Tom has a letter that was sent",
            trigger: '.o_data_row:contains("Tom Berg"):contains("Letter"):contains("Sent")',
        },
        {
            content: "Download the letters",
            trigger: 'button[name="action_download"]',
            run: "click",
        },
        {
            content: "They are still there",
            trigger: '.o_field_widget[name="file_ids"]:contains("Statements ST-")',
        },
    ],
});
