#!/bin/sh
# Installs into a temporary folder, moves it, and uses the program, pkg-config, CMake and the man page from there.
set -eu
build=$1 source=$2 cc=$3 sanitize=$4
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/moved" # what was installed must not depend on where it was built for
prefix=$scratch/moved
article=$source/assets/articles/harbour.txt
env -u NARRATE_VOICE_PROGRAM "$prefix/bin/narrate" "$article" -o "$scratch/talk.raw" --quiet
test -s "$scratch/talk.raw"
mandoc "$prefix/share/man/man1/narrate.1" | grep -q 'turn an article into speech'
bash -c ". /usr/share/bash-completion/bash_completion; . '$prefix/share/bash-completion/completions/narrate'
  PATH=$prefix/bin:\$PATH; COMP_WORDS=(narrate --overw); COMP_CWORD=1; COMP_LINE='narrate --overw'; COMP_POINT=15; _narrate
  test \"\${COMPREPLY[*]}\" = --overwrite
  COMP_WORDS=(narrate normalise --st); COMP_CWORD=2; COMP_LINE='narrate normalise --st'; COMP_POINT=22; _narrate
  test \"\${COMPREPLY[*]}\" = --style"

pc=$(find "$prefix" -name narrate.pc)
export PKG_CONFIG_PATH="${pc%/*}"
flags=${sanitize:+-fsanitize=$sanitize}
libdir=$(dirname "$(dirname "$pc")")
# shellcheck disable=SC2046,SC2086
"$cc" $flags "$source/tests/program/example.c" -o "$scratch/example" \
    $(pkg-config --define-variable=prefix="$prefix" --cflags --libs narrate) -Wl,-rpath,"$libdir"
"$scratch/example" "$article" "$scratch/example.raw" | grep -q words
cmp "$scratch/talk.raw" "$scratch/example.raw" || { echo "the example's sound differs from the program's" >&2; exit 1; }
echo '#include <narrate.h>' >"$scratch/cxx.cc" # the header compiles as C++
c++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" "$scratch/cxx.cc"

mkdir "$scratch/user"
cat >"$scratch/user/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(user C)
find_package(narrate REQUIRED)
foreach(kind narrate narrate_static)
  add_executable(with_${kind} example.c)
  target_link_libraries(with_${kind} PRIVATE narrate::${kind})
endforeach()
EOF
cp "$source/tests/program/example.c" "$scratch/user/"
cmake -S "$scratch/user" -B "$scratch/user/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_C_FLAGS="$flags" >/dev/null
cmake --build "$scratch/user/build" >/dev/null
# A program with the library inside it that stands elsewhere has to be told where the voices are.
voice=$(find "$prefix" -name narrate-voice)
for kind in narrate narrate_static; do
    [ "$kind" = narrate ] || export NARRATE_VOICE_PROGRAM="$voice"
    "$scratch/user/build/with_$kind" "$article" "$scratch/$kind.wav" >/dev/null
    test -s "$scratch/$kind.wav"
done
