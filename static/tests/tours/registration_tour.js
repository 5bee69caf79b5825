/**
 * At the desk: somebody who is here already is found and used; somebody new is registered and waits for approval;
 * a manager approves, puts on hold, and cannot close while a visit is open.
 */
import { registry } from "@web/core/registry";

const fill = (field, text) => ({
    content: `Type ${text} into ${field}`,
    trigger: `.modal .o_field_widget[name="${field}"] input`,
    run: `edit ${text} && press Tab`,
});

/** Dates are typed into a popover in read mode of the widget: open it first. */
const fillDate = (field, text) => ({
    content: `Type the date ${text} into ${field}`,
    trigger: `.modal .o_field_widget[name="${field}"] input, .modal .o_field_widget[name="${field}"] button`,
    async run(helpers) {
        if (this.anchor.tagName === "BUTTON") {
            await helpers.click();
        }
        await helpers.edit(text, `.modal .o_field_widget[name="${field}"] input`);
        await helpers.press("Escape");
    },
});

const register = {
    content: "Register somebody",
    trigger: '.o_control_panel button:contains("Register"):enabled',
    run: "click",
};

const stands = (state) => ({
    content: `The account is ${state}`,
    trigger: `.o_form_view .o_statusbar_status .o_arrow_button_current:contains("${state}")`,
});

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name="${name}"]:enabled`,
    run: "click",
});

const confirmWith = (reason) => [
    fill("reason", reason),
    {
        content: "Yes",
        trigger: '.modal footer button[name="action_apply"]:enabled',
        run: "click",
    },
];

registry.category("web_tour.tours").add("billing_registration_duplicate", {
    url: "/odoo/billing-accounts",
    steps: () => [
        register,
        fill("name", "Lopez, Ana"),
        {
            content: "Somebody like that is shown while typing",
            trigger: '.modal div[name="duplicates"]:contains("Ana López: same or similar name")',
        },
        {
            content: "Add her new insurance",
            trigger: '.modal .o_field_widget[name="coverage_line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        {
            content: "The plan",
            trigger: '.modal .o_selected_row .o_field_widget[name="plan_id"] input',
            run: "edit Gold Plan",
        },
        {
            content: "Choose it",
            trigger: '.ui-menu-item a:contains("Gold Plan")',
            run: "click",
        },
        {
            content: "Her number",
            trigger: '.modal .o_selected_row .o_field_widget[name="member_number"] input',
            run: "edit G-77",
        },
        {
            content: "In which order",
            trigger: '.modal .o_selected_row .o_field_widget[name="rank"] input',
            run: "click",
        },
        {
            content: "It is the second one",
            trigger: '.o_select_menu_item:contains("Secondary")',
            run: "click",
        },
        {
            content: "Registering her again is not the first choice",
            trigger: '.modal footer button.btn-secondary[name="action_register"]:contains("Register all the same")',
        },
        {
            content: "Use the account that is here",
            trigger: '.modal .o_field_widget[name="duplicate_ids"] .o_data_row:contains("Ana López") button[name="action_billing_use_this"]',
            run: "click",
        },
        {
            content: "Her account opens, with both insurances",
            trigger: 'body:not(:has(.modal)) .o_form_view .o_field_widget[name="coverage_ids"]:contains("Blue Plan"):contains("G-77")',
        },
    ],
});

registry.category("web_tour.tours").add("billing_account_approval", {
    url: "/odoo/billing-accounts",
    steps: () => [
        register,
        fill("name", "Nora Neu"),
        {
            content: "Nobody like that is here: register",
            trigger: '.modal footer button.btn-primary[name="action_register"]',
            run: "click",
        },
        stands("Waiting for approval"),
        {
            content: "A manager begins the day",
            trigger: '.o_menu_sections [data-menu-xmlid="billing_coordinator.billing_today_menu"]',
            run: "click",
        },
        {
            content: "Somebody waits to be approved",
            trigger: '.o_kanban_record:contains("Accounts to approve")',
            run: "click",
        },
        {
            content: "It is the new one",
            trigger: '.o_data_row:contains("Nora Neu"):contains("Waiting for approval") td[name="complete_name"]',
            run: "click",
        },
        press("action_billing_approve"),
        stands("Active"),
        press("action_billing_hold"),
        ...confirmWith("Lawyer's letter"),
        stands("On hold"),
        {
            content: "Why stands on top",
            trigger: 'div[name="billing_on_hold"]:contains("Lawyer\'s letter")',
        },
        press("action_billing_release"),
        ...confirmWith("Settled"),
        stands("Active"),
        press("action_billing_close"),
        ...confirmWith("Moved away"),
        stands("Closed"),
        press("action_billing_reopen"),
        ...confirmWith("Came back"),
        stands("Waiting for approval"),
    ],
});

registry.category("web_tour.tours").add("billing_account_closing", {
    url: "/odoo/billing-accounts",
    steps: () => [
        {
            content: "Open Ana's account",
            trigger: '.o_data_row:contains("Ana López") td[name="complete_name"]',
            run: "click",
        },
        press("action_billing_close"),
        {
            content: "A visit is open: go there",
            trigger: '.modal .o_data_row:contains("not billed yet") button[name="action_open"]',
            run: "click",
        },
        {
            content: "This is the visit",
            trigger: 'body:not(:has(.modal)) .o_form_view .o_field_widget[name="line_ids"]:contains("Office visit")',
        },
    ],
});
