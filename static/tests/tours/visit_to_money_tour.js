/**
 * One visit, from registration to money, as a billing clerk does it: register, cover twice, record, bill, type both
 * payers' answers, print, take the patient's payment.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";
import { stepUtils } from "@web_tour/tour_utils";

function choose(field, text, scope = "") {
    return [
        {
            content: `Type ${text} into ${field}`,
            trigger: `${scope} .o_field_widget[name="${field}"] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.ui-menu-item a:contains("${text}")`,
            run: "click",
        },
    ];
}

function fill(field, text, scope = "") {
    return {
        content: `Type ${text} into ${field}`,
        trigger: `${scope} .o_field_widget[name="${field}"] input`,
        run: `edit ${text}`,
    };
}

/** Dates are typed into a popover in read mode of the widget: open it first. */
function fillDate(field, text, scope = "") {
    return {
        content: `Type the date ${text} into ${field}`,
        trigger: `${scope} .o_field_widget[name="${field}"] input, ${scope} .o_field_widget[name="${field}"] button`,
        async run(helpers) {
            if (this.anchor.tagName === "BUTTON") {
                await helpers.click();
            }
            await helpers.edit(text, `${scope} .o_field_widget[name="${field}"] input`);
        },
    };
}

function cover(plan, member, rank) {
    return [
        {
            content: "Add an insurance",
            trigger: '.o_field_widget[name="coverage_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        ...choose("plan_id", plan, ".modal"),
        fill("member_number", member, ".modal"),
        {
            content: `It is the ${rank} one`,
            trigger: '.modal .o_field_widget[name="rank"]',
            run() {
                const radio = [...this.anchor.querySelectorAll("label")].find((label) => label.textContent.includes(rank));
                if (radio) {
                    radio.click();
                }
            },
        },
        fillDate("date_from", "01/01/2026", ".modal"),
        {
            content: "That is all about it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The insurance stands on the account",
            trigger: `body:not(:has(.modal)) .o_field_widget[name="coverage_ids"] .o_data_row:contains("${plan}")`,
        },
    ];
}

function typeAnswer(reference, amounts) {
    return [
        fill("reference", reference),
        fill("amount", amounts.amount_paid),
        {
            content: "Go to the first service",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row td[name="amount_paid"]',
            run: "click",
        },
        ...Object.entries(amounts).map(([field, amount]) => ({
            ...fill(field, amount, '.o_field_widget[name="line_ids"] .o_selected_row'),
            run: `edit ${amount} && press Tab`,
        })),
        {
            content: "It says at once that the answer balances",
            trigger: 'div[name="balanced"]:contains("Balances.")',
        },
        {
            content: "Post it",
            trigger: '.o_statusbar_buttons button[name="action_post"].btn-primary',
            run: "click",
        },
        {
            content: "It is posted",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Posted")',
            timeout: 60000,
        },
    ];
}

registry.category("web_tour.tours").add("billing_visit_to_money", {
    url: "/odoo/billing-accounts/new",
    steps: () => [
        {
            content: "Her name",
            trigger: '.o_field_widget[name="name"] input, .o_field_widget[name="name"] textarea',
            run: "edit Tina Tour",
        },
        fillDate("birth_date", "02/29/1984"),
        ...cover("Blue Plan", "B-1", "Primary"),
        ...cover("Gold Plan", "G-1", "Secondary"),
        ...stepUtils.saveForm(),
        {
            content: "Record a visit",
            trigger: 'button[name="action_billing_new_visit"]',
            run: "click",
        },
        {
            content: "Both coverages are in force",
            trigger: '.o_field_widget[name="coverage_ids"]:contains("Blue Plan"):contains("Gold Plan")',
        },
        {
            content: "Add a service",
            trigger: '.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        ...choose("product_id", "Office visit", '.o_field_widget[name="line_ids"] .o_selected_row'),
        {
            content: "Its price is known",
            trigger: '.o_field_widget[name="line_ids"] .o_selected_row .o_field_widget[name="price_unit"] input:value("500.00")',
        },
        ...stepUtils.saveForm(),
        {
            content: "It is complete",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "Bill it",
            trigger: '.o_statusbar_buttons button[name="action_bill"].btn-primary',
            run: "click",
        },
        {
            content: "The preview says who is asked",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:contains("Blue Insurance"):contains("500.00")',
        },
        {
            content: "Yes, bill",
            trigger: '.modal button[name="action_bill"]',
            run: "click",
        },
        {
            content: "Print the claim",
            trigger: '.o_statusbar_buttons button[name="action_print"]',
            run: "click",
        },
        {
            content: "It was sent, once the paper is printed",
            trigger: 'body:not(:has(.o_blockUI)) .o_statusbar_buttons button[name="action_send"]:enabled',
            run: "click",
            timeout: 60000,
        },
        {
            content: "The payer answers",
            trigger: '.o_statusbar_buttons button[name="action_answer"].btn-primary',
            run: "click",
        },
        ...typeAnswer("CHK 1", { amount_paid: "300.00", quick_allowance: "120.00", quick_deductible: "80.00" }),
        ...openMenu("billing_claims_menu", "billing_claim_menu"),
        {
            content: "What is left went to the second payer",
            trigger: '.o_data_row:contains("Gold Insurance"):contains("Tina Tour") td[name="payer_id"]',
            run: "click",
        },
        {
            content: "It has been sent",
            trigger: '.o_statusbar_buttons button[name="action_send"]',
            run: "click",
        },
        {
            content: "It answers too",
            trigger: '.o_statusbar_buttons button[name="action_answer"].btn-primary',
            run: "click",
        },
        ...typeAnswer("CHK 2", { amount_paid: "60.00", quick_coinsurance: "20.00" }),
        ...openMenu("billing_money_menu", "billing_patient_invoice_menu"),
        {
            content: "The rest is the patient's",
            trigger: '.o_data_row:contains("Tina Tour"):contains("20.00") td[name="name"]',
            run: "click",
        },
        {
            content: "She pays",
            trigger: '.o_statusbar_buttons button[name="action_register_payment"]:visible, .o_statusbar_buttons button[name="action_force_register_payment"]:visible',
            run: "click",
        },
        {
            content: "Twenty",
            trigger: '.modal button[name="action_create_payments"]',
            run: "click",
        },
        {
            content: "Nothing is left to pay",
            trigger: '.o_widget_web_ribbon .ribbon:contains("Paid")',
        },
    ],
});
