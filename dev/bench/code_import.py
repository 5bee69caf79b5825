"""Loading ICD-10-CM from its order file, against Odoo's own `load()` of the same rows into the same table.

The search index is in place for both. Ours reads the file, finds headings and compares; `load()` gets its rows ready
from memory and without headings, which it would look up one by one, and is spared whatever this addon does when a code
is created or written. `CODES=74000` measures the whole list, which takes minutes.
"""

import io
import os
import random
import tempfile
import time
import tracemalloc
from contextlib import ExitStack
from statistics import median
from unittest.mock import patch

from odoo import models

CODES = int(os.environ.get("CODES", 10_000))
ROUNDS = 3
# Of the whole list, so much is weighed, and a tenth of it.
WEIGHED = 74_000
SHARE = 10
WORDS = (
    "acute chronic unspecified displaced fracture of the right left femur tibia shaft initial encounter subsequent "
    "for closed open healing delayed nonunion malunion with without type diabetes mellitus due to underlying condition "
    "proliferative retinopathy macular edema bilateral other specified disorders joint pain in knee hip neoplasm "
    "malignant benign uncertain behavior poisoning by adverse effect accidental intentional self-harm sequela"
).split()


def measure(env):
    """A new list, the same file again as it is known, and the same file compared line by line; then the memory."""
    prepare_index(env, wanted=True)
    rows = make_rows(CODES)
    content = to_file(rows)
    # What is used for the first time takes longer, on both sides.
    compare(env, make_rows(200), to_file(make_rows(200)), "warm")
    rounds = [compare(env, rows, content, number) for number in range(1 if CODES > 20_000 else ROUNDS)]
    for what, theirs in (("first", "load"), ("again", "load_again"), ("compared", "load_again")):
        ours, peer = (median(times[name] for times in rounds) for name in (what, theirs))
        yield {
            "n": CODES, "what": what, "ours_s": round(ours, 3), "peer": "load()", "peer_s": round(peer, 3),
            "ratio": round(ours / peer, 4), "times_as_fast": round(peer / ours, 1), "rounds": len(rounds),
        }
    yield weigh(env)


def compare(env, rows, content, name):
    """{what: seconds}: ours and Odoo's own, each in its own list."""
    ours, peer = env["billing.code.system"].create([
        {"name": f"{side} {name}", "code": f"{side}{name}", "default_kind": "diagnosis"} for side in ("ours", "peer")
    ])
    times = {
        "first": clock(env, lambda: load_ours(env, content, ours)),
        "load": clock(env, lambda: load_peer(env, rows, peer)),
        "again": clock(env, lambda: load_ours(env, content, ours)),
        "load_again": clock(env, lambda: load_peer(env, rows, peer)),
        "compared": clock(env, lambda: load_ours(env, content, ours, compare=True)),
    }
    counts = [env["billing.code"].search_count([("system_id", "=", system.id)]) for system in (ours, peer)]
    assert counts == [len(rows), len(rows)], counts
    return times


def weigh(env):
    """What Python holds at most while a tenth of the list is loaded, and while all of it is."""
    peaks = {}
    for count in (WEIGHED // SHARE, WEIGHED):
        system = env["billing.code.system"].create({"name": f"Weighed {count}", "code": f"W{count}"})
        with tempfile.TemporaryFile() as file:
            file.write(to_file(make_rows(count)))
            tracemalloc.start()
            env["billing.code.import"]._load_file(file, "icd10cm_order_2026.txt", system=system)
            _now, peaks[count] = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    part, whole = peaks.values()
    return {
        "n": WEIGHED, "what": "memory", "peak_mb": round(whole / 1e6, 2), "peak_mb_of_a_tenth": round(part / 1e6, 2),
        "times_as_much": round(whole / part, 2),
    }


def prepare_index(env, wanted):
    """The index that the search needs, as Odoo makes it in databases with trigrams; or none."""
    env.cr.execute("DROP INDEX IF EXISTS billing_code_words")
    if wanted:
        env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        env.registry.has_trigram = True
        index = env["billing.code"]._table_objects["billing_code_words"]
        env.cr.execute(f"CREATE INDEX billing_code_words ON billing_code {index._index_definition(env.registry)}")


def make_rows(count):
    """Codes of the shape of ICD-10-CM: headings of three characters, below them up to seven; texts as long as there,
    71 characters in nine words on the average."""
    chance = random.Random(4)
    rows = []
    while len(rows) < count:
        number = len(rows) // 40
        heading = f"{'ABCDEFGHIJKLMNOPQRST'[number // 100]}{number % 100:02}"
        for place in range(min(40, count - len(rows))):
            words = " ".join(chance.choices(WORDS, k=chance.randint(4, 15)))
            rows.append((f"{heading}{place:02}" if place else heading, words[:60].strip(), words, bool(place)))
    return rows


def to_file(rows):
    """The rows as an order file."""
    return "".join(
        f"{number:05} {code:<7} {int(billable)} {short:<60} {text}\r\n"
        for number, (code, short, text, billable) in enumerate(rows, 1)
    ).encode()


def load_ours(env, content, system, **options):
    """What a scheduled load does."""
    env["billing.code.import"]._load_file(io.BytesIO(content), "icd10cm_order_2026.txt", system=system, **options)


def load_peer(env, rows, system):
    """What Odoo's own import does with the same rows, once they are read; known again by their external ids."""
    names = ["id", "system_id/.id", "code", "name", "description", "kind", "is_billable", "date_from"]
    data = [
        [
            f"bench.code_{system.id}_{code}", str(system.id), code if len(code) < 4 else f"{code[:3]}.{code[3:]}",
            short, text, "diagnosis", str(int(billable)), "2025-10-01",
        ]
        for code, short, text, billable in rows
    ]
    plain = {"create": models.BaseModel.create, "write": models.BaseModel.write, "_constraint_methods": ()}
    with ExitStack() as stack:
        for name, value in plain.items():
            stack.enter_context(patch.object(env.registry["billing.code"], name, value))
        result = env["billing.code"].load(names, data)
    assert result["ids"], result["messages"][:3]


def clock(env, work):
    """Seconds that ``work`` takes, from an empty cache to flushed."""
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - started
