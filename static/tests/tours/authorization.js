/**
 * A visit of today: the clerk verifies the insurance, meets the plan's stop, asks the payer, records the yes, and bills.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";

registry.category("web_tour.tours").add("billing_authorization_stop", {
    steps: () => [
        {
            content: "Nobody has verified the insurance of this visit yet",
            trigger: '.o_data_row:contains("Ana López"):contains("Blue Plan") button[name="action_verify"]',
            run: "click",
        },
        {
            content: "The payer says: insured",
            trigger: '.modal .o_field_widget[name="result"] .o_selection_badge:contains(/^Active$/)',
            run: "click",
        },
        {
            content: "Who said so",
            trigger: '.modal .o_field_widget[name="responder"] input',
            run: "edit Maria",
        },
        {
            content: "Bring the coverage up to date",
            trigger: '.modal button[name="action_apply"]',
            run: "click",
        },
        ...openMenu("billing_visits_menu", "billing_encounter_menu"),
        {
            content: "Open hers",
            trigger: '.o_data_row:contains("Ana López") td[name="patient_id"]',
            run: "click",
        },
        {
            content: "She is insured",
            trigger: '.o_form_view .badge.text-bg-success:visible:contains("Insurance verified on")',
        },
        {
            content: "Yet the visit says what is missing",
            trigger: 'div[name="findings"]:contains("Blue Plan wants to be asked"):contains("Therapy (T100)")',
        },
        {
            content: "Try to go on all the same",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "It has to wait, and the sentence says why",
            trigger: '.modal .modal-body:contains("has to wait. Blue Plan wants to be asked")',
        },
        {
            content: "Understood",
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "Ask the payer",
            trigger: 'body:not(:has(.modal)) div[name="findings"] .o_data_row:contains("has to wait") button[name="action_mend"]:contains("Request authorization")',
            run: "click",
        },
        {
            content: "The request is filled in",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("T100"):contains("2.00")',
        },
        {
            content: "It was sent",
            trigger: '.o_statusbar_buttons button[name="action_submit"]',
            run: "click",
        },
        {
            content: "The payer calls back: type its number",
            trigger: '.o_field_widget[name="number"] input',
            run: "edit A-4711",
        },
        {
            content: "It agreed",
            trigger: '.o_statusbar_buttons button[name="action_approve"].btn-primary',
            run: "click",
        },
        {
            content: "Approved",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Approved")',
        },
        {
            content: "Back to the visit",
            trigger: '.oe_stat_button[name="action_view_encounters"]',
            run: "click",
        },
        {
            content: "The service has found its authorization",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("A-4711: T100 (2 left)")',
        },
        {
            content: "Now it is ready",
            trigger: 'body:not(:has(div[name="findings"] .o_data_row:contains("has to wait"))) .o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "Bill it",
            trigger: '.o_statusbar_buttons button[name="action_bill"].btn-primary',
            run: "click",
        },
        {
            content: "Yes, bill",
            trigger: '.modal button[name="action_bill"]',
            run: "click",
        },
        {
            content: "The claim is there to be sent",
            trigger: '.o_statusbar_buttons button[name="action_send"]',
        },
    ],
});
