"""X12 files for tests, built from simple facts: an 835, a 999, a TA1, a 277CA. Nothing here is a real person's."""

from datetime import date as Date
from decimal import Decimal
from typing import Any, NamedTuple

DAY = Date(2026, 3, 16)
ZERO = Decimal(0)


class Separators(NamedTuple):
    """How a sender writes; ``ending`` is what it puts behind the terminator."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    ending: str = ""


PLAIN = Separators()


def service(code="99213", charge="100.00", paid="80.00", adjustments=(), *, modifiers=(), units="1", day=DAY,
            control=None, system="HC", original=None, remarks=(), allowed=None, extra=()) -> dict[str, Any]:
    """One line. ``adjustments``: (group, code, amount[, quantity]); ``original``: what was billed,
    as (code, modifier …); ``extra``: further segments as lists."""
    return locals()


def claim(claim_id="CLM-1", services=(), *, status="1", charge=None, paid=None, patient_share=None, adjustments=(),
          control="PAYER-1", patient=("NEU", "NORA"), member="M-1", filing="12", facility="11", frequency="1",
          day=DAY, received=None, crossover=None, remarks=(), extra=()) -> dict[str, Any]:
    """One claim. ``charge``, ``paid`` and ``patient_share`` are reckoned from the lines where they are not given;
    ``patient``: (last name, first name); ``crossover``: name of the payer to whom it was forwarded; ``remarks`` of MOA;
    ``extra``: further segments of the claim (before its lines) as lists."""
    return locals()


def reversal(original: dict[str, Any], **values) -> dict[str, Any]:
    """The claim that takes ``original`` back: the same reasons, all signs turned."""
    services = [{
        **line, "charge": negate(line["charge"]), "paid": negate(line["paid"]),
        "adjustments": [turn(adjustment) for adjustment in line["adjustments"]],
    } for line in original["services"]]
    amounts = {name: negate(original[name]) for name in ("charge", "paid") if original[name] is not None}
    adjustments = [turn(adjustment) for adjustment in original["adjustments"]]
    return {
        **original, "status": "22", "services": services, "adjustments": adjustments, "patient_share": "", **amounts,
        **values,
    }


def negate(amount) -> str:
    """The amount with the other sign."""
    return str(-Decimal(amount))


def turn(adjustment):
    """The adjustment with the other sign."""
    return (*adjustment[:2], negate(adjustment[2]), *adjustment[3:])


def remittance(claims=(), *, provider_adjustments=(), amount=None, handling="I", credit_debit=None, method="ACH",
               day=DAY, trace="TRACE-1", originator="1512345678", payer=("ACME HEALTH", "XV", "87726"),
               payer_references=(), payee=("OAKDALE PRACTICE", "XX", "1234567893"), tax_id="123456789",
               npi="1234567893", production=None, extra=()) -> list[list[str]]:
    """The segments of one 835 transaction, without ST and SE.

    ``provider_adjustments``: (code, reference, amount), each a PLB of its own, or lists of such for several in one;
    ``amount`` is reckoned from claims and provider adjustments where it is not given; ``extra``: further segments of
    the head.
    """
    pairs = [group if isinstance(group, list) else [group] for group in provider_adjustments]
    if amount is None:
        taken = sum((Decimal(pair[2]) for group in pairs for pair in group), ZERO)
        amount = sum((paid_of(one) for one in claims), ZERO) - taken
    amount = Decimal(amount)
    if credit_debit is None:
        credit_debit, amount = ("D", -amount) if amount < 0 else ("C", amount)
    segments = [
        ["BPR", handling, str(amount), credit_debit, method, *[""] * 11, write_date(day)],
        ["TRN", "1", trace, originator],
        *([["DTM", "405", write_date(production)]] if production else []),
        *[list(segment) for segment in extra],
        ["N1", "PR", *payer], ["N3", "1 PAYER ST"], ["N4", "OAKDALE", "OH", "43001"],
        *[["REF", *reference] for reference in payer_references],
        ["PER", "BL", "CLAIMS DESK", "TE", "8005550100", "EX", "12", "EM", "claims@acme.example"],
        ["N1", "PE", *payee], *([["REF", "TJ", tax_id]] if tax_id else []),
    ]
    for number, one in enumerate(claims, 1):
        segments += [["LX", str(number)], *write_claim(one)]
    for group in pairs:
        reasons = [part for code, reference, taken in group for part in ((code, reference), str(taken))]
        segments.append(["PLB", npi, f"{day.year}1231", *reasons])
    return segments


def write_claim(one) -> list[list[str]]:
    """CLP and what belongs to it."""
    services = one["services"]
    charge = one["charge"] if one["charge"] is not None else sum((Decimal(line["charge"]) for line in services), ZERO)
    share = one["patient_share"]
    if share is None:
        everything = [*one["adjustments"], *[item for line in services for item in line["adjustments"]]]
        share = sum((Decimal(item[2]) for item in everything if item[0] == "PR"), ZERO) or ""
    return [
        ["CLP", one["claim_id"], one["status"], str(charge), str(paid_of(one)), str(share), one["filing"],
         one["control"], one["facility"], one["frequency"]],
        *write_adjustments(one["adjustments"]),
        *([["NM1", "QC", "1", *one["patient"], "", "", "", "MI", one["member"]]] if one["patient"] else []),
        *([["NM1", "TT", "2", one["crossover"], "", "", "", "", "PI", "99999"]] if one["crossover"] else []),
        *([["MOA", "", "", *one["remarks"]]] if one["remarks"] else []),
        *([["DTM", "232", write_date(one["day"])]] if one["day"] else []),
        *([["DTM", "050", write_date(one["received"])]] if one["received"] else []),
        *[list(segment) for segment in one["extra"]],
        *[segment for line in services for segment in write_service(line)],
    ]


def write_service(line) -> list[list[str]]:
    """SVC and what belongs to it."""
    original = (line["system"], *line["original"]) if line["original"] else ""
    billed = [original] if original else []
    return [
        ["SVC", (line["system"], line["code"], *line["modifiers"]), str(line["charge"]), str(line["paid"]), "",
         line["units"], *billed],
        *([["DTM", "472", write_date(line["day"])]] if line["day"] else []),
        *write_adjustments(line["adjustments"]),
        *([["REF", "6R", line["control"]]] if line["control"] else []),
        *([["AMT", "B6", str(line["allowed"])]] if line["allowed"] is not None else []),
        *[["LQ", "HE", code] for code in line["remarks"]],
        *[list(segment) for segment in line["extra"]],
    ]


def write_adjustments(adjustments) -> list[list[str]]:
    """One CAS for each group, six reasons in each."""
    groups: dict[str, list] = {}
    for group, code, amount, *quantity in adjustments:
        groups.setdefault(group, []).append([code, str(amount), *(quantity or [""])])
    return [
        ["CAS", group, *[part for reason in reasons[start:start + 6] for part in reason]]
        for group, reasons in groups.items()
        for start in range(0, len(reasons), 6)
    ]


def paid_of(one) -> Decimal:
    """What a claim pays: as given, else the sum of its lines less its own adjustments."""
    if one["paid"] is not None:
        return Decimal(one["paid"])
    lines = sum((Decimal(line["paid"]) for line in one["services"]), ZERO)
    return lines - sum((Decimal(item[2]) for item in one["adjustments"]), ZERO)


def write_date(day: Date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}"


# === ANSWERS TO OUR FILES === #

def answer_999(sets=(("0001", "A"),), *, group="17", status=None, code="999", errors=()) -> list[list[str]]:
    """The segments of a 999 (or 997). ``sets``: (our ST02, status, code of error …); ``errors``: further segments for
    the set of that number, {ST02: [segments]} as pairs. ``status`` is reckoned from the sets where it is not given."""
    details = dict(errors)
    accepted = sum(one[1] in "AE" for one in sets)
    if status is None:
        status = "A" if accepted == len(sets) else "P" if accepted else "R"
    segments = [["AK1", "HC", group, "005010X222A1"]]
    for control, answer, *codes in sets:
        segments += [
            ["AK2", "837", control, "005010X222A1"],
            *[list(segment) for segment in details.get(control, ())],
            ["IK5" if code == "999" else "AK5", answer, *codes],
        ]
    count = str(len(sets))
    return [*segments, ["AK9", status, count, count, str(accepted)]]


def claim_answer(claim_id="CLM-1", statuses=(("A2", "20"),), *, action="WQ", amount="100.00", control=None, text="",
                 patient=("NEU", "NORA"), member="M-1", day=DAY, received=DAY, services=()) -> dict[str, Any]:
    """One claim of a 277CA. ``statuses``: (category, code[, entity]); ``control``: the payer's number; ``services``:
    (code, charge, our line number, statuses)."""
    return locals()


def answer_277(claims=(), *, day=DAY, reference="BATCH-1", payer="ACME HEALTH",
               batch_statuses=(("A1", "19", "PR"),)) -> list[list[str]]:
    """The segments of one 277CA transaction, without ST and SE."""
    segments = [
        ["BHT", "0085", "08", "INV-1", write_date(day), "1200", "TH"],
        ["HL", "1", "", "20", "1"], ["NM1", "PR", "2", payer, "", "", "", "", "PI", "87726"],
        ["TRN", "1", "PAYER-BATCH"], ["DTP", "050", "D8", write_date(day)], ["DTP", "009", "D8", write_date(day)],
        ["HL", "2", "1", "21", "1"], ["NM1", "41", "2", "OAKDALE PRACTICE", "", "", "", "", "46", "OAK1"],
        ["TRN", "2", reference], ["STC", batch_statuses[0], write_date(day), "WQ", "100.00"],
        ["QTY", "90", str(len(claims))], ["AMT", "YU", "100.00"],
        ["HL", "3", "2", "19", "1"], ["NM1", "85", "2", "OAKDALE PRACTICE", "", "", "", "", "XX", "1234567893"],
        ["TRN", "1", "0"],
    ]
    for number, one in enumerate(claims, 4):
        status = write_statuses(one["statuses"])
        segments += [
            ["HL", str(number), "3", "PT", "0"], ["NM1", "QC", "1", *one["patient"], "", "", "", "MI", one["member"]],
            ["TRN", "2", one["claim_id"]],
            ["STC", status[0], write_date(one["day"]), one["action"], one["amount"], *[""] * 5, *pad(status[1:3], 2),
             one["text"]],
            *([["REF", "1K", one["control"]]] if one["control"] else []),
            ["DTP", "472", "D8", write_date(one["received"])],
        ]
        for code, charge, line, statuses in one["services"]:
            status = write_statuses(statuses)
            segments += [
                ["SVC", ("HC", code), charge, "", "", "", "", "1"],
                ["STC", status[0], write_date(one["day"]), "U", *[""] * 6, *status[1:3]],
                *([["REF", "FJ", line]] if line else []),
            ]
    return segments


def write_statuses(statuses) -> list[tuple]:
    """Composites of category, code and entity."""
    return [tuple(status) for status in statuses]


def pad(values, length):
    """As many as that."""
    return [*values, *[""] * (length - len(values))]


# === THE FILE === #

KINDS = {
    "835": ("HP", "005010X221A1"), "999": ("FA", "005010X231A1"), "997": ("FA", "005010"), "277": ("HN", "005010X214"),
    "837": ("HC", "005010X222A1"),
}


def wrap(*transactions, kind="835", control="000000101", usage="P", separators=PLAIN, version=None) -> bytes:
    """A whole interchange with one group: envelope, counts and control numbers right.

    ``transactions``: lists of segments; segments are lists of elements, composite ones tuples.
    """
    group, release = KINDS[kind]
    release = version or release
    segments = [["GS", group, "ACME", "OAKDALE", write_date(DAY), "1200", "17", "X", release]]
    for number, body in enumerate(transactions, 1):
        control_number = f"{number:04}"
        segments += [
            ["ST", kind, control_number, *([release] if kind in ("999", "277", "837") else [])], *body,
            ["SE", str(len(body) + 2), control_number],
        ]
    segments += [["GE", str(len(transactions)), "17"], ["IEA", "1", control]]
    return write_interchange(segments, control, usage, separators)


def wrap_ta1(sent="000000007", *, status="A", code="000", control="000000102") -> bytes:
    """An interchange with a TA1 alone: the answer to our interchange ``sent``."""
    return write_interchange([
        ["TA1", sent, "260316", "1200", status, code], ["IEA", "0", control],
    ], control, "P", PLAIN)


def write_interchange(segments, control, usage, separators) -> bytes:
    """Bytes with an ISA before ``segments``."""
    header = [
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{'ACME':15}", "ZZ", f"{'OAKDALE':15}", "260316", "1200",
        separators.repetition, "00501", control, "0", usage, separators.component,
    ]
    return b"".join(write_segment(segment, separators) for segment in [header, *segments])


def write_segment(segment, separators=PLAIN) -> bytes:
    """One segment, its empty elements at the end left out."""
    values = [
        separators.component.join(value) if isinstance(value, tuple) else value for value in segment
    ]
    while not values[-1]:
        values.pop()
    return (separators.element.join(values) + separators.terminator + separators.ending).encode()
