/**
 * A debt goes to a collection agency, and money comes back: the case says what may go, the agency reports what it
 * collected, and the rest is called back.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "./steps";

function chooseInField(field, name) {
    return [
        {
            content: `Look for ${name}`,
            trigger: `.o_field_widget[name="${field}"] input`,
            run: `edit ${name}`,
        },
        {
            content: `Choose ${name}`,
            trigger: `.ui-menu-item a:contains("${name}")`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("billing_agency", {
    steps: () => [
        {
            content: "Hand the case over",
            trigger: 'button[name="action_hand_over"]',
            run: "click",
        },
        {
            content: "Both bills may go",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:contains("Nora Neu"):contains("600.00")',
        },
        {
            content: "Hand over",
            trigger: '.modal footer button[name="action_hand_over"]',
            run: "click",
        },
        {
            content: "Yes",
            trigger: '.modal:not(.o_inactive_modal) .modal-footer button.btn-primary:contains("Ok")',
            run: "click",
        },
        {
            content: "The file says how many and how much",
            trigger: 'body:not(.modal-open) .o_field_widget[name="file_total"]:contains("1 row"):contains("600.00")',
        },
        ...openMenu("billing_collections_menu", "billing_recovery_menu"),
        {
            content: "The agency reports",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...chooseInField("agreement_id", "Agreement of"),
        {
            content: "Its number",
            trigger: '.o_field_widget[name="reference"] input',
            run: "edit R-1",
        },
        {
            content: "What the bank says",
            trigger: '.o_field_widget[name="amount_received"] input',
            run: "edit 75",
        },
        {
            content: "A line",
            trigger: '.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        ...chooseInField("placement_id", "Nora Neu"),
        {
            content: "A hundred were collected",
            trigger: '.o_data_row .o_field_widget[name="amount"] input',
            run: "edit 100 && click .o_form_sheet",
        },
        {
            content: "It keeps a quarter",
            trigger: '.o_field_widget[name="amount_expected"]:contains("75.00")',
        },
        {
            content: "Post",
            trigger: 'button[name="action_post"]',
            run: "click",
        },
        {
            content: "Posted",
            trigger: '.o_statusbar_status button[data-value="posted"].o_arrow_button_current',
        },
        ...openMenu("billing_collections_menu", "billing_placement_menu"),
        {
            content: "The debt",
            trigger: '.o_data_row:contains("Nora Neu"):contains("500.00") td[name="name"]',
            run: "click",
        },
        {
            content: "Call it back",
            trigger: 'button[name="action_end"]:contains("Call back")',
            run: "click",
        },
        {
            content: "Because of a complaint",
            trigger: '.modal .o_field_widget[name="reason"] input',
            run: "click",
        },
        {
            content: "Complaint",
            trigger: '.o_select_menu_item:contains("Complaint")',
            run: "click",
        },
        {
            content: "Take it back",
            trigger: '.modal button[name="action_apply"]',
            run: "click",
        },
        {
            content: "It is here again, and the agency is to be told",
            trigger: 'body:not(.modal-open) div[name="end_to_tell"]',
        },
    ],
});
