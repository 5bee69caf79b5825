"""What the addon runs on: Odoo, Python, PostgreSQL and the browser, kept in a cache folder."""
