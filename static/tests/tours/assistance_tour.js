/**
 * Somebody cannot pay: a clerk types the application, hands it in, a manager decides, the bill is discounted.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const press = (name, content) => ({
    content,
    trigger: `.o_statusbar_buttons button[name="${name}"]:enabled`,
    run: "click",
});

const stands = (state) => ({
    content: `The application is: ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${state}")`,
});

registry.category("web_tour.tours").add("billing_financial_assistance", {
    steps: () => [
        {
            content: "She owes 500",
            trigger: '.o_field_widget[name="billing_open_bill_ids"] .o_data_row:contains("500.00")',
        },
        {
            content: "She asks for help",
            trigger: 'button[name="action_billing_assistance"]',
            run: "click",
        },
        {
            content: "The application is about her",
            trigger: '.o_field_widget[name="applicant_id"] input:value("Ana López")',
        },
        {
            content: "What she earns",
            trigger: '.o_field_widget[name="income"] input',
            run: "edit 40000 && press Tab",
        },
        {
            content: "The programme proposes at once, and says why",
            trigger: '.o_field_widget[name="proposal_reason"]:contains("is at most 300 % of the guideline")',
        },
        ...stepUtils.saveForm(),
        press("action_submit", "Hand it in"),
        {
            content: "Everybody knows who has to act now",
            trigger: 'div[name="waiting"]:contains("A manager decides")',
        },
        press("action_accept", "The manager says yes"),
        stands("Accepted"),
        {
            content: "What to do next stands on top",
            trigger: 'div[name="bills"]:contains("Bills to discount: 1")',
        },
        press("action_preview_discounts", "Apply discounts"),
        {
            content: "Nothing is posted before it is seen: 500, less 300, leaves 200",
            trigger: '.modal .o_data_row:contains("500.00"):contains("300.00"):contains("200.00")',
        },
        {
            content: "Take it off",
            trigger: '.modal footer button[name="action_apply"]',
            run: "click",
        },
        {
            content: "Nothing is left to discount",
            trigger: 'body:not(:has(.modal)):not(:has(div[name="bills"])) .oe_stat_button[name="action_view_adjustments"]',
        },
        {
            content: "Back to her account",
            trigger: '.o_breadcrumb a:contains("Ana López")',
            run: "click",
        },
        {
            content: "It says what is in force",
            trigger: 'div[name="billing_assistance"]:contains("60 % of each bill until")',
        },
        {
            content: "And she owes 200",
            trigger: '.o_field_widget[name="billing_open_bill_ids"] .o_data_row:contains("200.00")',
        },
    ],
});
