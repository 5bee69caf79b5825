/**
 * A form on which much can be done: what comes next stands in its header, three buttons at most, and the rest one click
 * further. Without this the buttons fold the status bar. The order in the header is the order of what comes next.
 */
import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

const SHOWN = 3;

class FewStatusBarButtons extends StatusBarButtons {
    static template = "billing_coordinator.FewStatusBarButtons";

    get shownNames() {
        return this.visibleSlotNames.slice(0, this.env.isSmall ? 1 : SHOWN);
    }

    get otherNames() {
        return this.visibleSlotNames.slice(this.shownNames.length);
    }
}

class FewButtonsFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: FewStatusBarButtons };
}

registry.category("views").add("billing_few_buttons_form", { ...formView, Renderer: FewButtonsFormRenderer });
