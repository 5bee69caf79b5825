"""Who pays what of a visit when the insurance benefits are known in advance.

One function divides, :func:`split_services`; estimates, the billing of plans that split at once and the payment
expected of a payer all use it. For each coverage in turn, service by service:

1. *Covered?* What the plan does not cover goes on in full, and so do the units beyond a limit of units: they are no
   benefit, so they use up no deductible and count towards no maximum.
2. *Allowed.* What the payer recognises of the charge. The rest is a discount that the payer's answer gives up (CO-45):
   it stays on the payer's side and is asked of nobody else.
3. *Deductible, copay, coinsurance* of what is allowed, in this order. A copay is paid once per visit: one for all
   services without a copay of their own, and one for all services under a rule that names its own.
4. *Out-of-pocket maximum*: takes away coinsurance first, then copay, then deductible.
5. *Limit of money*: what the payer would pay beyond it goes on.

What is left of all this is asked of the next coverage, whose benefits apply to that, and at last of the patient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from .benefit_terms import Answer, Benefits, Cover, Limit, Piece, Share, Split, Step, Terms
from .money import is_whole, round_down, round_half_up, split_ratio

__all__ = [
    "Answer", "Benefits", "Cover", "Limit", "Piece", "Share", "Split", "Step", "Terms", "split_charges", "split_ratio",
    "split_services",
]

ZERO = Decimal(0)


def split_services(pieces: Iterable[Piece], covers: Iterable[Cover], unit: Decimal) -> Split:
    """Divide the services of one visit among coverages in the order in which they are asked, and the patient.

    :param pieces: the charge, service by service; several pieces of one ``line`` share its units and allowed amount
    :param covers: each is asked for what the one before has left
    :param unit: the smallest amount of the currency
    :raise ValueError: an amount is negative or no multiple of ``unit``, or a service has no units
    """
    pieces = tuple(replace(piece, source=position) for position, piece in enumerate(pieces))
    for piece in pieces:
        _check_piece(piece, unit)
    answers, rest = [], pieces
    for cover in covers:
        shares = _Counter(cover, rest, unit).divide()
        answers.append(Answer(cover, rest, tuple(shares)))
        rest = tuple(answers[-1].left())
    return Split(pieces, tuple(answers), rest)


def split_charges(charges: Sequence[Decimal], benefits: Benefits, unit: Decimal) -> list[Share]:
    """Divide charges between one payer and the patient, where no rules are known.

    :return: one share per charge; payer and patient add up to the charge exactly
    :raise ValueError: a charge is negative or no multiple of ``unit``
    """
    pieces = [Piece(position, charge) for position, charge in enumerate(charges)]
    [answer] = split_services(pieces, [Cover(benefits=benefits)], unit).answers
    return list(answer.shares)


class _Counter:
    """One coverage at work: what is left of deductible, copays, maximum and limits while services go by."""

    def __init__(self, cover, pieces, unit):
        self.cover, self.pieces, self.unit = cover, pieces, unit
        benefits = cover.benefits
        self.deductible_left = round_half_up(benefits.deductible_left, unit)
        self.oop_left = None if benefits.oop_left is None else round_down(benefits.oop_left, unit)
        # One copay for services that name none, and one for each rule that names its own.
        self.copays = {None: round_half_up(benefits.copay, unit)}
        self.units_left = {rule: limit.units_left for rule, limit in cover.limits.items()}
        self.amount_left = {rule: limit.amount_left for rule, limit in cover.limits.items()}
        self.fixed_left = {}

    def divide(self):
        """One share for each piece."""
        benefits, discounts = self._find_allowed()
        return [
            self._divide_piece(piece, benefit, discount)
            for piece, benefit, discount in zip(self.pieces, benefits, discounts, strict=True)
        ]

    def _find_allowed(self):
        """Of each piece what is a benefit at all, and what the payer does not recognise of that."""
        benefits, discounts = [ZERO] * len(self.pieces), [ZERO] * len(self.pieces)
        positions = {}
        for position, piece in enumerate(self.pieces):
            positions.setdefault(piece.line, []).append(position)
        for line, mine in positions.items():
            terms = self.cover.get_terms(line)
            if not terms.covered:
                continue
            units = self.pieces[mine[0]].units
            within = self._take_units(terms.rule, units)
            for position in mine:
                benefits[position] = split_ratio(self.pieces[position].amount, [within, units - within], self.unit)[0]
            if terms.payer_fixed is not None:
                self.fixed_left[line] = round_half_up(terms.payer_fixed * within, self.unit)
            total = sum(benefits[position] for position in mine)
            if terms.allowed is not None and total:
                allowed = round_half_up(terms.allowed * within / units, self.unit)
                off = split_ratio(max(ZERO, total - allowed), [benefits[position] for position in mine], self.unit)
                for position, amount in zip(mine, off, strict=True):
                    discounts[position] = amount
        return benefits, discounts

    def _take_units(self, rule, units):
        left = self.units_left.get(rule)
        if left is None:
            return units
        within = min(units, left)
        self.units_left[rule] = left - within
        return within

    def _divide_piece(self, piece, benefit, discount):
        terms = self.cover.get_terms(piece.line)
        allowed = benefit - discount
        pool = self._get_copay_pool(terms)
        deductible = min(allowed, self.deductible_left) if terms.deductible_applies else ZERO
        copay = min(allowed - deductible, self.copays[pool])
        coinsurance = self._get_coinsurance(piece, terms, allowed - deductible - copay)
        wanted = deductible + copay + coinsurance
        if self.oop_left is not None:
            deductible = min(deductible, self.oop_left)
            copay = min(copay, self.oop_left - deductible)
            coinsurance = min(coinsurance, self.oop_left - deductible - copay)
            self.oop_left -= deductible + copay + coinsurance
        self.deductible_left -= deductible
        self.copays[pool] -= copay
        patient = deductible + copay + coinsurance
        payer = self._take_amount(terms.rule, allowed - patient)
        return Share(
            payer=payer,
            deductible=deductible,
            copay=copay,
            coinsurance=coinsurance,
            discount=discount,
            not_covered=ZERO if terms.covered else piece.amount,
            over_limit=piece.amount - discount - patient - payer if terms.covered else ZERO,
            capped=wanted - patient,
        )

    def _get_copay_pool(self, terms):
        if terms.copay is None:
            return None
        self.copays.setdefault(terms.rule, round_half_up(terms.copay, self.unit))
        return terms.rule

    def _get_coinsurance(self, piece, terms, amount):
        if piece.line in self.fixed_left:
            payer = min(amount, self.fixed_left[piece.line])
            self.fixed_left[piece.line] -= payer
            return amount - payer
        fraction = self.cover.benefits.coinsurance if terms.coinsurance is None else terms.coinsurance
        return round_half_up(amount * fraction, self.unit)

    def _take_amount(self, rule, amount):
        left = self.amount_left.get(rule)
        if left is None:
            return amount
        paid = min(amount, round_down(left, self.unit))
        self.amount_left[rule] = left - paid
        return paid


def _check_piece(piece, unit):
    if piece.amount < 0:
        raise ValueError(f"A charge cannot be negative: {piece.amount}")
    if not is_whole(piece.amount, unit):
        raise ValueError(f"The charge {piece.amount} is not a multiple of {unit}")
    if piece.units <= 0:
        raise ValueError(f"A service has at least some units, got {piece.units}")
