"""What a household can bear."""

from decimal import Decimal
from unittest import TestCase

from ...tools.ability_to_pay import Household, get_bearable, get_count

CENT = Decimal("0.01")


def household(income, expenses, **values):
    return Household(income=Decimal(income), expenses=Decimal(expenses), **{
        name: Decimal(value) if isinstance(value, str) else value for name, value in values.items()
    })


class TestAbilityToPay(TestCase):
    def test_half_of_what_is_left_each_month(self):
        family = household("3200", "2600", dependants=2, allowance="100")
        self.assertEqual(family.left, 400)
        for frequency, amount in (
            ("month", "200.00"), ("week", "46.15"), ("fortnight", "92.30"), ("half_month", "100.00"),
            ("quarter", "600.00"),
        ):
            self.assertEqual(get_bearable(family, frequency, CENT), Decimal(amount))
        self.assertEqual(get_bearable(family, "week", Decimal(1)), 46)

    def test_who_has_nothing_left_bears_nothing(self):
        poor = household("1000", "1000.01")
        self.assertEqual((poor.left, get_bearable(poor, "month", CENT)), (0, 0))
        self.assertIsNone(get_count(Decimal(100), Decimal(0)))

    def test_how_many_instalments_that_makes(self):
        self.assertEqual([get_count(Decimal(debt), Decimal(200)) for debt in (1, 200, 201, 1000)], [1, 1, 2, 5])
