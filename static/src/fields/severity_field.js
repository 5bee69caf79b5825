import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";

import { xml } from "@odoo/owl";

const LOOKS = {
    stop: "fa-hand-paper-o text-danger",
    warn: "fa-exclamation-triangle text-warning",
    note: "fa-info-circle text-info",
    clean: "fa-check-circle text-success",
};

/** How severe a finding is: an icon, its colour, and the word for those who see neither. */
export class SeverityField extends SelectionField {
    static template = xml`
        <span t-if="value" class="text-nowrap" t-att-title="string">
            <i t-att-class="'fa fa-fw me-1 ' + look" role="img" t-att-aria-label="string"/><t t-out="string"/>
        </span>`;

    get look() {
        return LOOKS[this.value] || "";
    }
}

registry.category("fields").add("billing_severity", { ...selectionField, component: SeverityField });
