/* The shapes of numbers, letters and addresses. See scan.h. Made into C by re2c; the rules are regular expressions over
 * bytes of UTF-8, @x marks the borders of parts. */
#include "normalise/scan.h"

enum { NUMBER_WINDOW = 96, WEB_WINDOW = 320 };

typedef struct scanner {
    const unsigned char *cursor, *limit, *marker;
} scanner;

static nr_span part_of(const char *text, const unsigned char *from, const unsigned char *to)
{
    const unsigned char *base = (const unsigned char *)text;
    return from && to && to > from ? (nr_span){(uint32_t)(from - base), (uint32_t)(to - base)} : (nr_span){0, 0};
}

static bool found(nr_match *m, nr_shape shape, const char *text, const unsigned char *cursor)
{
    m->shape = shape;
    m->end = (uint32_t)(cursor - (const unsigned char *)text);
    return shape != NR_SHAPE_NONE;
}

#define YYCTYPE unsigned char
#define YYPEEK() (s.cursor < s.limit ? *s.cursor : 0)
#define YYSKIP() (++s.cursor)
#define YYBACKUP() (s.marker = s.cursor)
#define YYRESTORE() (s.cursor = s.marker)
#define YYSTAGP(tag) ((tag) = s.cursor)
#define YYSTAGN(tag) ((tag) = NULL)
#define YYSHIFT(n) (s.cursor += (n))
#define YYSHIFTSTAG(tag, n) ((tag) += (n))
#define YYRESTORETAG(tag) (s.cursor = (tag))

#define SCANNER(window)                                                                                              \
    scanner s = {(const unsigned char *)text + at, (const unsigned char *)text + (end - at > (window) ? at + (window) : end), NULL}; \
    const unsigned char *a = NULL, *b = NULL, *c = NULL, *d = NULL, *e = NULL, *f = NULL, *g = NULL, *h = NULL;      \
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h

/* The shape, and its parts by their borders. */
#define SHAPE1(shape, x0, y0) return m->part[0] = part_of(text, x0, y0), found(m, shape, text, s.cursor)
#define SHAPE2(shape, x0, y0, x1, y1) return m->part[1] = part_of(text, x1, y1), m->part[0] = part_of(text, x0, y0), found(m, shape, text, s.cursor)
#define SHAPE3(shape, x0, y0, x1, y1, x2, y2) return m->part[2] = part_of(text, x2, y2), m->part[1] = part_of(text, x1, y1), m->part[0] = part_of(text, x0, y0), found(m, shape, text, s.cursor)
#define SHAPE4(shape, x0, y0, x1, y1, x2, y2, x3, y3) return m->part[3] = part_of(text, x3, y3), m->part[2] = part_of(text, x2, y2), m->part[1] = part_of(text, x1, y1), m->part[0] = part_of(text, x0, y0), found(m, shape, text, s.cursor)

/*!re2c
    re2c:api = custom;
    re2c:api:style = functions;
    re2c:yyfill:enable = 0;
    re2c:indent:string = "    ";

    digit    = [0-9];
    upper    = [A-Z];
    letter   = [A-Za-z];
    thin     = "\xC2\xA0" | "\xE2\x80\xAF" | "\xE2\x80\x89";   // no-break and thin spaces
    blank    = " " | thin;
    hyphen   = "-" | "\xE2\x80\x90" | "\xE2\x80\x91";
    endash   = "\xE2\x80\x92" | "\xE2\x80\x93" | "\xE2\x88\x92"; // figure dash, en dash, minus
    dash     = hyphen | endash;
    apos     = "'" | "\xE2\x80\x99";
    prime    = apos | "\xE2\x80\xB2";
    primes   = ["] | "\xE2\x80\x9D" | "\xE2\x80\xB3" | "''";
    times    = [xX] | "\xC3\x97";
    stroke   = "/" | "\xE2\x81\x84";                           // and the fraction slash
    emdash   = "\xE2\x80\x94";
    vulgar   = "\xC2" [\xBC-\xBE] | "\xE2\x85" [\x90-\x9E];       // ¼ ½ ¾ ⅐-⅞
    whole    = digit+ | digit{1,3} ("," digit{3})+ | digit{1,3} (thin digit{3})+ | digit{1,3} ("'" digit{3})+ | digit{1,3} (" " digit{3})* " 000" | [1-9] digit? (" " digit{3}){2,} | digit{1,2} ("," digit{2})+ "," digit{3}; // 10,00,000 in India
    figure   = whole ("." digit+)? | "." digit+;
*/

