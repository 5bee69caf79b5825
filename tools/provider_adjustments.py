"""What a payer keeps or adds apart from any claim (X12 835, PLB): what kind of money a code is, and what belongs
together."""

# Income of ours, not a debt between us and the payer.
INTEREST = frozenset({"L6"})
# Announced by one remittance and settled by a later one: they meet by their reference.
CARRIED = frozenset({"WO", "FB", "72", "CS", "AP", "WU", "L3", "50", "51", "J1", "IR", "LE", "E3", "OB"})


def tidy_code(code: str) -> str:
    """``" fb"`` and ``"FB"`` are the same code."""
    return "".join(str(code).split()).upper()


def tidy_reference(reference: str) -> str:
    """``"a  12 "`` and ``"A 12"`` are the same reference."""
    return " ".join(str(reference).split()).upper()


def is_interest(code: str) -> bool:
    """Whether the amount is interest."""
    return code in INTEREST
