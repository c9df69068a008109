#include <stdio.h>
#include <string.h>

#include "cli/option_table.h"

const command_row command_rows[COMMANDS] = {
    {"play", CMD_PLAY, "ARTICLE...", "play them on the sound device (the default)"},
    {"save", CMD_SAVE, "ARTICLE... -o FILE", "write it to a sound file; several with --join"},
    {"batch", CMD_BATCH, "LIST -o DIR", "write a list's or folder's articles to files, several at once"},
    {"feed", CMD_FEED, "ARTICLES... -o DIR", "make a podcast of folders, articles and feeds, or add to it"},
    {"epub", CMD_EPUB, "ARTICLE -o FILE", "make a talking book of an article, or of an EPUB"},
    {"page", CMD_PAGE, "ARTICLE... -o DIR", "make web pages that play and follow the narration"},
    {"serve-page", CMD_SERVE_PAGE, "DIR", "look at them in a browser on this computer"},
    {"read", CMD_READ, "ARTICLE", "show what the reader took: title, author, date, blocks"},
    {"spoken", CMD_SPOKEN, "ARTICLE", "show what will be said, one utterance a line"},
    {"info", CMD_INFO, "FILE", "show what a sound file holds, and whether podcast services take it"},
    {"ssml", CMD_SSML, "ARTICLE", "the same as SSML 1.1, for other voices"},
    {"normalise", CMD_NORMALISE, "", "lines in, spoken lines out, one for one"},
    {"segment", CMD_SEGMENT, "", "text in, one sentence a line out"},
    {"voices", CMD_VOICES, "", "list the voices"},
    {"devices", CMD_DEVICES, "", "list the sound devices"},
    {"pause", CMD_PAUSE, "", "pause the narrate that is playing"},
    {"toggle", CMD_TOGGLE, "", "pause it, or let it go on"},
    {"next", CMD_NEXT, "", "let it play the next article"},
    {"previous", CMD_PREVIOUS, "", "let it play the article before"},
    {"status", CMD_STATUS, "", "show what it is doing, as JSON"},
    {"tell", CMD_TELL, "COMMAND...", "steer it: 'sentence -1', 'speed 1.5', 'find WORDS', quit, ..."},
};

