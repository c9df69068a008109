#include "base/writer.h"

#include "base/error.h"

enum { PIECE_MAX = 1 << 28, COLLECT = 1 << 15 };

nr_status nr_writer_open(nr_writer *w, const char *path, bool overwrite, nr_error *err)
{
    w->text = NR_BUFFER_INIT(PIECE_MAX);
    return nr_output_open(&w->output, path, overwrite, err);
}

static nr_status write_out(nr_writer *w, nr_error *err)
{
    if (w->text.failed)
        return nr_fail_memory(err);
    nr_status s = nr_output_write(&w->output, w->text.p, w->text.n, err);
    nr_buffer_truncate(&w->text, 0);
    return s;
}

nr_status nr_writer_flush(nr_writer *w, nr_error *err)
{
    return w->text.failed || w->text.n >= COLLECT ? write_out(w, err) : NR_OK;
}

nr_status nr_writer_commit(nr_writer *w, nr_error *err)
{
    nr_status s = write_out(w, err);
    return s ? s : nr_output_commit(&w->output, err);
}

void nr_writer_close(nr_writer *w)
{
    nr_output_close(&w->output);
    nr_buffer_free(&w->text);
}
