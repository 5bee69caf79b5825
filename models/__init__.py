# Shared by the rooms.
from . import state_gate
from . import asking
from . import nightly
from . import document
from . import domain

# What we add to the models of Odoo, whatever the room; rooms extend it.
from . import account_chart_template
from . import account_journal
from . import account_move
from . import account_move_crediting
from . import account_move_receivable
from . import account_move_line
from . import account_move_why
from . import account_partial_reconcile
from . import base_partner_merge
from . import product_template
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_partner_account
from . import res_partner_open

# The rooms, in the order in which they build on one another.
from . import coding
from . import coverage
from . import prices
from . import accounts
from . import verification
from . import authorizations
from . import charges
from . import claims
from . import habits
from . import assistance
from . import estimates
from . import accuracy
from . import following
from . import filing
from . import remittances
from . import denials
from . import plans
from . import collections
from . import letters
from . import contacts
from . import disputes
from . import agencies
from . import negotiation
from . import statements
from . import today
from . import reporting
from . import dashboard
