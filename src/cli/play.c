/* play, and the commands that steer what plays: the player does it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "player/control.h"
#include "player/player.h"

int play_articles(const options *opt, double began)
{
    player_options how = {.quiet = opt->quiet,
                          .plain = opt->plain,
                          .stats = opt->stats,
                          .resume = opt->no_resume || opt->start_at || opt->from ? 0 : opt->resume,
                          .control = opt->control,
                          .began = began};
    if (!opt->operand_count)
        return player_list();
    how.session = (session_options){
        .paths = opt->operands,
        .path_count = opt->operand_count,
        .article = {.read = {.format = opt->input_format, .max_bytes = opt->max_size, .item = opt->item, .timeout = opt->timeout,
                             .links = opt->script.include >> NR_BLOCK_LINK & 1},
                    .script = opt->script,
                    .wpm = opt->voice.wpm},
        .quiet = opt->quiet,
        .engine = {.voice = opt->voice, .device = opt->device, .speed = opt->speed, .volume = 100},
        .start_at = opt->start_at ? opt->start_at : opt->from,
        .remember = !opt->no_resume,
        .until = opt->until,
        .sleep = opt->sleep,
        .loop = opt->loop};
    int code = player_run(&how);
    if (code < 0) {
        signal(-code, SIG_DFL); /* so that a shell sees why we ended */
        raise(-code);
    }
    return code < 0 ? EXIT_FAILED : code;
}

int steer_player(const options *opt)
{
    char line[1000] = "", error[600] = "";
    switch (opt->command) {
    case CMD_PAUSE: strcpy(line, "pause"); break;
    case CMD_TOGGLE: strcpy(line, "toggle"); break;
    case CMD_NEXT: strcpy(line, "next"); break;
    case CMD_PREVIOUS: strcpy(line, "previous"); break;
    case CMD_STATUS: strcpy(line, "status"); break;
    default:
        for (size_t i = 0; i < opt->operand_count; i++) {
            size_t n = strlen(line);
            snprintf(line + n, sizeof line - n, "%s%s", n ? " " : "", opt->operands[i]);
        }
    }
    int code = control_send(opt->control, line, error, sizeof error);
    if (*error)
        complain("%s", error);
    return finish_output() ? EXIT_FAILED : code;
}
