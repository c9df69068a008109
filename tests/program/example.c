/* Narrates a file into a WAV: example ARTICLE OUT.wav */
#include <narrate.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    nr_error err;
    nr_document *doc = NULL;
    nr_script *script = NULL;
    nr_sink *sink = NULL;
    nr_narrator *narrator = NULL;
    nr_result result;
    nr_voice_options voice;
    nr_voice_options_init(&voice);
    nr_status status = nr_document_open(&doc, argv[1], NULL, &err);
    if (!status)
        status = nr_script_new(&script, doc, NULL, &err);
    if (!status)
        status = nr_sink_file(&sink, argv[2], NULL, &err);
    if (!status)
        status = nr_narrator_new(&narrator, &voice, nr_document_metadata(doc)->language, &err);
    if (!status)
        status = nr_narrate(narrator, script, sink, NULL, &result, &err);
    if (status)
        fprintf(stderr, "%s\n", err.msg);
    else
        printf("%zu words, %.1f s\n", result.words, (double)result.frames / result.sample_rate);
    nr_narrator_free(narrator);
    nr_sink_free(sink);
    nr_script_free(script);
    nr_document_free(doc);
    return status != NR_OK;
}
