/* library.h - a library that is loaded when it is first needed, because starting it takes longer than reading a page.
 *
 * NR_LIBRARY(FUNCTIONS, file) makes `lib`, with a member for each function that the list FUNCTIONS(X) names, and
 * find_functions(), which fills it; false when the file or a function is missing. Written once, before anything reads
 * it: call it under pthread_once(). One library to a source file. */
#ifndef NR_BASE_LIBRARY_H
#define NR_BASE_LIBRARY_H

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

#define NR_LIBRARY_MEMBER(name) __typeof__(&name) name;
#define NR_LIBRARY_FIND(name) good = good && (*(void **)&lib.name = dlsym(handle, #name)) != NULL;
#define NR_LIBRARY(FUNCTIONS, file)                                                                                    \
    static struct library {                                                                                            \
        FUNCTIONS(NR_LIBRARY_MEMBER)                                                                                   \
        bool loaded;                                                                                                   \
    } lib;                                                                                                             \
    static pthread_once_t once = PTHREAD_ONCE_INIT;                                                                    \
    static bool find_functions(void)                                                                                   \
    {                                                                                                                  \
        void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);                                                            \
        bool good = handle != NULL;                                                                                    \
        FUNCTIONS(NR_LIBRARY_FIND)                                                                                     \
        return good;                                                                                                   \
    }

#endif
