"""EPUB 2 books as they were made: each a dict of an archive's entries."""
import files

DOCTYPE = ('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
           '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n')
SAID = "The goat Sentence %d of %s stood at the gate, and would not go in."


def page(body, title="A book", head="", lang="en"):
    return (f'{DOCTYPE}<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{lang}"><head><title>{title}</title>'
            f'<meta http-equiv="Content-Type" content="application/xhtml+xml; charset=utf-8"/>{head}</head><body>{body}</body></html>')


def text(name, count=3):
    return "".join(f"<p>{SAID % (k, name)}</p>" for k in range(1, count + 1))


def item(name, path, kind="application/xhtml+xml", more=""):
    return f'<item id="{name}" href="{path}" media-type="{kind}"{more}/>\n'


def package(metadata, manifest, spine, more="", toc=' toc="ncx"'):
    return ('<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">\n'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">' + metadata + "</metadata>\n<manifest>"
            + manifest + f"</manifest>\n<spine{toc}>" + "".join(f'<itemref idref="{i}"/>' for i in spine.split()) + "</spine>" + more + "</package>")


def ncx(points, pages="", uid="x"):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">\n'
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head><meta name="dtb:uid" content="{uid}"/></head>'
            f'<docTitle><text>T</text></docTitle><navMap>{points}</navMap>{pages}</ncx>')


def point(label, src, inner=""):
    return f'<navPoint id="p{abs(hash(label + src))}" playOrder="1"><navLabel><text>{label}</text></navLabel><content src="{src}"/>{inner}</navPoint>'


# A grey dot.
JPEG = bytes.fromhex("ffd8ffe000104a46494600010200000100010000ffdb00430008040404040405050505050506060606060606060606060606070707080808070707060607070808"
                     "08080909090808080809090a0a0a0c0c0b0b0e0e0e111114ffc4004a00010000000000000000000000000000000001010000000000000000000000000000000010"
                     "0100000000000000000000000000000000110100000000000000000000000000000000ffc00011080008000803012200021100031100ffda000c03010002110311"
                     "003f00000fffd9")
NCX = item("ncx", "toc.ncx", "application/x-dtbncx+xml")


def gutenberg():
    """About 2010: names with an address in them, pages by anchors, centred titles, a cover in the metadata, dates with events."""
    return {
        "META-INF/container.xml": files.CONTAINER % "OEBPS/content.opf",
        "OEBPS/content.opf": package(
            '<dc:rights>Public domain in the USA.</dc:rights><dc:identifier id="id" opf:scheme="URI">http://example.org/ebooks/1</dc:identifier>'
            '<dc:creator opf:file-as="Lee, Ann" opf:role="aut">Ann Lee</dc:creator><dc:contributor opf:role="trl">Bo Ek</dc:contributor>'
            '<dc:title>The Goat &amp; the Key</dc:title><dc:language xsi:type="dcterms:RFC4646" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">en'
            '</dc:language><dc:date opf:event="publication">1998-03-01</dc:date><dc:date opf:event="conversion">2010-02-16T01:02:03+00:00</dc:date>'
            '<dc:date opf:event="modification">2010-05-06</dc:date><dc:source>http://example.org/1.htm</dc:source><meta name="cover" content="item1"/>',
            item("item1", "cover.jpg", "image/jpeg") + item("item2", "pgepub.css", "text/css") + item("item4", "1@one.htm") + item("item5", "1@two.htm")
            + item("cw", "wrap.html") + NCX, "item4 item5", '<guide><reference type="cover" title="Cover" href="wrap.html"/></guide>').replace(
                '<itemref idref="item4"/>', '<itemref idref="cw" linear="no"/><itemref idref="item4"/>'),
        "OEBPS/toc.ncx": ncx(point("One", "1@one.htm#pg1") + point("Two", "1@two.htm#pg2")),
        "OEBPS/cover.jpg": files.png(3, 4),
        "OEBPS/pgepub.css": "@charset 'utf-8';\n/* by hand */ body { margin: 10%; } .pgm { direction: ltr; clear: both } p{text-indent:1em;;margin-top:.5em\n}\n"
                            "@font-face { font-family: x; src: url(res:///fonts/x.ttf) }\n.big { background: url('none.png'); color: red }",
        "OEBPS/wrap.html": page('<div><img src="cover.jpg" alt="Cover"/></div>'),
        "OEBPS/1@one.htm": page('<center><h1><a name="pg1" id="pg1"></a>The Goat <br clear="all"/> &amp; the Key</h1></center><p align="center"><a href="1@two.htm#pg2">'
                                'Two</a>, <a href="1@two.htm#nowhere">lost</a>, <a href="gone.htm">gone</a>, <a href="cover.jpg">big</a></p><hr width="65%" noshade="noshade"/>'
                                + text("One") + '<p>Caf&eacute;s &mdash; open&nbsp;now.</p>', head='<link rel="stylesheet" type="text/css" href="pgepub.css"/>'
                                '<style type="text/css">h1 { text-align: center }</style>'),
        "OEBPS/1@two.htm": page('<h2><a name="pg2"/>Two</h2>' + text("Two") + '<p><a href="1@one.htm#pg1">back</a></p>'),
    }