bool nr_scan_number(const char *text, uint32_t at, uint32_t end, nr_match *m)
{
    SCANNER(NUMBER_WINDOW);
    *m = (nr_match){NR_SHAPE_NONE, at, {{0, 0}}};
    /*!stags:re2c:number format = "    const unsigned char *@@ = NULL;\n"; */
    /*!local:re2c:number
    groups   = ([ .-] digit)? ([ .-] digit{2,8}){1,4};

    @a figure @b                                             { SHAPE1(NR_SHAPE_FIGURE, a, b); }
    @a whole @b ('st' | 'nd' | 'rd' | 'th') @c 's'?           { SHAPE2(NR_SHAPE_ORDINAL, a, b, b, c); }
    @a (digit{2} | digit{4}) @b apos? "s"                    { SHAPE1(NR_SHAPE_DECADE, a, b); }
    @a digit{1,4} @b ":" @c digit{1,7} @d                    { SHAPE2(NR_SHAPE_COLON2, a, b, c, d); }
    @a digit{1,3} @b ":" @c digit{2} @d ":" @e digit{2} @f ("." @g digit+ @h)?
                                                             { SHAPE4(NR_SHAPE_COLON3, a, b, c, d, e, f, g, h); }
    @a digit+ @b stroke @c digit+ @d ("th" "s"?)?               { SHAPE2(NR_SHAPE_SLASH2, a, b, c, d); }
    @a digit+ @b "/" @c digit+ @d 'rd' 's'?                  { SHAPE2(NR_SHAPE_SLASH2, a, b, c, d); }
    @a digit+ @b "/" @c digit+ @d 'TH' 's'?                  { SHAPE2(NR_SHAPE_SLASH2, a, b, c, d); }
    @a digit{1,4} @b "/" @c digit{1,2} @d "/" @e digit{1,4} @f
                                                             { SHAPE3(NR_SHAPE_SLASH3, a, b, c, d, e, f); }
    @a digit+ @b (blank | "-") @c digit{1,2} @d stroke @e digit{1,3} @f
                                                             { SHAPE3(NR_SHAPE_MIXED, a, b, c, d, e, f); }
    @a whole @b blank? @c vulgar @d                          { SHAPE2(NR_SHAPE_VULGAR, a, b, c, d); }
    @a ("1" [ .-])? digit{3} [.-] digit{3} [.-] digit{4} @b  { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a digit{3} " " digit{3} " " digit{4} @b                 { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "1 " digit{3} " " digit{3} " " digit{4} @b            { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "0" digit ([ .] digit{2}){4} @b                       { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "1" [389] "00 " digit{3} " " digit{3} @b              { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a [6-9] digit{4} " " digit{5} @b                        { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "(0" digit{1,4} ")" blank? digit{3,4} [ -]? digit{3,4} @b
                                                             { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a digit{3} "-" digit{4} @b                              { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "0" digit{2,4} ([ -] digit{3,8}){1,3} @b              { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "+" digit{1,3} (" "? "(" digit{1,4} ")" [ -]? digit{2,8})? groups @b
                                                             { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "00" " "? [1-9] digit{0,2} groups @b                  { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a digit{4} (" " digit{4}){2,4} @b                       { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "+" digit{7,15} @b                                    { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "(" digit{3,5} ")" blank? digit{3,4} [ .-] digit{3,4} @b
                                                             { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a "1-" digit{3} ("-" (upper{1,8} | digit{1,8})){1,4} @b { SHAPE1(NR_SHAPE_PHONE, a, b); }
    @a figure @b (dash | emdash) @c figure @d                { SHAPE2(NR_SHAPE_DASH2, a, b, c, d); }
    @a figure @b blank dash blank @c figure @d               { SHAPE2(NR_SHAPE_WIDE_DASH2, a, b, c, d); }
    @a digit+ @b dash @c digit+ @d dash @e digit+ @f         { SHAPE3(NR_SHAPE_DASH3, a, b, c, d, e, f); }
    @a digit+ @b (dash digit+){3,}                           { SHAPE1(NR_SHAPE_DASHES, a, b); }
    @a digit+ @b "." @c digit+ @d "." @e digit+ @f           { SHAPE3(NR_SHAPE_DOTS3, a, b, c, d, e, f); }
    @a digit+ @b ("." digit+){3,}                            { SHAPE1(NR_SHAPE_DOTS, a, b); }
    @a digit{1,2} @b prime @c digit{1,2} @d primes           { SHAPE2(NR_SHAPE_FEET, a, b, c, d); }
    @a [3-8] @b prime @c digit{1,2} @d                       { SHAPE2(NR_SHAPE_FEET, a, b, c, d); }
    @a digit{1,3} @b "^" @c ("-"? digit{1,4}) @d             { SHAPE2(NR_SHAPE_POWER, a, b, c, d); }
    @a digit+ ("." digit+)? @b [eE] @c ([+-]? digit{1,3}) @d { SHAPE2(NR_SHAPE_E, a, b, c, d); }
    @a figure @b blank? times blank? @c figure @d            { SHAPE2(NR_SHAPE_BY, a, b, c, d); }
    *                                                        { return false; }
    */
}

