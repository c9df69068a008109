#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/option_table.h"
#include "player/session.h"
#include "player/tempo.h"

static int usage_error(const char *format, const char *a, const char *b)
{
    char message[400];
    snprintf(message, sizeof message, format, a, b);
    complain("%s; see 'narrate --help'", message);
    return EXIT_USAGE;
}

/* A number, then one of the units; -1 when it is none of that. */
static int parse_number(const char *text, double low, double high, double *out, const char **rest)
{
    char *end;
    errno = 0;
    double v = strtod(text, &end);
    if (end == text || errno || !(v >= low && v <= high))
        return -1;
    if (rest)
        *rest = end;
    else if (*end)
        return -1;
    *out = v;
    return 0;
}

static int parse_rate(const char *text, double *wpm)
{
    const char *unit;
    double v;
    if (parse_number(text, 0.01, 10000, &v, &unit))
        return -1;
    bool factor = strcmp(unit, "x") == 0 || (*unit == '\0' && v < 10);
    if (!factor && *unit && strcmp(unit, "wpm") != 0)
        return -1;
    *wpm = factor ? v * 175 : v;
    return *wpm >= 40 && *wpm <= 900 ? 0 : -1;
}

static int parse_size(const char *text, size_t *bytes)
{
    const char *unit;
    double v;
    if (parse_number(text, 1, 4294967295.0, &v, &unit))
        return -1;
    static const char units[] = "KMG";
    if (*unit) {
        const char *u = strchr(units, *unit & ~32);
        if (!u || unit[1])
            return -1;
        v = ldexp(v, 10 * (int)(u - units + 1));
    }
    if (v > 4294967295.0)
        return -1;
    *bytes = (size_t)v;
    return 0;
}

/* "captions,code" as bits of nr_block_kind. */
static int parse_kinds(const char *text, uint32_t *bits)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } kinds[] = {
        {"title", 1u << NR_BLOCK_TITLE},       {"byline", 1u << NR_BLOCK_BYLINE},
        {"date", 1u << NR_BLOCK_DATE},         {"headings", 1u << NR_BLOCK_HEADING},
        {"paragraphs", 1u << NR_BLOCK_PARAGRAPH}, {"lists", 1u << NR_BLOCK_ITEM},
        {"quotes", 1u << NR_BLOCK_QUOTE},      {"captions", 1u << NR_BLOCK_CAPTION},
        {"tables", 1u << NR_BLOCK_ROW},        {"code", 1u << NR_BLOCK_CODE},
        {"footnotes", 1u << NR_BLOCK_FOOTNOTE}, {"alt", 1u << NR_BLOCK_ALT},
        {"links", 1u << NR_BLOCK_LINK},
    };
    while (*text) {
        size_t n = strcspn(text, ",");
        size_t i = 0, count = sizeof kinds / sizeof *kinds;
        while (i < count && !(strlen(kinds[i].name) == n && strncmp(kinds[i].name, text, n) == 0))
            i++;
        if (i == count)
            return -1;
        *bits |= kinds[i].bits;
        text += n;
        text += *text == ',';
    }
    return 0;
}

/* Later switches win, so those of the command line stand behind the user's settings. */
static int add_style(options *opt, const char *list)
{
    size_t n = strlen(opt->style);
    if (n + strlen(list) + 2 > sizeof opt->style)
        return -1;
    snprintf(opt->style + n, sizeof opt->style - n, "%s%s", n ? "," : "", list);
    opt->script.style = opt->style;
    return 0;
}

