/* html_trim.h - leaves out of HTML what its reader never asks for, before it is parsed. */
#ifndef NR_READ_HTML_TRIM_H
#define NR_READ_HTML_TRIM_H

#include <stddef.h>

/* A parser's time goes by its bytes, and most bytes of a news page are scripts, style sheets, drawings and picture
 * sources. Takes out what is in <script> (JSON-LD stays), <style>, comments and <svg>, and attributes for scripts and
 * pictures. The elements themselves stay, so that the tree is the same but for what was taken
 * (and but for a <frameset> behind text that is all in drawings). Where the tree would decide
 * how the tokeniser goes on (frames, <plaintext>, odd things in <select> or in drawings), all that follows is left as
 * it is. Works in place and returns the new length. Linear. */
size_t nr_html_trim(char *html, size_t n);

#endif
