#!/usr/bin/env python3
"""Writes the books, office files, feeds and PDFs that the tests read: make_files.py FOLDER. Good ones and evil ones."""
import struct
import sys
import zipfile
import zlib
from pathlib import Path

P1 = "The council met on Monday, as it does, and talked of goats until the lights were put out by the caretaker."
P2 = "It will meet again on Thursday, with the goats, unless somebody can find the key, which is not where it was."
CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="%s" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def png(width, height):
    """A black picture."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(bytes((width + 1) * height))) + chunk(b"IEND", b"")


def archive(path, entries, mimetype=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        if mimetype:
            z.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, text in entries.items():
            z.writestr(name, text)


def xhtml(body, title="x"):
    return ('<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
            f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title><script src="x.js"/></head>'
            f"<body>{body}</body></html>")


def package(manifest, spine, extra=""):
    return ('<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Goats &amp; Keys</dc:title><dc:creator>Ann Lee'
            "</dc:creator><dc:language>en</dc:language><dc:date>2021-03-04</dc:date>" + extra + "</metadata><manifest>"
            + manifest + "</manifest><spine>" + spine + "</spine></package>")


def item(name, path, more="", kind="application/xhtml+xml"):
    return f'<item id="{name}" href="{path}" media-type="{kind}" {more}/>'


def book3(folder):
    entries = {
        "META-INF/container.xml": CONTAINER % "OPS/book.opf",
        "OPS/book.opf": package(
            item("nav", "nav.xhtml", 'properties="nav"') + item("a", "text/one.xhtml") + item("b", "text/two%20b.xhtml")
            + item("c", "text/three.xhtml"),
            '<itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/>'),
        "OPS/nav.xhtml": xhtml('<nav epub:type="toc"><ol><li><a href="text/one.xhtml">One</a><ol><li>'
                               '<a href="text/three.xhtml#x">Three,\n deep</a></li></ol></li></ol></nav>'),
        "OPS/text/one.xhtml": xhtml(
            f'<h1>One</h1><p><a id="p1"/>{P1}<a epub:type="noteref" href="#n1">1</a></p><blockquote><p>So be it.</p>'
            '</blockquote><aside epub:type="footnote" id="n1"><p>Or so they say.</p></aside>'),
        "OPS/text/two b.xhtml": xhtml('<p>Still the first chapter.</p><ol start="4"><li>Four</li></ol>'),
        "OPS/text/three.xhtml": xhtml(f'<h2>Three</h2><p>{P2}<span epub:type="pagebreak" title="7">7</span></p>'),
    }
    archive(folder / "book.epub", entries, "application/epub+zip")


def book2(folder):
    entries = {
        "META-INF/container.xml": CONTAINER % "content.opf",
        "content.opf": package(item("ncx", "toc.ncx", "", "application/x-dtbncx+xml") + item("a", "a.html"),
                               '<itemref idref="a"/><itemref idref="gone"/>'),
        "toc.ncx": '<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint>'
                   '<navLabel><text>The Goat</text></navLabel><content src="a.html#top"/></navPoint></navMap></ncx>',
        "a.html": xhtml(f"<p>{P1}</p>"),
    }
    archive(folder / "old.epub", entries, "application/epub+zip")


def evil_books(folder):
    plain = {"META-INF/container.xml": CONTAINER % "b.opf",
             "b.opf": package(item("a", "a.html"), '<itemref idref="a"/>')}
    archive(folder / "bomb.epub", {**plain, "a.html": "<p>" + "a " * (50 << 20)}, "application/epub+zip")
    outside = {**plain, "b.opf": package(item("a", "../../etc/passwd") + item("b", "a.html"),
                                         '<itemref idref="a"/><itemref idref="b"/>'), "a.html": xhtml(f"<p>{P1}</p>")}
    archive(folder / "outside.epub", outside, "application/epub+zip")
    archive(folder / "outside2.epub", {**plain, "META-INF/container.xml": CONTAINER % "../../../etc/passwd"},
            "application/epub+zip")
    locked = {**plain, "a.html": "x", "META-INF/encryption.xml":
              '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference URI="a.html"/></encryption>'}
    archive(folder / "locked.epub", locked, "application/epub+zip")
    archive(folder / "empty.epub", {"x": "y"}, "application/epub+zip")
    whole = (folder / "book.epub").read_bytes()
    (folder / "cut.epub").write_bytes(whole[: len(whole) // 2])


BOMB = ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol lol lol lol lol lol lol lol lol lol">' +
        "".join(f'<!ENTITY {chr(b)} "{f"&{chr(b - 1)};" * 10}">' for b in range(98, 108)) +
        '<!ENTITY file SYSTEM "file:///etc/passwd">]>')


def feeds(folder):
    (folder / "feed.rss").write_text(
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Goat</title><link>https://example.org/</link>'
        "<language>en-gb</language><item><title>Goats &amp; keys</title><link>https://example.org/1</link>"
        "<pubDate>Mon, 06 May 2024 07:30:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>"
        "<description>Short.</description><content:encoded><![CDATA[<p>" + P1 + "</p><p>Share this</p><p>" + P2 +
        "</p>]]></content:encoded></item><item><title>Sheep</title><link>https://example.org/2</link>"
        "<description>&lt;p&gt;Sheep have been seen, and were counted.&lt;/p&gt;</description></item></channel></rss>",
        encoding="utf8")
    (folder / "feed.atom").write_text(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Goats</title>'
        '<link rel="self" href="https://example.org/feed"/><link href="https://example.org/"/><entry><title>One</title>'
        '<link rel="alternate" href="https://example.org/one"/><author><name>Bo Ek</name></author>'
        '<published>2024-05-06T07:30:00Z</published><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>" + P1 + "</p></div></content></entry></feed>", encoding="utf8")
    (folder / "bomb.rss").write_text(
        BOMB.replace("DOCTYPE r", "DOCTYPE rss") + "<rss><channel><title>A &k; B &file;</title><item><title>Goats &k;"
        "</title><description>Text &k; &file; end.</description></item></channel></rss>", encoding="utf8")
    (folder / "cut.rss").write_text('<rss version="2.0"><channel><title>Cut</title><item><title>Goats are ba',
                                    encoding="utf8")


def docx(folder):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def p(text, style="", more=""):
        props = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
        return f"<w:p><w:pPr>{props}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (p("Goats", "Titel") + p("Why", "H1") +
            f'<w:p><w:r><w:t xml:space="preserve">{P1[:40]}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{P1[40:]}</w:t></w:r>'
            '<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' +
            p("First", more=number) + p("Second", more=number) +
            "<w:tbl><w:tr><w:tc>" + p("Year") + "</w:tc><w:tc>" + p("Goats") + "</w:tc></w:tr><w:tr><w:tc>" + p("2022") +
            "</w:tc><w:tc>" + p("1,200") + "</w:tc></w:tr></w:tbl>" + p(P2, "Quote"))
    style = '<w:style w:styleId="{}"><w:name w:val="{}"/></w:style>'
    entries = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {w}>" + style.format("Titel", "Title") + style.format("H1", "heading 1") +
                           "</w:styles>",
        "word/numbering.xml": f'<w:numbering {w}><w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:numFmt '
                              'w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/>'
                              "</w:num></w:numbering>",
        "word/footnotes.xml": f'<w:footnotes {w}><w:footnote w:type="separator" w:id="0">{p("x")}</w:footnote>'
                              f'<w:footnote w:id="1">{p("A note.")}</w:footnote></w:footnotes>',
        "docProps/core.xml": '<c:coreProperties xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                             'xmlns:t="http://purl.org/dc/terms/"><dc:title>Document1</dc:title><dc:creator>Ann Lee'
                             "</dc:creator><t:created>2022-02-03T10:11:12Z</t:created></c:coreProperties>",
    }
    archive(folder / "letter.docx", entries)
    archive(folder / "bomb.docx", {**entries, "word/document.xml": BOMB + f"<w:document {w}><w:body>" + p("Goats &k; &file;")
                                   + "</w:body></w:document>"})
    archive(folder / "none.docx", {"[Content_Types].xml": "<Types/>", "word/other.xml": "<x/>"})


def odt(folder):
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
          'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"')
    body = ('<text:p text:style-name="Title">Goats</text:p><text:h text:outline-level="2">Why</text:h>'
            f"<text:p>{P1[:30]}<text:span>{P1[30:]}</text:span><text:note><text:note-citation>1</text:note-citation>"
            "<text:note-body><text:p>A note.</text:p></text:note-body></text:note></text:p><text:list><text:list-item>"
            "<text:p>First</text:p><text:p>More of it.</text:p><text:list><text:list-item><text:p>Inner</text:p>"
            "</text:list-item></text:list></text:list-item></text:list><table:table><table:table-row><table:table-cell>"
            "<text:p>Year</text:p></table:table-cell><table:table-cell><text:p>Goats</text:p></table:table-cell>"
            "</table:table-row></table:table><text:p>A<text:s/>gap<text:line-break/>here.</text:p>"
            '<text:list text:style-name="L1"><text:list-item><text:p>One</text:p></text:list-item><text:list-item>'
            "<text:p>Two</text:p><text:list><text:list-item><text:p>Dot</text:p></text:list-item></text:list>"
            '</text:list-item></text:list><text:p>Between.</text:p><text:list text:style-name="L1" '
            'text:continue-numbering="true"><text:list-item><text:p>Three</text:p></text:list-item><text:list-item '
            'text:start-value="9"><text:p>Nine</text:p></text:list-item></text:list>')
    styles = ('<office:automatic-styles><text:list-style xmlns:style="s" style:name="L1"><text:list-level-style-number '
              'text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>'
              "</office:automatic-styles>")
    entries = {"content.xml": f"<office:document-content {ns}>{styles}<office:body><office:text>{body}</office:text></office:body>"
                              "</office:document-content>",
               "meta.xml": f'<office:document-meta {ns} xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="m">'
                           "<office:meta><meta:initial-creator>Bo Ek</meta:initial-creator><meta:creation-date>"
                           "2022-02-03T10:11:12</meta:creation-date><dc:language>en-GB</dc:language></office:meta>"
                           "</office:document-meta>"}
    archive(folder / "letter.odt", entries, "application/vnd.oasis.opendocument.text")


def pdf(path, pages, info=""):
    """Lines of text at given heights; Courier, so that widths are plain."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[%s]/Count %d>>" % (
        " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages))), len(pages)),
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"]
    for i, lines in enumerate(pages):
        text = "BT /F1 10 Tf " + "".join(
            f"1 0 0 1 60 {y} Tm ({line.replace(chr(92), chr(92) * 2).replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj "
            for y, line in lines) + "ET"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * i} 0 R"
                       "/Resources<</Font<</F1 3 0 R>>>>>>")
        objects.append(f"<</Length {len(text)}>>\nstream\n{text}\nendstream\n")
    out, at = b"%PDF-1.4\n", []
    for i, body in enumerate(objects + [f"<<{info}>>"]):
        at.append(len(out))
        out += f"{i + 1} 0 obj{body}endobj\n".encode("latin1")
    start = len(out)
    out += f"xref\n0 {len(at) + 1}\n0000000000 65535 f \n".encode() + b"".join(b"%010d 00000 n \n" % n for n in at)
    out += f"trailer<</Size {len(at) + 1}/Root 1 0 R/Info {len(at)} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    path.write_bytes(out)


