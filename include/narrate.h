/* narrate.h - turn an article into speech, and know which words of it are being said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   bytes --read--> document --normalise, segment--> utterances --voice--> sound + marks --sink--> ear or file
 *
 * Conventions
 *   Status   Functions that can fail return nr_status, NR_OK (0) on success, give their result through the
 *            first parameter, and fill the optional, caller-owned nr_error. Nothing prints, exits or aborts.
 *            Running out of memory is NR_ENOMEM everywhere.
 *   Text     UTF-8. A view is {pointer, length}, not NUL-terminated, and lives as long as what it views.
 *   Spans    Byte ranges [start, end) of the document's text, nr_document_text(). Every spoken word has one.
 *   Units    Times in milliseconds, sound in frames (mono: one 16-bit sample each).
 *   Threads  A handle is used by one thread at a time, except for nr_narrator_cancel(). Different handles
 *            are independent. There is no global state; speech is synthesised in processes of its own.
 *   Strings  const char * results belong to the handle that gave them and live as long as it.
 */
#ifndef NARRATE_H
#define NARRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && defined(NR_BUILDING)
#define NR_API __attribute__((visibility("default")))
#else
#define NR_API
#endif

/* ---------------------------------------------------------------- errors */

typedef enum nr_status {
    NR_OK = 0,
    NR_EINVAL,    /* an argument or option is wrong */
    NR_ENOMEM,    /* out of memory */
    NR_EIO,       /* the system refused to read or write; nr_error.sys holds errno */
    NR_EEXIST,    /* the target exists and overwriting was not asked for */
    NR_ELIMIT,    /* the input is larger than a stated limit */
    NR_EFORMAT,   /* the bytes are not in a format that can be read (or written) */
    NR_ENOTEXT,   /* readable, but there is nothing to say in it */
    NR_EVOICE,    /* no such voice, or the synthesiser failed */
    NR_EDEVICE,   /* no such sound device, or it failed */
    NR_EDATA,     /* a table or lexicon is wrong; nr_error.at holds the line */
    NR_CANCELLED  /* stopped by nr_narrator_cancel() or by a callback */
} nr_status;

typedef struct nr_error {
    nr_status status;
    int sys;       /* errno where the system said why, else 0 */
    size_t at;     /* line or byte offset where the fault is, else 0 */
    char msg[480]; /* one line, no program name, no trailing stop: what, to what, why, what to do */
} nr_error;

typedef struct nr_view {
    const char *p;
    size_t n;
} nr_view;

typedef struct nr_span {
    uint32_t start, end; /* [start, end) in bytes */
} nr_span;

NR_API const char *nr_version(void);                 /* "0.1.0" */
NR_API const char *nr_status_name(nr_status status); /* "NR_EIO" */

/* ---------------------------------------------------------------- documents (stage read) */

typedef enum nr_block_kind {
    NR_BLOCK_TITLE,    /* the article's title      \                                     */
    NR_BLOCK_BYLINE,   /* who wrote it              > the opening line                   */
    NR_BLOCK_DATE,     /* when it was published    /                                     */
    NR_BLOCK_HEADING,  /* level 1-6 */
    NR_BLOCK_PARAGRAPH,
    NR_BLOCK_ITEM,     /* list item; number is its ordinal, 0 in an unordered list; level is the nesting, from 1 */
    NR_BLOCK_QUOTE,    /* a paragraph of a block quotation */
    NR_BLOCK_CAPTION,  /* of a picture, video or table */
    NR_BLOCK_ROW,      /* a table row, cells separated by "; " */
    NR_BLOCK_CODE,
    NR_BLOCK_FOOTNOTE,
    NR_BLOCK_BREAK,    /* a thematic break: empty text, a longer pause */
    NR_BLOCK_ALT,      /* a picture's text for those who do not see it */
    NR_BLOCK_LINK      /* a link of the block before: its text and address; only with nr_read_options.links */
} nr_block_kind;

