/**
 * Somebody cannot pay at once: the clerk draws up a plan on the account page, compares terms, has it signed and registers
 * the first instalment. Later an instalment is missed, and other terms take the place.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const sign = [
    {
        content: "The person has signed",
        trigger: 'button[name="action_sign"]:contains("Signed")',
        run: "click",
    },
    {
        content: "What follows is said, and confirmed",
        trigger: '.modal button[name="action_sign"]:contains("Agreed")',
        run: "click",
    },
    {
        content: "The plan runs",
        trigger: 'body:not(.modal-open) .o_statusbar_status button[data-value="active"].o_arrow_button_current',
    },
];

function propose() {
    return [
        {
            content: "Propose it",
            trigger: 'button[name="action_propose"]',
            run: "click",
        },
        {
            content: "What it says stays",
            trigger: '.o_statusbar_status button[data-value="proposed"].o_arrow_button_current',
        },
    ];
}

registry.category("web_tour.tours").add("billing_payment_plan", {
    steps: () => [
        {
            content: "On the account page, ask for a plan",
            trigger: 'button[name="action_billing_plans"]:contains("Payment plan")',
            run: "click",
        },
        {
            content: "The open bills are in it",
            trigger: '.o_field_widget[name="amount_total"]:contains("600.00")',
        },
        {
            content: "Compare with other terms",
            trigger: 'a[name="alternatives"]',
            run: "click",
        },
        {
            content: "Twelve instalments of fifty",
            trigger: '.o_field_widget[name="alternatives"] tr:contains("12"):contains("50.00")',
        },
        {
            content: "Three suit better",
            trigger: '.o_field_widget[name="instalment_count"] input',
            run: "edit 3 && click body",
        },
        {
            content: "Look at the instalments",
            trigger: 'a[name="instalments"]',
            run: "click",
        },
        {
            content: "Each is two hundred",
            trigger: '.o_field_widget[name="instalment_ids"] .o_data_row:nth-child(3):contains("200.00")',
        },
        ...stepUtils.saveForm(),
        ...propose(),
        ...sign,
        {
            content: "The first instalment is paid right away",
            trigger: 'button[name="action_register_payment"]',
            run: "click",
        },
        {
            content: "What is due next is filled in",
            trigger: '.modal .o_field_widget[name="amount"] input:value("200.00")',
        },
        {
            content: "Pay",
            trigger: '.modal button[name="action_create_payments"]',
            run: "click",
        },
        {
            content: "A third is paid",
            trigger: 'body:not(.modal-open) .o_field_widget[name="amount_paid"]:contains("200.00")',
        },
    ],
});

registry.category("web_tour.tours").add("billing_payment_plan_missed", {
    steps: () => [
        {
            content: "Today says that an instalment was missed",
            trigger: '.o_kanban_record:contains("Instalments missed")',
            run: "click",
        },
        {
            content: "This plan",
            trigger: '.o_data_row:contains("Nora Neu") .o_data_cell[name="partner_id"]',
            run: "click",
        },
        {
            content: "How late it is",
            trigger: '.alert-danger:contains("1 missed")',
        },
        {
            content: "Other terms",
            trigger: 'button[name="action_renegotiate"]',
            run: "click",
        },
        {
            content: "What is left is in the new plan",
            trigger: '.o_field_widget[name="amount_total"]:contains("400.00")',
        },
        {
            content: "A hundred each time",
            trigger: '.o_field_widget[name="instalment_amount"] input',
            run: "edit 100 && click body",
        },
        {
            content: "Four instalments",
            trigger: '.o_field_widget[name="instalment_ids"] .o_data_row:nth-child(4):contains("100.00")',
        },
        ...stepUtils.saveForm(),
        ...propose(),
        ...sign,
        {
            content: "It has taken the place of the first",
            trigger: '.o_field_widget[name="previous_id"]:contains("Nora Neu")',
        },
    ],
});
