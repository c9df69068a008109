"""Talking books: of an article and of an EPUB, judged by epubcheck where it is wanted."""
import os
import re
import subprocess
import unittest
import zipfile
import xml.etree.ElementTree as tree

import books2
import files
from harness import ASSETS, ProgramTest

CHECK = os.environ.get("NR_EPUBCHECK") == "1"
HTML = ('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="en"  xml:lang="en">'
        "<head ><title>{}</title></head>\n<body>{}</body></html>\n")
PACKAGE = """<?xml version='1.0' encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="x" xml:lang="en">
 <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="x">urn:x:1</dc:identifier>
  <dc:title>Goats &amp; Keys</dc:title><dc:language>en</dc:language>
  <meta property="dcterms:modified">2021-03-04T00:00:00Z</meta></metadata>
 <manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
  <item href="text/one%2Da.xhtml" id="one" media-type="application/xhtml+xml"/>
  <item id="two" href="text/two.xhtml" media-type='application/xhtml+xml' /></manifest>
 <spine><itemref idref="one"/><itemref idref="two"/></spine></package>
"""
ONE = ('<h1>One &amp; only</h1>\n<p>Caf&#xE9;s <!-- no --> are <em>open. They</em> close at <b id="nr1">ten</b>.<a href="#n">1</a> So '
       '<i>it</i> is.</p>\n<ul><li><strong>Goats.</strong></li><li>&quot;Keys,&quot; she said.</li></ul><p id="n">A note.</p>')
TWO = f"<h2>Two</h2><p>{files.P2}</p><p>{files.P1}</p>"


def book(path, **changes):
    entries = {"META-INF/container.xml": files.CONTAINER % "OPS/book.opf", "OPS/book.opf": PACKAGE,
               "OPS/nav.xhtml": HTML.replace('lang="en" ', 'lang="en" xmlns:epub="http://www.idpf.org/2007/ops" ').format(
                   "Contents", '<nav epub:type="toc"><ol><li><a href="text/one%2Da.xhtml">One</a></li>'
                   '<li><a href="text/two.xhtml">Two</a></li></ol></nav>'),
               "OPS/text/one-a.xhtml": HTML.format("One", ONE), "OPS/text/two.xhtml": HTML.format("Two", TWO), **changes}
    files.archive(path, entries, "application/epub+zip")


