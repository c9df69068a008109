/* json_text.h - any bytes as a JSON string. */
#ifndef NR_PUBLISH_JSON_TEXT_H
#define NR_PUBLISH_JSON_TEXT_H

#include <jansson.h>

/* What is not UTF-8 becomes U+FFFD; characters that XML 1.0 cannot hold are left out. NULL: out of memory. */
json_t *json_text(const char *s);

#endif
