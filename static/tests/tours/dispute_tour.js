/**
 * Somebody says that a bill is wrong: the clerk opens the bill, writes the dispute down with what is disputed, looks into
 * it, takes that part off, and tells the debtor.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("billing_dispute", {
    steps: () => [
        {
            content: "On the bill, write down that it is disputed",
            trigger: 'button[name="action_billing_dispute"]:contains("Dispute")',
            run: "click",
        },
        {
            content: "Who disputes is filled in",
            trigger: '.o_field_widget[name="partner_id"] input:value("Nora Neu")',
        },
        {
            content: "Say why",
            trigger: '.o_field_widget[name="category_id"] input',
            run: "edit Wrong amount",
        },
        {
            content: "The amount is wrong",
            trigger: '.ui-menu-item a:contains("Wrong amount")',
            run: "click",
        },
        {
            content: "What is open on the bill is proposed",
            trigger: '.o_field_widget[name="item_ids"] .o_data_row .o_data_cell[name="amount"]:contains("200.00")',
            run: "click",
        },
        {
            content: "Eighty of it are disputed",
            trigger: '.o_field_widget[name="item_ids"] .o_data_row .o_field_widget[name="amount"] input',
            run: "edit 80 && click .o_form_sheet",
        },
        ...stepUtils.saveForm(),
        {
            content: "Nobody asks for that part",
            trigger: '.o_field_widget[name="amount_held"]:contains("80.00")',
        },
        {
            content: "Look into it",
            trigger: 'button[name="action_start"]',
            run: "click",
        },
        {
            content: "It is being looked into",
            trigger: '.o_statusbar_status button[data-value="working"].o_arrow_button_current',
        },
        {
            content: "It is clear now",
            trigger: 'button[name="action_resolve"]',
            run: "click",
        },
        {
            content: "They are right: take it off",
            trigger: '.modal .o_field_widget[name="resolution"] .o_radio_item:contains("Taken off the bill") input',
            run: "click",
        },
        {
            content: "What that posts is said before",
            trigger: '.modal [name="consequences"]:contains("a credit note of")',
        },
        {
            content: "What we found",
            trigger: '.modal .o_field_widget[name="answer"] textarea',
            run: "edit The second visit was typed twice.",
        },
        {
            content: "They are on the phone",
            trigger: '.modal .o_field_widget[name="channel"] .o_radio_item:contains("They were told") input',
            run: "click",
        },
        {
            content: "Resolve",
            trigger: '.modal button[name="action_resolve"]',
            run: "click",
        },
        {
            content: "It is resolved",
            trigger: 'body:not(.modal-open) .o_statusbar_status button[data-value="resolved"].o_arrow_button_current',
        },
        {
            content: "Eighty were taken back",
            trigger: '.o_field_widget[name="amount_credited"]:contains("80.00")',
        },
        {
            content: "The credit note is there",
            trigger: 'a[name="documents"]',
            run: "click",
        },
        {
            content: "Posted",
            trigger: '.o_field_widget[name="move_ids"] .o_data_row:contains("80.00"):contains("Posted")',
        },
    ],
});
