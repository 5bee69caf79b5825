/**
 * A visit that is not in order: the clerk meets a stop, mends it where the button leads, takes the list price, accepts
 * a warning with a reason, and bills.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const row = (text) => `div[name="findings"] .o_data_row:contains("${text}")`;

registry.category("web_tour.tours").add("billing_accuracy_stop", {
    steps: () => [
        {
            content: "The visit says what is wrong",
            trigger: row("The date of birth of Ana López is missing"),
        },
        {
            content: "Try to go on all the same",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "It is refused, and the sentence says why",
            trigger: '.modal .modal-body:contains("The date of birth of Ana López is missing")',
        },
        {
            content: "Understood",
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "Go where it is mended",
            trigger: `body:not(:has(.modal)) ${row("The date of birth")} button[name="action_mend"]:contains("Open account")`,
            run: "click",
        },
        {
            content: "Type the date of birth",
            trigger: '.o_field_widget[name="birth_date"] input, .o_field_widget[name="birth_date"] button',
            async run(helpers) {
                if (this.anchor.tagName === "BUTTON") {
                    await helpers.click();
                }
                await helpers.edit("02/29/1980", '.o_field_widget[name="birth_date"] input');
                await helpers.press("Enter");
            },
        },
        ...stepUtils.saveForm(),
        {
            content: "Back to the visit",
            trigger: '.o_breadcrumb .breadcrumb-item:contains("V-") a, .o_breadcrumb a:contains("V-")',
            run: "click",
        },
        {
            content: "The stop is gone, the price is still off: take the one of the list",
            trigger: `body:not(:has(${row("The date of birth")})) ${row("the price list says")} button[name="action_mend"]:contains("Take list price")`,
            run: "click",
        },
        {
            content: "The price is right",
            trigger: `body:not(:has(${row("the price list says")})) .o_field_widget[name="line_ids"] .o_data_row:contains("500.00")`,
        },
        {
            content: "Nobody knows her street: accept that",
            trigger: `${row("street missing")} button[name="action_accept"]`,
            run: "click",
        },
        {
            content: "Say why",
            trigger: '.modal .o_field_widget[name="reason"] input',
            run: "edit She has just moved",
        },
        {
            content: "Accept",
            trigger: '.modal footer button[name="action_apply"]:enabled',
            run: "click",
        },
        {
            content: "It stands there with its reason",
            trigger: `body:not(:has(.modal)) ${row("She has just moved")}`,
        },
        {
            content: "Now it is ready",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
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