bool nr_scan_word(const char *text, uint32_t at, uint32_t end, nr_match *m)
{
    SCANNER(NUMBER_WINDOW);
    *m = (nr_match){NR_SHAPE_NONE, at, {{0, 0}}};
    /*!stags:re2c:word format = "    const unsigned char *@@ = NULL;\n"; */
    /*!local:re2c:word

    @a (letter "."){2,} letter? @b (apos? @c "s" @d)?        { SHAPE2(NR_SHAPE_DOTTED, a, b, c, d); }
    @a upper "." (blank upper ".")* @b                       { SHAPE1(NR_SHAPE_INITIALS, a, b); }
    @a upper+ ("&" upper+)* @b (@c apos? "s" @d)?            { SHAPE2(NR_SHAPE_CAPITALS, a, b, c, d); }
    @a upper{1,6} @b dash? @c digit+ @d @e upper* @f         { SHAPE3(NR_SHAPE_CODE, a, b, c, d, e, f); }
    @a upper{1,6} @b dash? @c digit+ @d @e apos? "s" @f      { SHAPE3(NR_SHAPE_CODE, a, b, c, d, e, f); }
    @a upper{1,6} @b dash? @c digit+ @d @e upper+ "s" @f     { SHAPE3(NR_SHAPE_CODE, a, b, c, d, e, f); }
    @a upper{1,2} digit [A-Z0-9]? @b blank @c digit upper{2} @d
                                                             { SHAPE2(NR_SHAPE_POSTCODE, a, b, c, d); }
    *                                                        { return false; }
    */
}

bool nr_scan_web(const char *text, uint32_t at, uint32_t end, nr_match *m)
{
    SCANNER(WEB_WINDOW);
    *m = (nr_match){NR_SHAPE_NONE, at, {{0, 0}}};
    /*!stags:re2c:web format = "    const unsigned char *@@ = NULL;\n"; */
    /*!local:re2c:web
    name     = [A-Za-z0-9] [A-Za-z0-9_-]*;
    host     = name ("." name)+;
    tail     = [/?#] [A-Za-z0-9._~/?#&=%+@:!$'*,;()[\]-]*;
    port     = ":" digit{2,5};
    node     = [A-Za-z0-9_.~-]*;
    ending   = 'pdf' | 'doc' 'x'? | 'xls' 'x'? | 'ppt' 'x'? | 'jp' 'e'? 'g' | 'png' | 'gif' | 'svg' | 'mp' [34] | 'wav' | 'csv' |
               'txt' | 'zip' | 'exe' | 'htm' 'l'? | 'php' | 'js' | 'py' | 'json' | 'xml' | 'css' | 'md' | 'sh' | 'cpp' | 'rb' | 'sql' |
               'tar' | 'gz' | 'bz2' | '7z' | 'rar' | 'epub' | 'mobi' | 'y' 'a'? 'ml' | 'toml' | 'ini' | 'cfg' | 'dll' | 'iso' | 'dmg' | 'apk' | 'bat' |
               'tex' | 'odt' | 'webp' | 'avi' | 'mkv' | 'flac' | 'ogg' | 'tif' 'f'? | 'psd' | 'ttf' | 'bak' | 'ipynb' | 'java' | 'tsx' | 'jsx';
    scheme   = ('http' 's'? | 'ftp') "://";

    @a name ("." name)* @b "." @c ending @d                  { SHAPE2(NR_SHAPE_FILE, a, b, c, d); }
    "." @a (ending | "com" | "org" | "net" | "NET" | "edu" | "gov" | "uk" | "env" | "gitignore" | "bashrc") @b
                                                             { SHAPE1(NR_SHAPE_ENDING, a, b); }
    @a ("~" | "." | "..")? ("/" [A-Za-z_.] node){2,} "/"? @b { SHAPE1(NR_SHAPE_PATH, a, b); }
    @a ("~" | "." | "..") "/" [A-Za-z0-9_.] node @b          { SHAPE1(NR_SHAPE_PATH, a, b); }
    @a upper ":" ([\\/] node)+ @b                            { SHAPE1(NR_SHAPE_PATH, a, b); }
    @a "\\\\" name ("\\" node)+ @b                           { SHAPE1(NR_SHAPE_PATH, a, b); }
    @a [ru] "/" [A-Za-z0-9_]{3,21} @b                        { SHAPE1(NR_SHAPE_PATH, a, b); }
    @a scheme @b @c (host | name | 'localhost') port? @d @e tail? @f
                                                             { SHAPE3(NR_SHAPE_URL, a, b, c, d, e, f); }
    @c host port? @d @e tail? @f                             { SHAPE3(NR_SHAPE_URL, NULL, NULL, c, d, e, f); }
    @a [A-Za-z0-9] [A-Za-z0-9._+-]* @b "@" @c host @d @e ("/" [A-Za-z0-9./_-]*)? @f
                                                             { SHAPE3(NR_SHAPE_MAIL, a, b, c, d, e, f); }
    [#@] @a [A-Za-z_] [A-Za-z0-9_]* @b                       { SHAPE1(NR_SHAPE_TAG, a, b); }
    *                                                        { return false; }
    */
}