/* NULL, or what the argument should have been. */
static const char *take_option(options *opt, int value, const char *arg)
{
    double v;
    if (value >= BESIDE_OPTION_FIRST && value < BESIDE_OPTION_END)
        return beside_options_take(&opt->beside, value, arg);
    if (value >= PUBLISH_OPTION_FIRST && value < PUBLISH_OPTION_END)
        return publish_options_take(&opt->publish, value, arg);
    switch (value) {
    case 'o': opt->output = arg; return *arg ? NULL : "a file name, or - for standard output";
    case OPT_FORMAT: opt->format = arg; return NULL;
    case OPT_OVERWRITE: opt->overwrite = true; return NULL;
    case OPT_MARKS: opt->marks = arg; return *arg ? NULL : "a file name";
    case OPT_VOICE: opt->voice.voice = arg; return *arg ? NULL : "a name from 'narrate voices'";
    case OPT_QUOTE_VOICE:
        opt->voice.quote_voice = arg;
        opt->script.split_quotes = true;
        return *arg ? NULL : "a name from 'narrate voices'";
    case OPT_RATE:
        return parse_rate(arg, &opt->voice.wpm) ? "a factor or words a minute, as 1.2x or 180wpm (40 to 900)" : NULL;
    case OPT_PITCH: return parse_number(arg, -100, 100, &opt->voice.pitch, NULL) ? "a number from -100 to 100" : NULL;
    case OPT_VOLUME:
        return parse_number(arg, 0, 200, &opt->voice.volume, NULL) ? "a percentage from 0 to 200" : NULL;
    case OPT_DEVICE: opt->device = arg; return NULL;
    case OPT_FROM: opt->from = arg; return *arg ? NULL : "some text of the article, or a percentage";
    case 'j':
        if (parse_number(arg, 1, 64, &v, NULL) || v != floor(v))
            return "a whole number from 1 to 64";
        opt->voice.jobs = (int)v;
        return NULL;
    case 'q': opt->quiet = true; return NULL;
    case OPT_PLAIN: opt->plain = true; return NULL;
    case OPT_LOCALE: opt->script.locale = arg; return *arg ? NULL : "a language tag such as en-GB";
    case OPT_STYLE: return add_style(opt, arg) ? "at most 200 letters of switches" : NULL;
    case OPT_LEVEL:
        if (strcmp(arg, "full") != 0 && strcmp(arg, "verbatim") != 0)
            return "full or verbatim";
        return add_style(opt, arg[0] == 'v' ? "level=verbatim" : "level=full") ? "fewer switches of style" : NULL;
    case OPT_LEXICON: opt->script.lexicon = arg; return *arg ? NULL : "a file name";
    case OPT_NO_OPENING: opt->script.skip_opening = opt->no_opening = true; return NULL;
    case OPT_INCLUDE:
        return parse_kinds(arg, &opt->script.include) ? "a list such as captions,tables,code,alt,footnotes,links" : NULL;
    case OPT_EXCLUDE:
        return parse_kinds(arg, &opt->script.exclude) ? "a list such as headings,lists,quotes,tables" : NULL;
    case OPT_MAX_CHARS:
        if (parse_number(arg, 20, 2000, &v, NULL) || v != floor(v))
            return "a whole number from 20 to 2000";
        opt->script.max_chars = (uint32_t)v;
        return NULL;
    case OPT_MAX_WORDS:
        if (parse_number(arg, 3, 200, &v, NULL) || v != floor(v))
            return "a whole number from 3 to 200";
        opt->script.max_words = (uint32_t)v;
        return NULL;
    case OPT_INPUT_FORMAT: opt->input_format = arg; return NULL;
    case OPT_MAX_SIZE: return parse_size(arg, &opt->max_size) ? "a size such as 20M, below 4G" : NULL;
    case OPT_ITEM:
        if (parse_number(arg, 1, 1000000, &v, NULL) || v != floor(v))
            return "a number from 1";
        opt->item = (uint32_t)v;
        return NULL;
    case OPT_TIMEOUT: return parse_number(arg, 0.1, 86400, &opt->timeout, NULL) ? "seconds, from 0.1" : NULL;
    case OPT_JSON: opt->json = true; return NULL;
    case OPT_BODY: opt->body = true; return NULL;
    case 'z': opt->zero = true; return NULL;
    case OPT_START_AT: opt->start_at = arg; return *arg ? NULL : "a percentage, a time, or words of the article";
    case OPT_SPEED: {
        const char *unit;
        if (parse_number(arg, TEMPO_MIN, TEMPO_MAX, &opt->speed, &unit) || (*unit && strcmp(unit, "x") != 0))
            return "a speed from 0.5 to 4";
        return NULL;
    }
    case OPT_RESUME: opt->resume = 1; return NULL;
    case OPT_NO_RESUME: opt->no_resume = true; return NULL;
    case OPT_UNTIL:
        opt->until = arg;
        return strcmp(arg, "heading") && strcmp(arg, "article") ? "heading or article" : NULL;
    case OPT_SLEEP: return session_seconds(arg, &opt->sleep) ? NULL : "a time such as 20m, 90s or 1h";
    case OPT_LOOP: opt->loop = true; return NULL;
    case OPT_CONTROL: opt->control = arg; return *arg ? NULL : "a file name";
    case OPT_SHARD:
        return sscanf(arg, "%u/%u%c", &opt->shard, &opt->shards, &(char){0}) == 2 && opt->shard >= 1 && opt->shard <= opt->shards
                   ? NULL
                   : "a share such as 2/8, from 1/8 to 8/8";
    case OPT_OVERLAY:
        opt->overlay_words = strcmp(arg, "word") == 0;
        return opt->overlay_words || strcmp(arg, "sentence") == 0 ? NULL : "sentence or word";
    case OPT_SUMMARY: opt->summary = arg; return *arg ? NULL : "a file name";
    case OPT_UPDATE: opt->update = true; return NULL;
    case OPT_BASE_URL: opt->base_url = arg; return *arg ? NULL : "an address such as https://example.org/talks/";
    case OPT_SHOW: opt->show = arg; return *arg ? NULL : "a title";
    case OPT_SHOW_AUTHOR: opt->show_author = arg; return *arg ? NULL : "a name";
    case OPT_ABOUT: opt->about = arg; return *arg ? NULL : "some text";
    case OPT_CATEGORY: opt->category = arg; return *arg ? NULL : "a category such as News";
    case OPT_EMAIL: opt->email = arg; return strchr(arg, '@') ? NULL : "an address with @";
    case OPT_IMAGE: opt->image = arg; return *arg ? NULL : "a picture's file";
    case OPT_EXPLICIT: opt->explicit = true; return NULL;
    case OPT_LOCKED: opt->locked = arg; return strcmp(arg, "yes") && strcmp(arg, "no") ? "yes or no" : NULL;
    case OPT_NEWEST:
        if (parse_number(arg, 1, 1000000, &v, NULL) || v != floor(v))
            return "a number from 1";
        opt->newest = (uint32_t)v;
        return NULL;
    case OPT_STATS: opt->stats = true; return NULL;
    case OPT_SINGLE: opt->single = true; return NULL;
    case OPT_WATCH: opt->watch = true; return NULL;
    case OPT_PORT:
        if (parse_number(arg, 0, 65535, &v, NULL) || v != floor(v))
            return "a port from 0 to 65535";
        opt->port = (unsigned)v;
        return NULL;
    case OPT_EXPLAIN: opt->explain = true; return NULL;
    default: return NULL;
    }
}

