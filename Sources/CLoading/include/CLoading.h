// Shared libraries that are loaded by their first use: a start neither loads them nor needs them.
//
//   #define FUNCTIONS(F) F(deflate) F(inflate)
//   CL_DECLARE(zlib, FUNCTIONS)                                    in a header or in a C file,
//   CL_DEFINE(zlib, FUNCTIONS, CL_MISSING("zlib", "inflates", "zlib1g"), "libz.so.1")
#ifndef CLOADING_H
#define CLOADING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

// The message for a library that is missing or lacks a function: what it does, as a clause, and its package
// on Debian 12.
#define CL_MISSING(library, does, package)                                                        \
  library ", which " does ", is missing: install " package "."

#define CL_POINTER(name) __typeof__(&name) name;
#define CL_NAME(name) #name,

// Declares the functions of a library as a table of pointers, and what loads it. Any thread. NULL, and
// the reason in `missing`, where the library cannot be loaded.
#define CL_DECLARE(library, FUNCTIONS)                                                            \
  typedef struct {                                                                                \
    FUNCTIONS(CL_POINTER)                                                                         \
  } library##_functions;                                                                          \
  const library##_functions *library(const char **missing);

// Defines it, with the message and the file names to try in turn. The table of the C file is
// `library_table`.
#define CL_DEFINE(library, FUNCTIONS, message, ...)                                               \
  static library##_functions library##_table;                                                     \
  static bool library##_is_loaded;                                                                \
  static void library##_load(void) {                                                              \
    static const char *const files[] = {__VA_ARGS__, NULL};                                       \
    static const char *const functions[] = {FUNCTIONS(CL_NAME) NULL};                             \
    library##_is_loaded = cl_load(files, functions, &library##_table);                            \
  }                                                                                               \
  const library##_functions *library(const char **missing) {                                      \
    static pthread_once_t once = PTHREAD_ONCE_INIT;                                               \
    pthread_once(&once, library##_load);                                                          \
    if (library##_is_loaded) return &library##_table;                                             \
    *missing = message;                                                                           \
    return NULL;                                                                                  \
  }

// Loads the first of `files` that there is and writes the addresses of `functions` to `table`, an array
// of function pointers; both lists end with NULL. False if there is no such file or function. What is
// loaded stays.
bool cl_load(const char *const *files, const char *const *functions, void *table);

#endif
