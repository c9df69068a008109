/* articles.h - the bundled articles that this build can read. */
#ifndef NR_TESTS_ARTICLES_H
#define NR_TESTS_ARTICLES_H

static const char *const article_names[] = {
    "harbour.txt",
#if NR_HAVE_HTML
    "moths.html",
#endif
#if NR_HAVE_MARKDOWN
    "tea.md",
#endif
};
enum { ARTICLES = sizeof article_names / sizeof *article_names };

#endif
