/* mark_line.h - a mark as a line of JSON: the one place that knows the form.
 *
 * The form is a superset of the speech marks of cloud voices (Amazon Polly): "time" in whole milliseconds, "type" word or
 * sentence, "start" and "end" in bytes of the article's text (narrate read --json), "value" that text; further "frame",
 * which is exact, "duration" in milliseconds where the end is known (in files that were written after the sound), and
 * "article", from 1, where one sound holds several. */
#ifndef NR_BASE_MARK_LINE_H
#define NR_BASE_MARK_LINE_H

#include "base/buffer.h"

/* duration_ms < 0: not known. article 0: there is one only. text: the document's. */
nr_status nr_mark_line(nr_buffer *out, const nr_mark *mark, double duration_ms, size_t article, nr_view text);
/* A string of JSON with its quotation marks. v is valid UTF-8. */
nr_status nr_json_string(nr_buffer *out, nr_view v);

#endif
