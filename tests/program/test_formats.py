"""Books, feeds, office files and PDFs: what is read of good ones, and what is said of bad ones."""
import json
import os
import unittest

import files
from harness import ProgramTest


class Formats(ProgramTest):
    def setUp(self):
        super().setUp()
        files_folder = self.folder / "in"
        files_folder.mkdir()
        for make in (files.book3, files.book2, files.feeds, files.docx, files.odt, files.pdfs):
            make(files_folder)

    def read(self, name, *more):
        return json.loads(self.run_ok("read", "in/" + name, "--json", *more))

    def blocks(self, doc):
        return [(b["kind"], b["text"]) for b in doc["blocks"] if not b.get("silent")]

    def test_a_book_is_read_chapter_by_chapter(self):
        doc = self.read("book.epub")
        self.assertEqual((doc["title"], doc["author"], doc["language"], doc["date_iso"]),
                         ("Goats & Keys", "Ann Lee", "en", "2021-03-04"))
        self.assertEqual([(p["title"], p["level"]) for p in doc["parts"]], [("One", 1), ("Three,  deep", 2)])
        self.assertEqual(self.blocks(doc)[3:], [
            ("heading", "One"), ("paragraph", files.P1 + "1"), ("quote", "So be it."),
            ("paragraph", "Still the first chapter."), ("item", "Four"), ("heading", "Three"), ("paragraph", files.P2)])
        self.assertEqual([b["text"] for b in doc["blocks"] if b["kind"] == "footnote"], ["Or so they say."])
        self.assertEqual(doc["blocks"][doc["parts"][1]["block"]]["text"], "Three")
        one = self.read("book.epub", "--item", 2)
        self.assertEqual(self.blocks(one)[3:], [("heading", "Three"), ("paragraph", files.P2)])
        spoken = self.run_ok("spoken", "in/book.epub", "--item", 1)
        self.assertNotIn("caretaker one", spoken)

    def test_a_book_of_the_second_edition(self):
        doc = self.read("old.epub")
        self.assertEqual([p["title"] for p in doc["parts"]], ["The Goat"])
        self.assertEqual(self.blocks(doc)[3:], [("paragraph", files.P1)])
        self.run_fails("read", "in/old.epub", "--item", 9, says=["9", "has 1"])

    def test_feeds(self):
        doc = self.read("feed.rss")
        self.assertEqual([(p["title"], p["url"]) for p in doc["parts"]],
                         [("Goats & keys", "https://example.org/1"), ("Sheep", "https://example.org/2")])
        self.assertEqual(self.blocks(doc), [("title", "The Goat"), ("item", "Goats & keys"), ("item", "Sheep")])
        one = self.read("feed.rss", "--item", 1)
        self.assertEqual((one["title"], one["author"], one["date_iso"], one["publisher"], one["url"]),
                         ("Goats & keys", "Ann Lee", "2024-05-06T07:30:00+01:00", "The Goat", "https://example.org/1"))
        self.assertEqual(self.blocks(one)[3:], [("paragraph", files.P1), ("paragraph", files.P2)])
        atom = self.read("feed.atom", "--item", 1)
        self.assertEqual((atom["author"], self.blocks(atom)[-1]), ("Bo Ek", ("paragraph", files.P1)))
        self.assertIn("1  One  (2024-05-06)", self.run_ok("read", "in/feed.atom"))

    def test_word(self):
        doc = self.read("letter.docx")
        self.assertEqual((doc["title"], doc["author"], doc["date_iso"]), ("Goats", "Ann Lee", "2022-02-03T10:11:00Z"))
        self.assertEqual(self.blocks(doc), [
            ("title", "Goats"), ("heading", "Why"), ("paragraph", files.P1), ("item", "First"), ("item", "Second"),
            ("row", "Year; Goats"), ("row", "2022; 1,200"), ("quote", files.P2)])
        self.assertEqual([b.get("number") for b in doc["blocks"] if b["kind"] == "item"], [1, 2])

    def test_open_document(self):
        doc = self.read("letter.odt")
        self.assertEqual((doc["title"], doc["author"], doc["language"]), ("Goats", "Bo Ek", "en-GB"))
        self.assertEqual(self.blocks(doc), [
            ("title", "Goats"), ("heading", "Why"), ("paragraph", files.P1), ("item", "First"),
            ("paragraph", "More of it."), ("item", "Inner"), ("row", "Year; Goats"), ("paragraph", "A gap here."),
            ("item", "One"), ("item", "Two"), ("item", "Dot"), ("paragraph", "Between."), ("item", "Three"), ("item", "Nine")])
        self.assertEqual([b.get("number") for b in doc["blocks"] if b["kind"] == "item"],
                         [None, None, 1, 2, None, 3, 9])

    def test_pdf(self):
        doc = self.read("review.pdf")
        self.assertEqual((doc["title"], doc["author"], doc["date_iso"]), ("Goats of the North", "Ann Lee", "2022-02-03"))
        said = self.blocks(doc)
        self.assertEqual([t for k, t in said if k == "heading"], [f"Part {n} of the goats" for n in (1, 2, 3, 4)])
        texts = [t for k, t in said if k == "paragraph"]
        self.assertEqual(texts[0], "The council met on Monday, as it does, and talked of international goats until the "
                                   "lights were put out by the caretaker. The caretaker said that it was late, and that "
                                   "no goat of the library had been seen in it since noon.")
        self.assertEqual(texts[1], "It will meet again on Thursday, with the goats, unless somebody can find the key to "
                                   "the library, which nobody in the kitchen has looked for until today.")
        self.assertNotIn("Goat Review", doc["text"])

    def test_pdftotext_can_do_nothing_else(self):
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "pdftotext").write_text(
            "#!/bin/sh\necho '<html><head><title>Goats</title></head><body><pre>'\n"
            f"if echo > {self.folder}/proof; then echo 'It has written a file.'; else echo 'It has written no file.'; fi\n"
            f"mkdir {self.folder}/more || echo 'It has made no folder.'\n"
            f"python3 -c 'import os; f = os.open(\"{self.folder}\", 0); os.rename(\"in\", \"out\", src_dir_fd=f, dst_dir_fd=f)'"
            " || echo 'It has moved nothing.'\n"
            "python3 -c 'import socket; socket.socket()' && echo 'It has a socket.' || echo 'It has no socket.'\n"
            "python3 -c 'import os; os.listdir(\"/\")' && echo 'It can read.'\necho '</pre></body></html>'\n")
        (folder / "pdftotext").chmod(0o755)
        out = self.run_ok("read", "in/review.pdf", "--body", env={"PATH": f"{folder}:{os.environ['PATH']}"})
        for said in "It has written no file.", "It has made no folder.", "It has moved nothing.", "It has no socket.", "It can read.":
            self.assertIn(said, " ".join(out.split()))
        self.assertFalse((self.folder / "proof").exists())

    def test_the_name_does_not_matter(self):
        (self.folder / "in" / "book.epub").rename(self.folder / "book.txt")
        self.assertIn("So be it.", self.run_ok("read", "book.txt", "--body"))
        out = self.run_ok("read", "-", "--body", stdin=(self.folder / "in" / "review.pdf").read_bytes())
        self.assertIn("international goats", out)


