/**
 * A payer offers less on a claim: the clerk notes the offer, offers more, agrees on theirs, and prints the letter.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const OFFERS = '.o_field_widget[name="offer_ids"]';

function offer(side, amount, person) {
    return [
        {
            content: "Type an offer",
            trigger: `${OFFERS} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "Whose it is",
            trigger: `.modal .o_field_widget[name="side"] .o_radio_item:contains("${side}") input`,
            run: "click",
        },
        {
            content: "How much",
            trigger: '.modal .o_field_widget[name="amount"] input',
            run: `edit ${amount}`,
        },
        {
            content: "Who said it",
            trigger: '.modal .o_field_widget[name="person"] input',
            run: `edit ${person}`,
        },
        {
            content: "By when it is to be paid",
            trigger: '.modal .o_field_widget[name="pay_until"] input, .modal .o_field_widget[name="pay_until"] button',
            run: "click",
        },
        {
            content: "On the last day that the calendar shows",
            trigger: ".o_datetime_picker .o_date_item_cell:last",
            run: "click",
        },
        {
            content: "Save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It stands on the list",
            trigger: `${OFFERS} .o_data_row:contains("${amount}")`,
        },
        ...stepUtils.saveForm(),
    ];
}

registry.category("web_tour.tours").add("billing_negotiation", {
    steps: () => [
        {
            content: "On the claim, negotiate",
            trigger: 'button[name="action_negotiate"]:contains("Negotiate")',
            run: "click",
        },
        {
            content: "The payer is filled in; who speaks for it is noted",
            trigger: '.o_field_widget[name="person"] input',
            run: "edit Ms Whitfield",
        },
        ...stepUtils.saveForm(),
        ...offer("They offer", "300.00", "Ms Whitfield"),
        ...offer("We offer", "450.00", "Ms Whitfield"),
        {
            content: "Both stand",
            trigger: `${OFFERS} .o_data_row:eq(1) .o_data_cell[name="state"]:contains("Stands")`,
        },
        {
            content: "They agree to ours",
            trigger: `${OFFERS} .o_data_row:contains("450.00") button[name="action_accept"]`,
            run: "click",
        },
        {
            content: "It costs money, so it is asked",
            trigger: '.modal:contains("becomes the agreement") .btn-primary',
            run: "click",
        },
        {
            content: "It is agreed",
            trigger: '.o_statusbar_status button[data-value="agreed"].o_arrow_button_current',
        },
        {
            content: "What is taken off is said",
            trigger: '[name="agreed"]:contains("50.00")',
        },
    ],
});