const option_row option_rows[ROWS] = {
    {"output", 'o', "FILE", SPEAKING | CMD_PAGE | CMD_BATCH | CMD_FEED, "write to FILE (wav flac ogg opus mp3 m4a m4b raw, by its ending); - is standard output", "Output"},
    {"format", OPT_FORMAT, "NAME", SPEAKING | CMD_BATCH | CMD_FEED, "the file's format, whatever its ending"},
    {"overwrite", OPT_OVERWRITE, NULL, SPEAKING | CMD_PAGE | CMD_BATCH, "replace FILE if it exists"},
    {"marks", OPT_MARKS, "FILE", SPEAKING, "write the times of words and sentences as JSON lines"},
    {"captions", OPT_CAPTIONS, "FILE|LIST", CMD_SAVE, "write captions (.vtt .srt .lrc .ttml); vtt,srt: beside the sound"},
    {"caption-words", OPT_CAPTION_WORDS, NULL, CMD_SAVE, "times of words too, in captions (but .srt) and transcripts (.html)"},
    {"transcript", OPT_TRANSCRIPT, "FILE|LIST", CMD_SAVE, "write what is said, with times, as .txt or .html"},
    {"voice", OPT_VOICE, "NAME", SPEAKING | CMD_PAGE, "a name from 'narrate voices'", "Voice"},
    {"quote-voice", OPT_QUOTE_VOICE, "NAME", SAYING, "another voice for quotations"},
    {"rate", OPT_RATE, "RATE", SPEAKING | CMD_PAGE, "a factor or words a minute: 1.2x, 180wpm"},
    {"pitch", OPT_PITCH, "N", SPEAKING | CMD_PAGE, "-100 to 100, 0 is the voice's own"},
    {"volume", OPT_VOLUME, "N", SPEAKING | CMD_PAGE, "percent, 0 to 200"},
    {"input-format", OPT_INPUT_FORMAT, "NAME", READING, "read as plain, markdown, html, ssml, epub, feed, docx, odt or pdf", "What is read"},
    {"item", OPT_ITEM, "N", READING, "the Nth article of a feed, or chapter of a book"},
    {"from", OPT_FROM, "TEXT|N%", SAYING & ~CMD_PAGE, "start at the sentence that holds TEXT, or N percent in"},
    {"include", OPT_INCLUDE, "KINDS", SAYING, "say these too: captions, tables, code, alt, footnotes, links"},
    {"exclude", OPT_EXCLUDE, "KINDS", SAYING, "leave these out: headings, lists, quotes, captions, ..."},
    {"no-opening", OPT_NO_OPENING, NULL, SAYING, "leave out title, author and date"},
    {"body", OPT_BODY, NULL, CMD_READ, "print the body's text only"},
    {"max-size", OPT_MAX_SIZE, "BYTES", READING, "refuse a larger article (K, M, G; 1G)"},
    {"timeout", OPT_TIMEOUT, "SECONDS", READING, "give up on a server that takes longer (60)"},
    {"locale", OPT_LOCALE, "TAG", SAYING | CMD_NORMALISE | CMD_SEGMENT, "read as in en-GB, en-US, de, fr", "How it is said"},
    {"lexicon", OPT_LEXICON, "FILE", SAYING | CMD_NORMALISE, "a table of your own abbreviations and names"},
    {"style", OPT_STYLE, "LIST", SAYING | CMD_NORMALISE, "habits of reading: years=thousand,zero=oh,clock=12,..."},
    {"level", OPT_LEVEL, "NAME", SAYING | CMD_NORMALISE, "full, or verbatim: characters and numbers as written"},
    {"max-chars", OPT_MAX_CHARS, "N", SAYING, "bytes said in one breath at most, 20 to 2000 (200)"},
    {"max-words", OPT_MAX_WORDS, "N", SAYING, "words said in one breath at most, 3 to 200 (25)"},
    {"explain", OPT_EXPLAIN, NULL, CMD_NORMALISE, "print each token, its class and why"},
    {"loudness", OPT_LOUDNESS, "LUFS|off", CMD_SAVE, "bring the file to this loudness (-16 for mp3, opus, ogg, m4a)", "Sound files"},
    {"true-peak", OPT_TRUE_PEAK, "DBTP", CMD_SAVE, "no peak above this, also between samples and after decoding (-1)"},
    {"master", OPT_MASTER, "PRESET", CMD_SAVE, "podcast or audiobook: high-pass, gentle compressor, loudness; none"},
    {"lead", OPT_LEAD, "TIME", CMD_SAVE, "so much silence before the first word: 0.5, 500ms"},
    {"tail", OPT_TAIL, "TIME", CMD_SAVE, "so much silence behind the last"},
    {"intro", OPT_INTRO, "FILE", CMD_SAVE, "a sound before the narration, brought to its loudness"},
    {"outro", OPT_OUTRO, "FILE", CMD_SAVE, "a sound behind it"},
    {"between", OPT_BETWEEN, "FILE", CMD_SAVE, "a sound between articles"},
    {"join", OPT_JOIN, NULL, CMD_SAVE, "all articles into one file, a chapter each"},
    {"sample-rate", OPT_SAMPLE_RATE, "HZ", CMD_SAVE, "of the file"},
    {"bitrate", OPT_BITRATE, "BITS", CMD_SAVE, "of the file, as 64k"},
    {"chapters", OPT_CHAPTERS, "FILE", CMD_SAVE, "write the chapters as podcast players read them (JSON)"},
    {"cover", OPT_COVER, "FILE", CMD_SAVE, "a JPEG or PNG picture into the file"},
    {"title", OPT_TITLE, "TEXT", CMD_SAVE, "the file's title; without it, the article's"},
    {"author", OPT_AUTHOR, "TEXT", CMD_SAVE, "its author"},
    {"album", OPT_ALBUM, "TEXT", CMD_SAVE, "its album or show"},
    {"date", OPT_DATE, "DATE", CMD_SAVE, "its date, as 2023-08-30"},
    {"publisher", OPT_PUBLISHER, "TEXT", CMD_SAVE, "its publisher"},
    {"track", OPT_TRACK, "N", CMD_SAVE, "its track number"},
    {"comment", OPT_COMMENT, "TEXT", CMD_SAVE, "a comment; without it, the article's address"},
    {"device", OPT_DEVICE, "NAME", SPEAKING, "a name from 'narrate devices', or a part of one", "Playing"},
    {"start-at", OPT_START_AT, "PLACE", CMD_PLAY, "start at a percentage, a time (1:30), or words"},
    {"speed", OPT_SPEED, "X", CMD_PLAY, "0.5 to 4; changes while it plays, the pitch kept"},
    {"resume", OPT_RESUME, NULL, CMD_PLAY, "go on where it was left; without ARTICLE: list what was left"},
    {"no-resume", OPT_NO_RESUME, NULL, CMD_PLAY, "neither go on nor remember the place"},
    {"until", OPT_UNTIL, "WHAT", CMD_PLAY, "stop at the next heading, or after this article"},
    {"sleep", OPT_SLEEP, "TIME", CMD_PLAY, "stop after 20m, 90s, 1h; it grows quiet before"},
    {"loop", OPT_LOOP, NULL, CMD_PLAY, "begin again after the last article"},
    {"control", OPT_CONTROL, "PATH", CMD_PLAY | STEERING, "take commands from a FIFO or a socket at PATH"},
    {"stats", OPT_STATS, NULL, CMD_PLAY, "print times to the first sound, and underruns, at the end"},
    {"shard", OPT_SHARD, "I/N", CMD_BATCH, "every Nth article of the list, from the Ith: a machine's share", "Batches"},
    {"summary", OPT_SUMMARY, "FILE", CMD_BATCH, "write what became of each article as JSON (DIR/batch.json)"},
    {"update", OPT_UPDATE, NULL, CMD_BATCH, "make files again that are older than their article"},
    {"zero", 'z', NULL, CMD_SEGMENT | CMD_BATCH, "texts, or a list's articles, end with a NUL byte"},
    {"base-url", OPT_BASE_URL, "URL", CMD_FEED, "where the podcast's folder will be served", "Podcasts"},
    {"show", OPT_SHOW, "NAME", CMD_FEED, "the podcast's title"},
    {"show-author", OPT_SHOW_AUTHOR, "NAME", CMD_FEED, "who makes it"},
    {"about", OPT_ABOUT, "TEXT", CMD_FEED, "what it is about"},
    {"category", OPT_CATEGORY, "NAME", CMD_FEED, "as Apple has them: News, or 'News > Tech News'"},
    {"email", OPT_EMAIL, "ADDRESS", CMD_FEED, "the owner's, which directories write to"},
    {"image", OPT_IMAGE, "FILE", CMD_FEED, "its picture: JPEG or PNG, square, 1400 to 3000 pixels"},
    {"explicit", OPT_EXPLICIT, NULL, CMD_FEED, "not for children"},
    {"locked", OPT_LOCKED, "yes|no", CMD_FEED, "whether other hosts are told not to import it"},
    {"newest", OPT_NEWEST, "N", CMD_FEED, "of a feed, the N newest articles at most (20)"},
    {"overlay", OPT_OVERLAY, "UNIT", CMD_EPUB, "what lights up as it is said: sentence or word (sentence)", "Books and pages"},
    {"single", OPT_SINGLE, NULL, CMD_PAGE, "everything inside one HTML file"},
    {"watch", OPT_WATCH, NULL, CMD_PAGE, "make a page again whenever its article changes"},
    {"port", OPT_PORT, "N", CMD_SERVE_PAGE, "serve on this port; 0: any that is free (8080, else any)"},
    {"jobs", 'j', "N", SPEAKING | CMD_PAGE | CMD_BATCH | CMD_FEED, "synthesise with N processes at once", "Any"},
    {"quiet", 'q', NULL, SPEAKING | CMD_PAGE | CMD_SERVE_PAGE | CMD_BATCH | CMD_FEED, "say nothing but errors"},
    {"plain", OPT_PLAIN, NULL, SPEAKING | CMD_PAGE | CMD_BATCH | CMD_FEED, "plain lines only: nothing is redrawn"},
    {"json", OPT_JSON, NULL, CMD_SAVE | CMD_READ | CMD_SPOKEN | CMD_VOICES | CMD_DEVICES | CMD_INFO, "print JSON"},
    {"help", 'h', NULL, ~0, "print this"},
    {"version", 'V', NULL, ~0, "print the version"},
};