enum {
    NR_BLOCK_SILENT = 1, /* kept in the document, not said by default (captions, code, footnotes, ...) */
    NR_BLOCK_NAME = 2    /* words of the reader's, not the article's: says that the silent blocks that follow were left
                          * out ("A table of 24 rows is left out.") */
};

typedef struct nr_block {
    nr_span span;
    uint8_t kind;    /* nr_block_kind */
    uint8_t level;   /* heading level, list nesting */
    uint8_t flags;   /* NR_BLOCK_... */
    uint8_t lang;    /* 0: the document's language, else an index for nr_document_language() */
    uint32_t number; /* of an ordered list's item */
} nr_block;

typedef enum nr_inline_kind {
    NR_INLINE_SILENT,   /* inside a block, but not for the ear: a footnote mark, a hidden element */
    NR_INLINE_EMPHASIS, /* em, i, strong, b */
    NR_INLINE_LINK,     /* value: the address */
    NR_INLINE_ABBR,     /* value: the expansion that the author gave */
    NR_INLINE_SUB,
    NR_INLINE_SUP,
    NR_INLINE_CODE,
    NR_INLINE_LANG,     /* value: a BCP 47 tag */
    NR_INLINE_LETTERS,  /* to be said letter by letter */
    NR_INLINE_PAUSE,    /* value: silence behind it, in milliseconds or by a name of voices/LANG/pauses.tsv */
    NR_INLINE_PROSODY,  /* value: percent of the rate, a space, what is added to the pitch (-100 to 100): "90 -10" */
    NR_INLINE_PHONEME   /* value: an alphabet and its phonemes, "ipa:..." */
} nr_inline_kind;

typedef struct nr_inline {
    nr_span span;
    nr_inline_kind kind;
    nr_view value; /* has a NUL behind it */
} nr_inline;

/* What the article says of itself. Fields are NULL where unknown. */
typedef struct nr_metadata {
    const char *title;
    const char *author;      /* "Ann Lee and Bo Ek", without "By" */
    const char *date;        /* published, as it stands in the text, to be read out */
    const char *date_iso;    /* published, ISO 8601, where the source had it in full or it could be worked out */
    const char *modified;    /* ISO 8601 */
    const char *publisher;   /* the site's or paper's name */
    const char *language;    /* BCP 47 */
    const char *url;         /* canonical address */
    const char *description;
    const char *image;       /* address of the lead picture */
} nr_metadata;

/* An article of a feed, a chapter of a book. */
typedef struct nr_entry {
    const char *title;    /* NULL where unknown */
    const char *date_iso; /* as in nr_metadata */
    const char *url;
    uint32_t block;       /* where it begins, if it was read: an index into nr_document_blocks() */
    uint8_t level;        /* in the table of contents, from 1 */
} nr_entry;

typedef struct nr_document nr_document;

typedef struct nr_read_options {
    const char *format;  /* "plain", "markdown", "html", "ssml", "epub", "feed", "docx", "odt", "pdf", or NULL: by content and
                          * name */
    const char *name;    /* file name or address: for messages and as a hint, may be NULL */
    const char *charset; /* declared from outside (HTTP), or NULL */
    size_t max_bytes;    /* larger input is NR_ELIMIT; 0: 1 GiB. Never more than 4 GiB - 1 */
    uint32_t item;       /* of a feed: the article of this number, from 1 (0: the list of them); of a book: the chapter
                          * (0: all) */
    bool links;          /* give every link a block, NR_BLOCK_LINK */
    double timeout;      /* seconds that an address may take to answer in full; 0: 60 */
} nr_read_options;

/* Reads a document out of bytes. The bytes may be freed afterwards. opt may be NULL. */
NR_API nr_status nr_document_read(nr_document **out, const void *bytes, size_t n, const nr_read_options *opt,
                                  nr_error *err);
/* The same from a file, or an address of the web ("https://..."); "-" is standard input. */
NR_API nr_status nr_document_open(nr_document **out, const char *path, const nr_read_options *opt, nr_error *err);
NR_API void nr_document_free(nr_document *doc);

