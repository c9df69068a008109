"""narrate page and serve-page: finished pages in a folder, and a look at them."""
import html.parser
import http.client
import json
import os
import re
import resource
import signal
import struct
import subprocess
import unittest
import zlib

from harness import ASSETS, ProgramTest, wait_for

VOID = {"meta", "link", "img", "hr", "source", "track", "br"}
VOICE = ("--voice", "null")  # a tick a word
TEXT = ("The council met on Monday, as it does, and talked of goats until the lights were put out by the caretaker. "
        "He paid £3.50 for his tea, “as ever”, and 1,200 goats went home.")


def article(title, body=TEXT, head=""):
    return f"<html lang='en-GB'><title>{title}</title>{head}<h1>{title}</h1><p>{body}</p><p>{body[::-1][:0]}It was late, said the goats.</p></html>"


class Page(html.parser.HTMLParser):
    """Elements with their attributes, balanced or it fails; the text of each block."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.blocks, self.scripts, self.title = [], [], {}, [], ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), attrs
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "script":
            self.scripts[-1] += data
        if self.open and self.open[-1][0] == "title":
            self.title += data
        for _, attrs in self.open:
            if "data-narrate-block" in attrs:
                block = int(attrs["data-narrate-block"])
                self.blocks[block] = self.blocks.get(block, "") + data

    def resources(self):
        """What a browser fetches by itself."""
        for tag, attrs in self.elements:
            if "src" in attrs:
                yield attrs["src"]
            if tag == "link" and attrs.get("rel") in ("stylesheet", "icon", "preload"):
                yield attrs["href"]


def utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le")


class PageTest(ProgramTest):
    def make(self, *args, **kw):
        code, _, err = self.run_raw("page", *VOICE, *args, **kw)
        self.assertEqual(code, 0, err)
        return err

    def check_article(self, folder, root):
        """The page and its data agree, and everything they name is there. Gives both."""
        text = (folder / "index.html").read_text()
        page, data = Page(text), json.loads((folder / "article.json").read_text())
        self.assertEqual(json.loads(page.scripts[-1]), data)
        linked = json.loads(page.scripts[-2])
        self.assertEqual((linked["@type"], linked["headline"]), ("NewsArticle", data["title"]))
        self.assertEqual(page.title, data["title"])
        self.assertEqual([tag for tag, _ in page.elements].count("h1"), 1)
        for address in page.resources():
            self.assertRegex(address, r"^[A-Za-z0-9./-]+$")
            self.assertTrue((folder / address).resolve().is_relative_to(root.resolve()), address)
            self.assertTrue((folder / address).stat().st_size > 0, address)
        used = {a.split("/")[-1] for a in page.resources()}
        self.assertTrue({"page.css", "icon.svg", "narrate-player.js"} <= used, used)
        for name, attrs in page.elements:
            self.assertFalse([a for a in attrs if a.startswith("on") or a == "style"], name)
        policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
        self.assertTrue(policy.startswith("default-src 'self';"))
        self.check_data(data, folder, page)
        return page, data

    def check_data(self, data, folder, page):
        self.assertEqual(data["narrate"], 1)
        self.assertEqual([a["type"] for a in data["audio"]], ["audio/ogg; codecs=opus", "audio/mpeg"])
        for sound in data["audio"]:
            self.assertEqual((folder / sound["src"]).stat().st_size, sound["bytes"])
        self.assertTrue((folder / data["captions"]).read_text().startswith("WEBVTT"))
        self.assertIn(data["title"], (folder / data["transcript"]).read_text())
        for key in ("chapters_file", "feed"):
            if key in data:
                self.assertTrue((folder / data[key]).exists(), key)
        last, spoken = 0, 0
        for s in data["sentences"]:
            self.assertTrue(last <= s["start"] <= s["end"] <= data["duration"] * 1000 + 1)
            last = s["start"]
            kind = data["blocks"][s["block"]]["kind"]
            if kind != "row" and s["block"] in page.blocks:
                self.assertIn(s["text"], re.sub(r"\s+", " ", page.blocks[s["block"]]))
            self.assertEqual(len(s["words"]) % 4, 0)
            for a, b, t0, t1 in zip(*[iter(s["words"])] * 4):
                self.assertTrue(s["start"] <= t0 <= t1 <= s["end"] + 1, s)
                self.assertTrue(utf16(s["text"], a, b).strip())
                spoken += 1
        self.assertTrue(spoken)

    def test_one_article(self):
        self.make(ASSETS / "articles/moths.html", "-o", "out")
        out = self.folder / "out"
        page, data = self.check_article(out, out)
        self.assertEqual((data["language"], data["direction"], data["date"]), ("en-GB", "ltr", "2023-11-14T06:05:00Z"))
        self.assertEqual([c["title"] for c in data["chapters"]][1:], ["A long lunch", "What was eaten"])
        words = [utf16(s["text"], a, b) for s in data["sentences"] for a, b, _, _ in zip(*[iter(s["words"])] * 4)]
        at = words.index("£")  # in the order that they are said
        self.assertTrue("3.5m".endswith(words[at - 1]), words[at - 1])
        self.assertEqual([c["startTime"] for c in json.loads((out / data["chapters_file"]).read_text())["chapters"]],
                         [c["start"] for c in data["chapters"]])
        self.assertIn(("th", {"scope": "col"}), page.elements)
        self.assertTrue(any(tag == "audio" and "controls" in a for tag, a in page.elements))
        self.assertFalse([p for p in self.folder.rglob(".narrate-*")])

    def test_several_articles(self):
        for name, title, date in (("a", "Goats", "2024-05-06"), ("b", "Goats", "2024-05-08"), ("c", "Москва & <b>", "2024-05-07")):
            self.write(name + ".html", article(title.replace("&", "&amp;").replace("<", "&lt;"),
                                               head=f"<meta property='article:published_time' content='{date}'>"))
        self.write("site/feed.xml", "<rss/>") if (self.folder / "site").mkdir() is None else None
        self.make("a.html", "b.html", "c.html", "-o", "site")
        site = self.folder / "site"
        folders = sorted(p.name for p in site.iterdir() if p.is_dir())
        self.assertEqual([folders[0], folders[2]], ["goats", "moskva-b"])
        self.assertRegex(folders[1], r"^goats-[0-9a-f]{6}$")
        for name in folders:
            page, data = self.check_article(site / name, site)
            self.assertEqual(data["feed"], "../feed.xml")
            self.assertIn(("a", {"href": "../index.html"}), page.elements)
        index = Page((site / "index.html").read_text())
        links = [a["href"] for t, a in index.elements if t == "a"]
        self.assertEqual(links[:3], [folders[1] + "/index.html", "moskva-b/index.html", "goats/index.html"])
        self.assertEqual(links[3], "feed.xml")
        for address in [*links, *index.resources()]:
            self.assertTrue((site / address).exists(), address)

    def test_again_only_what_changed(self):
        self.write("a.html", article("One"))
        self.write("b.html", article("Two"))
        self.make("a.html", "b.html", "-o", "site")
        before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (self.folder / "site").rglob("*") if p.is_file()}
        err = self.make("a.html", "b.html", "-o", "site")
        self.assertEqual(err.count("up to date"), 2)
        self.assertEqual({p: (p.stat().st_mtime_ns, p.read_bytes()) for p in before}, before)
        self.write("b.html", article("Two", TEXT + " And one more goat."))
        err = self.make("a.html", "b.html", "-o", "site")
        self.assertEqual((err.count("up to date"), err.count("wrote")), (1, 1))
        self.assertTrue(all(p.stat().st_mtime_ns == before[p][0] for p in before if "/one/" in str(p)))
        self.check_article(self.folder / "site/two", self.folder / "site")
        os.truncate(self.folder / "site/one/one.mp3", 10)
        self.assertEqual(self.make("a.html", "b.html", "-o", "site").count("wrote"), 1)
        self.assertEqual((self.folder / "site/one/one.mp3").read_bytes(), before[self.folder / "site/one/one.mp3"][1])

    def test_a_new_title_leaves_no_old_files(self):
        self.write("a.html", article("One"))
        self.make("a.html", "-o", "out")
        self.write("out/mine.txt", "mine")
        self.write("a.html", article("Other"))
        self.make("a.html", "-o", "out")
        names = {p.name for p in (self.folder / "out").iterdir()}
        self.assertTrue({"other.mp3", "other.opus", "mine.txt", "index.html", "article.json"} <= names)
        self.assertFalse([n for n in names if n.startswith("one")])

    def test_single(self):
        self.make("--single", ASSETS / "articles/tea.md", "-o", "tea.html")
        self.assertEqual(self.files(), ["tea.html"])
        text = (self.folder / "tea.html").read_text()
        page = Page(text)
        self.assertTrue(all(a == "data:," or a.startswith("data:audio/") for a in page.resources()))
        data = json.loads(page.scripts[1])
        self.assertEqual([a["src"][:22] for a in data["audio"]], ["data:audio/mpeg;base64"])
        policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
        import base64
        import hashlib
        style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
        for inside in (style, page.scripts[2]):
            self.assertIn(f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'", policy)
        before = (self.folder / "tea.html").stat().st_mtime_ns
        self.assertIn("up to date", self.make("--single", ASSETS / "articles/tea.md", "-o", "tea.html"))
        self.assertEqual((self.folder / "tea.html").stat().st_mtime_ns, before)
        self.make("--single", ASSETS / "articles/tea.md", ASSETS / "articles/harbour.txt", "-o", "pages")
        self.assertEqual(len(self.files()), 5)
        self.assertIn("index.html", [p.name for p in (self.folder / "pages").iterdir()])

    def test_hostile(self):
        attack = "</title></script><script>alert(1)</script><!--<script>"
        escaped = attack.replace("&", "&amp;").replace("<", "&lt;")
        self.write("a.html", article(escaped, f"{escaped} {TEXT} <a href='javascript:alert(2)' onclick='alert(3)'>one</a> "
                                     "<img src=https://evil.example/x onerror=alert(4)><svg onload=alert(5)></svg>",
                                     "<link rel=canonical href='javascript:alert(6)'><base href='https://evil.example/'>"
                                     f"<meta property='og:image' content='https://evil.example/p.png'><meta name=author content=\"{escaped}\">"
                                     f"<meta name=description content=\"{escaped}\"><style>*{{display:none}}</style>"))
        self.make("a.html", "-o", "out")
        page, data = self.check_article(self.folder / "out", self.folder / "out")
        self.assertEqual(len(page.scripts), 3)
        self.assertNotIn("url", data)
        self.assertNotIn("image", data)
        text = (self.folder / "out/index.html").read_text()
        self.assertEqual(text.count("<script"), len(page.scripts))
        self.assertNotIn("javascript:", text)
        self.assertFalse([a for t, a in page.elements if t in ("svg", "base", "style", "iframe", "img")])

    def test_lead_picture(self):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)) +
               chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * 9) * 2)) + chunk(b"IEND", b""))
        (self.folder / "in").mkdir()
        self.write("in/goat.png", png)
        self.write("secret.png", png)
        self.write("in/a.md", f"---\ntitle: Goats\nimage: goat.png\n---\n\n{TEXT}\n")
        self.make("in/a.md", "-o", "out")
        page, data = self.check_article(self.folder / "out", self.folder / "out")
        self.assertEqual(data["image"], "lead.png")
        self.assertIn(("img", {"class": "lead", "alt": "", "src": "lead.png", "width": "3", "height": "2"}), page.elements)
        for image in ("../secret.png", str(self.folder / "secret.png"), "a.md", "missing.png", "https://evil.example/a.png"):
            self.write("in/a.md", f"---\ntitle: Goats\nimage: {image}\n---\n\n{TEXT}\n")
            self.make("in/a.md", "-o", "out")
            self.assertNotIn("image", self.check_article(self.folder / "out", self.folder / "out")[1])

    def test_what_is_not_ours_stays(self):
        self.write("a.html", article("One"))
        (self.folder / "out").mkdir()
        for name in ("index.html", "one.mp3", "page.css", "article.json"):
            path = self.write("out/" + name, "mine")
            self.run_fails("page", *VOICE, "a.html", "-o", "out", says=[name, "exists already", "--overwrite"])
            self.assertEqual(path.read_text(), "mine")
            path.unlink()
        self.write("page.html", "mine")
        self.run_fails("page", *VOICE, "--single", "a.html", "-o", "page.html", says="exists already")
        self.write("out/index.html", "mine")
        self.make("--overwrite", "a.html", "-o", "out")
        self.check_article(self.folder / "out", self.folder / "out")

    def test_an_evil_list_of_files_removes_nothing(self):
        self.write("a.html", article("One"))
        (self.folder / "out").mkdir()
        self.write("keep.txt", "mine")
        self.write("out/.narrate.json", json.dumps({"narrate": 1, "made": "x", "files": {"../keep.txt": 4, "/etc/x": 1, ".": 1, "..": 1}}))
        self.make("a.html", "-o", "out")
        self.assertEqual((self.folder / "keep.txt").read_text(), "mine")

    def test_faults(self):
        self.write("a.html", article("One"))
        self.run_fails("page", "a.html", code=2, says="-o DIR")
        self.run_fails("page", "-o", "out", code=2, says="which article")
        self.run_fails("page", *VOICE, "missing.html", "-o", "out", says="missing.html")
        self.run_fails("page", *VOICE, "a.html", "-o", "no/such", says=["no/such", "make it first"])
        self.run_fails("page", *VOICE, "a.html", "-o", "a.html", says="not a directory")
        self.run_fails("page", "--voice", "no-such", "a.html", "-o", "out", says="no-such")
        self.run_fails("page", "--voice", "no-such", "a.html", "a.html", "-o", "out", says="no-such")

    def test_full_disk(self):
        self.write("a.html", article("One"))
        self.run_fails("page", *VOICE, "a.html", "-o", "out", says="cannot write",
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000)))
        self.make("a.html", "-o", "out")
        before = {p: p.read_bytes() for p in (self.folder / "out").iterdir()}
        self.write("a.html", article("One", TEXT * 3))
        self.run_fails("page", *VOICE, "a.html", "-o", "out", says="cannot write",
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000)))
        self.assertEqual({p: p.read_bytes() for p in (self.folder / "out").iterdir()}, before)

    def test_stopped(self):
        self.write("a.txt", "A title\n\n" + (TEXT + "\n\n") * 3000)
        process = self.start("page", "a.txt", "-o", "out")
        self.assertTrue(wait_for(lambda: list(self.folder.glob(".narrate-*"))))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertEqual(self.files(), ["a.txt"])

    def test_watch(self):
        self.write("a.html", article("One"))
        process = self.start("page", *VOICE, "--watch", "a.html", "-o", "out", stderr=subprocess.DEVNULL)
        try:
            page = self.folder / "out/index.html"
            self.assertTrue(wait_for(page.exists))
            self.write("new.html", article("One", TEXT + " A watched goat."))
            self.assertTrue(wait_for(lambda: os.path.exists(f"/proc/{process.pid}/fd")))
            os.replace(self.folder / "new.html", self.folder / "a.html")  # as editors do
            self.assertTrue(wait_for(lambda: "A watched goat." in page.read_text()))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)


class ServeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        out = self.folder / "out"
        (out / "below").mkdir(parents=True)
        self.write("out/index.html", "<!DOCTYPE html><title>x</title><body>here</body>")
        self.write("out/below/index.html", "below")
        self.write("out/talk.mp3", bytes(range(256)) * 40)
        self.write("out/.hidden", "no")
        self.write("secret", "no")
        os.symlink("../secret", out / "link")
        os.symlink("..", out / "up")
        os.mkfifo(out / "pipe")
        self.process = self.start("serve-page", "out", "--port", "0")
        line = self.process.stdout.readline().decode()
        self.assertRegex(line, r"^http://127\.0\.0\.1:[0-9]+/\n$")
        self.port = int(line.split(":")[2].strip("/\n"))

    def tearDown(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)
        self.assertEqual(self.process.returncode, 0)
        super().tearDown()

    def ask(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), body

    def test_files(self):
        status, headers, body = self.ask("/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(body.count(b"/.narrate/reload.js"), 1)
        self.assertTrue(body.endswith(b"</body>"))
        self.assertEqual(self.ask("/.narrate/reload.js")[1]["Content-Type"], "text/javascript; charset=utf-8")
        status, headers, body = self.ask("/talk.mp3")
        self.assertEqual((status, headers["Content-Type"], len(body)), (200, "audio/mpeg", 10240))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(self.ask("/below")[:2][1].get("Location"), "/below/")
        self.assertEqual(self.ask("/below/")[2], b"below")
        status, headers, body = self.ask("/talk.mp3", "HEAD")
        self.assertEqual((status, headers["Content-Length"], body), (200, "10240", b""))
        self.assertEqual(self.ask("/", "POST")[0], 405)

    def test_ranges(self):
        whole = bytes(range(256)) * 40
        for wanted, from_, to in (("0-9", 0, 10), ("10-", 10, 10240), ("-5", 10235, 10240), ("10230-99999", 10230, 10240), ("-99999", 0, 10240)):
            status, headers, body = self.ask("/talk.mp3", Range="bytes=" + wanted)
            self.assertEqual((status, body), (206, whole[from_:to]), wanted)
            self.assertEqual(headers["Content-Range"], f"bytes {from_}-{to - 1}/10240")
        for wanted in ("10240-", "-0"):
            status, headers, _ = self.ask("/talk.mp3", Range="bytes=" + wanted)
            self.assertEqual((status, headers["Content-Range"]), (416, "bytes */10240"))
        for wanted in ("5-1", "a-b", "1-2,4-5", "-", "18446744073709551616-", "1-2x", "--1"):
            self.assertEqual(self.ask("/talk.mp3", Range="bytes=" + wanted)[0], 200, wanted)

    def test_validators(self):
        _, headers, _ = self.ask("/talk.mp3")
        self.assertEqual(self.ask("/talk.mp3", If_None_Match=headers["ETag"])[0], 304)
        self.assertEqual(self.ask("/talk.mp3", If_Modified_Since=headers["Last-Modified"])[0], 304)
        self.assertEqual(self.ask("/talk.mp3", Range="bytes=0-1", If_Range=headers["ETag"])[0], 206)
        self.assertEqual(self.ask("/talk.mp3", Range="bytes=0-1", If_Range='"other"')[0], 200)
        self.write("out/talk.mp3", b"changed")
        self.assertEqual(self.ask("/talk.mp3", If_None_Match=headers["ETag"])[0], 200)

    def test_no_way_out(self):
        for path in ("/../secret", "/%2e%2e/secret", "/..%2fsecret", "/below/../../secret", "//../secret", "/link", "/up/secret", "/.hidden",
                     "/pipe", "/below/.", "/index.html/", "/missing", "/" + "a" * 300, "/\\..\\secret"):
            self.assertIn(self.ask(path)[0], (400, 404), path)
        for path in ("/%00../secret", "/below%00/../../secret", "/link%00"):
            self.assertNotEqual(self.ask(path)[2], b"no", path)
        self.assertEqual(self.ask("/", Host="evil.example")[0], 403)
        self.assertEqual(self.ask("/", Host=f"localhost:{self.port}")[0], 200)

    def test_faults(self):
        self.run_fails("serve-page", "missing", says="missing")
        self.run_fails("serve-page", "secret", says="its folder")
        self.run_fails("serve-page", "out", "--port", self.port, says=str(self.port))
        self.run_fails("serve-page", code=2, says="folder of pages")


if not os.environ.get("NR_SERVER"):
    del ServeTest

if __name__ == "__main__":
    unittest.main()
