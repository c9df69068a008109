"""A podcast: made, added to, changed; read back by xmllint and feedparser."""
import http.server
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest
import uuid

import files
from harness import ProgramTest

BASE = ("--base-url", "https://example.org/pod")
QUICK = ("--voice", "null")
READ_BACK = """
import feedparser, json, sys
d = feedparser.parse(sys.argv[1])
print(json.dumps({"bozo": bool(d.bozo), "feed": {k: d.feed.get(k) for k in ("title", "subtitle", "language", "link", "author")},
  "image": (d.feed.get("image") or {}).get("href"),
  "entries": [{"title": e.title, "id": e.id, "permalink": e.guidislink, "date": list(e.published_parsed), "audio": e.enclosures[0],
               "author": e.get("author"), "duration": e.itunes_duration, "summary": e.summary, "link": e.get("link")}
              for e in d.entries]}))
"""
PAGE = ('<html lang="en"><head><title>{0}</title><meta name="author" content="{1}"><meta property="article:published_time" content='
        '"{2}"><link rel="canonical" href="https://paper.example/{3}"></head><body><article><h1>{0}</h1><p>{4}</p><h2>Later</h2><p>Nobody has seen the key since, and the goats, who were asked about it, had nothing to add to that.</p></article></body></html>')
TEXT = "The council met on Monday, as it does, and talked of goats until the lights were put out by the caretaker. "


