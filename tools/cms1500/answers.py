"""The page behind a claim to a second payer: what the payers asked before it answered, service by service.

It is a summary of the answers that the office posted; payers read English there, amounts are those of the claim.
"""

import textwrap

from ..claim_content import NOTHING
from .letters import to_signed_name

WIDTH, LINES_A_PAGE = 98, 58
RANKS = {1: "primary", 2: "secondary", 3: "tertiary"}
GROUPS = {
    "CO": "contractual obligation", "PR": "patient responsibility", "OA": "other adjustment",
    "PI": "payer initiated reduction",
}


def list_answers(content) -> list[list[str]]:
    """The pages about the payers that have answered before, each as lines of text; none for a first claim."""
    pages = []
    for other in sorted((one for one in content.others if one.is_answered), key=lambda one: one.rank):
        lines = _list_lines(content, other)
        head = _list_head(content, other)
        room = LINES_A_PAGE - len(head)
        chunks = [lines[start:start + room] for start in range(0, len(lines), room)] or [[]]
        pages += [[*head, *chunk] for chunk in chunks]
    return pages


def _list_head(content, other):
    """Who answered whom, and when: at the top of each page."""
    rank = RANKS.get(other.rank, "other")
    return [
        f"ANSWER OF THE {rank.upper()} PAYER",
        "",
        f"Payer           {' '.join(filter(None, [other.payer.name, other.code and f'({other.code})']))}",
        f"Its claim no.   {other.control_number or '-'}",
        f"Answered on     {f'{other.date:%m/%d/%Y}' if other.date else '-'}",
        f"Insured         {to_signed_name(other.insured.party, 40)}, number {other.insured.member_number or '-'}",
        f"Patient         {to_signed_name(content.patient, 40)}",
        f"Our claim no.   {content.number}",
        "",
        f"{'':3} {'Date':10} {'Service':20} {'Charge':>12} {'Paid':>12}  Not paid because of",
        "-" * WIDTH,
    ]


def _list_lines(content, other):
    """The services, what concerns the claim as a whole, and the sum."""
    lines = []
    charged = paid = adjusted = NOTHING
    used = []
    for service in content.services:
        answer = other.services.get(service.number)
        code = " ".join([service.code, *service.modifiers])
        if not answer:
            lines.append(_list_row(service, code, "-", ""))
            charged += service.charge
            continue
        charged, paid, adjusted = charged + service.charge, paid + answer.paid, adjusted + answer.adjusted
        used += [adjustment.group for adjustment in answer.adjustments]
        reasons = "; ".join(map(_tell_reason, answer.adjustments))
        first, *more = textwrap.wrap(reasons, WIDTH - 63) or [""]
        lines.append(_list_row(service, code, _tell(answer.paid), first))
        lines += [" " * 63 + line for line in more]
    for adjustment in other.adjustments:
        adjusted += adjustment.amount
        used.append(adjustment.group)
        lines.append(f"{'':3} {'':10} {'whole claim':20} {'':12} {'':12}  {_tell_reason(adjustment)}")
    if other.paid != paid:
        lines.append(f"{'':3} {'':10} {'whole claim':20} {'':12} {_tell(other.paid - paid):>12}")
    lines += [
        "-" * WIDTH,
        f"{'':3} {'':10} {'Total':20} {_tell(charged):>12} {_tell(other.paid):>12}  {_tell(adjusted)} not paid",
        "",
    ]
    lines += [f"{group}  {GROUPS[group]}" for group in GROUPS if group in used]
    return [*lines, "", "Reason codes as the payer reported them (claim adjustment reason codes)."]


def _list_row(service, code, paid, reasons):
    day = f"{service.date_from:%m/%d/%Y}" if service.date_from else ""
    return f"{service.number:3} {day:10} {code:20.20} {_tell(service.charge):>12} {paid:>12}  {reasons}".rstrip()


def _tell_reason(adjustment):
    return f"{adjustment.group}-{adjustment.code} {_tell(adjustment.amount)}"


def _tell(amount):
    return f"{amount:,.2f}"
