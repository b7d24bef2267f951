// The terminal device beneath curses: its modes, its size, the signals that concern it, and a last
// rescue when the program faults.
#ifndef CPLATFORM_TTY_H
#define CPLATFORM_TTY_H

#include <stddef.h>

// Opens the terminal the keys come from: standard input where it is a terminal, else the
// controlling terminal. A descriptor of our own to close, or -1 with errno.
int cp_tty_open(void);
void cp_tty_close(int tty);

// Keeps the device's modes, once a process, for `cp_tty_restore` and the fatal-signal handlers.
// 0, or errno.
int cp_tty_remember(int tty);

// Raw input: bytes as they come, no echo, no flow control, no keys that signal. Output
// post-processing stays off: curses moves the cursor itself. 0, or errno.
int cp_tty_raw(int tty);

// The remembered modes, after pending output is out. 0, or errno.
int cp_tty_restore(int tty);

// The erase character of the remembered modes; 0x7f where unknown.
unsigned char cp_tty_erase(void);

// Columns and rows of the device; 0 on success, else errno. Unknown sizes come as 80 by 24.
int cp_tty_size(int tty, int *columns, int *rows);

// At most `capacity` bytes: their number, 0 at end of file or hang-up, -1 to try again later.
long cp_tty_read(int tty, unsigned char *bytes, size_t capacity);

// Writes all bytes. 0, or errno.
int cp_tty_write(int tty, const char *bytes, size_t count);

// Routes HUP, INT, TERM, TSTP, CONT and WINCH into a pipe, one byte of signal number each, and
// ignores PIPE and XFSZ. Returns the end to read from (non-blocking), or -1 with errno. Once a process.
int cp_signals_open(void);

// Routes INT, unless it is ignored, and TERM into a pipe, for a program without a terminal. Returns
// the end to read from (blocking), or -1 with errno. Once a process, and not beside `cp_signals_open`.
int cp_ending_signals_open(void);

// Puts a 0 into the pipe of `cp_ending_signals_open`.
void cp_ending_signals_finish(void);

// Next caught signal, or 0.
int cp_signals_next(int signals);

// Stops the whole process group as the terminal's stop key would; returns after SIGCONT, or at once
// where no shell could continue the group.
void cp_stop_group(void);

// An eventfd that any thread may signal. -1 with errno on failure.
int cp_wake_open(void);
void cp_wake_signal(int wake);
void cp_wake_drain(int wake);
void cp_wake_close(int wake);

enum {
  CP_READY_TTY = 1,
  CP_READY_SIGNAL = 2,
  CP_READY_WAKE = 4,
  CP_READY_HANGUP = 8,
  CP_READY_WATCH = 16
};

// Sleeps until one of the descriptors has something or the milliseconds are over (-1: no limit).
// Negative descriptors are passed over. Returns the CP_READY bits; 0 after the time.
int cp_wait(int tty, int signals, int wake, int watch, int milliseconds);

// Milliseconds on a clock that never steps.
long long cp_milliseconds(void);

// From now on a signal that ends the process writes `leave` to the device, restores the remembered
// modes, writes the message of `cp_fatal_message`, and the process dies of the same signal. These are
// the faults (ILL, TRAP, SEGV, ABRT, BUS, FPE) and QUIT, for which it replaces handlers that the
// language runtime installed, and all others that end a process by default and that nobody catches or
// ignores, such as USR1. `leave` is copied; at most 256 bytes. Calling it again only replaces the
// device and `leave`.
void cp_fatal_arm(int tty, const char *leave, size_t count);

// Handlers stay, but leave the device alone: it is in its normal state.
void cp_fatal_disarm(void);

// One line for the fatal message, such as where unsaved text is kept. Copied; at most 1023 bytes.
void cp_fatal_message(const char *message);

// For tests: a pseudo-terminal of this size. The program's end is `*device`, the other side is
// returned, or -1 with errno.
int cp_pseudo_terminal(int *device, int columns, int rows);
void cp_pseudo_resize(int master, int columns, int rows);

// Whether input comes as raw bytes now: 1, 0, or -1 where the descriptor is no terminal.
int cp_tty_is_raw(int tty);

#endif
