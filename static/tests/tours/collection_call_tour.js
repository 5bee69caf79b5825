/**
 * Nora is on the list of calls: the clerk calls, she promises to pay in two parts, and the list is done. Later the promise
 * is broken, and the clerk records that she has called by herself.
 */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_collection_call", {
    steps: () => [
        {
            content: "Today says that there are calls to make",
            trigger: '.o_kanban_record:contains("Calls to make")',
            run: "click",
        },
        {
            content: "Call Nora",
            trigger: '.o_data_row:contains("Nora Neu") button[name="action_call"]',
            run: "click",
        },
        {
            content: "The words for the call and the open bills are there",
            trigger: '.modal .o_field_widget[name="script"]:contains("Good day")',
        },
        {
            content: "Nobody would be called now against a rule",
            trigger: '.modal .alert-success:contains("You may call now")',
        },
        {
            content: "She promises to pay",
            trigger: '.modal .o_field_widget[name="outcome"] span:contains("Promises to pay")',
            run: "click",
        },
        {
            content: "All that is due is proposed",
            trigger: '.modal .o_field_widget[name="part_ids"] .o_data_row:contains("600.00")',
        },
        {
            content: "She can pay less",
            trigger: '.modal .o_field_widget[name="part_ids"] .o_data_row td[name="amount"]',
            run: "click",
        },
        {
            content: "Two hundred",
            trigger: '.modal .o_field_widget[name="part_ids"] .o_selected_row .o_field_widget[name="amount"] input',
            run: "edit 200",
        },
        {
            content: "By card",
            trigger: '.modal .o_field_widget[name="way"] .o_radio_item:contains("Card") input',
            run: "click",
        },
        {
            content: "A note",
            trigger: '.modal .o_field_widget[name="note"] textarea',
            run: "edit Was away for two weeks",
        },
        {
            content: "Record it",
            trigger: '.modal-footer button[name="action_done"]:contains("Record")',
            run: "click",
        },
        {
            content: "Nobody is left to be called",
            trigger: 'body:not(.modal-open) .o_view_nocontent, body:not(.modal-open) .o_list_view:not(:contains("Nora Neu"))',
        },
    ],
});

registry.category("web_tour.tours").add("billing_collection_promise_broken", {
    steps: () => [
        {
            content: "Today says that a promise was broken",
            trigger: '.o_kanban_record:contains("Promises broken")',
            run: "click",
        },
        {
            content: "Nora's",
            trigger: '.o_data_row:contains("Nora Neu") .o_data_cell[name="partner_id"]',
            run: "click",
        },
        {
            content: "It is broken",
            trigger: '.o_statusbar_status button[data-value="broken"].o_arrow_button_current',
        },
        {
            content: "Her case",
            trigger: 'button[name="action_open_case"]',
            run: "click",
        },
        {
            content: "She has called by herself",
            trigger: 'button[name="action_called_us"]',
            run: "click",
        },
        {
            content: "That it was broken is said",
            trigger: '.modal .o_field_widget[name="promise_note"]:contains("Broken so far: 1.")',
        },
        {
            content: "Whoever calls by themselves has answered",
            trigger: '.modal .o_field_widget[name="outcome"]:not(:contains("No answer")):not(:contains("Wrong number"))',
        },
        {
            content: "She refuses",
            trigger: '.modal .o_field_widget[name="outcome"] span:contains("Refuses")',
            run: "click",
        },
        {
            content: "She does not want to be called any more",
            trigger: '.modal .o_field_widget[name="wish"] .o_radio_item:contains("called any more") input',
            run: "click",
        },
        {
            content: "Record it",
            trigger: '.modal-footer button[name="action_done"]:contains("Record")',
            run: "click",
        },
        {
            content: "It stands among the contacts of the case",
            trigger: 'body:not(.modal-open) a[name="contacts"]',
            run: "click",
        },
        {
            content: "With what it led to",
            trigger: '.o_field_widget[name="contact_ids"] .o_data_row:contains("Not called any more")',
        },
    ],
});
