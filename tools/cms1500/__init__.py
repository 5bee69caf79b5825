"""The claim form CMS-1500 (02/12) on paper: pure, without the database."""

from .boxes import Entry, Problem
from .layout import Form, find_problems, layout
