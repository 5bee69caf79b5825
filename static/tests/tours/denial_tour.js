/**
 * A payer has refused a visit: the clerk opens the denial, appeals, binds the packet, sends it, and writes down the answer.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("billing_denial_appeal", {
    steps: () => [
        {
            content: "What usually helps is said",
            trigger: '[name="advice"]:contains("Appeal with the note")',
        },
        {
            content: "Decide",
            trigger: 'button[name="action_decide"]:contains("Decide")',
            run: "click",
        },
        {
            content: "Nobody else may be asked for it",
            trigger: '.modal .o_field_widget[name="action"] .o_radio_item:contains("Pass on") input',
            run: "click",
        },
        {
            content: "The reason is named",
            trigger: '.modal [name="refusals"]:contains("CO-50")',
        },
        {
            content: "So appeal",
            trigger: '.modal .o_field_widget[name="action"] .o_radio_item:contains("Appeal") input',
            run: "click",
        },
        {
            content: "What will happen is said before",
            trigger: '.modal [name="summary"]:contains("An appeal for")',
        },
        {
            content: "Do it",
            trigger: '.modal button[name="action_apply"]:contains("Do it")',
            run: "click",
        },
        {
            content: "The letter is drafted",
            trigger: 'body:not(.modal-open) .o_field_widget[name="letter"] textarea:value("was not necessary")',
        },
        {
            content: "By registered post",
            trigger: '.o_field_widget[name="channel"] input, .o_field_widget[name="channel"] select',
            async run({ anchor, click }) {
                await click();
            },
        },
        {
            content: "Choose it",
            trigger: '.o_select_menu_item:contains("Registered post"), .o-dropdown-item:contains("Registered post")',
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "Bind the packet",
            trigger: 'button[name="action_make_packet"]:contains("Bind the packet")',
            run: "click",
        },
        {
            content: "It has pages",
            trigger: 'button[name="action_open_packet"]:contains("Pages")',
        },
        {
            content: "It goes out",
            trigger: 'button[name="action_send"]',
            run: "click",
        },
        {
            content: "It is with the payer",
            trigger: '.o_statusbar_status button[data-value="sent"].o_arrow_button_current',
        },
        {
            content: "They stay with it",
            trigger: '.o_field_widget[name="result"] .o_radio_item:contains("Upheld") input',
            run: "click",
        },
        {
            content: "Write it down",
            trigger: 'button[name="action_answer"]',
            run: "click",
        },
        {
            content: "The next level is open",
            trigger: '[name="next"]:contains("The next level is open until")',
        },
    ],
});
