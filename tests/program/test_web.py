"""Articles from the web, out of a server of the test's own on loopback: every habit of servers, good and bad."""
import gzip
import http.server
import socket
import threading
import time
import unittest

import files
from harness import ProgramTest

PAGE = ("<!DOCTYPE html><html lang=en><head><title>Goats</title></head><body><article><h1>Goats</h1><p>" + files.P1 +
        "</p><p>" + files.P2 + "</p></article></body></html>").encode()
BODY = files.P1 + "\n" + files.P2 + "\n"
FEED = ('<rss version="2.0"><channel><title>Goats</title><item><title>One</title><link>{}/page</link><description>Short'
        "</description></item></channel></rss>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, body, kind="text/html", code=200, **more):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def redirect(self, target):
        self.answer(b"", code=302, Location=target)

    def slowly(self, body, pause):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            for byte in body:
                if self.server.stopped.wait(pause):
                    break
                self.wfile.write(bytes([byte]))
        except OSError:
            pass

    def do_GET(self):
        self.server.agents.append(self.headers.get("User-Agent", ""))
        path, port = self.path, self.server.server_address[1]
        if path == "/page":
            self.answer(PAGE)
        elif path == "/gzip":
            self.answer(gzip.compress(PAGE), Content_Encoding="gzip")
        elif path == "/bomb":
            self.answer(gzip.compress(b"<p>goat " * 20_000_000), Content_Encoding="gzip")
        elif path == "/latin":
            self.answer("<html><body><p>Caf\xe9 au lait, said the council, and talked of goats until the night.".encode(
                "latin1"), "text/html; charset=ISO-8859-1")
        elif path == "/wrong":
            self.answer(PAGE, "image/png")
        elif path == "/plain":
            self.answer(b"# Goats\n\n" + files.P1.encode(), "text/markdown")
        elif path == "/moved":
            self.redirect("/gzip")
        elif path == "/loop":
            self.redirect("/loop")
        elif path == "/file":
            self.redirect("file:///etc/passwd")
        elif path == "/inside":  # another address of this machine: nobody typed that
            self.redirect(f"http://127.0.0.2:{port}/page")
        elif path == "/named":
            self.redirect(f"http://localhost:{port}/page")
        elif path == "/mapped":
            self.redirect(f"http://[::ffff:127.0.0.1]:{port}/page")
        elif path == "/feed":
            self.answer(FEED.format(f"http://127.0.0.1:{port}").encode(), "application/rss+xml")
        elif path.startswith("/lead"):  # /lead?where: an article with a picture there
            image = path.partition("?")[2]
            self.answer(PAGE.replace(b"</title>", f'</title><meta property="og:image" content="{image}">'.encode()))
        elif path == "/big.png":
            self.answer(files.png(8, 8) + bytes(11 << 20), "image/png")
        elif path in ("/dir/goat.png", "/gone.png"):
            self.answer(files.png(8, 8), "image/png", code=200 if path == "/dir/goat.png" else 404)
        elif path == "/away.png":
            self.redirect(f"http://127.0.0.2:{port}/dir/goat.png")
        elif path == "/script":
            self.answer(b"<html><body><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"
                        b"<script src=a.js></script></body></html>")
        elif path == "/hang":
            self.server.stopped.wait(30)
        elif path == "/trickle":
            self.slowly(PAGE, 0.2)
        elif path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(PAGE)
            self.close_connection = True
        else:
            self.answer(b"no", code=int(path[1:]) if path[1:].isdigit() else 404)


class Web(ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.agents, self.server.stopped = [], threading.Event()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    def tearDown(self):
        self.server.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        super().tearDown()

    ENV = {name: "" for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}

    def body(self, path, *more):
        return self.run_ok("read", self.base + path, "--body", *more, env=self.ENV, timeout=60)

    def fails(self, path, *more, says):
        return self.run_fails("read", self.base + path, *more, says=says, env=self.ENV, timeout=60)

    def test_pages(self):
        for path in ("/page", "/gzip", "/moved", "/wrong"):
            with self.subTest(path=path):
                self.assertEqual(self.body(path), BODY)
        self.assertIn("Café au lait", self.body("/latin"))
        self.assertEqual(self.body("/plain"), files.P1 + "\n")
        self.assertTrue(all(a.startswith("narrate/") for a in self.server.agents), self.server.agents)

    def test_the_address_is_kept(self):
        self.assertIn(self.base + "/gzip", self.run_ok("read", self.base + "/moved", env=self.ENV))

    def test_answers_that_are_none(self):
        self.fails("/nothing", says=["/nothing", "no such page", "404"])
        self.fails("/403", says=["refuses", "browser"])
        self.fails("/401", says="login")
        self.fails("/503", says="later")
        self.fails("/loop", says="without an end")
        self.fails("/file", says="no web page")
        self.fails("/short", says="/short")
        self.fails("/script", says="needs a browser")

    def test_redirects_do_not_lead_into_private_networks(self):
        for path in ("/inside", "/named", "/mapped"):
            with self.subTest(path=path):
                self.fails(path, says="private network")

    def test_a_feed_does_not_lead_into_private_networks(self):
        """The article that it links to is not fetched; what the feed holds is read."""
        self.assertEqual(self.run_ok("read", self.base + "/feed", "--item", 1, "--body", env=self.ENV), "Short\n")

    def test_the_lead_picture_is_the_cover(self):
        port = self.server.server_address[1]
        found = files.png(8, 8)
        self.run_ok("save", f"{self.base}/lead?dir/goat.png", "--voice", "null", "-o", "a.mp3", env=self.ENV)
        self.assertIn(found, (self.folder / "a.mp3").read_bytes())
        self.run_ok("save", f"{self.base}/lead?{self.base}/dir/goat.png", "--voice", "null", "-o", "b.mp3", env=self.ENV)
        self.assertIn(found, (self.folder / "b.mp3").read_bytes())
        self.run_ok("save", f"{self.base}/page", "--voice", "null", "-o", "none.mp3", env=self.ENV)
        for image, why in {"/gone.png": "404", "/away.png": "private network", f"http://127.0.0.2:{port}/dir/goat.png": "private network",
                           "/page": "neither a JPEG nor a PNG", "/big.png": "larger"}.items():
            with self.subTest(image=image):
                code, _, err = self.run_raw("save", f"{self.base}/lead?{image}", "--voice", "null", "-o", "c.mp3", "--overwrite", env=self.ENV)
                self.assertEqual(code, 0, err)
                self.assertIn("no cover from the article", err)
                self.assertIn(why, err)
                self.assertNotIn(b"\x89PNG", (self.folder / "c.mp3").read_bytes())
        # A page that was saved stays offline, and what has no room for a cover fetches none.
        self.server.agents.clear()
        self.write("saved.html", PAGE.replace(b"</title>", f'</title><meta property="og:image" content="{self.base}/dir/goat.png">'.encode()))
        self.run_ok("save", "saved.html", "--voice", "null", "-o", "d.mp3", env=self.ENV)
        self.assertEqual(self.server.agents, [])
        self.run_ok("save", f"{self.base}/lead?dir/goat.png", "--voice", "null", "--title", "x", "-o", "a.wav", env=self.ENV)
        self.assertEqual(len(self.server.agents), 1)

    def test_limits(self):
        self.fails("/page", "--max-size", "100", says=["larger", "100", "--max-size"])
        self.fails("/bomb", "--max-size", "10M", says="larger")

    def test_servers_that_hang_or_trickle(self):
        for path in ("/hang", "/trickle"):
            with self.subTest(path=path):
                start = time.monotonic()
                self.fails(path, "--timeout", "1.5", says="too long")
                self.assertLess(time.monotonic() - start, 10)

    def test_nobody_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.run_fails("read", f"http://127.0.0.1:{port}/", says=str(port), env=self.ENV)


if __name__ == "__main__":
    unittest.main()
