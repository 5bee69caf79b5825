/**
 * A coordinator verifies the insurance of a coming visit: the badge is amber, the payer answers, the badge is green.
 */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_verify_insurance", {
    steps: () => [
        {
            content: "The visit is on the list of those to verify",
            trigger: '.o_data_row:contains("Ana López") td[name="patient_id"]',
            run: "click",
        },
        {
            content: "Nobody has asked the payer yet",
            trigger: '.o_form_view .badge.text-bg-warning:visible:contains("Insurance not verified")',
        },
        {
            content: "Ask now",
            trigger: '.o_form_view div[name="insurance"] button[name="action_verify"]:visible',
            run: "click",
        },
        {
            content: "The question says whom to call, on a number to click",
            trigger: '.modal div[name="whom"]:contains("Provider line") a[href^="tel:"]',
        },
        {
            content: "Insured",
            trigger: '.modal .o_field_widget[name="result"] .o_selection_badge:contains(/^Active$/)',
            run: "click",
        },
        {
            content: "Who said so",
            trigger: '.modal .o_field_widget[name="responder"] input',
            run: "edit Maria",
        },
        {
            content: "What is on file stands there already; the copay rose",
            trigger: '.modal .o_field_widget[name="copay"] input',
            run: "edit 30.00",
        },
        {
            content: "Bring the coverage up to date",
            trigger: '.modal button[name="action_apply"]',
            run: "click",
        },
        {
            content: "The badge is green",
            trigger: 'body:not(:has(.modal)) .o_form_view .badge.text-bg-success:visible:contains("Insurance verified on")',
        },
    ],
});
