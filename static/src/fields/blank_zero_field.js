import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

/** An amount that stays blank while it is zero, so that a column shows only what matters. */
export class BlankZeroField extends MonetaryField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("billing_blank_zero", { ...monetaryField, component: BlankZeroField });
// The totals of groups stay blank with their column.
registry
    .category("formatters")
    .add("billing_blank_zero", (value, options) => (value ? formatMonetary(value, options) : ""));
