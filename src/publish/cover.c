#include "publish/cover.h"

#include <stdio.h>

nr_status cover_find(picture *out, const publish_job *job, nr_error *err)
{
    const nr_document *doc = job->docs[0];
    char message[300];
    nr_error trouble;
    if (job->tags.cover)
        return picture_open(out, job->tags.cover, err);
    nr_status s = picture_of_article(out, nr_document_metadata(doc)->image, job->tags.article, &trouble);
    if (!s && !out->bytes.n)
        s = picture_of_web(out, doc, &trouble);
    snprintf(message, sizeof message, "no cover from the article: %.250s", s ? trouble.msg : "");
    if (s && job->warning)
        job->warning(job->ctx, message);
    return NR_OK;
}
