"""X12 5010 as payers in the United States speak it: claims out, acknowledgements and remittances in; no database."""