class Epub(ProgramTest):
    def check(self, name, judge=True):
        """epubcheck has nothing to say against it; what it does not look at is looked at here."""
        if CHECK and judge:
            done = subprocess.run(["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "/usr/share/java/epubcheck.jar", name], cwd=self.folder, capture_output=True, text=True)
            self.assertIn("0 fatals / 0 errors / 0 warnings", done.stdout, done.stdout + done.stderr)
        with zipfile.ZipFile(self.folder / name) as z:
            self.assertEqual(z.infolist()[0].filename, "mimetype")
            self.assertEqual(z.infolist()[0].compress_type, zipfile.ZIP_STORED)
            self.assertEqual(z.read("mimetype"), b"application/epub+zip")
            self.assertEqual({i.date_time for i in z.infolist()}, {(1980, 1, 1, 0, 0, 0)})
            return {i.filename: z.read(i) for i in z.infolist()}

    def clips(self, parts, folder):
        """(content file, spoken characters, begin, end) of all overlays, each clip behind the one before."""
        found = []
        for name in sorted(n for n in parts if n.endswith(".smil")):
            last = {}
            for par in tree.fromstring(parts[name]).iter("{http://www.w3.org/ns/SMIL}par"):
                text, audio = par
                path, anchor = text.get("src").replace("%2D", "-").split("#")
                element = tree.fromstring(parts[folder + path]).find(f".//*[@id='{anchor}']")
                self.assertIsNotNone(element, text.get("src"))
                self.assertIn(folder + audio.get("src"), parts)
                begin, end = (sum(float(x) * 60 ** i for i, x in enumerate(reversed(audio.get(k).split(":")))) for k in ("clipBegin", "clipEnd"))
                self.assertTrue(last.get(audio.get("src"), 0) <= begin < end)
                last[audio.get("src")] = end
                found.append((path, " ".join("".join(element.itertext()).split()), begin, end))
        return found

    def test_an_article(self):
        articles = sorted(ASSETS.glob("articles/*"))
        for article, unit in [(articles[0], "sentence"), (articles[2], "word")]:
            with self.subTest(article=article.name):
                self.run_ok("epub", article, "-o", "a.epub", "--overlay", unit, "--overwrite", "-q")
                parts = self.check("a.epub", judge=unit == "word")
                said = [c[1] for c in self.clips(parts, "EPUB/")]
                self.assertGreater(len(said), 300 if unit == "word" else 20)
                if unit == "word":
                    self.assertLess(max(map(len, said)), 40)
                self.assertIn(b'properties="cover-image"', parts["EPUB/package.opf"])

    def test_sound_as_aac(self):
        book(self.folder / "in.epub")
        if os.environ.get("NR_AAC") != "1":
            self.run_fails("epub", "in.epub", "-o", "x.epub", "--format", "m4a", says="NR_WITH_AAC")
            return
        for source, folder, article in ("in.epub", "OPS/", "narrate-sound-1"), (ASSETS / "articles/harbour.txt", "EPUB/", "article"):
            with self.subTest(source=source):
                self.run_ok("epub", source, "-o", "a.epub", "--format", "m4a", "--voice", "null", "--overwrite", "-q")
                parts = self.check("a.epub")
                self.assertTrue(self.clips(parts, folder))
                self.assertEqual(parts[f"{folder}{article}.m4a"][4:8], b"ftyp")
                self.assertFalse([n for n in parts if n.endswith(".mp3")])
        self.run_fails("epub", "in.epub", "-o", "x.epub", "--format", "opus", code=2, says="mp3 or m4a")

    def test_covers(self):
        found = files.png(30, 40)
        self.write("c.png", found)
        self.write("a.html", '<html lang="en"><head><title>T</title><meta property="og:image" content="c.png"></head><body><article><h1>T</h1><p>'
                   + files.P1 + "</p></article></body></html>")
        for more in (), ("--cover", "c.png"):
            self.run_ok("epub", "a.html", "-o", "a.epub", "--voice", "null", "--overwrite", "-q", *more)
            parts = self.check("a.epub", judge=not more)
            self.assertEqual(parts["EPUB/cover.png"], found)
            self.assertNotIn("EPUB/cover.svg", parts)
            self.assertNotIn(found, parts["EPUB/article.mp3"], "once is enough")
        book(self.folder / "in.epub")
        self.run_fails("epub", "in.epub", "-o", "x.epub", "--cover", "c.png", code=2, says="cover of its own")

    def test_same_article_same_bytes(self):
        self.write("a.txt", "Some words.\n\nMore & <more> words here.")
        for name, zone in ("1.epub", "UTC"), ("2.epub", "Asia/Tokyo"):
            self.run_ok("epub", "a.txt", "-o", name, "-q", env={"TZ": zone})
        self.assertEqual((self.folder / "1.epub").read_bytes(), (self.folder / "2.epub").read_bytes())

    def test_what_an_article_may_hold(self):
        self.write("a.html", '<html lang="en"><head><title>T &lt; "Q"</title></head><body><article><h1>T &lt; "Q"</h1><h2>A <em>b</em></h2>'
                   '<p>See <a href="http://x.org/a b?q=%zz"><b>this <i>thing</i></b></a> and <a href="https://x.org/ok">that <b>one. And</b> more</a>.'
                   '<sup>1</sup> H<sub>2</sub>O, <span lang="fr">bon mot</span>, <code>x &amp; y</code>.</p><ul><li>One<ul><li>In. Ner</li></ul></li>'
                   "<li>Two</li></ul><ol><li>First</li><li>Second</li></ol><blockquote><p>Quoth.</p></blockquote><hr/>"
                   '<figure><img src="x.png" alt="A goat"><figcaption>A goat eats.</figcaption></figure><table><tr><td>1</td><td>2</td></tr></table>'
                   "<pre>a &lt; b\nc</pre>" + "<p>And so it went on and on for quite a while.</p>" * 5 + "</article></body></html>")
        self.run_ok("epub", "a.html", "-o", "a.epub", "--overlay", "word", "-q")
        said = {c[1] for c in self.clips(self.check("a.epub"), "EPUB/")}
        self.assertLessEqual({"thing", "one", "mot", "First", "Quoth"}, said)

    def test_a_book(self):
        book(self.folder / "in.epub")
        for unit in "sentence", "word":
            with self.subTest(unit=unit):
                self.run_ok("epub", "in.epub", "-o", f"{unit}.epub", "--overlay", unit, "-q")
                parts = self.check(f"{unit}.epub", judge=unit == "sentence")
                clips = self.clips(parts, "OPS/")
                heard = " ".join(c[1] for c in clips)
                for words in "One & only", "Cafés are open", "They close at ten", "So it is", "Goats", "Keys", "which is not where it was", "The council met on Monday":
                    self.assertIn(words, heard.replace(".", "").replace(",", ""))
                self.assertEqual({c[0] for c in clips}, {"text/one-a.xhtml", "text/two.xhtml"})
                # Without what was put in, every byte is as it was.
                with zipfile.ZipFile(self.folder / "in.epub") as z:
                    for name in "OPS/text/one-a.xhtml", "OPS/text/two.xhtml":
                        plain = re.sub(rb'<span id="nrx*[\d-]+">', b"", parts[name]).replace(b"</span>", b"")
                        plain = plain.replace(b'<link rel="stylesheet" type="text/css" href="../narrate.css"/>', b"")
                        self.assertEqual(plain, z.read(name))
                    self.assertEqual(parts["OPS/nav.xhtml"], z.read("OPS/nav.xhtml"))
                package = re.sub(rb' media-overlay="[^"]*"|<item id="narrate-[^>]*>\n|<meta property="media:[^>]*>[^<]*</meta>\n', b"",
                                 parts["OPS/book.opf"])
                self.assertEqual(package.decode(), PACKAGE)

    def two(self, name, *more, **changes):
        """One of the EPUB 2 books is made to talk: its entries, its clips, the package, the navigation, what was said of it."""
        files.archive(self.folder / "two.epub", {**books2.ALL[name](), **changes}, "application/epub+zip")
        code, _, said = self.run_raw("epub", "two.epub", "-o", "three.epub", "--voice", "null", "--overwrite", *more)
        self.assertEqual(code, 0, said)
        parts = self.check("three.epub", judge=not changes)
        package = next(n for n in parts if n.endswith(".opf"))
        folder = package[:package.rfind("/") + 1]
        nav = tree.fromstring(parts[folder + "narrate-nav.xhtml"])
        return parts, self.clips(parts, folder), parts[package].decode(), nav, said

    def test_books_of_epub_2(self):
        for name in books2.ALL:
            with self.subTest(book=name):
                parts, clips, package, nav, said = self.two(name)
                heard = [c[1] for c in clips]
                self.assertIn('version="3.0"', package)
                self.assertNotIn("opf:", package)
                numbers = [re.findall(r"Sentence (\d) of (.*?) stood", h) for h in heard]
                numbers = [n[0] for n in numbers if n]
                self.assertGreaterEqual(len(numbers), 3)
                for title in {n[1] for n in numbers}: # each sentence once, in the order of the text
                    self.assertEqual([n[0] for n in numbers if n[1] == title], ["1", "2", "3"])
                self.assertNotIn("root:", " ".join(heard))
                for n in parts:
                    if n.endswith((".xhtml", ".opf", ".ncx", ".smil")):
                        tree.fromstring(parts[n])
                one = (self.folder / "three.epub").read_bytes()
                self.run_ok("epub", "two.epub", "-o", "three.epub", "--voice", "null", "--overwrite", "-q", env={"TZ": "Asia/Tokyo"})
                self.assertEqual((self.folder / "three.epub").read_bytes(), one)

    def links(self, nav, kind):
        space = {"h": "http://www.w3.org/1999/xhtml"}
        found = [n for n in nav.iterfind(".//h:nav", space) if n.get("{http://www.idpf.org/2007/ops}type") == kind]
        return [(a.text, a.get("href")) for n in found for a in n.iterfind(".//h:a", space)]

    def test_what_epub_2_said_is_said_by_epub_3(self):
        parts, _, package, nav, _ = self.two("gutenberg", x="")
        for part in ('<meta property="dcterms:modified">2010-05-06T00:00:00Z</meta>', "<dc:date>1998-03-01</dc:date>", 'property="role" scheme="marc:relators">aut</meta>',
                     'property="file-as">Lee, Ann</meta>', 'properties="cover-image"', 'property="identifier-type">URI</meta>'):
            self.assertIn(part, package)
        self.assertEqual(self.links(nav, "toc"), [("One", "1@one.xhtml#pg1"), ("Two", "1@two.xhtml#pg2")])
        self.assertEqual(self.links(nav, "landmarks"), [("Cover", "wrap.xhtml")])
        plain = re.sub("<span[^>]*>|</span>", "", parts["OEBPS/1@one.xhtml"].decode())
        for there in 'href="1@two.xhtml#pg2"', 'href="1@two.xhtml"', "<a>gone</a>", "<a>big</a>", "text-align: center", "clear: both", "Café", "—":
            self.assertIn(there, plain)
        self.assertNotIn("res:", parts["OEBPS/pgepub.css"].decode())
        self.assertIn("margin: 10%", parts["OEBPS/pgepub.css"].decode())

        _, _, package, nav, _ = self.two("archive_org", x="")
        self.assertEqual([n for n, _ in self.links(nav, "page-list")], ["1", "2", "3"])
        self.assertIn('href="images/plate.png" media-type="image/png"', package)

        parts, _, package, nav, _ = self.two("sigil", x="")
        self.assertEqual([n for n, _ in self.links(nav, "toc")], ["Part I", "One", "One A", "Two"])
        self.assertIn("<span>Nowhere</span>", parts["OEBPS/narrate-nav.xhtml"].decode())
        self.assertIn("urn:uuid:12345678-1234-4234-8234-123456789abc", package)
        self.assertIn("<dc:language>de-DE</dc:language>", package)
        self.assertEqual(parts["OEBPS/Fonts/f.ttf"], bytes(range(64)))

        parts, _, package, _, _ = self.two("calibre", x="")
        self.assertRegex(package, 'href="titlepage.xhtml" media-type="application/xhtml.xml" properties="svg"')
        self.assertIn('name="calibre:series" content="Goats"', package)

    def test_old_looks_become_style(self):
        parts, _, _, _, _ = self.two("presentation", x="")
        page = parts["a.xhtml"].decode()
        for look in ("color: #FF0000; font-size: x-large; font-family: 'Arial', 'Helvetica'", "font-family: monospace", "text-align: center", "border: 1px solid; padding: 4px",
                     "background-color: #ffffcc", "list-style-type: upper-roman", "caption-side: bottom", "float: left"):
            self.assertIn(look, page)
        for gone in "<font", "<center", "<script", "<input", "cellpadding", "bgcolor", "onclick", "direction:":
            self.assertNotIn(gone, page)
        text = "".join(tree.fromstring(page).itertext())
        for words in "Middle “words”.", "Far away.", "Instead.", "&undefined; …", "Say", "unknown":
            self.assertIn(words, text)

    def test_a_broken_epub_2(self):
        parts, clips, package, nav, said = self.two("hostile", x="")
        self.assertRegex(said, "soup.html' is not well-formed XML")
        text = "".join("".join(tree.fromstring(parts[n]).itertext()) for n in parts if n.endswith(".xhtml"))
        for words in "Grüße", "Wide ж words", "© 2001 & more", "in table":
            self.assertIn(words, text)
        self.assertFalse([n for n in parts if "DS_Store" in n or "MACOSX" in n])
        self.assertIn("a/fb.xhtml", parts)

    def test_epub_2_without_the_usual(self):
        book = books2.sigil()
        del book["OEBPS/toc.ncx"]
        files.archive(self.folder / "x.epub", book)  # nor a word of what it is
        self.run_ok("epub", "x.epub", "-o", "y.epub", "--voice", "null", "-q")
        nav = tree.fromstring(self.check("y.epub")["OEBPS/narrate-nav.xhtml"])
        self.assertEqual(self.links(nav, "toc"), [("Part I", "Text/c1.xhtml"), ("Two", "Text/c2.xhtml")])
        opf = books2.sigil()["OEBPS/content.opf"]
        for change, words in ((opf.replace("application/xhtml+xml", "application/x-dtbook+xml"), "DTBook"), (opf.replace("itemref", "x"), "nothing that its package"), ("", "is no XML")):
            files.archive(self.folder / "bad.epub", {**books2.sigil(), "OEBPS/content.opf": change}, "application/epub+zip")
            self.run_fails("epub", "bad.epub", "-o", "z.epub", says=words)
            self.assertFalse((self.folder / "z.epub").exists())

    def test_books_that_are_refused(self):
        files.book3(self.folder)
        files.evil_books(self.folder)
        for name, words in {"bomb": "too much", "outside2": "where its contents are", "locked": "DRM", "empty": "missing",
                            "cut": "damaged"}.items():
            with self.subTest(name=name):
                self.run_fails("epub", f"{name}.epub", "-o", "x.epub", says=words)
        book(self.folder / "in.epub")
        self.run_ok("epub", "in.epub", "-o", "talks.epub", "-q")
        self.run_fails("epub", "talks.epub", "-o", "x.epub", says="talks already")
        self.run_fails("epub", "in.epub", "-o", "talks.epub", says="--overwrite")
        self.run_fails("epub", "in.epub", "-o", "-", says="name a file")
        self.run_fails("epub", "in.epub", code=2, says="-o FILE")
        self.run_fails("epub", "in.epub", "-o", "x.epub", "--marks", "m", code=2, says="--marks")
        self.run_fails("epub", "in.epub", "-o", "x.epub", "--overlay", "letter", code=2, says="sentence or word")
        self.run_fails("epub", "in.epub", "-o", "/dev/full", "--overwrite", says="no space left")


if __name__ == "__main__":
    unittest.main()
