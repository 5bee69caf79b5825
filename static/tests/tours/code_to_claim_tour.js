/**
 * From the file to the bill: the manager loads a list in which a code has ended, a clerk sells a service that still
 * carries it, the stop says so, the code is changed, and the claim goes out with the new one.
 */
import { registry } from "@web/core/registry";
import { chooseFile, chooseRecord, openMenu } from "@billing_coordinator/../tests/tours/steps";
import { stepUtils } from "@web_tour/tour_utils";

const LIST = [
    "code,name,valid from,valid until",
    "ZT100,Long talk about the results,2020-01-01,",
    "ZT200,Talk about the results,2020-01-01,2024-12-31",
].join("\n");
const line = '.o_field_widget[name="line_ids"]';
const stop = 'div[name="findings"] .o_data_row:contains("ZT200 on “Office visit”"):contains("was not valid on")';

registry.category("web_tour.tours").add("billing_code_to_claim", {
    steps: () => [
        // The manager loads the list.
        ...openMenu("billing_configuration_menu", "billing_code_import_wizard_menu"),
        ...chooseFile(LIST, "talks.csv"),
        ...chooseRecord("system_id", "Own services"),
        {
            content: "Look what it changes",
            trigger: '.modal button[name="action_preview"]',
            run: "click",
        },
        {
            content: "A code is new, another one changes",
            trigger: '.modal div[name="preview"] .o_data_row:contains("ZT100")',
        },
        {
            content: "Load it",
            trigger: '.modal button[name="action_import"]',
            run: "click",
        },
        {
            content: "It says what was done",
            trigger: '.o_form_view .o_field_widget[name="report"]:contains("1 new, 1 changed, 0 ended.")',
        },
        // A clerk sells the service, whose code has ended.
        ...openMenu("billing_visits_menu", "billing_encounter_menu"),
        {
            content: "The visit of Ana López",
            trigger: '.o_data_row:contains("Ana López") .o_data_cell[name="patient_id"]',
            run: "click",
        },
        {
            content: "Add a service",
            trigger: `${line} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "The office visit",
            trigger: `${line} .o_selected_row .o_field_widget[name="product_id"] input`,
            run: "edit Office visit",
        },
        {
            content: "This one",
            trigger: '.ui-menu-item a:contains("Office visit")',
            run: "click",
        },
        {
            content: "It brings its code and its price",
            trigger: `${line} .o_selected_row:has(.o_field_widget[name="code_id"] input:value("ZT200")) .o_field_widget[name="price_unit"] input:value("500.00")`,
        },
        ...stepUtils.saveForm(),
        // The visit meets a stop.
        {
            content: "The stop says what is wrong, and the way out",
            trigger: `${stop}:contains("Choose the code that was in use on that day.")`,
        },
        {
            content: "Try to go on all the same",
            trigger: '.o_statusbar_buttons button[name="action_ready"]',
            run: "click",
        },
        {
            content: "It is refused, and the sentence says why",
            trigger: '.modal .modal-body:contains("ZT200 on “Office visit”")',
        },
        {
            content: "Understood",
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        // It is mended.
        {
            content: "Change the code",
            trigger: `body:not(:has(.modal)) ${line} .o_data_row .o_data_cell[name="code_id"]`,
            run: "click",
        },
        {
            content: "Look for it by words, in any order",
            trigger: `${line} .o_selected_row .o_field_widget[name="code_id"] input`,
            run: "edit results talk",
        },
        {
            content: "What has ended is not offered",
            trigger: '.o-autocomplete--dropdown-menu:not(:has(a:contains("ZT200"))) a:contains("ZT100 Long talk")',
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "Nothing is wrong any more",
            trigger: `body:not(:has(${stop})) ${line} .o_data_row:contains("ZT100")`,
        },
        // It is billed.
        {
            content: "Ready",
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
            content: "The claim is there to be sent, with the code that counts",
            trigger: '.o_form_view:has(.o_statusbar_buttons button[name="action_send"]) .o_data_row:contains("ZT100")',
        },
    ],
});
