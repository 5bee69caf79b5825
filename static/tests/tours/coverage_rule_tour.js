/**
 * A plan pays less of one service: a manager adds the rule, asks which rule counts, and the visit says the same.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";
import { stepUtils } from "@web_tour/tour_utils";

const choose = (field, text, scope) => [
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

registry.category("web_tour.tours").add("billing_coverage_rule", {
    steps: () => [
        {
            content: "A rule about all services is here already",
            trigger: '.o_field_widget[name="rule_ids"] .o_data_row:contains("All services"):contains("The payer pays 90 %")',
        },
        {
            content: "Add a rule",
            trigger: '.o_field_widget[name="rule_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        ...choose("product_id", "Office visit", ".modal"),
        {
            content: "The payer gives a share of its own",
            trigger: '.modal .o_field_widget[name="payer_gives"] input',
            run: "click",
        },
        {
            content: "A percentage",
            trigger: '.o_select_menu_item:contains("A percentage")',
            run: "click",
        },
        {
            content: "Half of it",
            trigger: '.modal .o_field_widget[name="payer_percent"] input',
            run: "edit 50",
        },
        {
            content: "That is the rule",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The rule stands there in words",
            trigger: 'body:not(:has(.modal)) .o_field_widget[name="rule_ids"] .o_data_row:contains("Office visit"):contains("The payer pays 50 %")',
        },
        ...stepUtils.saveForm(),
        {
            content: "Which rule counts?",
            trigger: 'button[name="action_find_rule"]',
            run: "click",
        },
        ...choose("product_id", "Office visit", ".modal"),
        {
            content: "The screen says which, and why",
            trigger: '.modal .o_field_widget[name="why"]:contains("“Office visit” counts: it names the service itself")',
        },
        {
            content: "And what it says",
            trigger: '.modal .o_field_widget[name="summary"]:contains("The payer pays 50 %")',
        },
        {
            content: "The other one lost",
            trigger: '.modal .o_field_widget[name="other_ids"]:contains("All services")',
        },
        ...choose("product_id", "Blood test", ".modal"),
        {
            content: "Of another service the general one counts",
            trigger: '.modal .o_field_widget[name="why"]:contains("“All services” counts: it is for all services")',
        },
        {
            content: "Understood",
            trigger: '.modal footer button.btn-primary[special="cancel"], .modal footer button.btn-primary',
            run: "click",
        },
        ...openMenu("billing_visits_menu", "billing_encounter_menu"),
        {
            content: "Ana's",
            trigger: '.o_data_row:contains("Ana López") td[name="patient_id"]',
            run: "click",
        },
        {
            content: "The line says what the plan pays of this service, and by which rule",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Office visit") td[name="rule_note"]:contains("The payer pays 50 % (Office visit)")',
        },
        {
            content: "And of the other one",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Blood test") td[name="rule_note"]:contains("The payer pays 90 % (All services)")',
        },
    ],
});
