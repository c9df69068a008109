#include "publish/feed_show.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <uuid/uuid.h>

#include "base/library.h"

#define FUNCTIONS(X) X(uuid_parse) X(uuid_generate_sha1) X(uuid_unparse_lower)

NR_LIBRARY(FUNCTIONS, NR_LIBUUID)

static void load(void) { lib.loaded = find_functions(); }

/* podcastindex.org/namespace/1.0, "guid" */
#define SHOWS "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"

void feed_show_guid(const char *base_url, char out[40])
{
    uuid_t shows, show;
    char address[4096];
    const char *scheme = strstr(base_url, "://");
    pthread_once(&once, load);
    out[0] = '\0';
    if (!lib.loaded)
        return;
    snprintf(address, sizeof address, "%s%s", scheme ? scheme + 3 : base_url, FEED_FILE);
    lib.uuid_parse(SHOWS, shows);
    lib.uuid_generate_sha1(show, shows, address, strlen(address));
    lib.uuid_unparse_lower(show, out);
}

/* ---------------------------------------------------------------- what directories want */

/* podcasters.apple.com/support/1691-apple-podcasts-categories; those within follow theirs, behind a tab. */
static const char *const categories[] = {
    "Arts", "\tBooks", "\tDesign", "\tFashion & Beauty", "\tFood", "\tPerforming Arts", "\tVisual Arts",
    "Business", "\tCareers", "\tEntrepreneurship", "\tInvesting", "\tManagement", "\tMarketing", "\tNon-Profit",
    "Comedy", "\tComedy Interviews", "\tImprov", "\tStand-Up",
    "Education", "\tCourses", "\tHow To", "\tLanguage Learning", "\tSelf-Improvement",
    "Fiction", "\tComedy Fiction", "\tDrama", "\tScience Fiction",
    "Government",
    "History",
    "Health & Fitness", "\tAlternative Health", "\tFitness", "\tMedicine", "\tMental Health", "\tNutrition", "\tSexuality",
    "Kids & Family", "\tEducation for Kids", "\tParenting", "\tPets & Animals", "\tStories for Kids",
    "Leisure", "\tAnimation & Manga", "\tAutomotive", "\tAviation", "\tCrafts", "\tGames", "\tHobbies", "\tHome & Garden", "\tVideo Games",
    "Music", "\tMusic Commentary", "\tMusic History", "\tMusic Interviews",
    "News", "\tBusiness News", "\tDaily News", "\tEntertainment News", "\tNews Commentary", "\tPolitics", "\tSports News", "\tTech News",
    "Religion & Spirituality", "\tBuddhism", "\tChristianity", "\tHinduism", "\tIslam", "\tJudaism", "\tReligion", "\tSpirituality",
    "Science", "\tAstronomy", "\tChemistry", "\tEarth Sciences", "\tLife Sciences", "\tMathematics", "\tNatural Sciences", "\tNature",
    "\tPhysics", "\tSocial Sciences",
    "Society & Culture", "\tDocumentary", "\tPersonal Journals", "\tPhilosophy", "\tPlaces & Travel", "\tRelationships",
    "Sports", "\tBaseball", "\tBasketball", "\tCricket", "\tFantasy Sports", "\tFootball", "\tGolf", "\tHockey", "\tRugby", "\tRunning",
    "\tSoccer", "\tSwimming", "\tTennis", "\tVolleyball", "\tWilderness", "\tWrestling",
    "Technology",
    "True Crime",
    "TV & Film", "\tAfter Shows", "\tFilm History", "\tFilm Interviews", "\tFilm Reviews", "\tTV Reviews",
};

static bool is_category(const char *name)
{
    const char *inner = strstr(name, " > ");
    size_t outer = inner ? (size_t)(inner - name) : strlen(name);
    bool within = false;
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        const char *row = categories[i];
        if (*row != '\t')
            within = strlen(row) == outer && strncmp(row, name, outer) == 0;
        if (within && (inner ? *row == '\t' && strcmp(row + 1, inner + 3) == 0 : *row != '\t'))
            return true;
    }
    return false;
}

enum { SMALLEST = 1400, LARGEST = 3000 };

/* What is said of the show by text, where it is missing. */
static void check_texts(const json_t *show, bool named, void (*warn)(void *ctx, const char *message), void *ctx)
{
    static const char *const texts[][2] = {{"author", "--show-author NAME"}, {"about", "--about TEXT"}, {"email", "--email ADDRESS"}};
    const char *missing[3];
    size_t n = 0;
    char message[400];
    if (!named) {
        snprintf(message, sizeof message, "the show is called '%.200s', after its folder: --show NAME", feed_text(show, "title"));
        warn(ctx, message);
    }
    for (size_t i = 0; i < 3; i++)
        if (!feed_text(show, texts[i][0]))
            missing[n++] = texts[i][1];
    if (!n)
        return;
    snprintf(message, sizeof message, "the show lacks what directories show or check: %s%s%s%s%s", missing[0],
             n > 2 ? ", " : "", n > 2 ? missing[1] : "", n > 1 ? " and " : "", n > 1 ? missing[n - 1] : "");
    warn(ctx, message);
}

void feed_show_check(const json_t *show, bool named, const picture *p, void (*warn)(void *ctx, const char *message), void *ctx)
{
    char message[400];
    const char *category = feed_text(show, "category");
    check_texts(show, named, warn, ctx);
    if (!feed_text(show, "image"))
        warn(ctx, "the show has no picture, and directories take no show without one: --image FILE, a square JPEG or PNG of 1400 to "
                  "3000 pixels");
    if (p && (p->width != p->height || p->width < SMALLEST || p->width > LARGEST)) {
        snprintf(message, sizeof message, "the show's picture has %u x %u pixels: Apple Podcasts wants a square of %d to %d", p->width,
                 p->height, SMALLEST, LARGEST);
        warn(ctx, message);
    }
    if (category && !is_category(category)) {
        snprintf(message, sizeof message, "Apple Podcasts has no category '%.200s'; it has such as 'News', 'News > Daily News', "
                 "'Society & Culture > Documentary'", category);
        warn(ctx, message);
    }
}