def pdfs(folder):
    where = ["library", "kitchen", "attic", "harbour"]
    pages = []
    for n in range(1, 5):
        y, lines = 730, [(810, "The Goat Review")]
        if n > 1:  # the last paragraph of a page goes on at the top of the next
            lines.append((y, f"which nobody in the {where[n - 1]} has looked for until today."))
            y -= 40
        for block in ([f"Part {n} of the goats"], [
                "The council met on Monday, as it does, and talked of inter-",
                "national goats until the lights were put out by the care-",
                "taker. The caretaker said that it was late, and that no",
                f"goat of the {where[n - 1]} had been seen in it since noon."], [
                "It will meet again on Thursday, with the goats, unless",
                f"somebody can find the key to the {where[n - 1]},"]):
            for text in block:
                lines.append((y, text))
                y -= 12
            y -= 28
        pages.append(lines + [(30, str(n))])
    pdf(folder / "review.pdf", pages, "/Title(Goats of the North)/Author(Ann Lee)/CreationDate(D:20220203101112Z)")
    pdf(folder / "picture.pdf", [[]])
    whole = (folder / "review.pdf").read_bytes()
    (folder / "cut.pdf").write_bytes(whole[:200])


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in (book3, book2, evil_books, feeds, docx, odt, pdfs):
        make(folder)


if __name__ == "__main__":
    main()
