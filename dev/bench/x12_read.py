"""Reading an 835 of 20,000 claims to balanced claims, against the map-driven reader of pyx12 on the same file.

Ours: every record of the file, with the figures of lines, claims and payment compared. Theirs: every claim as a tree
of its loop (2100), as `X12ContextReader` gives it; nothing is compared. Then what Python holds at most while a tenth of
the file is read, and while all of it is.
"""

import io
import os
import time
import tracemalloc
from decimal import Decimal
from statistics import median

import pyx12.error_handler
import pyx12.params
import pyx12.x12context

from odoo.addons.billing_coordinator.tools.x12 import remittance
from odoo.addons.billing_coordinator.tools.x12.segments import Segments

CLAIMS = int(os.environ.get("CLAIMS", 20_000))
SHARE = 10
ROUNDS = 5
LINES = 2


def measure(_env):
    """The times of both on one file; then the memory of ours."""
    content = make_file(CLAIMS)
    # What is used for the first time takes longer, on both sides.
    read_ours(make_file(100))
    read_theirs(make_file(100))
    ours = [clock(read_ours, content) for _round in range(ROUNDS)]
    cutting = [clock(cut, content) for _round in range(ROUNDS)]
    theirs = [clock(read_theirs, content) for _round in range(1 if CLAIMS > 5_000 else ROUNDS)]
    (seconds, balanced), (peer, _claims) = (median(rounds) for rounds in (ours, theirs))
    yield {
        "n": CLAIMS, "segments": content.count(b"~"), "mb": round(len(content) / 1e6, 1), "ours_s": round(seconds, 3),
        "cutting_s": round(median(cutting)[0], 3), "peer": "pyx12 X12ContextReader", "peer_s": round(peer, 3),
        "ratio": round(seconds / peer, 4), "times_as_fast": round(peer / seconds, 1), "rounds": ROUNDS,
        "balanced": balanced,
    }
    yield weigh(content)


def weigh(content):
    """What Python holds at most beyond the file while a tenth of it is read, and while all of it is."""
    part, whole = (weigh_one(piece) for piece in (make_file(CLAIMS // SHARE), content))
    return {
        "n": CLAIMS, "what": "memory", "peak_mb": round(whole / 1e6, 2), "peak_mb_of_a_tenth": round(part / 1e6, 2),
        "times_as_much": round(whole / part, 2),
    }


def weigh_one(content):
    """Bytes at most; what is remembered between files (amounts, dates) counts from the beginning."""
    file = io.BytesIO(content)
    tracemalloc.start()
    for _record in remittance.read(file):
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def read_ours(content):
    """How many claims balance; a transaction that does not close is an error."""
    balanced, closing = 0, None
    for record in remittance.read(io.BytesIO(content)):
        if isinstance(record, remittance.Claim):
            balanced += not record.difference
        elif isinstance(record, remittance.Closing):
            closing = record
    assert closing
    assert (closing.difference, closing.held) == (0, 0), closing
    return balanced


def cut(content):
    """Only cutting into segments: what all reading costs at least."""
    return sum(elements[0] == "CLP" for _number, elements in Segments(io.BytesIO(content)))


def read_theirs(content):
    """How many claims there are as trees."""
    reader = pyx12.x12context.X12ContextReader(
        pyx12.params.params(), pyx12.error_handler.errh_null(), io.StringIO(content.decode()),
    )
    return sum(node.id == "2100" for node in reader.iter_segments("2100"))


def clock(work, content):
    """Seconds of this process that ``work`` takes, and what it counted."""
    started = time.process_time()
    count = work(content)
    seconds = time.process_time() - started
    assert count == content.count(b"~CLP*"), count
    return seconds, count


def make_file(count):
    """An 835 as payers write it: two lines a claim, the second with two reasons; amounts of many kinds."""
    segments = []
    for number in range(count):
        charges = [Decimal(10_000 + (number * 37 + line * 911) % 40_000) / 100 for line in range(LINES)]
        paid = [charge - 15 for charge in charges]
        segments += [
            f"LX*{number + 1}",
            f"CLP*CLM-{number}*1*{sum(charges)}*{sum(paid)}*{LINES * 5}*12*ICN{number:09}*11*1",
            f"NM1*QC*1*NAME{number}*NORA****MI*M{number:07}", "NM1*82*1*STEIN*EVA****XX*1234567893",
            f"REF*1L*G{number % 50}", "DTM*232*20260302", "DTM*050*20260305",
        ]
        for line, (charge, amount) in enumerate(zip(charges, paid, strict=True), 1):
            segments += [
                f"SVC*HC:9921{line}:25*{charge}*{amount}**1", f"DTM*472*202603{1 + number % 28:02}", "CAS*CO*45*10",
                "CAS*PR*2*5", f"REF*6R*{number}-{line}", f"AMT*B6*{charge - 10}",
            ]
        segments[-1:] = [segments[-1], "LQ*HE*N19"]
    total = sum(Decimal(segment.split("*")[4]) for segment in segments if segment.startswith("CLP*"))
    body = [
        "ST*835*0001", f"BPR*I*{total}*C*ACH*CCP*01*111000025*DA*123456*1512345678**01*111000026*DA*654321*20260316",
        "TRN*1*TRACE-1*1512345678", "DTM*405*20260316", "N1*PR*ACME HEALTH*XV*87726", "N3*1 PAYER ST",
        "N4*OAKDALE*OH*43001", "PER*BL*CLAIMS DESK*TE*8005550100", "N1*PE*OAKDALE PRACTICE*XX*1234567893",
        "REF*TJ*123456789", *segments,
    ]
    return "~".join([
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'ACME':15}*ZZ*{'OAKDALE':15}*260316*1200*^*00501*000000101*0*P*:",
        "GS*HP*ACME*OAKDALE*20260316*1200*17*X*005010X221A1", *body, f"SE*{len(body) + 1}*0001", "GE*1*17",
        "IEA*1*000000101", "",
    ]).encode()
