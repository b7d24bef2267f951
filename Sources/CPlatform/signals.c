#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// tty.c: modes to put back, or NULL.
const struct termios *cp_remembered_modes(void);

// Signals of the terminal: a handler may only write a byte, the event loop does the rest.

static int pipe_ends[2] = {-1, -1};

static void forward(int signal_number) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal_number;
  (void)!write(pipe_ends[1], &byte, 1);
  errno = saved;
}

static void catch_signal(int signal_number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  sigaction(signal_number, &action, NULL);
}

int cp_signals_open(void) {
  if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  static const int caught[] = {SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH};
  for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i += 1) {
    catch_signal(caught[i], forward);
  }
  // Both are errors of the write that fails.
  catch_signal(SIGPIPE, SIG_IGN);
  catch_signal(SIGXFSZ, SIG_IGN);
  return pipe_ends[0];
}

int cp_ending_signals_open(void) {
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return -1;
  // The end that the handler writes to never blocks.
  fcntl(pipe_ends[1], F_SETFL, O_NONBLOCK);
  struct sigaction before;
  // A shell without job control starts programs in the background with INT ignored.
  if (sigaction(SIGINT, NULL, &before) != 0 || before.sa_handler != SIG_IGN) {
    catch_signal(SIGINT, forward);
  }
  catch_signal(SIGTERM, forward);
  return pipe_ends[0];
}

void cp_ending_signals_finish(void) { forward(0); }

int cp_signals_next(int signals) {
  unsigned char byte;
  return read(signals, &byte, 1) == 1 ? byte : 0;
}

void cp_stop_group(void) {
  // The calling thread must be the one that stops: with a signal to the process another thread may
  // take it later, when this one has the terminal again. Hence the process ignores the signal of the
  // group, also one that was queued meanwhile, and sends itself another that is for this thread.
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  catch_signal(SIGTSTP, SIG_IGN);
  kill(0, SIGTSTP);
  catch_signal(SIGTSTP, SIG_IGN);
  catch_signal(SIGTSTP, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &stop, &before);
  pthread_kill(pthread_self(), SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  catch_signal(SIGTSTP, forward);
}

// Signals that end the process: everything a handler needs lies in static storage, and it calls nothing but
// async-signal-safe functions.

static volatile sig_atomic_t fatal_tty = -1;
static char fatal_leave[256];
static size_t fatal_leave_count = 0;
static char fatal_text[1024];
static size_t fatal_text_count = 0;

static void write_bytes(int file, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(file, bytes, count);
    if (written <= 0) {
      if (written < 0 && errno == EINTR) continue;
      return;
    }
    bytes += written;
    count -= (size_t)written;
  }
}

// Faults of the program itself. The language runtime has handlers for them, and for QUIT.
static const int faults[] = {SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE};

static int is_fault(int signal_number) {
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i += 1) {
    if (faults[i] == signal_number) return 1;
  }
  return 0;
}

static void write_name(int file, int signal_number) {
  const char *name = sigabbrev_np(signal_number);
  if (name != NULL) {
    write_bytes(file, "SIG", 3);
    write_bytes(file, name, strlen(name));
  } else {
    char digits[2] = {(char)('0' + signal_number / 10 % 10), (char)('0' + signal_number % 10)};
    write_bytes(file, "signal ", 7);
    write_bytes(file, digits, sizeof digits);
  }
}

static void rescue(int signal_number) {
  int tty = fatal_tty;
  if (tty >= 0) {
    fatal_tty = -1;
    write_bytes(tty, fatal_leave, fatal_leave_count);
    const struct termios *modes = cp_remembered_modes();
    if (modes != NULL) (void)tcsetattr(tty, TCSANOW, modes);
    static const char fault[] = "palimpsest: internal error, ", other[] = "palimpsest: ended by ";
    if (is_fault(signal_number)) write_bytes(tty, fault, sizeof fault - 1);
    else write_bytes(tty, other, sizeof other - 1);
    write_name(tty, signal_number);
    write_bytes(tty, ". ", 2);
    write_bytes(tty, fatal_text, fatal_text_count);
    write_bytes(tty, "\r\n", 2);
  }
  // SA_RESETHAND has put the default action back; the signal is delivered once the handler ends.
  raise(signal_number);
}

// Whether the kernel ends a process that has no handler for the signal.
static int ends_by_default(int signal_number) {
  switch (signal_number) {
    case SIGCHLD: case SIGCONT: case SIGURG: case SIGWINCH:           // ignored
    case SIGSTOP: case SIGTSTP: case SIGTTIN: case SIGTTOU:           // stop
    case SIGKILL: return 0;                                           // cannot be caught
    default: return 1;
  }
}

void cp_fatal_arm(int tty, const char *leave, size_t count) {
  static int installed = 0;
  fatal_tty = -1;
  fatal_leave_count = count < sizeof fatal_leave ? count : sizeof fatal_leave;
  memcpy(fatal_leave, leave, fatal_leave_count);
  fatal_tty = tty;
  if (installed) return;
  installed = 1;

  // A stack of its own, so that running out of stack is survived long enough to restore the screen.
  static char stack[64 * 1024];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);

  for (int number = 1; number <= SIGRTMAX; number += 1) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) continue;
    int has_runtimes = is_fault(number) || (number == SIGQUIT && action.sa_handler != SIG_IGN);
    if (!has_runtimes && (action.sa_handler != SIG_DFL || !ends_by_default(number))) continue;
    memset(&action, 0, sizeof action);
    action.sa_handler = rescue;
    action.sa_flags = SA_ONSTACK | (int)SA_RESETHAND;
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
  }
}

void cp_fatal_disarm(void) { fatal_tty = -1; }

void cp_fatal_message(const char *message) {
  size_t count = strlen(message);
  if (count >= sizeof fatal_text) count = sizeof fatal_text - 1;
  memcpy(fatal_text, message, count);
  fatal_text_count = count;
}
