/* lines.h - plain text as lines and runs of lines, without copying or storing them. */
#ifndef NR_READ_LINES_H
#define NR_READ_LINES_H

#include "base/view.h"

/* A line: where its text is, without the white space around it (Unicode's, and byte order marks). */
typedef struct nr_line {
    uint32_t start, end; /* start == end: blank */
    uint32_t next;       /* the start of the next line; the text's end behind the last */
    uint32_t indent;     /* white space before it, in bytes */
} nr_line;

/* Lines end with LF or CR LF; in a text without any LF, with CR. */
char nr_line_ending(nr_view text);
nr_line nr_line_at(nr_view text, uint32_t at, char ending);

static inline nr_view nr_line_view(nr_view text, nr_line line)
{
    return (nr_view){text.p + line.start, line.end - line.start};
}

/* "- ", "* ", "1. ", "2) ": the bytes of the mark with its space, 0 when there is none. *number is 0 for bullets. */
size_t nr_line_item(nr_view line, uint32_t *number);
/* "* * *", "-----", "=====": nothing but such signs, at least three. */
bool nr_line_is_rule(nr_view line);
/* Ends as a sentence does: with . ! ? or an ellipsis, perhaps inside quotation marks or brackets. */
bool nr_line_ends_sentence(nr_view line);
/* Short, begins like a heading, does not end like a sentence. */
bool nr_line_is_heading(nr_view line);
size_t nr_line_words(nr_view line);
/* Two to four capitalised words and nothing else: "Ann van Lee". */
bool nr_line_is_name(nr_view line);

#endif