class Feed(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "in").mkdir()

    def article(self, name, date="2023-08-30T20:16:00+01:00", text=TEXT):
        return self.write(f"in/{name}.html", PAGE.format(f"About {name} & co", "Ann Lee", date, name, text))

    def feed(self, *args, **kw):
        return self.run_raw("feed", *args, "-o", "pod", *QUICK, **kw)

    def read_back(self):
        path = self.folder / "pod/feed.xml"
        subprocess.run(["xmllint", "--noout", path], check=True)
        out = subprocess.run(["/usr/bin/python3", "-c", READ_BACK, path], check=True, stdout=subprocess.PIPE).stdout
        return json.loads(out)

    def test_it_is_read_back_as_it_was_meant(self):
        self.article("goats")
        self.article("keys", "2023-09-02")
        self.write("art.png", files.png(1500, 1400))
        code, _, err = self.feed("in", *BASE, "--show", "Town <talk>", "--about", "All & sundry", "--show-author", "Jo Ek", "--email",
                                 "jo@example.org", "--category", "News > Tech News", "--image", "art.png")
        self.assertEqual(code, 0, err)
        self.assertIn("1500 x 1400", err)
        got = self.read_back()
        self.assertFalse(got["bozo"])
        self.assertEqual(got["feed"], {"title": "Town <talk>", "subtitle": "All & sundry", "language": "en",
                                       "link": "https://example.org/pod/", "author": "Jo Ek"})
        self.assertEqual(got["image"], "https://example.org/pod/cover.png")
        self.assertEqual([e["title"] for e in got["entries"]], ["About keys & co", "About goats & co"], "the newest first")
        goats = got["entries"][1]
        self.assertEqual(goats["date"][:5], [2023, 8, 30, 19, 16], "in UTC")
        self.assertEqual(goats["link"], "https://paper.example/goats")
        self.assertFalse(goats["permalink"])
        name = goats["audio"]["href"].rsplit("/", 1)[1]
        self.assertEqual(int(goats["audio"]["length"]), (self.folder / "pod" / name).stat().st_size)
        self.assertEqual(goats["audio"]["type"], "audio/mpeg")
        self.assertEqual(goats["summary"].strip(), TEXT.strip())
        self.assertGreater(int(goats["duration"]), 0)
        xml = (self.folder / "pod/feed.xml").read_text()
        self.assertIn('<itunes:category text="News">', xml)
        self.assertIn('<itunes:category text="Tech News"/>', xml)
        self.assertIn("<podcast:person>Ann Lee</podcast:person>", xml)
        stem = goats["audio"]["href"][:-4]
        self.assertIn(f'<podcast:transcript url="{stem}.vtt" type="text/vtt" language="en" rel="captions"/>', xml)
        self.assertIn(f'<podcast:transcript url="{stem}.html" type="text/html" language="en"/>', xml)
        self.assertIn(f'<podcast:chapters url="{stem}.chapters.json" type="application/json+chapters"/>', xml)
        chapters = json.loads((self.folder / "pod" / name.replace(".mp3", ".chapters.json")).read_text())["chapters"]
        self.assertEqual([c["title"] for c in chapters], ["About goats & co", "Later"])
        self.assertTrue((self.folder / "pod" / name.replace(".mp3", ".vtt")).read_text().startswith("WEBVTT"))
        self.assertIn("goats", (self.folder / "pod" / name.replace(".mp3", ".html")).read_text())

    def test_what_directories_want(self):
        self.article("a")
        code, _, err = self.feed("in", *BASE, "--category", "News > Goats")
        self.assertEqual(code, 0, err)
        self.assertIn("no picture", err)
        self.assertIn("no category 'News > Goats'", err)
        # The namespace of shows is itself made of podcastindex.org's address; a show's is of its feed's, without the scheme.
        shows = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
        guid = f"<podcast:guid>{uuid.uuid5(shows, 'example.org/pod/feed.xml')}</podcast:guid>"
        self.assertIn(guid, (self.folder / "pod/feed.xml").read_text())
        self.write("art.png", files.png(1400, 1400))
        code, _, err = self.feed("in", "--base-url", "http://elsewhere.example/", "--category", "Religion & Spirituality > Islam",
                                 "--image", "art.png", "--show", "Goats", "--show-author", "Jo", "--email", "jo@a.example", "--about", "A")
        self.assertEqual((code, err.count("\n")), (0, 1), err)
        xml = (self.folder / "pod/feed.xml").read_text()
        self.assertIn(guid, xml, "it stays when the address changes")
        for word in ('<atom:link href="http://elsewhere.example/feed.xml" rel="self"', "<language>en</language>", "<itunes:explicit>false",
                     "<description>", '<itunes:image href="http://elsewhere.example/cover.png"/>', "<podcast:medium>podcast"):
            self.assertIn(word, xml)
        self.assertEqual(self.feed("in", "--category", "News > Goats", "-q")[2], "")

    def test_dates_with_the_letters_of_their_zone(self):
        for i, when in enumerate(("20:16 BST", "8:16 p.m. ET", "20:16 CEST", "20:16")):
            self.write(f"in/{i}.txt", f"Goats {i}\n\nBy Ann Lee\n\n30 August 2023, {when}\n\n{TEXT}\n\n{TEXT}\n")
        self.assertEqual(self.feed("in", *BASE)[0], 0)
        hours = {e["title"]: e["date"][3:5] for e in self.read_back()["entries"]}
        self.assertEqual(hours, {"Goats 0": [19, 16], "Goats 1": [0, 16], "Goats 2": [18, 16], "Goats 3": [20, 16]})

    def test_a_show_without_a_name(self):
        """It is its feed's, else its folder's, and the same whichever article is there first."""
        self.article("a")
        self.article("b")
        code, _, err = self.feed("in", *BASE)
        self.assertEqual(code, 0, err)
        self.assertIn("the show is called 'pod', after its folder: --show NAME", err)
        self.assertEqual(self.read_back()["feed"]["title"], "pod")
        (self.folder / "in/a.html").unlink()
        self.feed("in")
        self.assertEqual(self.read_back()["feed"]["title"], "pod")
        (self.folder / "pod").rename(self.folder / "moved")
        self.assertEqual(self.run_raw("feed", "in", "-o", "moved/.", *QUICK)[0], 0)
        (self.folder / "moved").rename(self.folder / "pod")
        self.assertIn("<title>moved</title>", (self.folder / "pod/feed.xml").read_text())
        item = f"<item><title>Short</title><description>{TEXT}</description></item>"
        self.write("paper.xml", f'<rss version="2.0"><channel><title>The Paper</title>{item}</channel></rss>')
        err = self.feed("in", "paper.xml")[2]
        self.assertEqual(self.read_back()["feed"]["title"], "The Paper")
        self.assertNotIn("is called", err)
        self.feed("in", "--show", "Town talk")
        self.feed("in", "paper.xml")
        self.assertEqual(self.read_back()["feed"]["title"], "Town talk")

    def test_the_owner_and_who_may_import(self):
        self.article("a")
        xml = lambda: (self.folder / "pod/feed.xml").read_text()
        err = self.feed("in", *BASE)[2]
        self.assertIn("--email ADDRESS", err)
        self.assertNotIn("podcast:locked", xml())
        self.assertNotIn("itunes:owner", xml())
        err = self.feed("in", "--locked", "yes")[2]
        self.assertIn("<podcast:locked>yes</podcast:locked>", xml())
        err = self.feed("in", "--show", "Talk", "--email", "jo&co@example.org")[2]
        self.assertNotIn("--email", err)
        self.assertIn('<podcast:locked owner="jo&amp;co@example.org">yes</podcast:locked>', xml())
        self.assertIn("<itunes:name>Talk</itunes:name>", xml())
        self.assertIn("<itunes:email>jo&amp;co@example.org</itunes:email>", xml())
        self.assertIn("--show-author NAME and --about TEXT", err)
        self.assertNotIn("lacks", self.feed("in", "--show-author", "Jo", "--about", "Goats", "--locked", "no")[2])
        self.assertIn('<podcast:locked owner="jo&amp;co@example.org">no</podcast:locked>', xml())
        self.assertIn("<itunes:name>Jo</itunes:name>", xml())
        self.assertEqual(self.feed("in", "--locked", "maybe")[0], 2)

    def test_each_person_is_named(self):
        for i, (author, persons) in enumerate({"Ann Lee, Jo Ek and Bo O&#39;Neil": ["Ann Lee", "Jo Ek", "Bo O'Neil"], "Ann Lee": ["Ann Lee"],
                                               "Smith and Sons": ["Smith and Sons"]}.items()):
            self.write(f"in/{i}.html", PAGE.format(f"About {i}", author, f"2023-08-0{i + 1}", i, TEXT))
        self.assertEqual(self.feed("in", *BASE)[0], 0)
        items = (self.folder / "pod/feed.xml").read_text().split("<item>")[1:]
        said = [re.findall("<podcast:person>(.*?)</podcast:person>", item) for item in items]
        self.assertEqual(said, [["Smith and Sons"], ["Ann Lee"], ["Ann Lee", "Jo Ek", "Bo O'Neil"]])

    def test_a_missing_companion_is_made_again(self):
        self.article("a")
        self.assertEqual(self.feed("in", *BASE, "--show", "Goats")[0], 0)
        before = {p.name: p.read_bytes() for p in (self.folder / "pod").iterdir()}
        next((self.folder / "pod").glob("*.vtt")).unlink()
        self.assertIn("1 changed", self.feed("in")[2])
        self.assertEqual({p.name: p.read_bytes() for p in (self.folder / "pod").iterdir()}, before)

    def test_a_feed_that_changes_meanwhile(self):
        """What is numbered is what was listed, whatever the feed says by the time that an article is come to."""
        item = "<item><title>Title {0}</title><description>The text of number {0}, which is long enough.</description></item>"
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                asked.append(self.path)
                first = 5 + len(asked)  # each time, a new one on top
                items = "".join(item.format(i) for i in range(first, first - 3, -1))
                body = f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.end_headers()
                self.wfile.write(body)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            code, _, err = self.feed("http://127.0.0.1:%d/feed" % server.server_address[1], *BASE)
        finally:
            server.shutdown()
            server.server_close()
        self.assertEqual(code, 0, err)
        entries = self.read_back()["entries"]
        self.assertEqual(sorted(e["title"] for e in entries), ["Title 4", "Title 5", "Title 6"])
        for entry in entries:
            name = entry["audio"]["href"].rsplit("/", 1)[1].replace(".mp3", ".vtt")
            self.assertIn("number " + entry["title"][-1], " ".join((self.folder / "pod" / name).read_text().split()))
        self.assertEqual(asked, ["/feed"])

    def test_only_what_is_new_or_changed_is_said(self):
        self.article("a")
        self.article("b")
        self.assertEqual(self.feed("in", *BASE)[0], 0)
        before = {e["title"]: e for e in self.read_back()["entries"]}
        inodes = {p.name: p.stat().st_ino for p in (self.folder / "pod").glob("*.mp3")}
        xml = (self.folder / "pod/feed.xml").read_bytes()
        self.assertIn("0 new, 0 changed, 2 as before", self.feed("in")[2])
        self.assertEqual((self.folder / "pod/feed.xml").read_bytes(), xml)
        self.article("a", text=TEXT * 2)
        self.article("c")
        self.assertIn("1 new, 1 changed, 1 as before", self.feed("in")[2])
        after = {e["title"]: e for e in self.read_back()["entries"]}
        for title in before:
            self.assertEqual(after[title]["id"], before[title]["id"])
            self.assertEqual(after[title]["audio"]["href"], before[title]["audio"]["href"])
        same = [n for n, i in inodes.items() if (self.folder / "pod" / n).stat().st_ino == i]
        self.assertEqual(len(same), 1)
        self.assertNotEqual(after["About a & co"]["duration"], before["About a & co"]["duration"])
        self.assertIn("3 changed", self.feed("in", "--rate", "2x")[2])

    def test_names_of_any_bytes(self):
        """Names that no text can hold are known again, and apart."""
        for name in b"esc\x1b.txt", b"esc\x1b\x1b.txt", b"caf\xe9.txt", b"caf\xe8.txt", b"two\nlines.txt":
            with open(os.path.join(os.fsencode(self.folder), b"in", name), "wb") as f:
                f.write(TEXT.encode())
        self.assertIn("5 new, 0 changed, 0 as before", self.feed("in", *BASE)[2])
        self.assertIn("0 new, 0 changed, 5 as before", self.feed("in")[2])
        self.assertEqual(len(self.read_back()["entries"]), 5)

    def test_old_episodes_stay(self):
        gone = self.article("gone")
        self.assertEqual(self.feed("in", *BASE)[0], 0)
        gone.unlink()
        self.article("new")
        self.assertEqual(self.feed("in")[0], 0)
        self.assertEqual(len(self.read_back()["entries"]), 2)

    def test_a_bad_article_costs_only_itself(self):
        self.article("good")
        self.write("in/bad.txt", "")
        code, _, err = self.feed("in", *BASE)
        self.assertEqual(code, 1)
        self.assertIn("bad.txt", err)
        self.assertEqual(len(self.read_back()["entries"]), 1)

    def test_killed_the_next_call_carries_on(self):
        for i in range(6):
            self.article(f"n{i}", text=TEXT * 60)
        process = self.start("feed", "in", "-o", "pod", *BASE, *QUICK)
        for _ in range(1000):
            if len(list((self.folder / "pod").glob("*.mp3"))) >= 2:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        done = json.loads((self.folder / "pod/.narrate-feed.json").read_text())["episodes"]
        self.assertTrue(done)
        code, _, err = self.feed("in", *BASE)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(self.read_back()["entries"]), 6)
        self.assertEqual([p.name for p in (self.folder / "pod").glob(".*")], [".narrate-feed.json"])

    def test_a_feed_of_the_web(self):
        asked = []
        items = "".join(f"<item><title>Item {i}</title><link>{{0}}/page{i}</link><pubDate>Wed, {i:02} Aug 2023 10:00:00 GMT</pubDate>"
                        "<description>Short</description></item>" for i in range(9, 0, -1))
        rss = '<rss version="2.0"><channel><title>Paper</title><description>All the news</description>' + items + "</channel></rss>"

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                asked.append(self.path)
                here = "http://127.0.0.1:%d" % self.server.server_address[1]
                body = rss.format(here)
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.end_headers()
                self.wfile.write(body.encode())

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = "http://127.0.0.1:%d/feed" % server.server_address[1]
            code, _, err = self.feed(address, *BASE, "--newest", "3")
            self.assertEqual(code, 0, err)
            self.assertEqual(asked, ["/feed"], "the list, once; a private address only when it is typed")
            self.assertEqual([e["title"] for e in self.read_back()["entries"]], ["Item 9", "Item 8", "Item 7"])
            self.assertEqual(self.read_back()["feed"]["title"], "Paper")
            asked.clear()
            self.assertIn("3 as before", self.feed(address, "--newest", "3")[2])
            self.assertEqual(asked, ["/feed"], "nothing is fetched again")
        finally:
            server.shutdown()
            server.server_close()

    def test_what_is_not_ours_is_left(self):
        self.article("a")
        (self.folder / "pod").mkdir()
        self.write("pod/feed.xml", "mine")
        code, _, err = self.feed("in", *BASE)
        self.assertEqual(code, 1)
        self.assertIn("not narrate's", err)
        self.assertEqual((self.folder / "pod/feed.xml").read_text(), "mine")

    def test_a_damaged_list_is_said(self):
        self.article("a")
        self.assertEqual(self.feed("in", *BASE)[0], 0)
        for bad in ('{"narrate-feed": 1', "[]", '{"narrate-feed": 1, "show": {}, "episodes": [{"key": "x"}]}'):
            self.write("pod/.narrate-feed.json", bad)
            code, _, err = self.feed("in")
            self.assertEqual(code, 1)
            self.assertIn("damaged", err)
            self.assertEqual((self.folder / "pod/.narrate-feed.json").read_text(), bad)

    def test_wrong_usage(self):
        self.article("a")
        for args, word in ((("in",), "--base-url"), (("in", "--base-url", "example.org"), "https://"),
                           (("in", *BASE, "--image", "in/a.html"), "neither a JPEG nor a PNG"), (("nowhere", *BASE), "nowhere")):
            code, _, err = self.feed(*args)
            self.assertEqual(code, 1, args)
            self.assertIn(word, err)
        self.assertEqual(self.run_raw("feed", "in")[0], 2)
        self.assertEqual(self.feed("in", "--format", "wav")[0], 2)
        self.assertFalse(os.path.exists(self.folder / "pod/feed.xml"))

    def test_text_that_xml_cannot_hold(self):
        self.write("in/x.txt", b"A \x01 title with \xff bytes\n\nAnd a paragraph \xef\xbf\xbf of it, long enough to be one.\n")
        self.assertEqual(self.feed("in", *BASE, "--show", "Show \x02 \ufffe")[0], 0)
        self.assertEqual(len(self.read_back()["entries"]), 1)


if __name__ == "__main__":
    unittest.main()
