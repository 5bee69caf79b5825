/**
 * Claims leave in a file and one comes back: the batch is made and handed over, the receiver's answer is read, and the
 * rejected claim is opened.
 */
import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { openMenu } from "@billing_coordinator/../tests/tours/steps";

/** A 277CA that takes the first claim and rejects the second one. */
function makeAnswer([taken, rejected]) {
    const body = [
        "ST*277*0001*005010X214",
        "BHT*0085*08*1*20260316*0900*TH",
        "HL*1**20*1",
        "NM1*PR*2*BLUE INSURANCE*****PI*60054",
        "HL*2*1*21*1",
        "NM1*41*2*HILLSIDE*****46*HILLSIDE",
        "TRN*2*BATCH",
        "STC*A1:20*20260316*WQ",
        "HL*3*2*19*1",
        "NM1*85*2*HILLSIDE*****XX*1245319599",
        "HL*4*3*PT",
        "NM1*QC*1*LOPEZ*ANA****MI*M1",
        `TRN*2*${taken}`,
        "STC*A2:20*20260316*WQ",
        "HL*5*3*PT",
        "NM1*QC*1*LOPEZ*ANA****MI*M1",
        `TRN*2*${rejected}`,
        "STC*A7:562:85*20260316*U",
    ];
    return [
        "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*HILLSIDE       *260316*0900*^*00501*000000777*0*P*:",
        "GS*HN*CLEARING*HILLSIDE*20260316*0900*1*X*005010X214",
        ...body,
        `SE*${body.length + 1}*0001`,
        "GE*1*1",
        "IEA*1*000000777",
        "",
    ].join("~");
}

let numbers = [];

registry.category("web_tour.tours").add("billing_filing", {
    steps: () => [
        {
            content: "Both claims",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Send them",
            trigger: 'button[name="action_file"]',
            run: "click",
        },
        {
            content: "Two go to the clearinghouse",
            trigger: '.modal .o_field_widget[name="group_ids"] .o_data_row:contains("Clearing House"):contains("1,000.00")',
        },
        {
            content: "Make the batch",
            trigger: '.modal footer button[name="action_make"]',
            run: "click",
        },
        {
            content: "It is made",
            trigger: 'body:not(.modal-open) .o_form_view .o_statusbar_status button[data-value="made"].o_arrow_button_current',
        },
        {
            content: "Which claims are in it",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:nth-child(2) td[name="claim_id"]',
            run() {
                const cells = document.querySelectorAll('.o_field_widget[name="line_ids"] .o_data_row td[name="claim_id"]');
                numbers = [...cells].map((cell) => cell.textContent.trim().split(" ")[0]);
            },
        },
        {
            content: "Hand it over",
            trigger: 'button[name="action_hand_over"]:contains("Download and hand over")',
            run: "click",
        },
        {
            content: "Yes",
            trigger: '.modal .modal-footer button.btn-primary:contains("Hand over")',
            run: "click",
        },
        {
            content: "It is handed over",
            trigger: 'body:not(.modal-open) .o_statusbar_status button[data-value="handed"].o_arrow_button_current',
        },
        ...openMenu("billing_claims_menu", "billing_acknowledgement_menu"),
        {
            content: "The answer is here",
            trigger: 'button:contains("Read files")',
            run: "click",
        },
        {
            content: "Choose the file",
            trigger: '.modal .o_field_widget[name="file_ids"]',
            async run() {
                const file = new File([makeAnswer(numbers)], "answer.txt", { type: "text/plain" });
                await inputFiles('.modal .o_field_widget[name="file_ids"] input[type="file"]', [file]);
            },
        },
        {
            content: "It is chosen",
            trigger: '.modal .o_field_widget[name="file_ids"]:contains("answer.txt")',
        },
        {
            content: "Read it",
            trigger: '.modal footer button[name="action_read"]',
            run: "click",
        },
        {
            content: "It says what is wrong",
            trigger: 'body:not(.modal-open) .o_field_widget[name="line_ids"] .o_data_row:contains("NPI")',
        },
        {
            content: "Open what came back",
            trigger: 'button[name="action_view_rejected"]',
            run: "click",
        },
        {
            content: "The claim is rejected",
            trigger: '.o_form_view .o_statusbar_status button[data-value="rejected"].o_arrow_button_current',
        },
    ],
});
