"""Loading the whole of ICD-10-CM from its order file, against Odoo's own `load()` of the same rows.

Both with the index that the search needs, and without it. Odoo's rows come ready from memory, ours are read from the
file; headings, which `load()` would look up one by one, are ours only.
"""

import io
import os
import random
import time
import tracemalloc

CODES = int(os.environ.get("CODES", 74_000))
SHARE = 10
WORDS = (
    "acute chronic unspecified displaced fracture of the right left femur tibia shaft initial encounter subsequent "
    "for closed open healing delayed nonunion malunion with without type diabetes mellitus due to underlying condition "
    "proliferative retinopathy macular edema bilateral other specified disorders joint pain in knee hip neoplasm "
    "malignant benign uncertain behavior poisoning by adverse effect accidental intentional self-harm sequela"
).split()

def measure(env):
    """The first time and the same file again, ours and theirs; and what memory the reading takes for a tenth."""
    yield from compare(env, indexed=False)
    yield from compare(env, indexed=True)
    yield from weigh(env)

def compare(env, indexed):
    """Ours and Odoo's own, each in its own list, each twice."""
    prepare_index(env, indexed)
    lists = env["billing.code.system"].create([
        {"name": f"{side} {indexed}", "code": f"{side}{indexed}", "default_kind": "diagnosis"}
        for side in ("ours", "peer")
    ])
    rows = make_rows(CODES)
    content = to_file(rows)
    ours = [clock(env, lambda: load_ours(env, content, lists[0])) for _round in range(2)]
    peer = [clock(env, lambda: load_peer(env, rows, lists[1], indexed)) for _round in range(2)]
    counts = [env["billing.code"].search_count([("system_id", "=", system.id)]) for system in lists]
    assert counts == [CODES, CODES], counts
    for times, mine, theirs in zip(("first", "again"), ours, peer, strict=True):
        yield {
            "n": CODES, "what": times, "search_index": indexed, "ours_s": round(mine, 2), "peer": "load()",
            "peer_s": round(theirs, 2), "ratio": round(mine / theirs, 3), "times_as_fast": round(theirs / mine, 1),
        }

def weigh(env):
    """What Python holds at most while loading a tenth of the list, and all of it."""
    for count in (CODES // SHARE, CODES):
        system = env["billing.code.system"].create({"name": f"Weighed {count}", "code": f"W{count}"})
        file = io.BytesIO(to_file(make_rows(count)))
        tracemalloc.start()
        env["billing.code.import"]._load_file(file, "icd10cm_order_2026.txt", system=system)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        yield {"n": count, "what": "memory", "peak_mb": round(peak / 1e6, 2)}

def prepare_index(env, wanted):
    """The index that the search needs, as Odoo makes it in databases with trigrams; or none."""
    env.cr.execute("DROP INDEX IF EXISTS billing_code_words")
    if wanted:
        env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        env.registry.has_trigram = True
        index = env["billing.code"]._table_objects["billing_code_words"]
        env.cr.execute(f"CREATE INDEX billing_code_words ON billing_code {index._index_definition(env.registry)}")

def make_rows(count):
    """Codes of the shape of ICD-10-CM: headings of three characters, below them up to seven."""
    chance = random.Random(4)
    rows = []
    while len(rows) < count:
        number = len(rows) // 40
        heading = f"{'ABCDEFGHIJKLMNOPQRST'[number // 100]}{number % 100:02}"
        for place in range(min(40, count - len(rows))):

            words = " ".join(chance.choices(WORDS, k=12))
            rows.append((f"{heading}{place:02}" if place else heading, words[:60].strip(), words, bool(place)))
    return rows

def to_file(rows):
    """The rows as an order file."""
    return "".join(
        f"{number:05} {code:<7} {int(billable)} {short:<60} {text}\r\n"
        for number, (code, short, text, billable) in enumerate(rows, 1)
    ).encode()

def load_ours(env, content, system):
    """What the wizard does."""
    env["billing.code.import"]._load_file(io.BytesIO(content), "icd10cm_order_2026.txt", system=system)

def load_peer(env, rows, system, indexed):
    """What Odoo's own import does with the same rows, once they are read; known again by their external ids."""
    names = ["id", "system_id/.id", "code", "name", "description", "kind", "is_billable", "date_from"]
    data = [
        [
            f"bench.code_{indexed}_{code}", str(system.id), code if len(code) < 4 else f"{code[:3]}.{code[3:]}", short,
            text, "diagnosis", str(int(billable)), "2025-10-01",
        ]
        for code, short, text, billable in rows
    ]
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