def calibre():
    """calibre's: an own class for everything, a title page of SVG, series and ratings, a bookmark file beside."""
    return {
        "META-INF/container.xml": files.CONTAINER % "content.opf", "META-INF/calibre_bookmarks.txt": "x",
        "content.opf": package(
            '<dc:language>en</dc:language><dc:title>Calibre</dc:title><dc:creator opf:file-as="Unknown" opf:role="aut">Unknown</dc:creator>'
            '<dc:contributor opf:role="bkp">calibre (0.8.3) [http://calibre-ebook.com]</dc:contributor><dc:date>0101-01-01T00:00:00+00:00</dc:date>'
            '<dc:identifier id="id" opf:scheme="uuid">0f1e2d3c-0000-4000-8000-000000000001</dc:identifier><dc:identifier opf:scheme="ISBN">9780000000002'
            '</dc:identifier><meta name="calibre:series" content="Goats"/><meta name="calibre:timestamp" content="2011-05-01T10:11:12+00:00"/>'
            '<meta name="cover" content="cover"/><meta content="4" name="calibre:rating"/><dc:subject></dc:subject>',
            item("cover", "cover.jpeg", "image/jpeg") + item("id1", "text/part 1.html") + item("id2", "text/part2.html") + item("css", "stylesheet.css", "text/css")
            + item("titlepage", "titlepage.xhtml") + NCX, "titlepage id1 id2", '<guide><reference href="titlepage.xhtml" title="Cover" type="cover"/>'
            '<reference href="text/part%201.html" title="Start" type="text"/></guide>'),
        "toc.ncx": ncx(point("Start", "text/part%201.html") + point("Two", "text/part2.html#filepos99")),
        "cover.jpeg": JPEG, "stylesheet.css": ".calibre1 { display: block; font-size: 1em; padding-left: 0 }\n@page { margin: 5pt }",
        "titlepage.xhtml": page('<div><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" width="100%" height="100%" '
                                'viewBox="0 0 300 400" preserveAspectRatio="none"><image width="300" height="400" xlink:href="cover.jpeg"/></svg></div>',
                                head='<meta name="calibre:cover" content="true"/><style type="text/css">@page {padding: 0pt; margin:0pt}</style>'),
        "text/part 1.html": page('<h2 class="calibre1" id="calibre_pb_0">Part</h2><blockquote class="calibre1" id="1">' + text("Part")
                                 + '<a id="filepos12"></a>Loose words.</blockquote><p class="calibre1"><a href="part2.html#filepos99">on</a></p><p class="calibre1" '
                                 'height="1em" width="0">&#160;</p><ul><ul><li>Deep</li></ul>Stray</ul>',
                                 head='<link href="../stylesheet.css" rel="stylesheet" type="text/css"/>'),
        "text/part2.html": page('<p><span class="calibre1" id="filepos99"><b>Two</b><div>A block in a span.</div></span></p>' + text("Two"), title=""),
    }


