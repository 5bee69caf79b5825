import json
import unittest
from decimal import Decimal

from odoo.addons.billing_coordinator.tools.benefit_split import Benefits, Cover, Piece, Terms, split_services
from odoo.addons.billing_coordinator.tools.split_steps import dump_steps, load_steps


class TestSplitSteps(unittest.TestCase):
    """What was promised can be explained later, to the last digit."""

    def test_steps_come_back_as_they_were(self):
        cover = Cover(
            key=7,
            benefits=Benefits(copay=Decimal(30), deductible_left=Decimal("0.10"), coinsurance=Decimal("0.333")),
            terms={0: Terms(rule=4, allowed=Decimal("99.99"), copay=Decimal(5))},
        )
        split = split_services([Piece(0, Decimal("123.45")), Piece(1, Decimal("0.55"))], [cover], Decimal("0.01"))
        steps = split.steps()
        self.assertGreater(len(steps), 4)
        self.assertEqual(load_steps(json.loads(json.dumps(dump_steps(steps)))), steps)

    def test_nothing_kept_explains_nothing(self):
        self.assertEqual(load_steps(None), [])

    def test_a_name_that_is_no_longer_known_is_left_out(self):
        cover = Cover(key=7, benefits=Benefits(copay=Decimal(30)))
        [*_others, last] = dump_steps(split_services([Piece(0, Decimal(50))], [cover], Decimal("0.01")).steps())
        last["terms"]["former"] = "1"
        self.assertEqual(load_steps([last])[0].kind, "payer")