/* An article of a feed that was opened without a number: of the feed as it was then, even where it has changed since. Of a
 * feed of the web that has little of the article, the page that it links to is read. opt may be NULL, its item is ignored. */
NR_API nr_status nr_document_open_entry(nr_document **out, const nr_document *list, uint32_t number, const nr_read_options *opt,
                                        nr_error *err);
/* The lead picture of an article that is from the web, from there; *bytes is to be freed, and NULL where there is none to be
 * fetched. max: bytes. seconds: that it may take; 0: 60. It is not fetched from a private network, unless it is on the server
 * that the user named. */
NR_API nr_status nr_document_picture(const nr_document *doc, size_t max, double seconds, void **bytes, size_t *n, nr_error *err);

/* The articles of a feed, the chapters of a book; none for anything else. */
NR_API const nr_entry *nr_document_entries(const nr_document *doc, size_t *count);
NR_API nr_view nr_document_text(const nr_document *doc); /* the canonical text, valid UTF-8, no NUL inside */
NR_API const char *nr_document_format(const nr_document *doc);  /* "plain", "markdown", "html", "ssml" */
NR_API const char *nr_document_charset(const nr_document *doc); /* as the bytes were, e.g. "UTF-8" */
/* How many places could not be decoded and became U+FFFD. */
NR_API size_t nr_document_replaced(const nr_document *doc);
/* What the source asks for and is not honoured, a line each; NULL past the last. */
NR_API const char *nr_document_note(const nr_document *doc, size_t index);
NR_API const nr_metadata *nr_document_metadata(const nr_document *doc);
NR_API const nr_block *nr_document_blocks(const nr_document *doc, size_t *count);     /* in reading order */
NR_API const nr_inline *nr_document_inlines(const nr_document *doc, size_t *count);   /* by start */
NR_API const char *nr_document_language(const nr_document *doc, uint8_t index);       /* BCP 47 or NULL */

/* ---------------------------------------------------------------- scripts (stages normalise, segment, pronounce) */

enum {
    NR_WORD_LETTERS = 1, /* name the letters one by one; a final s or 's in lower case is a plural or possessive */
    NR_WORD_INSERTED = 2, /* stands for no characters of its own ("By"); its span is that of what it introduces */
    NR_WORD_EMPHASIS = 4  /* the author stresses it */
};

typedef struct nr_said_word {
    uint32_t start, end; /* bytes of nr_utterance.say */
    nr_span span;        /* bytes of the document's text */
    uint16_t flags;      /* NR_WORD_... */
} nr_said_word;

enum {
    NR_UTT_SENTENCE_START = 1,
    NR_UTT_SENTENCE_END = 2,
    NR_UTT_BLOCK_START = 4,
    NR_UTT_BLOCK_END = 8,
    NR_UTT_QUESTION = 16, /* part of a question, also when its mark is in a later utterance */
    NR_UTT_QUOTED = 32,   /* all of it inside a quotation: for a second voice */
    NR_UTT_ASIDE = 64,    /* all of it inside brackets */
    NR_UTT_FOREIGN = 128  /* its language is not that of the script */
};

/* What is said in one breath. */
typedef struct nr_utterance {
    nr_view say;               /* plain words with light punctuation, UTF-8, never mark-up */
    const nr_said_word *words; /* in order, within say, not overlapping */
    size_t word_count;
    nr_span span;              /* what it comes from */
    nr_span sentence;          /* the sentence it belongs to */
    uint32_t block;            /* index into nr_document_blocks() */
    uint32_t pause_ms;         /* silence after it at the voice's normal rate */
    uint8_t role;              /* nr_block_kind of its block */
    uint8_t flags;             /* NR_UTT_... */
    int16_t rate;              /* percent of the voice's rate, 100 = unchanged */
    int16_t pitch;             /* -100 ... 100 added to the voice's pitch, 0 = unchanged */
    const char *lang;          /* BCP 47 */
} nr_utterance;

