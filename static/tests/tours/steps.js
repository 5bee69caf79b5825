/**
 * Steps that tours share.
 */
import { inputFiles } from "@web/../tests/utils";

/** Open an item of a menu of the addon, once no dialog is in the way. */
export function openMenu(section, item) {
    return [
        {
            content: `Open ${section}`,
            trigger: `body:not(:has(.modal)) .o_menu_sections [data-menu-xmlid="billing_coordinator.${section}"]`,
            run: "click",
        },
        {
            content: `Choose ${item}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid="billing_coordinator.${item}"]`,
            run: "click",
        },
    ];
}

/** Give a dialog a file of text. */
export function chooseFile(text, name) {
    return [
        {
            content: `Choose the file ${name}`,
            trigger: '.modal .o_field_widget[name="file"]',
            async run() {
                const file = new File([text], name, { type: "text/csv" });
                await inputFiles('.modal .o_field_widget[name="file"] input[type="file"]', [file]);
            },
        },
    ];
}

/** Choose a record in a field of a dialog by its name. */
export function chooseRecord(field, name) {
    return [
        {
            content: `Look for ${name}`,
            trigger: `.modal .o_field_widget[name="${field}"] input`,
            run: `edit ${name}`,
        },
        {
            content: `Choose ${name}`,
            trigger: `.ui-menu-item a:contains("${name}")`,
            run: "click",
        },
    ];
}
