/**
 * A payer's file is dropped on the list: one claim is posted, one is not certain and is found by one click.
 */
import { registry } from "@web/core/registry";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";
import { inputFiles } from "@web/../tests/utils";

const { DateTime } = luxon;

function claim(number, last, first, day) {
    return [
        `CLP*${number}*1*500*300*80*12*ICN${number}*11*1`,
        `NM1*QC*1*${last}*${first}`,
        "SVC*HC:99213*500*300**1",
        `DTM*472*${day}`,
        "CAS*CO*45*120",
        "CAS*PR*1*80",
    ];
}

function remittance() {
    const day = DateTime.now().toFormat("yyyyMMdd");
    const body = [
        "ST*835*0001",
        `BPR*I*600*C*ACH************${day}`,
        "TRN*1*TOUR-1*1512345678",
        "N1*PR*BLUE INSURANCE*XV*BLUE1",
        "N1*PE*OAKDALE PRACTICE*XX*1234567893",
        "LX*1",
        ...claim("A1", "LOPEZ", "ANA", day),
        ...claim("B2", "ROTHE-MEIER", "BENJAMIN", day),
    ];
    return [
        "ISA*00*          *00*          *ZZ*BLUE           *ZZ*OAKDALE        *260316*1200*^*00501*000000101*0*P*:",
        "GS*HP*BLUE*OAKDALE*20260316*1200*17*X*005010X221A1",
        ...body,
        `SE*${body.length + 1}*0001`,
        "GE*1*17",
        "IEA*1*000000101",
        "",
    ].join("~");
}

registry.category("web_tour.tours").add("billing_remittance_file", {
    steps: () => [
        ...openMenu("billing_claims_menu", "billing_remittance_file_menu"),
        {
            content: "Bring the payer's file",
            trigger: '.o_control_panel button:contains("Upload")',
            async run() {
                await inputFiles("input.document_file_uploader", [
                    new File([remittance()], "tour.835", { type: "text/plain" }),
                ]);
            },
        },
        {
            content: "It says what became of it",
            trigger: '.o_form_view .o_field_widget[name="outcome"]:contains("1 claim posted, 1 to look at")',
        },
        {
            content: "Look at what waits",
            trigger: 'button[name="action_view_waiting"]',
            run: "click",
        },
        {
            content: "The answer about somebody with another name",
            trigger: '.o_data_row .o_data_cell[name="patient_name"]:contains("ROTHE-MEIER")',
            run: "click",
        },
        {
            content: "It says why it waits, and which claim it may be",
            trigger: '.o_field_widget[name="candidate_ids"] .o_data_row:contains("Ben Roth")',
        },
        {
            content: "This one",
            trigger: '.o_field_widget[name="candidate_ids"] .o_data_row:contains("Ben Roth") button[name="action_choose"]',
            run: "click",
        },
        {
            content: "It is posted",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Posted")',
        },
    ],
});
