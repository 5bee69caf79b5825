import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

import { useEffect, useExternalListener } from "@odoo/owl";

const FIRST_CELL = ".o_data_row:first-child td[name='amount_paid']";

/** The services of a payer's answer: typed without touching the mouse, and without being told to save first. */
export class AnswerLinesRenderer extends ListRenderer {
    static props = [...ListRenderer.props, "getList"];

    setup() {
        super.setup();
        // Tab, coming from above, goes on into the first service.
        useEffect(() => {
            const cell = this.tableRef.el?.querySelector(FIRST_CELL);
            if (cell && this.props.editable && !this.props.list.editedRecord) {
                cell.tabIndex = 0;
            }
        });
        useExternalListener(window, "keyup", (event) => {
            const cell = event.target;
            if (event.key === "Tab" && !event.shiftKey && cell === this.tableRef.el?.querySelector(FIRST_CELL)) {
                cell.click();
            }
        });
        useExternalListener(
            window,
            "click",
            ({ target }) => {
                const button = target.closest?.("button[name]");
                if (button && this.tableRef.el?.contains(button)) {
                    const rows = [...this.tableRef.el.querySelectorAll(".o_data_row")];
                    this.pressed = { name: button.name, index: rows.indexOf(button.closest(".o_data_row")) };
                }
            },
            { capture: true }
        );
    }

    /** Odoo asks to save before a button on a new line works; here pressing it saves. */
    displaySaveNotification() {
        const { name, index } = this.pressed;
        return this.env.onClickViewButton({
            clickParams: { type: "object", name },
            getResParams: () => {
                const { resModel, resId, context, evalContext } = this.props.getList().records[index];
                return { resModel, resId, resIds: [resId], context, evalContext };
            },
        });
    }
}

export class AnswerLinesField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: AnswerLinesRenderer };

    get rendererProps() {
        const props = super.rendererProps;
        return this.props.viewMode === "list" ? { ...props, getList: () => this.list } : props;
    }
}

registry.category("fields").add("billing_answer_lines", { ...x2ManyField, component: AnswerLinesField });
