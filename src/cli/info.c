/* info: what a sound file holds, and whether podcast services take it. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "publish/probe.h"

/* A foreign file's words: what could steer a terminal is shown as '?'. */
static void print_clean(const char *s)
{
    for (; *s; s++)
        putchar((unsigned char)*s < ' ' || *s == 0x7F ? *s == '\n' || *s == '\t' ? ' ' : '?' : *s);
}

static void print_time(double seconds)
{
    unsigned long long ms = (unsigned long long)llround(seconds * 1000);
    printf("%llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

static void print_level(const char *name, double value, const char *unit)
{
    printf("%-12s", name);
    if (isnan(value))
        printf("not measured\n");
    else if (isinf(value))
        printf("silence\n");
    else
        printf("%.1f %s\n", value, unit);
}

static void print_rules(const probe *p)
{
    static const char *const states[] = {"met", "NOT MET", "unknown"};
    const char *service = "";
    probe_rule r;
    for (size_t i = 0; probe_judge(p, i, &r); i++) {
        if (strcmp(service, r.service) != 0)
            printf("\n%s asks for\n", service = r.service);
        printf("  %-12s%s, %s: it is %s\n", r.advice && r.state == PROBE_NOT_MET ? "not advised" : states[r.state], r.name, r.wanted, r.value);
    }
}

static void print_probe(const char *path, const probe *p)
{
    printf("%-12s", "file");
    print_clean(path);
    printf("\n%-12s%s, %s\n%-12s", "format", p->format, p->codec, "duration");
    print_time(p->seconds);
    printf(" (%llu samples)\n", (unsigned long long)p->frames);
    printf("%-12s%d Hz, %d channel%s, %.1f kbit/s, %llu bytes\n", "sound", p->rate, p->channels, p->channels == 1 ? "" : "s",
           p->bitrate / 1e3, (unsigned long long)p->bytes);
    print_level("loudness", p->loudness, "LUFS");
    print_level("true peak", p->true_peak, "dBTP");
    if (p->cover[0])
        printf("%-12s%s, %d x %d, %llu bytes\n", "cover", p->cover, p->cover_width, p->cover_height, (unsigned long long)p->cover_bytes);
    for (size_t i = 0; i < p->tag_count; i++) {
        print_clean(p->tags[i].name);
        printf(": ");
        print_clean(p->tags[i].value);
        putchar('\n');
    }
    for (size_t i = 0; i < p->chapter_count; i++) {
        printf("%-12s", i ? "" : "chapters");
        print_time(p->chapters[i].start);
        putchar(' ');
        print_clean(p->chapters[i].title ? p->chapters[i].title : "(no title)");
        putchar('\n');
    }
    print_rules(p);
}

/* Bytes of a foreign file that are not UTF-8 have no place in JSON. */
static json_t *text(const char *s)
{
    json_t *t = s ? json_string(s) : json_null();
    return t ? t : json_string("?");
}

static void set_number(json_t *o, const char *key, double value)
{
    json_object_set_new(o, key, isfinite(value) ? json_real(value) : json_null());
}

static void print_probe_json(const char *path, const probe *p)
{
    static const char *const states[] = {"met", "not met", "unknown"};
    json_t *o = json_object(), *tags = json_object(), *chapters = json_array(), *rules = json_array();
    json_object_set_new(o, "file", text(path));
    json_object_set_new(o, "format", text(p->format));
    json_object_set_new(o, "codec", text(p->codec));
    json_object_set_new(o, "decoder", text(p->decoder));
    set_number(o, "duration", p->seconds);
    set_number(o, "header_duration", p->header_seconds);
    json_object_set_new(o, "samples", json_integer((json_int_t)p->frames));
    json_object_set_new(o, "sample_rate", json_integer(p->rate));
    json_object_set_new(o, "channels", json_integer(p->channels));
    json_object_set_new(o, "bitrate", json_integer(p->bitrate));
    json_object_set_new(o, "bytes", json_integer((json_int_t)p->bytes));
    set_number(o, "loudness", p->loudness);
    set_number(o, "true_peak", p->true_peak);
    json_object_set_new(o, "damaged", json_boolean(p->damaged));
    for (size_t i = 0; i < p->tag_count; i++)
        json_object_set_new(tags, p->tags[i].name, text(p->tags[i].value));
    json_object_set_new(o, "tags", tags);
    if (p->cover[0])
        json_object_set_new(o, "cover", json_pack("{s:s, s:i, s:i, s:I}", "type", p->cover, "width", p->cover_width, "height",
                                                  p->cover_height, "bytes", (json_int_t)p->cover_bytes));
    for (size_t i = 0; i < p->chapter_count; i++)
        json_array_append_new(chapters, json_pack("{s:f, s:f, s:o}", "start", p->chapters[i].start, "end", p->chapters[i].end,
                                                  "title", text(p->chapters[i].title)));
    json_object_set_new(o, "chapters", chapters);
    probe_rule r;
    for (size_t i = 0; probe_judge(p, i, &r); i++)
        json_array_append_new(rules, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "service", r.service, "name", r.name, "wanted",
                                               r.wanted, "value", r.value, "state", states[r.state], "advice", r.advice));
    json_object_set_new(o, "requirements", rules);
    json_dumpf(o, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(o);
}

int show_info(const options *opt)
{
    probe p;
    nr_error err;
    if (probe_open(&p, opt->article, &err))
        return failed(&err);
    if (p.damaged)
        complain("'%s' is damaged: not all of it could be decoded", opt->article);
    (opt->json ? print_probe_json : print_probe)(opt->article, &p);
    probe_free(&p);
    return finish_output();
}