typedef struct nr_script_options {
    const char *locale;   /* "en-GB", "en-US"; NULL: the document's language, else en-GB */
    bool skip_opening;    /* leave out title, author and date */
    uint32_t include;     /* bit (1u << nr_block_kind): say these though they are silent by default */
    uint32_t exclude;     /* bit (1u << nr_block_kind): leave these out */
    const char *lexicon;  /* path of a table of the user's own, or NULL */
    const char *style;    /* habits of reading, "years=thousand,clock=12" (narrate(1) lists them), or NULL */
    uint32_t max_chars;   /* bytes of an utterance; 0: 200. Passed only by a single figure or name too long for it */
    uint32_t max_words;   /* of an utterance; 0: 25 */
    bool split_quotes;    /* quotations of more than three words in utterances of their own, for a second voice */
} nr_script_options;

/* A script gives a document's utterances one by one; work is done as they are asked for. It refers to the
 * document, which must outlive it. */
typedef struct nr_script nr_script;
NR_API nr_status nr_script_new(nr_script **out, const nr_document *doc, const nr_script_options *opt, nr_error *err);
/* *out is valid until the next call on the script; NULL at the end. */
NR_API nr_status nr_script_next(nr_script *script, const nr_utterance **out, nr_error *err);
/* The next utterance will be the one that holds text offset `at`, or the first one after it. */
NR_API nr_status nr_script_seek(nr_script *script, uint32_t at, nr_error *err);
NR_API void nr_script_free(nr_script *script);
/* Writes what is left of the script as SSML 1.1, piece by piece; write returns non-zero to stop (NR_CANCELLED). Before each
 * sentence stands a <mark> named by its bytes of the text, "12-47". quote_voice, or NULL, is the name of a <voice> around
 * utterances with NR_UTT_QUOTED. NR_EINVAL when built without libxml2. */
typedef int nr_write_fn(void *ctx, const char *bytes, size_t n);
NR_API nr_status nr_script_write_ssml(nr_script *script, const char *quote_voice, nr_write_fn *write, void *ctx, nr_error *err);

/* Calls back for every sentence of plain text, in order: [start, end) without the white space around it.
 * Every non-space character is in exactly one sentence. fn returns non-zero to stop (NR_CANCELLED). */
NR_API nr_status nr_segment(const char *text, size_t n, const char *locale,
                            int (*fn)(void *ctx, size_t start, size_t end), void *ctx, nr_error *err);

/* The same for text that comes in pieces: each sentence is given as soon as nothing that may follow can change it, at the
 * latest some 20 kB on. Pieces may end anywhere, also inside a character. The sentence's bytes are valid during fn. */
typedef struct nr_segmenter nr_segmenter;
typedef int nr_sentence_fn(void *ctx, nr_view sentence);
NR_API nr_status nr_segmenter_new(nr_segmenter **out, const char *locale, nr_sentence_fn *fn, void *ctx, nr_error *err);
NR_API nr_status nr_segmenter_write(nr_segmenter *segmenter, const char *text, size_t n, nr_error *err);
/* The text is complete; what is written next is another one. */
NR_API nr_status nr_segmenter_end(nr_segmenter *segmenter, nr_error *err);
NR_API void nr_segmenter_free(nr_segmenter *segmenter);

/* Normalises text line by line, as `narrate normalise` does. locale NULL: the text's own clues decide between British and
 * American; style and lexicon as in nr_script_options, or NULL. */
typedef struct nr_normaliser nr_normaliser;
NR_API nr_status nr_normaliser_new(nr_normaliser **out, const char *locale, const char *style, const char *lexicon,
                                   nr_error *err);
/* *out is one line of spoken text, valid until the next call. */
NR_API nr_status nr_normaliser_line(nr_normaliser *nz, const char *text, size_t n, nr_view *out, nr_error *err);
/* The same, explained: a line for each token with its characters, class, rule and what is said, separated by tabs. */
NR_API nr_status nr_normaliser_explain(nr_normaliser *nz, const char *text, size_t n, nr_view *out, nr_error *err);
NR_API void nr_normaliser_free(nr_normaliser *nz);