class Evil(ProgramTest):
    def setUp(self):
        super().setUp()
        for make in (files.book3, files.evil_books, files.feeds, files.docx, files.pdfs):
            make(self.folder)

    def test_bombs(self):
        self.run_fails("read", "bomb.epub", says="unfolds to too much", timeout=30)
        for name in ("bomb.rss", "bomb.docx"):
            code, out, _ = self.run_raw("read", name, "--json", timeout=30)
            self.assertNotIn(b"lol lol", out)
            self.assertNotIn(b"root:", out)
        out = self.run_ok("read", "bomb.docx", "--body")
        self.assertEqual(out, "Goats\n")

    def test_names_that_lead_outside(self):
        out = self.run_ok("read", "outside.epub", "--body")
        self.assertEqual(out, files.P1 + "\n")
        self.run_fails("read", "outside2.epub", says="where its contents are")

    def test_locked_cut_and_empty(self):
        self.run_fails("read", "locked.epub", says="DRM")
        self.run_fails("read", "empty.epub", says="where its contents are")
        self.run_fails("read", "cut.epub", says="damaged or cut off")
        self.run_fails("read", "none.docx", says="no Word file")
        self.run_fails("read", "cut.pdf", says="damaged, cut off or locked")
        self.run_fails("read", "picture.pdf", says=["picture.pdf", "text recognition"])
        self.assertIn("Goats are ba", self.run_ok("read", "cut.rss"))

    def test_pdf_without_its_tool(self):
        self.run_fails("read", "review.pdf", env={"PATH": str(self.folder)}, says="poppler-utils")

    def test_every_cut_ends_well(self):
        for name in ("book.epub", "letter.docx", "feed.rss", "review.pdf"):
            whole = (self.folder / name).read_bytes()
            for part in (1, 5, 9):
                with self.subTest(name=name, part=part):
                    (self.folder / name).write_bytes(whole[: len(whole) * part // 10])
                    code, _, err = self.run_raw("read", name, timeout=30)
                    self.assertIn(code, (0, 1), err)
                    self.assertEqual(code == 1, err.startswith("narrate: "), err)


if __name__ == "__main__":
    unittest.main()
