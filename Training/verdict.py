"""What a reader's figures come to: means by kind, as Markdown tables, and fills to look at."""
import random
import statistics

from cases import KINDS

SENTENCES = ("sentence", "two", "last", "first")
BREAK = 3.0  # nats: a last token that surprises the reader more was put behind a broken phrase


def repeats(text):
    """Whether three words come twice in the same order."""
    words = text.lower().split()
    triples = list(zip(words, words[1:], words[2:]))
    return len(triples) != len(set(triples))


def joins(rows, originals):
    """NLL of the text after each fill that has some, less that after the words of `originals`."""
    return [row["suffix_nll"] - originals[row["id"]]["suffix_nll"] for row in rows if row["suffix"]]


def summary(rows, originals):
    """Figures of measured fills. Those that no fill has a value for are None.

    nll: nats a token of the fill. join: mean NLL of the text after it, less that after the words of
    `originals`, by id. cut: share of sentences that break off. repeats: share with three words
    twice. empty: fills without a word. seconds: median of the program's run.
    """
    if not rows:
        return None
    tokens = sum(row["passage_tokens"] for row in rows)
    ended = [row for row in rows if row["kind"] in SENTENCES and row["passage_tokens"]]
    differences = joins(rows, originals)
    times = [row["seconds"] for row in rows if "seconds" in row]
    return dict(
        holes=len(rows),
        nll=sum(row["passage_nll"] for row in rows) / tokens if tokens else None,
        join=statistics.fmean(differences) if differences else None,
        cut=statistics.fmean(row["last_nll"] > BREAK for row in ended) if ended else None,
        repeats=statistics.fmean(repeats(row["middle"]) for row in rows),
        empty=sum(not row["middle"].strip() for row in rows),
        tokens=tokens / len(rows),
        seconds=statistics.median(times) if times else None)


def of_kind(rows, kind):
    return [row for row in rows if kind in ("all", row["kind"])]


def number(value, form=".2f"):
    return "" if value is None else format(value, form)


def table(head, lines):
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row).rstrip() + " |" for row in rows)


def kinds_table(originals, fills):
    """Original words and fills of every kind, one row each."""
    head = ["hole", "words", "holes", "nll", "join", "cut", "repeats", "empty", "tokens",
            "median s"]
    by_id, lines = {row["id"]: row for row in originals}, []
    for kind in (*KINDS, "all"):
        for name, rows in (("original", originals), ("fill", fills)):
            s = summary(of_kind(rows, kind), by_id)
            if s:
                lines.append([
                    kind, name, str(s["holes"]), number(s["nll"]), number(s["join"], "+.2f"),
                    number(s["cut"]), number(s["repeats"]), str(s["empty"]),
                    number(s["tokens"], ".1f"), number(s["seconds"])])
    return table(head, lines)


def joins_table(originals, fills):
    """Mean join by kind with its standard error."""
    by_id, lines = {row["id"]: row for row in originals}, []
    for kind in KINDS:
        rows = of_kind(fills, kind)
        if len(rows) > 1:
            s = summary(rows, by_id)
            spread = statistics.stdev(joins(rows, by_id))
            lines.append([
                kind, str(len(rows)), number(s["nll"]), number(s["join"], "+.2f"),
                number(spread / len(rows) ** 0.5), number(s["cut"]), number(s["repeats"])])
    return table(["hole", "holes", "nll", "join", "standard error", "cut", "repeats"], lines)


def qualities_table(originals, fills):
    """`fills`: quality -> measured fills."""
    kinds = [k for k in KINDS if k != "last"]  # nothing follows the last
    head = ["quality", "nll", *(f"join {kind}" for kind in kinds), "cut", "repeats", "median s"]
    by_id, lines = {row["id"]: row for row in originals}, []
    for name, rows in [("original", originals), *((str(q), fills[q]) for q in sorted(fills))]:
        s = summary(rows, by_id)
        by_kind = [summary(of_kind(rows, kind), by_id) for kind in kinds]
        lines.append([
            name, number(s["nll"]), *(number(k and k["join"], "+.2f") for k in by_kind),
            number(s["cut"]), number(s["repeats"]), number(s["seconds"])])
    return table(head, lines)


def near(text, count, last):
    """The last or first `count` words of a text as they stand, line ends as arrows."""
    words = text.replace("\n", "↵").split(" ")
    if len(words) <= count:
        return " ".join(words)
    return "…" + " ".join(words[-count:]) if last else " ".join(words[:count]) + "…"


def examples(fills, count, seed, context=12):
    """Fills drawn by seed, whole, between the words that stand beside them."""
    drawn = random.Random(seed).sample(fills, min(count, len(fills)))
    blocks = []
    for index, row in enumerate(drawn, 1):
        before, after = near(row["prefix"], context, True), near(row["suffix"], context, False)
        was, now = (row[key].replace("\n", "↵") for key in ("original", "middle"))
        lines = [f"{index}. {row['kind']}", f"   {before}", f"   was [{was}]", f"   is  [{now}]",
                 f"   {after}"]
        blocks += [line.rstrip() for line in lines if line.strip()]
    return "````\n" + "\n".join(blocks) + "\n````"