/* ---------------------------------------------------------------- sinks */

typedef struct nr_mark {
    enum { NR_MARK_WORD, NR_MARK_SENTENCE } kind;
    uint64_t frame; /* from the start of the sound */
    double time_ms; /* the same in milliseconds */
    nr_span span;   /* of the document's text */
} nr_mark;

/* A sink takes sound and marks. It is opened by the narrator, which knows the sample rate, and stays the caller's
 * to free; freeing a sink that was not finished leaves no file behind. */
typedef struct nr_sink nr_sink;

typedef struct nr_file_options {
    const char *format;    /* "wav", "flac", "ogg", "opus", "mp3", "raw"; NULL: by the path's ending */
    bool overwrite;        /* else an existing file is NR_EEXIST */
    const char *title, *author, *date, *comment, *album, *track; /* tags, may be NULL */
} nr_file_options;

/* A file, written beside its name and renamed when whole; "-" streams to standard output. A path's directory, ending
 * and existence are checked at once, so that nothing is synthesised in vain. */
NR_API nr_status nr_sink_file(nr_sink **out, const char *path, const nr_file_options *opt, nr_error *err);
/* Live sound. device: a name from nr_devices() or a part of one; NULL: the default. */
NR_API nr_status nr_sink_speaker(nr_sink **out, const char *device, nr_error *err);
/* 16-bit native-endian samples without a header to a descriptor, which stays the caller's. */
NR_API nr_status nr_sink_raw(nr_sink **out, int fd, nr_error *err);
NR_API nr_status nr_sink_null(nr_sink **out, nr_error *err);
/* Grows up to max_bytes, then NR_ELIMIT. Samples are read with nr_sink_memory_samples(). */
NR_API nr_status nr_sink_memory(nr_sink **out, size_t max_bytes, nr_error *err);
NR_API const int16_t *nr_sink_memory_samples(const nr_sink *sink, size_t *frames, int *sample_rate);
/* Everything goes to both, which stay the caller's and are freed after the tee. */
NR_API nr_status nr_sink_tee(nr_sink **out, nr_sink *a, nr_sink *b, nr_error *err);
/* No sound, but the marks, as JSON lines: {"time":ms,"type":"word","start":b,"end":b,"value":"...","frame":n}. text is the
 * document's, nr_document_text(), and must outlive the sink. A file as for nr_sink_file(); use it in a tee. */
NR_API nr_status nr_sink_marks(nr_sink **out, const char *path, bool overwrite, nr_view text, nr_error *err);
NR_API void nr_sink_free(nr_sink *sink);

/* A sink of the caller's own. open, write and finish are called as the narrator goes, on its thread: open first, finish
 * when all was written. write takes all frames, may block, and may stop the narration with any status but NR_OK; mark may
 * be NULL. */
typedef struct nr_sink_functions {
    void *ctx;
    nr_status (*open)(void *ctx, int sample_rate, nr_error *err);
    nr_status (*write)(void *ctx, const int16_t *samples, size_t frames, nr_error *err);
    nr_status (*mark)(void *ctx, const nr_mark *mark, nr_error *err);
    nr_status (*finish)(void *ctx, nr_error *err);
} nr_sink_functions;
NR_API nr_status nr_sink_custom(nr_sink **out, const nr_sink_functions *functions, nr_error *err);

/* What the narrator does with a sink, for a program that has sound of its own: open, any number of writes, finish (for a
 * speaker: returns when all was heard). One thread at a time. A speaker, null and memory may be opened again. */
NR_API nr_status nr_sink_open(nr_sink *sink, int sample_rate, nr_error *err);
NR_API nr_status nr_sink_write(nr_sink *sink, const int16_t *samples, size_t frames, nr_error *err);
NR_API nr_status nr_sink_finish(nr_sink *sink, nr_error *err);

