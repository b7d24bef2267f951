"""Tests of what `judge.py` computes without reader and program: holes, figures, tables."""
import json
import pathlib
import tempfile
import unittest

import cases
import verdict

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "Samples"
LETTER = """[Try this: a hint that is no text. It has two sentences.]

Dear Clara,

One came first of all. The second is here and has more
than enough plain words for a phrase. "Is that so?" asked Tom. Four is the
last but one of them. Five ends it.

- A list item. It is no prose. Not at all.
"""


def row(**values):
    return dict(id=0, kind="sentence", prefix="a ", middle="One two.", suffix=" b",
                passage_nll=6.0, passage_tokens=3, suffix_nll=10.0, suffix_tokens=4,
                last_nll=0.5) | values


class Holes(unittest.TestCase):
    def test_sentences_end_where_another_begins(self):
        start = LETTER.index("One")
        spans = cases.sentences(LETTER, start, LETTER.index("\n\n- "))
        self.assertEqual([LETTER[a:b] for a, b in spans][2:4], [
            '"Is that so?" asked Tom.', "Four is the\nlast but one of them."])
        self.assertEqual(len(spans), 5)

    def test_every_kind_is_cut_from_prose_alone(self):
        holes = cases.cut([LETTER])
        self.assertEqual({hole["kind"] for hole in holes}, set(cases.KINDS))
        middles = " ".join(hole["middle"] for hole in holes)
        self.assertNotIn("hint", middles)
        self.assertNotIn("list", middles)
        for hole in holes:
            self.assertEqual(hole["prefix"] == "", hole["kind"] == "first", hole)
            self.assertEqual(hole["suffix"] == "", hole["kind"] == "last", hole)

    def test_samples_give_holes_of_every_kind_the_same_by_seed(self):
        holes = cases.from_samples(SAMPLES)
        self.assertEqual(holes, cases.from_samples(SAMPLES))
        self.assertNotEqual(holes, cases.from_samples(SAMPLES, seed=2))
        texts = [(SAMPLES / name).read_text() for name in cases.SAMPLES]
        for hole in holes:
            whole = hole["prefix"] + hole["middle"] + hole["suffix"]
            self.assertTrue(any(whole in text for text in texts), hole)
        for kind in cases.KINDS:
            of_kind = verdict.of_kind(holes, kind)
            self.assertGreaterEqual(len(of_kind), 5, kind)
            counts = [len(hole["middle"].split()) for hole in of_kind]
            if kind == "words":
                self.assertLessEqual(max(counts), 3)
            if kind == "phrase":
                self.assertTrue(4 <= min(counts) and max(counts) <= 8, counts)

    def test_further_holes_are_others_of_the_same_texts(self):
        text = LETTER.partition("\n\n")[2].partition("\n\n- ")[0]
        text = "\n\n".join([text] * 4)
        start = text.index("The second")
        known = dict(id=7, kind="sentence", prefix=text[:start], middle=text[start:start + 10],
                     suffix=text[start + 10:])
        more = cases.further([known])
        self.assertEqual([hole["id"] for hole in more], ["7+sentence", "7+two"])
        for hole in more:
            self.assertIn(hole["prefix"] + hole["middle"] + hole["suffix"], text)
            self.assertGreaterEqual(len(hole["prefix"]), 300)
        self.assertEqual(cases.further([known | dict(suffix="")]), [])

    def test_a_file_is_read_or_its_fault_is_named(self):
        good = dict(id=1, kind="two", prefix="", middle="A.", suffix="", more=3)
        faults = [
            ("", "empty"), ("{", "line 1"), ("3", "without id"),
            (json.dumps(good | dict(kind="verse")), "'verse'"),
            (json.dumps(good | dict(suffix=None)), "suffix must be text"),
            (json.dumps(good) + "\n" + json.dumps(good), "line 2: id 1"),
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "holes.jsonl"
            path.write_text(json.dumps(good) + "\n\n")
            self.assertEqual(cases.read(path), [{f: good[f] for f in cases.FIELDS}])
            for text, message in faults:
                path.write_text(text)
                with self.assertRaisesRegex(ValueError, message):
                    cases.read(path)


class Figures(unittest.TestCase):
    def test_means(self):
        originals = {0: row(), 1: row(id=1, suffix_nll=20.0)}
        s = verdict.summary([
            row(suffix_nll=13.0, last_nll=3.5, seconds=1.0),
            row(id=1, suffix_nll=21.0, passage_nll=2.0, passage_tokens=1, seconds=3.0)], originals)
        self.assertEqual((s["holes"], s["nll"], s["join"], s["cut"], s["seconds"]),
                         (2, 2.0, 2.0, 0.5, 2.0))

    def test_what_no_fill_has_is_none(self):
        empty = row(kind="last", middle="", suffix="", passage_nll=0.0, passage_tokens=0)
        s = verdict.summary([empty], {0: empty})
        self.assertEqual((s["nll"], s["join"], s["cut"], s["seconds"]), (None,) * 4)
        self.assertEqual(s["empty"], 1)
        self.assertIsNone(verdict.summary([], {}))

    def test_words_within_a_sentence_do_not_break_off(self):
        for kind in ("words", "phrase"):
            self.assertIsNone(verdict.summary([row(kind=kind, last_nll=9.0)], {0: row()})["cut"])

    def test_three_words_twice_repeat(self):
        self.assertTrue(verdict.repeats("In the sea and in the sea"))
        self.assertFalse(verdict.repeats("In the sea and in the river"))
        self.assertFalse(verdict.repeats(""))


class Tables(unittest.TestCase):
    def test_kinds_and_qualities(self):
        kinds = verdict.kinds_table([row()], [row(suffix_nll=12.5, seconds=0.25)]).splitlines()
        self.assertEqual(
            kinds[3], "| sentence | fill | 1 | 2.00 | +2.50 | 0.00 | 0.00 | 0 | 3.0 | 0.25 |")
        self.assertEqual(len(kinds), 6)
        lines = verdict.qualities_table([row()], {2: [row()], 1: [row(suffix_nll=9.0)]})
        self.assertEqual([line.split(" | ")[0] for line in lines.splitlines()],
                         ["| quality", "| ---", "| original", "| 1", "| 2"])
        self.assertIn("| 1 | 2.00 | -1.00 |", lines)

    def test_joins_have_a_standard_error(self):
        originals = [row(id=i) for i in range(4)]
        fills = [row(id=i, suffix_nll=10.0 + i) for i in range(4)]
        self.assertEqual(
            verdict.joins_table(originals, fills).splitlines()[2:],
            ["| sentence | 4 | 2.00 | +1.50 | 0.65 | 0.00 | 0.00 |"])

    def test_fills_are_shown_whole_in_the_same_order_by_seed(self):
        fills = [row(id=i, middle=f"Fill {i}\nand no end.", original="Old.") for i in range(40)]
        shown = verdict.examples(fills, 20, seed=3)
        self.assertEqual(shown.count("is  [Fill "), 20)
        self.assertIn("↵and no end.]", shown)
        self.assertEqual(shown, verdict.examples(fills, 20, seed=3))
        self.assertNotEqual(shown, verdict.examples(fills, 20, seed=4))


if __name__ == "__main__":
    unittest.main()