def archive_org():
    """The Internet Archive's: scanned pages with a list of them, the NCX in a folder of its own, pictures as GIF that are PNG."""
    pages = "".join(f'<pageTarget id="pg{k}" value="{k}" type="{"front" if k < 2 else "normal"}" playOrder="{k}"><navLabel><text>{k}</text></navLabel>'
                    f'<content src="../text/leaf{k}.html#page_{k}"/></pageTarget>' for k in (1, 2, 3, 4))
    return {
        "META-INF/container.xml": files.CONTAINER % "OEBPS/package.opf",
        "OEBPS/package.opf": package(
            '<dc:title>Leaves</dc:title><dc:identifier id="id">leaves00lee</dc:identifier><dc:language>eng</dc:language><dc:date>1887?</dc:date>'
            '<dc:creator>Lee, Ann, 1850-</dc:creator>',
            "".join(item(f"leaf{k}", f"text/leaf{k}.html") for k in (1, 2, 3)) + item("ncx", "nav/toc.ncx", "application/x-dtbncx+xml")
            + item("pic", "images/plate.gif", "image/gif"), "leaf1 leaf2 leaf3 leaf9", "<tours><tour id='t' title='x'><site title='y' href='text/leaf1.html'/></tour></tours>"),
        "OEBPS/nav/toc.ncx": ncx(point("Front", "../text/leaf1.html") + point("Body", "../text/leaf2.html"), f"<pageList><navLabel><text>Pages</text></navLabel>{pages}</pageList>"),
        "OEBPS/images/plate.gif": files.png(5, 5),
        **{f"OEBPS/text/leaf{k}.html": page(f'<a name="page_{k}"></a><div class="newpage" id="page-{k}"></div>' + text(f"Leaf {k}")
                                          + ('<p><img src="../images/plate.gif" alt="A plate." height="50%" hspace="3"/></p>' if k == 2 else "")) for k in (1, 2, 3)},
    }


def sigil():
    """Sigil's: Text, Styles and Fonts, a deep NCX, an entry without a place, a scrambled font."""
    return {
        "META-INF/container.xml": files.CONTAINER % "OEBPS/content.opf",
        "META-INF/encryption.xml": '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
                                   '<enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/><enc:CipherData>'
                                   '<enc:CipherReference URI="OEBPS/Fonts/f.ttf"/></enc:CipherData></enc:EncryptedData></encryption>',
        "OEBPS/content.opf": package(
            '<dc:identifier id="id" opf:scheme="UUID">urn:uuid:12345678-1234-4234-8234-123456789abc</dc:identifier><dc:title>Deep</dc:title><dc:language>de_DE</dc:language>'
            '<dc:date opf:event="modification">2012-07-08</dc:date><meta name="Sigil version" content="0.4.2"/>',
            NCX + "".join(item(f"c{k}.xhtml", f"Text/c{k}.xhtml") for k in (1, 2)) + item("s.css", "Styles/s.css", "text/css")
            + item("f.ttf", "Fonts/f.ttf", "application/x-font-ttf"), "c1.xhtml c2.xhtml"),
        "OEBPS/toc.ncx": ncx(point("Part I", "Text/c1.xhtml", point("One", "Text/c1.xhtml#sigil_toc_id_1", point("One A", "Text/c1.xhtml#a b")))
                             + point("Nowhere", "Text/c9.xhtml", point("Two", "Text/c2.xhtml")) + point("Lost", "Text/c8.xhtml")),
        "OEBPS/Styles/s.css": "@font-face { font-family: 'F'; src: url(../Fonts/f.ttf); }\nbody { font-family: 'F', serif }",
        "OEBPS/Fonts/f.ttf": bytes(range(64)),
        "OEBPS/Text/c1.xhtml": page('<h1>Part I</h1><h2 id="sigil_toc_id_1">One</h2>' + text("One") + '<h3 id="a b">One A</h3><p id="dup">x</p><p id="dup">y</p>',
                                    head='<link href="../Styles/s.css" rel="stylesheet" type="text/css"/>', lang="de"),
        "OEBPS/Text/c2.xhtml": page("<h1>Two</h1>" + text("Two"), lang="de"),
    }


