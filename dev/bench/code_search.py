"""Finding codes among 150,000: with the index, and on the same table without it; the rows that the database reads."""

import io
import json
import time
from statistics import median

from code_import import make_rows, prepare_index, to_file

from odoo.tools import SQL

CODES = 150_000
ROUNDS = 5
# Some, many, a part of a code, one word of very many codes, and words that hardly ever meet.
SEARCHES = (
    "femur closed displaced", "retinopathy macular", "C15.2", "sequela",
    "macular nonunion poisoning neoplasm tibia hip",
)


def measure(env):
    """One line for each search: time and rows read, ours and without the index; and the whole of what a field asks."""
    prepare(env)
    searches = {words: [take(env, words) for _round in range(ROUNDS)] for words in SEARCHES}
    prepare_index(env, wanted=False)
    without = {words: [take(env, words) for _round in range(ROUNDS)] for words in SEARCHES}
    for words in SEARCHES:
        ours, peer = (median(found[0] for found in side[words]) for side in (searches, without))
        yield {
            "n": CODES, "words": words, "ours_s": round(ours, 4), "peer": "the same without the index",
            "peer_s": round(peer, 4), "ratio": round(ours / peer, 4), "rows_found": searches[words][0][2],
            "rows_read": searches[words][0][1], "peer_rows_read": without[words][0][1], "plan": searches[words][0][3],
        }


def prepare(env):
    """So many codes, loaded from a file."""
    prepare_index(env, wanted=True)
    for part in range(2):
        system = env["billing.code.system"].create({"name": f"Part {part}", "code": f"PART{part}"})
        content = io.BytesIO(to_file(make_rows(CODES // 2)))
        env["billing.code.import"]._load_file(content, "icd10cm_order_2026.txt", system=system)
    # As the nightly housekeeping of the database leaves it.
    env.cr.execute("SELECT gin_clean_pending_list('billing_code_words')")
    env.cr.execute("ANALYZE billing_code")


def take(env, words):
    """Seconds of the search as a field asks it, rows read for it, rows found, and how the database goes about it."""
    env.invalidate_all()
    started = time.perf_counter()
    env["billing.code"].name_search(words, limit=8)
    seconds = time.perf_counter() - started
    codes = env["billing.code"]
    query = codes._search([("display_name", "ilike", words)], limit=8, order=codes._order)
    [[plan]] = env.execute_query(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query.select()))
    plan = plan if isinstance(plan, list) else json.loads(plan)
    nodes = list(walk(plan[0]["Plan"]))
    leaves = [node for node in nodes if "Relation Name" in node]
    # Figures are averages of the workers that shared the job.
    read = sum(node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get(
        "Rows Removed by Index Recheck", 0)) for node in leaves)
    return seconds, read, nodes[0]["Actual Rows"], " > ".join(node["Node Type"] for node in nodes)


def walk(node):
    """A plan's nodes, from the outermost."""
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)
