import { registry } from "@web/core/registry";
import { openMenu } from "./steps";

/** The pipeline: whoever is late stands at a stage; a step is looked at, and done. */
registry.category("web_tour.tours").add("billing_collections_pipeline", {
    steps: () => [
        ...openMenu("billing_collections_menu", "billing_collection_preview_menu"),
        {
            content: "The dry run says what would happen",
            trigger: '.o_data_row:contains("Nora Neu"):contains("First notice")',
        },
        {
            content: "As cards, as on a phone",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "They say the same, and that somebody looks at it first",
            trigger: '.o_kanban_record:contains("Nora Neu"):contains("First notice"):contains("To look at")',
        },
        ...openMenu("billing_collections_menu", "billing_collection_case_menu"),
        {
            content: "Nora stands in the pipeline; open her case",
            trigger: '.o_kanban_grouped .o_kanban_record:contains("Nora Neu")',
            run: "click",
        },
        {
            content: "It says what comes next",
            trigger: '.o_field_widget[name="outlook"]:contains("is due")',
        },
        {
            content: "Do not wait for the night",
            trigger: 'button[name="action_decide"]',
            run: "click",
        },
        {
            content: "It waits for somebody to look at it: do it",
            trigger: 'button[name="action_approve_step"]',
            run: "click",
        },
        {
            content: "It is done, and the case says when the next one comes",
            trigger: '.o_field_widget[name="outlook"]:contains("Second notice")',
        },
    ],
});

/** The pile of letters: all that wait are printed in one go. */
registry.category("web_tour.tours").add("billing_collections_letters", {
    steps: () => [
        ...openMenu("billing_collections_menu", "billing_collection_letter_menu"),
        {
            content: "Two letters wait",
            trigger: '.o_list_view:has(.o_data_row:contains("Nora Neu")):has(.o_data_row:contains("Otto Alt"))',
        },
        {
            content: "Print all of them",
            trigger: 'button[name="action_print_letters"]',
            run: "click",
        },
        {
            content: "None waits any more",
            trigger: ".o_view_nocontent:contains('No letter waits')",
        },
    ],
});
