/* Paths and names of files: /usr/local/bin, C:\Users\ann\notes.txt, ~/music, r/books, .zip. */
#include "normalise/engine.h"

/* The last part of a path, and a stop or a comma behind it, which is the sentence's. */
static uint32_t without_stops(const nr_run *r, uint32_t from, uint32_t end)
{
    while (end > from + 1 && strchr(".,-", r->text[end - 1]))
        end--;
    return end;
}

/* "/usr/bin", "C:\temp", "../src", "r/books" */
bool nr_rule_path(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool begins = *at == r->start || nr_ascii_space(r->text[*at - 1]) || strchr("(\"'`[", r->text[*at - 1]) || (unsigned char)r->text[*at - 1] >= 0x80;
    uint32_t end = without_stops(r, *at, m->end);
    if (!begins || nr_letter_at(r, end))
        return false;
    nr_say_web_parts(r, *at, end);
    return nr_make(r, at, end, NR_CLASS_ELECTRONIC, "path");
}

/* "a .zip file", "the .com boom", ".NET": an ending that stands alone. */
bool nr_rule_ending(nr_run *r, uint32_t *at, const nr_match *m)
{
    bool begins = *at == r->start || nr_ascii_space(r->text[*at - 1]) || strchr("(\"'`[*", r->text[*at - 1]) || (unsigned char)r->text[*at - 1] >= 0x80;
    if (!begins || !nr_ends_word(r, m->end) || (nr_starts_upper(nr_part(r, m->part[0])) && !nr_ascii_upper(r->text[m->end - 1])))
        return false;
    nr_say_s(r, "dot", *at, *at + 1);
    nr_say_web_parts(r, m->part[0].start, m->end);
    return nr_make(r, at, m->end, NR_CLASS_ELECTRONIC, "ending of files or hosts");
}
