/**
 * The life of a claim at the desk: it is sent, its payer is asked, it comes back unread, is corrected and sent again.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";

const status = (words) => ({
    content: `It is ${words}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${words}")`,
});
const press = (name, content, within = ".o_statusbar_buttons") => ({
    content,
    trigger: `${within} button[name="${name}"]`,
    run: "click",
});
const openClaim = () => [
    ...openMenu("billing_claims_menu", "billing_claim_menu"),
    {
        content: "The claim of Ana López",
        trigger: '.o_data_row:contains("Ana López") .o_data_cell[name="payer_id"]',
        run: "click",
    },
];

registry.category("web_tour.tours").add("billing_claim_sent_and_asked_about", {
    steps: () => [
        ...openClaim(),
        press("action_send", "Send it"),
        status("Submitted"),
        press("action_log_contact", "The payer was asked"),
        {
            content: "It is in process",
            trigger: '.modal .o_field_widget[name="outcome"] .o_selection_badge:contains("In process")',
            run: "click",
        },
        {
            content: "Who said so",
            trigger: '.modal .o_field_widget[name="spoken_to"] input',
            run: "edit Marion",
        },
        {
            content: "Log it",
            trigger: '.modal-footer button:contains("Log it")',
            run: "click",
        },
        {
            content: "Look at the history",
            trigger: 'body:not(:has(.modal)) .o_notebook .nav-link[name="history"]',
            run: "click",
        },
        {
            content: "The call stands in it",
            trigger: '.o_field_widget[name="event_ids"] .o_kanban_record:contains("Asked: In process · Marion")',
        },
    ],
});

registry.category("web_tour.tours").add("billing_claim_corrected", {
    steps: () => [
        ...openClaim(),
        {
            content: "It says why it came back",
            trigger: 'div[name="rejected"]:contains("Subscriber not found")',
        },
        press("action_correct", "Correct it"),
        {
            content: "What was corrected",
            trigger: '.modal .o_field_widget[name="reason"] input',
            run: "edit Member number corrected",
        },
        {
            content: "It was sent again",
            trigger: '.modal-footer button:contains("Sent again")',
            run: "click",
        },
        status("Submitted"),
        {
            content: "Look at the history",
            trigger: 'body:not(:has(.modal)) .o_notebook .nav-link[name="history"]',
            run: "click",
        },
        {
            content: "That it came back stays in it",
            trigger: '.o_field_widget[name="event_ids"] .o_kanban_record:contains("Rejected: Subscriber not found")',
        },
    ],
});
