"""Holes to judge fills by: read from a file of JSON lines, or cut from the samples by rule."""
import json
import pathlib
import random
import re

KINDS = ("sentence", "two", "last", "first", "phrase", "words")
FIELDS = ("id", "kind", "prefix", "middle", "suffix")
SAMPLES = ("letter.txt", "story.txt", "project-readme.md", "recipe.md")
FORM = f"""It holds one JSON object a line, a hole in a text, with the fields
  id      a number or name of its own
  kind    {", ".join(KINDS)}
  prefix, middle, suffix   the text before the hole, the words in it, the text after it"""

BEFORE, AFTER = 1200, 400  # characters of context at most


def read(path):
    """Holes of a file; ValueError with place and reason where it holds something else."""
    holes, ids = [], set()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{path}, line {number}: "
            try:
                hole = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{place}no JSON object ({error}).\n{FORM}") from None
            missing = [f for f in FIELDS if f not in hole] if isinstance(hole, dict) else FIELDS
            if missing:
                raise ValueError(f"{place}without {', '.join(missing)}.\n{FORM}")
            if hole["kind"] not in KINDS:
                raise ValueError(f"{place}kind {hole['kind']!r} is not known.\n{FORM}")
            wrong = [f for f in FIELDS[2:] if not isinstance(hole[f], str)]
            if wrong:
                raise ValueError(f"{place}{', '.join(wrong)} must be text.\n{FORM}")
            if hole["id"] in ids:
                raise ValueError(f"{place}id {hole['id']!r} comes twice.")
            ids.add(hole["id"])
            holes.append({f: hole[f] for f in FIELDS})
    if not holes:
        raise ValueError(f"{path}: empty.\n{FORM}")
    return holes


def paragraphs(text):
    """(start, end) of the paragraphs of running prose: no heading, list, code or comment."""
    for match in re.finditer(r"\S.*?(?=\n[ \t]*\n|\s*\Z)", text, re.DOTALL):
        line_start = text.rfind("\n", 0, match.start()) + 1
        is_indented = match.start() > line_start
        if not is_indented and re.match(r"[A-Z\"“]", match.group()):
            yield match.span()


def sentences(text, start, end):
    """(start, end) of the sentences of a paragraph, white space between them left out."""
    pattern = re.compile(r"\S.*?[.!?][\"”’)]*(?=\s+[A-Z\"“]|\s*\Z)", re.DOTALL)
    return [(start + m.start(), start + m.end()) for m in pattern.finditer(text[start:end])]


def words(text, start, end):
    """(start, end) of the words of a sentence that have nothing but white space around them."""
    found = re.finditer(r"\S+", text[start:end])
    return [(start + m.start(), start + m.end()) for m in found]


def runs(text, sentence, count):
    """Runs of `count` plain words inside a sentence, clear of its first and its last word."""
    inner = words(text, *sentence)[1:-1]
    for index in range(len(inner) - count + 1):
        start, end = inner[index][0], inner[index + count - 1][1]
        if re.fullmatch(r"[A-Za-z']+(?:\s+[A-Za-z']+)*", text[start:end]):
            yield start, end


def places(text, rng):
    """kind -> spans of a text that could be a hole of that kind."""
    found = {kind: [] for kind in KINDS}
    for paragraph in paragraphs(text):
        parts = sentences(text, *paragraph)
        if len(parts) < 3:
            continue
        found["first"].append(parts[0])
        found["last"].append(parts[-1])
        found["sentence"] += parts[1:-1]
        found["two"] += [(a[0], b[1]) for a, b in zip(parts[1:-2], parts[2:-1])]
        for part in parts:
            found["phrase"] += runs(text, part, rng.randint(4, 8))
            found["words"] += runs(text, part, rng.randint(1, 3))
    return found


def hole(text, kind, start, end):
    """A first hole has nothing before it, a last one nothing after it, the others both."""
    before = "" if kind == "first" else text[:start]
    after = "" if kind == "last" else text[end:]
    if len(before) > BEFORE:
        before = before[-BEFORE:].partition(" ")[2]
    if len(after) > AFTER:
        after = after[:AFTER].rpartition(" ")[0]
    return dict(kind=kind, prefix=before, middle=text[start:end], suffix=after)


def cut(texts, each=20, seed=1):
    """At most `each` holes of every kind, drawn by seed from the first paragraph of each text on;
    that one explains the sample and is left out."""
    rng = random.Random(seed)
    found = {kind: [] for kind in KINDS}
    for text in texts:
        text = text.partition("\n\n")[2]
        for kind, spans in places(text, rng).items():
            found[kind] += [hole(text, kind, *span) for span in spans]
    holes = []
    for kind in KINDS:
        holes += rng.sample(found[kind], min(each, len(found[kind])))
    return [dict(id=index) | hole for index, hole in enumerate(holes)]


def further(holes, seed=1):
    """One more sentence and one more pair of sentences of the text of each hole, where there is one
    with at least 300 characters before it and 150 after it. Means of twenty holes differ by chance."""
    rng, more = random.Random(seed), []
    for known in holes:
        text = known["prefix"] + known["middle"] + known["suffix"]
        begin = len(known["prefix"])
        found = places(text, rng)
        for kind in ("sentence", "two"):
            spans = [(start, end) for start, end in found[kind]
                     if start >= 300 and len(text) - end >= 150
                     and (end <= begin or start >= begin + len(known["middle"]))]
            if spans:
                more.append(dict(id=f"{known['id']}+{kind}") | hole(text, kind, *rng.choice(spans)))
    return more


def from_samples(folder, seed=1):
    return cut([(pathlib.Path(folder) / name).read_text() for name in SAMPLES], seed=seed)
