/**
 * What will it cost? A clerk estimates a planned service, hands it over, takes the patient's yes and makes the visit.
 */
import { registry } from "@web/core/registry";
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

function press(button, content) {
    return {
        content,
        trigger: `.o_statusbar_buttons button[name="${button}"]`,
        run: "click",
    };
}

function reached(state) {
    return {
        content: `It is ${state}`,
        trigger: `.o_statusbar_status .o_arrow_button_current:contains("${state}")`,
    };
}

registry.category("web_tour.tours").add("billing_estimate_to_visit", {
    url: "/odoo/billing-estimates",
    steps: () => [
        {
            content: "A new estimate",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("patient_id", "Ana López"),
        {
            content: "The day is planned",
            trigger: '.o_field_widget[name="date"] input, .o_field_widget[name="date"] button',
            async run(helpers) {
                if (this.anchor.tagName === "BUTTON") {
                    await helpers.click();
                }
                await helpers.edit("12/31/2099", '.o_field_widget[name="date"] input');
                await helpers.press("Enter");
            },
        },
        {
            content: "Her coverage on that day is known",
            trigger: '.o_field_widget[name="coverage_ids"]:contains("Blue Plan")',
        },
        {
            content: "Add a service",
            trigger: '.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        ...choose("product_id", "Office visit", '.o_field_widget[name="line_ids"] .o_selected_row'),
        {
            content: "Who pays what is worked out at once",
            trigger: 'div[name="advice"]:contains("offer to pay it in instalments")',
        },
        ...stepUtils.saveForm(),
        {
            content: "Read how it comes about",
            trigger: '.o_notebook_headers a[name="explanation"]',
            run: "click",
        },
        {
            content: "Every figure has its reason",
            trigger: '.o_field_widget[name="explanation"]:contains("200.00 towards the deductible"):contains("coinsurance: 20 %")',
        },
        press("action_send", "Write the e-mail"),
        {
            content: "Subject and text say nothing about health",
            trigger: '.modal .o_field_widget[name="subject"] input:value("your estimate")',
        },
        {
            content: "Send it",
            trigger: '.modal button[name="action_send_mail"]',
            run: "click",
        },
        {
            content: "It is sent",
            trigger: 'body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains("Sent")',
            timeout: 60000,
        },
        press("action_accept", "She says yes"),
        reached("Accepted"),
        press("action_make_visit", "Make the visit"),
        {
            content: "The visit has the planned service",
            trigger: '.o_breadcrumb:contains("V-"), .o_last_breadcrumb_item:contains("V-")',
        },
        {
            content: "And it knows its estimate",
            trigger: '.o_field_widget[name="estimate_id"]:contains("E-")',
        },
        {
            content: "Its service stands there",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Office visit")',
        },
    ],
});
