import io
from contextlib import contextmanager


@contextmanager
def open_kept(record, fname):
    """A file that a record keeps as an attachment, read from the disk as far as Odoo keeps it there.

    Memory does not grow with it.

    :param record: one record
    :param str fname: its binary field, with ``attachment=True``
    """
    attachment = record.env["ir.attachment"].sudo().search([
        ("res_model", "=", record._name), ("res_field", "=", fname), ("res_id", "=", record.id),
    ], limit=1)
    if attachment.store_fname:
        with open(attachment._full_path(attachment.store_fname), "rb") as file:
            yield file
    else:
        yield io.BytesIO(attachment.raw or b"")
