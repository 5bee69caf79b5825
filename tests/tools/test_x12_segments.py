import io
import random
import tracemalloc
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ...tools.x12.envelope import detect
from ...tools.x12.faults import REASONS, X12Error, sentence
from ...tools.x12.segments import CHUNK, Segments
from .x12_files import PLAIN, Separators, answer_999, claim, remittance, service, wrap, wrap_ta1


class Drops(io.BytesIO):
    """A file that gives only a few bytes at a time, as a slow line does."""

    def __init__(self, content, most=7):
        super().__init__(content)
        self.most = most

    def read(self, size=-1):
        return super().read(min(size, self.most) if size > 0 else self.most)


def cut(content):
    return [elements for _number, elements in Segments(io.BytesIO(content))]


FILE = wrap(remittance([claim(services=[service(modifiers=("25", "59"))])]))


class TestSegments(unittest.TestCase):
    """Files are cut where their own header says."""

    def test_segments_are_numbered_from_the_beginning_of_the_file(self):
        found = list(Segments(io.BytesIO(FILE + FILE)))
        self.assertEqual([number for number, _elements in found], list(range(1, len(found) + 1)))
        self.assertEqual([number for number, elements in found if elements[0] == "ISA"], [1, len(found) // 2 + 1])

    def test_whatever_separators_a_sender_uses_the_content_is_the_same(self):
        expected = cut(FILE)[1:]
        for separators in (
            Separators(ending="\n"), Separators(ending="\r\n"), Separators(ending="\r\n    "),
            Separators(ending="\n\n"), Separators(terminator="\n"), Separators(terminator="\r"),
            Separators(terminator="\r", ending="\n"),
            Separators("|", ">", "!", "'"), Separators("\x1d", "\x1f", "\x1e", "\x1c"),
            Separators(terminator="\n", ending="~"),
        ):
            with self.subTest(separators=separators):
                content = wrap(remittance([claim(services=[service(modifiers=("25", "59"))])]), separators=separators)
                reader = Segments(io.BytesIO(content))
                found = [
                    [item.replace(separators.component, ":") for item in elements] for _number, elements in reader
                ][1:]
                self.assertEqual(found, expected)
                self.assertEqual(reader.component, separators.component)
                self.assertEqual(reader.repetition, separators.repetition)

    def test_marks_and_blanks_before_the_header_are_passed_over(self):
        expected = cut(FILE)
        for before in (b"\xef\xbb\xbf", b"\r\n  ", b"\xef\xbb\xbf\r\n", b"  \xef\xbb\xbf", b"\x00\n"):
            with self.subTest(before=before):
                self.assertEqual(cut(before + FILE), expected)
        self.assertEqual(cut(FILE + b"\r\n\x1a"), expected)

    def test_interchanges_one_behind_the_other_may_have_other_separators(self):
        other = wrap(remittance(), separators=Separators("|", ">", "!", "'", "\r\n"), control="000000102")
        for between in (b"", b"\r\n", b"\xef\xbb\xbf", b"\n\xef\xbb\xbf  "):
            with self.subTest(between=between):
                found = cut(FILE + between + other + between + FILE)
                self.assertEqual([row[13] for row in found if row[0] == "ISA"], ["000000101", "000000102", "000000101"])
                self.assertEqual(found[len(cut(FILE)):-len(cut(FILE))], cut(other))

    def test_isa_within_a_text_begins_no_interchange(self):
        content = wrap(remittance([claim(patient=("LISA", "MONA ISA"))], payer=("PAYER ISA", "XV", "1")))
        found = cut(content)
        self.assertEqual(sum(row[0] == "ISA" for row in found), 1)
        self.assertIn(["N1", "PR", "PAYER ISA", "XV", "1"], found)

    def test_an_unterminated_interchange_ends_where_the_next_line_begins_one(self):
        found = cut(FILE.removesuffix(b"~") + b"\n" + FILE)
        self.assertEqual(len(found), 2 * len(cut(FILE)))

    def test_lines_wrapped_after_eighty_characters_are_put_together(self):
        wrapped = b"\r\n".join(FILE[start:start + 80] for start in range(0, len(FILE), 80))
        self.assertEqual(cut(wrapped), cut(FILE))

    def test_letters_are_utf8_or_latin1(self):
        content = wrap(remittance([claim(patient=("MÜLLER", "JOSÉ"))]))
        for encoded in (content, content.decode().encode("latin-1")):
            self.assertIn(["NM1", "QC", "1", "MÜLLER", "JOSÉ", "", "", "", "MI", "M-1"], cut(encoded))

    def test_older_versions_have_no_separator_of_repetitions(self):
        reader = Segments(io.BytesIO(FILE.replace(b"*00501*", b"*00401*").replace(b"*^*", b"*U*")))
        self.assertEqual([*reader][-1][1], ["IEA", "1", "000000101"])
        self.assertEqual(reader.repetition, "")

    def test_a_header_may_lack_its_padding_or_its_component_separator(self):
        short = FILE.replace(b"ACME           ", b"ACME").replace(b"          ", b"")
        self.assertEqual(cut(short)[1:], cut(FILE)[1:])
        for content in (FILE.replace(b"*P*:~", b"*P*~"), FILE.replace(b"*P*:~", b"*P*~\n")):
            self.assertEqual(cut(content)[1:], cut(FILE)[1:])

    def test_files_that_come_in_drops_are_the_same(self):
        content = b"\xef\xbb\xbf " + FILE + b"\n" + FILE
        for most in (1, 2, 3, 7, 105, 106, 107):
            self.assertEqual([row for _number, row in Segments(Drops(content, most))], cut(content))

    def test_what_is_no_x12_is_refused_with_words(self):
        for content, reason in (
            (b"", "empty"), (b" \r\n ", "empty"), (b"\xef\xbb\xbf", "empty"), (b"Hello", "no_isa"), (b"IS", "no_isa"),
            (b"%PDF-1.7 ISA*00*", "no_isa"), (b"ST*835*0001~", "no_isa"), (FILE.decode().encode("utf-16"), "no_isa"),
            (b"PK\x03\x04" + bytes(range(256)), "no_isa"), (FILE[:60], "isa_cut_off"), (b"ISA*", "isa_cut_off"),
            (FILE[:104], "isa_cut_off"), (FILE.replace(b"*P*:~", b"*P*a~"), "separators"),
            (FILE.replace(b"*ZZ*", b"*", 1), "separators"), (b"ISA" + b"*" * 200, "separators"),
        ):
            with self.subTest(content=content[:20]), self.assertRaises(X12Error) as caught:
                cut(content)
            self.assertEqual(caught.exception.reason, reason)
            self.assertEqual(str(caught.exception), sentence(reason, caught.exception.detail))

    def test_a_later_header_that_cannot_be_read_spoils_nothing_before_it(self):
        found = cut(FILE + b"ISA*00*broken~" + FILE)
        self.assertEqual(found, [*cut(FILE), ["ISA", "00", "broken"], *cut(FILE)])

    def test_memory_does_not_grow_with_the_file(self):
        some, many = (peak(io.BytesIO(FILE * count)) for count in (400, 2_000))
        self.assertLess(many, 1.5 * some)
        self.assertLess(many, 6 * CHUNK)

    def test_garbage_without_end_is_not_kept(self):
        self.assertLess(peak(io.BytesIO(FILE.removesuffix(b"SE*20*0001~") + b"x" * 5_000_000)), 12 * CHUNK)

    @given(st.integers(0, 2**32), st.integers(1, 300))
    def test_however_a_file_comes_in_pieces_it_is_cut_the_same(self, seed, most):
        chance = random.Random(seed)
        content = b"".join(
            wrap(remittance([claim(services=[service()])]), separators=PLAIN._replace(ending=chance.choice(["", "\n"])))
            + chance.choice([b"", b"\n", b"\xef\xbb\xbf"])
            for _index in range(3)
        )
        self.assertEqual([row for _number, row in Segments(Drops(content, most))], cut(content))


class TestDetect(unittest.TestCase):
    """What a file is, before it is read."""

    def test_the_first_transaction_says_what_a_file_is(self):
        for content, kind in (
            (FILE, "remittance"), (wrap(answer_999(), kind="999"), "acknowledgement"), (wrap_ta1(), "acknowledgement"),
            (wrap([["BHT", "0019"]], kind="837"), "claims"), (b"name;amount\n", None), (b"", None),
            (FILE.replace(b"ST*835", b"ST*850"), None), (FILE[:150], None),
        ):
            file = io.BytesIO(content)
            file.seek(min(3, len(content)))
            self.assertEqual(detect(file), kind)
            self.assertEqual(file.tell(), 0)


class TestReasons(unittest.TestCase):
    """Every reason has a sentence."""

    def test_sentences_end_with_a_point(self):
        for text in REASONS.values():
            self.assertRegex(text, r"[.”]\Z|\)s\.\Z")


def peak(file):
    """Bytes that are held at most while the file is read, beyond itself."""
    tracemalloc.start()
    for _segment in Segments(file):
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
