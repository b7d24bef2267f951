// ncursesw for Swift: wide characters on, and what the importer cannot read of curses.h (casting
// macros, globals) as inline functions. Only `Terminals` imports this module.
#ifndef CNCURSES_SHIM_H
#define CNCURSES_SHIM_H

#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

static inline attr_t cn_bold(void) { return WA_BOLD; }
static inline attr_t cn_dim(void) { return WA_DIM; }
static inline attr_t cn_italic(void) { return WA_ITALIC; }
static inline attr_t cn_underline(void) { return WA_UNDERLINE; }
static inline attr_t cn_reverse(void) { return WA_REVERSE; }

// The window of the screen that newterm made current.
static inline WINDOW *cn_screen(void) { return stdscr; }

// Longest cluster a cell holds, in scalars.
static inline int cn_cell_capacity(void) { return CCHARW_MAX; }

// Writes scalars, zero-terminated, the first of them spacing, into one cell of the window. A colour
// pair may exceed the 15 bits that the plain argument carries. ERR from the last cell of the screen
// only says that the cursor cannot move on; the cell is written.
static inline void cn_put(
    WINDOW *window, int row, int column, const wchar_t *scalars, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, scalars, attributes, 0, &pair) == OK) {
    (void)mvwadd_wch(window, row, column, &cell);
  }
}

// Writes one spacing scalar into so many cells, one where it is wide.
static inline void cn_put_run(
    WINDOW *window, int row, int column, wchar_t scalar, int count, attr_t attributes, int pair) {
  const wchar_t scalars[] = {scalar, 0};
  if (count == 1) {
    cn_put(window, row, column, scalars, attributes, pair);
    return;
  }
  cchar_t cell;
  if (setcchar(&cell, scalars, attributes, 0, &pair) == OK) {
    (void)mvwhline_set(window, row, column, &cell, count);
  }
}

// Columns the C library, and so curses, gives a scalar; -1 for controls.
static inline int cn_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

// A capability string of the current terminal, or NULL.
static inline const char *cn_capability(const char *name) {
  const char *value = tigetstr(name);
  return (value == NULL || value == (const char *)-1) ? NULL : value;
}

static inline int cn_number(const char *name) { return tigetnum(name); }

// Makes the character type a UTF-8 one: the user's locale where it is, else the C library's own.
// Returns 0 when there is none.
static inline int cn_use_utf8(void) {
  static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8"};
  for (int i = 0; i < 3; i += 1) {
    if (setlocale(LC_CTYPE, names[i]) != NULL) {
      const char *set = nl_langinfo(CODESET);
      if (set[0] == 'U' && set[1] == 'T' && set[2] == 'F' && set[3] == '-' && set[4] == '8') {
        return 1;
      }
    }
  }
  return 0;
}

// Curses on an open terminal device, which stays the caller's: a screen of the terminal type, or
// NULL. The device alone says how large it is, not LINES and COLUMNS.
static inline SCREEN *cn_open(const char *type, int device) {
  FILE *output = fdopen(dup(device), "w");
  FILE *input = fdopen(dup(device), "r");
  if (output == NULL || input == NULL) return NULL;
  use_env(FALSE);
  use_tioctl(TRUE);
  return newterm(type, output, input);
}

#endif
