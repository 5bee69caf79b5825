import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

/** As many rows as there are records: this list is read, nothing is typed into it. */
export class OpenListRenderer extends ListRenderer {
    get getEmptyRowIds() {
        return [];
    }
}

/** A list to read and follow: a click goes to the record itself, and the breadcrumb leads back. */
export class OpenListField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: OpenListRenderer };

    async openRecord(record) {
        if (await this.props.record.save()) {
            return this.action.doActionButton({
                type: "object",
                name: "get_formview_action",
                resModel: record.resModel,
                resId: record.resId,
                context: this.props.context,
            });
        }
    }
}

registry.category("fields").add("billing_open_list", { ...x2ManyField, component: OpenListField });