static const char not_text[] = "text in UTF-8, as 'iconv -t UTF-8' makes it";

/* Names of files are bytes; all else is text, and goes into files whose formats want UTF-8. No guess is made at another
 * character set: a wrong one would be published. */
static const char *take(options *opt, const option_row *r, const char *arg)
{
    bool file = r->argument && (strncmp(r->argument, "FILE", 4) == 0 || strcmp(r->argument, "PATH") == 0);
    if (r->argument && !file && nr_utf8_valid(arg, strlen(arg)) < strlen(arg))
        return not_text;
    return take_option(opt, r->value, arg);
}

static const option_row *row_of(int value)
{
    for (int i = 0; i < ROWS; i++)
        if (option_rows[i].value == value)
            return &option_rows[i];
    return NULL;
}

/* A line of narrate.conf: any option that is about how things sound, without its dashes. */
static const char *take_setting(void *ctx, const char *name, const char *value)
{
    static const char settings[] = " voice quote-voice rate pitch volume jobs locale lexicon style level include exclude max-chars max-words ";
    char word[40];
    snprintf(word, sizeof word, " %s ", name);
    for (int i = 0; i < ROWS && strstr(settings, word); i++)
        if (strcmp(option_rows[i].name, name) == 0)
            return take(ctx, &option_rows[i], value);
    return "one of voice, rate, pitch, volume, jobs, locale, lexicon, style, level, include, exclude";
}

