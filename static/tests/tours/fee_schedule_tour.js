/**
 * The manager takes a fee schedule over into a contract's list, the clerk sells the service at its new price, and the
 * claim says what the payer is told instead, and asks for what it lacks.
 */
import { registry } from "@web/core/registry";
import { chooseFile, chooseRecord, openMenu } from "@billing_coordinator/../tests/tours/steps";
import { stepUtils } from "@web_tour/tour_utils";

const SCHEDULE = [
    ",,,STATUS,WORK,NON-FAC,FACILITY,MP,CONV",
    "HCPCS,MOD,DESCRIPTION,CODE,RVU,PE RVU,PE RVU,RVU,FACTOR",
    "G0463,,made up,A,1.00,2.00,0.50,0.10,30.0000",
].join("\r\n");
const told = (text) => `.o_field_widget[name="told_ids"] .o_data_row:contains("${text}")`;

registry.category("web_tour.tours").add("billing_fee_schedule", {
    steps: () => [
        ...openMenu("billing_configuration_menu", "billing_fee_import_menu"),
        {
            content: "Take one over",
            trigger: '.o_control_panel button:contains("Take over a fee schedule")',
            run: "click",
        },
        ...chooseFile(SCHEDULE, "PPRRVU.csv"),
        ...chooseRecord("pricelist_id", "Blue Plan prices"),
        {
            content: "Look what changes",
            trigger: '.modal button[name="action_preview"]',
            run: "click",
        },
        {
            content: "The visit gets a price, by the factor of the file",
            trigger: '.modal .o_data_row:contains("G0463"):contains("Office visit"):contains("93.00")',
        },
        {
            content: "Take it over",
            trigger: '.modal button[name="action_import"]',
            run: "click",
        },
        {
            content: "It says what it did, and for whom",
            trigger: '.o_form_view .o_field_widget[name="used_by"]:contains("Blue Plan")',
        },
        ...openMenu("billing_visits_menu", "billing_encounter_menu"),
        {
            content: "The visit of Ana López",
            trigger: '.o_data_row:contains("Ana López") .o_data_cell[name="patient_id"]',
            run: "click",
        },
        {
            content: "Add a service",
            trigger: '.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        {
            content: "Look for it",
            trigger: '.o_field_widget[name="line_ids"] .o_selected_row .o_field_widget[name="product_id"] input',
            run: "edit Office visit",
        },
        {
            content: "Choose it",
            trigger: '.ui-menu-item a:contains("Office visit")',
            run: "click",
        },
        {
            content: "It costs what the schedule says",
            trigger: '.o_field_widget[name="line_ids"] .o_selected_row .o_field_widget[name="price_unit"] input:value("93.00")',
        },
        ...stepUtils.saveForm(),
        {
            content: "It says where the price comes from, and what the payer asks for",
            trigger: '.o_form_view:has(div[name="missing_values"]:contains("Referral number")) .o_data_row:contains("Plan\'s price list “Blue Plan prices”")',
        },
        {
            content: "Ready to be billed",
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
            content: "The claim lacks a value",
            trigger: 'div[name="missing_values"]:contains("Referral number")',
        },
        {
            content: "What the payer is told",
            trigger: '.o_notebook a[name="told"]',
            run: "click",
        },
        {
            content: "Its own code, and why",
            trigger: `${told("G0463")}:contains("B100"):contains("Blue Insurance wants B100 instead")`,
        },
        {
            content: "Type what it asks for",
            trigger: `${told("Referral number")} .o_data_cell[name="told"]`,
            run: "click",
        },
        {
            content: "The number",
            trigger: '.o_field_widget[name="told_ids"] .o_selected_row .o_field_widget[name="told"] input',
            run: "edit R-4711",
        },
        ...stepUtils.saveForm(),
        {
            content: "Nothing is missing any more: send it",
            trigger: '.o_form_view:not(:has(div[name="missing_values"])) .o_statusbar_buttons button[name="action_send"]',
            run: "click",
        },
        {
            content: "It waits for the answer",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Submitted")',
        },
    ],
});
