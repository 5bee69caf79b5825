{
    "name": "Billing Coordinator",
    "summary": "Everything between a service rendered and the money in: coverage, claims, remittances, statements",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Billing Coordinator contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["account"],
    "data": [
        # Groups come first: every other file may name them.
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        # Configuration that code and views refer to.
        "data/sequences.xml",
        "data/code_systems.xml",
        "data/adjustment_reasons.xml",
        # Views, by room.
        "views/coding/code_system_views.xml",
        "views/coding/code_views.xml",
        "views/coding/adjustment_reason_views.xml",
        "views/coverage/insurance_plan_views.xml",
        "views/coverage/coverage_views.xml",
        "views/core/res_partner_views.xml",
        "views/core/product_views.xml",
        "views/core/res_config_settings_views.xml",
        "views/today/worklist_views.xml",
        # Menus last: they name the actions of all rooms.
        "views/menus.xml",
    ],
    "demo": [],
    "post_init_hook": "_post_init_hook",
}