/* Takes the command's name off the operands; without one it is play, or save where an output is named. */
static void choose_command(options *opt, int *operand_count, char **operands)
{
    const command_row *named = *operand_count > 0 ? command_named(operands[0]) : NULL;
    opt->command = named ? named->command : opt->output ? CMD_SAVE : CMD_PLAY;
    if (named) {
        (*operand_count)--;
        memmove(operands, operands + 1, (size_t)*operand_count * sizeof *operands);
    }
}

static int check_operands(options *opt, int count, char **operands)
{
    bool wants = opt->command & (READING | CMD_BATCH | CMD_FEED | CMD_INFO | CMD_EPUB);
    opt->operands = operands;
    opt->operand_count = (size_t)count;
    if (opt->command == CMD_TELL)
        return count ? -1 : usage_error("tell it what? 'man narrate' lists the commands%s%s", "", "");
    if (opt->command & STEERING && count)
        return usage_error("'narrate %s' takes no article%s", command_name(opt->command), "");
    if (opt->command == CMD_PLAY && opt->resume > 0 && !count)
        return -1;
    if (count > 1 && opt->command == CMD_PLAY && opt->marks)
        return usage_error("--marks is for one article: '%s' is one too many%s", operands[1], "");
    if (opt->command == CMD_SERVE_PAGE)
        return count == 1 ? -1 : usage_error("'narrate serve-page' wants the folder of pages%s%s", "", "");
    if (count > 1 && opt->command == CMD_SAVE && !opt->publish.join)
        return usage_error("--join makes one file of several articles; without it '%s' is one too many%s", operands[1], "");
    if (count > 1 && opt->command == CMD_SAVE && opt->marks)
        return usage_error("--marks is for one article: '%s' is one too many%s", operands[1], "");
    if (count > 1 && !(opt->command & (SPEAKING | CMD_PAGE | CMD_FEED)))
        return usage_error("one article at a time, please: '%s' is one too many%s", operands[1], "");
    if (!wants && count)
        return usage_error("'narrate %s' takes no article, it reads standard input or lists%s",
                           command_name(opt->command), "");
    if (opt->command & (CMD_BATCH | CMD_FEED) && opt->marks)
        return usage_error("--marks is for one article%s%s", "", "");
    for (unsigned i = 0; opt->command == CMD_BATCH && i < opt->beside.count; i++)
        if (opt->beside.files[i].path)
            return usage_error("'%s' is for one article; for a batch give the format, '%s'", opt->beside.files[i].path,
                               beside_ending(opt->beside.files[i].kind));
    if (opt->command == CMD_FEED)
        return count && opt->output && strcmp(opt->output, "-") != 0
                   ? -1
                   : usage_error("'narrate feed' wants folders of articles, articles or feeds, and -o DIR%s%s", "", "");
    if (opt->command == CMD_BATCH && (!count || !opt->output || strcmp(opt->output, "-") == 0))
        return usage_error("'narrate batch' wants a list of articles, or a folder of them, and -o DIR%s%s", "", "");
    if (opt->command == CMD_EPUB && (opt->marks || opt->beside.count || opt->from || opt->device))
        return usage_error("'narrate epub' takes no --marks, --captions, --transcript, --from or --device%s%s", "", "");
    if (opt->command == CMD_INFO && !count)
        return usage_error("which sound file?%s%s", "", "");
    if (wants && !count)
        return usage_error("which article? Name a file, or - for standard input%s%s", "", "");
    opt->article = count ? operands[0] : NULL;
    if (opt->command == CMD_EPUB && !opt->output)
        return usage_error("where to? 'narrate epub' wants -o FILE%s%s", "", "");
    if (opt->command == CMD_SAVE && !opt->output)
        return usage_error("where to? 'narrate save' wants -o FILE%s%s", "", "");
    if (opt->command == CMD_PAGE && (!opt->output || strcmp(opt->output, "-") == 0))
        return usage_error("where to? 'narrate page' wants -o DIR%s%s", "", "");
    if (opt->command == CMD_PLAY && opt->output)
        opt->command = CMD_SAVE;
    if (opt->device && opt->command == CMD_SAVE)
        return usage_error("a sound device and an output file exclude each other%s%s", "", "");
    return -1;
}

