/**
 * Remittance files are dropped on their list, several at once.
 */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { fileUploadListView } from "@account/views/file_upload_list/file_upload_list_view";
import { FileUploadListRenderer } from "@account/views/file_upload_list/file_upload_list_renderer";

class RemittanceFileListRenderer extends FileUploadListRenderer {
    setup() {
        super.setup();
        this.dropZoneTitle = _t("Drop remittance files here: they are read and posted.");
    }
}

registry.category("views").add("billing_remittance_file_list", {
    ...fileUploadListView,
    Renderer: RemittanceFileListRenderer,
});
