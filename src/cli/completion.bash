# bash completion for narrate(1)
_narrate()
{
    local cur prev cword
    # shellcheck disable=SC2034  # _init_completion fills it
    local words
    _init_completion || return
    local commands='play save batch feed epub page serve-page read spoken info ssml normalise segment voices devices pause toggle next previous status tell'
    case $prev in
    --voice | --quote-voice)
        mapfile -t COMPREPLY < <(compgen -W "$(narrate voices 2>/dev/null | cut -d' ' -f1)" -- "$cur")
        __ltrim_colon_completions "$cur"
        return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'wav flac ogg opus mp3 m4a m4b raw' -- "$cur"); return ;;
    --input-format) mapfile -t COMPREPLY < <(compgen -W 'plain markdown html ssml epub feed docx odt pdf' -- "$cur"); return ;;
    --overlay) mapfile -t COMPREPLY < <(compgen -W 'sentence word' -- "$cur"); return ;;
    --captions) mapfile -t COMPREPLY < <(compgen -W 'vtt srt lrc ttml vtt,srt' -- "$cur"); _filedir '@(vtt|srt|lrc|ttml)'; return ;;
    --transcript) mapfile -t COMPREPLY < <(compgen -W 'txt html' -- "$cur"); _filedir '@(txt|html)'; return ;;
    --locale) mapfile -t COMPREPLY < <(compgen -W 'en-GB en-US de fr' -- "$cur"); return ;;
    --level) mapfile -t COMPREPLY < <(compgen -W 'full verbatim' -- "$cur"); return ;;
    --style)
        mapfile -t COMPREPLY < <(compgen -W 'years=twenty years=thousand and=yes and=no zero=oh zero=zero zero=nought clock=24 clock=12
            url=short url=full url=host symbols=some symbols=all symbols=none punctuation=none punctuation=some punctuation=all' -- "$cur")
        return ;;
    --include | --exclude)
        mapfile -t COMPREPLY < <(compgen -W 'title byline date headings paragraphs lists quotes captions tables code alt footnotes links' -- "$cur")
        return ;;
    --loudness) mapfile -t COMPREPLY < <(compgen -W 'off -16 -19 -23' -- "$cur"); return ;;
    --master) mapfile -t COMPREPLY < <(compgen -W 'podcast audiobook none' -- "$cur"); return ;;
    --until) mapfile -t COMPREPLY < <(compgen -W 'heading article' -- "$cur"); return ;;
    tell)
        mapfile -t COMPREPLY < <(compgen -W 'pause play toggle next previous quit sentence paragraph heading word seek goto at find again speed volume voice bookmark bookmarks save sleep until loop why status' -- "$cur")
        return ;;
    --speed | --start-at | --sleep | --rate | --pitch | --volume | --from | --device | --jobs | -j | --max-size | --max-chars | --max-words | --shard | --newest | --base-url | --show | --show-author | --about | --category | --email | --true-peak | --lead | --tail | --sample-rate | --bitrate | --title | --author | --album | --date | --publisher | --track | --comment) return ;;
    -o | --control | --output | --marks | --lexicon | --summary | --image | --intro | --outro | --between | --cover | --chapters) _filedir; return ;;
    esac
    if [[ $cur == -* ]]; then
        local about=()
        [[ ${words[1]} == -* ]] || about=("${words[1]}")
        mapfile -t COMPREPLY < <(compgen -W "$(narrate "${about[@]}" --help | grep -o -- '--[a-z-]*' | sort -u)" -- "$cur")
        return
    fi
    _filedir
    if ((cword == 1)); then
        local more
        mapfile -t more < <(compgen -W "$commands" -- "$cur")
        COMPREPLY+=("${more[@]}")
    fi
} &&
    complete -F _narrate narrate