/* The words of 'narrate tell sentence -1' are no options. */
static bool tells(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--control") == 0)
            i++;
        else if (argv[i][0] != '-')
            return strcmp(argv[i], "tell") == 0;
    }
    return false;
}

int options_parse(options *opt, int argc, char **argv)
{
    struct option longs[ROWS + 1] = {{0}};
    bool given[ROWS] = {false}, help = false;
    for (int i = 0; i < ROWS; i++)
        longs[i] = (struct option){option_rows[i].name, option_rows[i].argument ? required_argument : no_argument, NULL, option_rows[i].value};
    *opt = (options){.speed = 1, .resume = -1, .newest = 20, .port = 65536};
    nr_voice_options_init(&opt->voice);
    opterr = 0;
    char wrong[600] = "";
    bool settings_fail = config_read(take_setting, opt, wrong, sizeof wrong) != 0;
    int value;
    const char *letters = tells(argc, argv) ? "+:o:j:qzhV" : ":o:j:qzhV";
    while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (value == 'h') {
            help = true;
            continue;
        }
        if (value == 'V') {
            printf("narrate %s\n", nr_version());
            return finish_output();
        }
        const char *word = argv[optind - 1];
        if (value == '?') {
            char letter[3] = {'-', (char)optopt, 0};
            return usage_error("there is no option '%s'%s", optopt > 0 && optopt < 256 ? letter : word, "");
        }
        if (value == ':')
            return usage_error("'%s' wants an argument%s", word, "");
        const option_row *r = row_of(value);
        const char *wanted = take(opt, r, optarg);
        if (wanted == not_text) {
            complain("--%s wants %s", r->name, wanted);
            return EXIT_USAGE;
        }
        if (wanted) {
            complain("--%s wants %s, not '%s'; see 'narrate --help'", r->name, wanted, optarg);
            return EXIT_USAGE;
        }
        given[r - option_rows] = true;
        if (r->home & CMD_SAVE && !(r->home & CMD_BATCH)) {
            if (opt->passed_count == sizeof opt->passed / sizeof *opt->passed)
                return usage_error("'%s' is one option too many%s", word, "");
            opt->passed[opt->passed_count++] = (passed_option){r->name, optarg};
        }
    }
    int count = argc - optind;
    if (help) {
        print_help(count ? command_named(argv[optind]) : NULL);
        return finish_output();
    }
    if (settings_fail) {
        complain("%s", wrong);
        return EXIT_FAILED;
    }
    if (argc == 1) {
        print_help(NULL);
        return EXIT_USAGE;
    }
    choose_command(opt, &count, argv + optind);
    for (int i = 0; i < ROWS; i++)
        if (given[i] && !(option_rows[i].home & homes_of(opt->command)))
            return usage_error("--%s means nothing to 'narrate %s'", option_rows[i].name, command_name(opt->command));
    return check_operands(opt, count, argv + optind);
}