PRESENTATION = (
    '<h1 align="center"><font color="#FF0000" size="+2" face="Arial, Helvetica">Old <big>looks</big></font></h1><center><p>Middle &ldquo;words&rdquo;.</p></center>'
    '<p><tt>mono</tt> <strike>struck</strike> <u>under</u> <acronym title="A B">AB</acronym> <font size="1"><b>small</b></font></p>'
    '<table border="1" cellpadding="4" cellspacing="0" width="80%" align="center" bgcolor="ffffcc" summary="S" frame="box" rules="all"><caption align="bottom">Cap.</caption>'
    '<col width="30"/><tfoot><tr><td colspan="2">Foot</td></tr></tfoot><tbody><tr valign="top"><th nowrap="nowrap" scope="col" abbr="x"><h4>Head</h4></th>'
    '<td width="20%" height="10" align="right" valign="bottom" axis="y" char=".">Cell</td></tr></tbody></table>'
    '<ol type="I" start="3" compact="compact"><li value="5" type="a">Five</li></ol><ul type="square"><li>Sq</li></ul><dir><li>Dir</li></dir><dl><dd>Only told</dd></dl>'
    '<img src="p.png" align="left" border="0" hspace="4" vspace="2" width="3" longdesc="x.html" name="pic"/><hr size="3" width="50%" align="left" color="blue"/>'
    '<p><a name="n1" id="n2" href="#n1">Link <a href="#n2">within</a></a><br clear="left"/><map name="m" id="m"><area shape="rect" coords="0, 0,1,1" href="a.html"/></map>'
    '<img src="p.png" alt="Map" usemap="#m"/></p><p><ins><blockquote>Quoth <i>he <p>and</p> she</i>.</blockquote></ins></p><script type="text/javascript">x()</script>'
    '<form action="x"><fieldset><legend>L</legend><label>Say<input type="text"/></label></fieldset></form><iframe src="x.html"/><object data="x.swf" type="x/y" '
    'width="5"><param name="a" value="b"/>Instead.</object><p onclick="x()" style="color: blue; direction: rtl; nonsense; ">On.</p><li>Loose</li><img src="http://x.org/a.png" '
    'alt="Far away."/><ruby><rb>k</rb><rt>n</rt></ruby><nobr>one line</nobr><foo>unknown</foo><pre width="4" xml:space="preserve">a\n b</pre>&undefined; &hellip;')


def presentation():
    return {
        "META-INF/container.xml": files.CONTAINER % "b.opf",
        "b.opf": package('<dc:title>Looks</dc:title><dc:identifier id="id">looks</dc:identifier><dc:language>en</dc:language>',
                         item("a", "a.html", "text/html") + item("p", "p.png", "image/png") + NCX, "a"),
        "toc.ncx": ncx(point("Looks", "a.html")), "p.png": files.png(4, 4),
        "a.html": page(PRESENTATION + text("Looks")).replace("<body>", '<body bgcolor="#fff" text="black" link="red">'),
    }


def hostile():
    """Not well-formed, in encodings of old, with an NCX that is missing, ids of any kind, entities that grow and fetch."""
    latin = ('<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
             '<html xmlns="http://www.w3.org/1999/xhtml"><head/><body><p>Gr\xfc\xdfe &b; &f; here.</p></body></html>')
    return {
        "META-INF/container.xml": files.CONTAINER % "a/b.opf",
        "a/b.opf": package("<dc:title/>", item("1 x", "soup.html") + item("1 x", "latin.html") + item("w", "wide.html") + item("", "../up.html")
                           + item("o", "../../out.html") + item("d", "doc.pdf", "application/pdf", ' fallback="fb"') + item("fb", "fb.html")
                           + item("q", "empty.html"), "1 w d gone q", toc="").replace('idref="1"', 'idref="1 x"'),
        "a/soup.html": "<html><head><title>Soup<body><h1>Soup</h1><p>One <b>bold <i>both</b> slanted</i><p>Two &copy; 2001 & more <br>line<td>cell"
                       "<o:p></o:p><table><p>in table</p><tr><td>x</table><a href='javascript:x'>js</a>" + text("Soup"),
        "a/latin.html": latin.encode("latin-1"),
        "a/wide.html": ('<?xml version="1.0" encoding="UTF-16"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>W</title></head><body><p>Wide \u0436 words.</p>'
                        '<p><a href="latin.html">L</a> <a href="../up.html">U</a></p></body></html>').encode("utf-16"),
        "up.html": page("<p>Up.</p>"), "a/doc.pdf": "%PDF", "a/fb.html": page(text("Fallback")), "a/empty.html": "", "a/e.css": "none of this is a rule", "a/.DS_Store": "x", "__MACOSX/a/._b.opf": "x",
    }


ALL = {f.__name__: f for f in (gutenberg, calibre, archive_org, sigil, presentation, hostile)}
