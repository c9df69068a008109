/* encoding.h - from bytes in some charset to valid UTF-8 without NUL. */
#ifndef NR_READ_ENCODING_H
#define NR_READ_ENCODING_H

#include "base/buffer.h"

/* What the bytes are when they are no text: "a PNG picture", or NULL. *advice is what to do, or NULL. Looks at the head
 * of the bytes only; UTF-16 is text. */
const char *nr_binary_name(nr_view bytes, const char **advice);

/* Decodes text in place. In order of trust: a byte order mark; `outside` (HTTP, the user); `declared` (by the bytes
 * themselves); UTF-8 where it is valid; UTF-16 by its pattern of NULs; else what ICU's detector says, and windows-1252
 * at last. Labels mean what browsers take them for ("latin1" is windows-1252); unknown ones are passed over. Bytes that
 * are UTF-8 already stay where they are, without a copy. *replaced counts the places that became U+FFFD. */
nr_status nr_decode(nr_buffer *text, const char *outside, const char *declared, char charset[32], size_t *replaced,
                    nr_error *err);

#endif