int homes_of(command c) { return c & (CMD_BATCH | CMD_FEED | CMD_EPUB) ? (int)c | CMD_SAVE : (int)c; }

const command_row *command_named(const char *name)
{
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(command_rows[i].name, name) == 0)
            return &command_rows[i];
    return NULL;
}

const char *command_name(command c)
{
    for (int i = 0; i < COMMANDS; i++)
        if (command_rows[i].command == c)
            return command_rows[i].name;
    return "narrate";
}

static void print_options(int homes)
{
    const char *group = NULL;
    for (int i = 0; i < ROWS; i++) {
        const option_row *r = &option_rows[i];
        char left[40];
        char letter[5] = "    ";
        group = r->group ? r->group : group;
        if (!(r->home & homes))
            continue;
        if (group)
            printf("\n%s:\n", group);
        group = NULL;
        if (r->value < 256)
            snprintf(letter, sizeof letter, "-%c, ", r->value);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, r->name, r->argument ? " " : "", r->argument ? r->argument : "");
        printf("  %-30s%s\n", left, r->about);
    }
}

void print_help(const command_row *only)
{
    if (only) {
        printf("narrate %s%s%s - %s\n", only->name, *only->operand ? " " : "", only->operand, only->about);
        print_options(homes_of(only->command));
        printf("\nMore in the manual: man narrate\n");
        return;
    }
    printf("narrate %s - turns an article into speech\n\n"
           "  narrate ARTICLE               play it\n"
           "  narrate ARTICLE -o FILE       write it to a sound file\n"
           "  narrate -                     the article from standard input\n\nCommands:\n",
           nr_version());
    for (int i = 0; i < COMMANDS; i++)
        printf("  %-11s%-19s%s\n", command_rows[i].name, command_rows[i].operand, command_rows[i].about);
    print_options(~0);
    printf("\n'narrate COMMAND --help' lists a command's own options.\n"
           "While it plays: space pauses, left and right go by sentences, [ and ] change the speed, q quits; ? shows all keys.\n"
           "An article is text, Markdown, HTML, EPUB, PDF, DOCX, ODT, RSS or Atom, or the address of one.\n"
           "Exit status: 0 done, 1 failed, 2 wrong usage.\n"
           "More in the manual: man narrate\n");
}
