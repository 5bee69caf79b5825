import { registry } from "@web/core/registry";
import { ProgressBarField, progressBarField } from "@web/views/fields/progress_bar/progress_bar_field";

import { onMounted, onWillUnmount } from "@odoo/owl";

const EVERY = 3000;
const GOING_ON = ["waiting", "running"];

/** How far something in the background has come: the page reads itself again until it is done. */
export class LoadingProgressField extends ProgressBarField {
    setup() {
        super.setup();
        let timer;
        onMounted(() => {
            timer = setInterval(() => this.look(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    async look() {
        const record = this.props.record;
        if (GOING_ON.includes(record.data.state) && !document.hidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("billing_loading_progress", { ...progressBarField, component: LoadingProgressField });