/* A speaker may be paused and resumed from any thread; other sinks ignore it. */
NR_API void nr_sink_pause(nr_sink *sink, bool paused);
/* Frames that were written and not heard yet; 0 for anything but a speaker. Any thread. */
NR_API uint64_t nr_sink_delay(const nr_sink *sink);
/* How often a speaker had nothing to play because the sound came too late. Any thread. */
NR_API uint64_t nr_sink_underruns(const nr_sink *sink);

typedef struct nr_device {
    char name[128];
    char api[32];
    int channels;
    double sample_rate;
    bool is_default;
} nr_device;
/* *out is an array to be freed with nr_free(). No device at all is NR_OK and a count of 0. */
NR_API nr_status nr_devices(nr_device **out, size_t *count, nr_error *err);
NR_API void nr_free(void *p);

/* ---------------------------------------------------------------- narrating */

typedef struct nr_voice_info {
    char name[64];     /* to be given as options.voice: "espeak:en-us" */
    char driver[16];   /* "espeak", "null" */
    char language[32]; /* BCP 47 */
    char label[96];    /* for people */
    char gender;       /* 'm', 'f' or '?' */
} nr_voice_info;
/* *out is to be freed with nr_free(). */
NR_API nr_status nr_voices(nr_voice_info **out, size_t *count, nr_error *err);

typedef struct nr_voice_options {
    const char *voice;  /* "en-us", "espeak:de", "null"; NULL: a voice for the script's language */
    const char *quote_voice; /* for utterances with NR_UTT_QUOTED, of the same driver; NULL: the same voice */
    double wpm;         /* words a minute, 40-900; 0: the voice's own (175 for eSpeak NG) */
    double pitch;       /* -100 ... 100, 0: the voice's own */
    double volume;      /* percent, 0-200; 0 is silence; NAN or <0: 100 */
    int jobs;           /* synthesis processes at work, 1-64; 0: as many as there are processors */
} nr_voice_options;
NR_API void nr_voice_options_init(nr_voice_options *opt);

/* A narrator holds a voice, ready to speak, in a server process of its own. */
typedef struct nr_narrator nr_narrator;
/* locale chooses the voice where opt->voice is NULL. */
NR_API nr_status nr_narrator_new(nr_narrator **out, const nr_voice_options *opt, const char *locale, nr_error *err);
NR_API void nr_narrator_free(nr_narrator *narrator);
NR_API int nr_narrator_sample_rate(const nr_narrator *narrator);
NR_API const char *nr_narrator_voice(const nr_narrator *narrator); /* the voice's full name */

typedef struct nr_watch {
    void *ctx;
    /* All are optional and called on the thread that runs nr_narrate(), in the order of the sound, when the sound that
     * they concern is handed to the sink. Non-zero stops with NR_CANCELLED. */
    int (*mark)(void *ctx, const nr_mark *mark);
    int (*utterance)(void *ctx, const nr_utterance *utterance, uint64_t frame);
    /* The utterance's sound ends here, before the pause behind it. */
    int (*utterance_end)(void *ctx, uint64_t frame);
    /* Something was left out or put right; one line for the user. */
    void (*warning)(void *ctx, const char *message);
} nr_watch;

typedef struct nr_result {
    uint64_t frames;
    int sample_rate;
    size_t words, utterances, left_out; /* left_out: utterances that the synthesiser could not say */
} nr_result;

/* Says what is left of the script into the sink and finishes the sink. Returns when all is written (or, live, heard).
 * The samples do not depend on opt->jobs. watch and result may be NULL. On an error or cancellation the sink is not
 * finished. */
NR_API nr_status nr_narrate(nr_narrator *narrator, nr_script *script, nr_sink *sink, const nr_watch *watch,
                            nr_result *result, nr_error *err);
/* Makes a running nr_narrate() return NR_CANCELLED soon. Any thread, and safe in a signal handler. It stays cancelled
 * until the next nr_narrate() has returned. */
NR_API void nr_narrator_cancel(nr_narrator *narrator);

#ifdef __cplusplus
}
#endif
#endif
