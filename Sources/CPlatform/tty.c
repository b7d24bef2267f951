#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Modes of the device when the program found it. The fatal-signal handlers read them.
static struct termios remembered;
static volatile int has_remembered = 0;

int cp_tty_open(void) {
  if (isatty(STDIN_FILENO)) {
    int tty = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    int flags = tty < 0 ? -1 : fcntl(tty, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDWR) return tty;
    if (tty >= 0) close(tty);
  }
  return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

void cp_tty_close(int tty) { close(tty); }

int cp_tty_remember(int tty) {
  if (tcgetattr(tty, &remembered) != 0) return errno;
  has_remembered = 1;
  return 0;
}

int cp_tty_raw(int tty) {
  struct termios raw;
  if (tcgetattr(tty, &raw) != 0) return errno;
  raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL);
  raw.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
  raw.c_oflag &= ~(tcflag_t)(OPOST);
  raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
  raw.c_cflag |= CS8;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  while (tcsetattr(tty, TCSADRAIN, &raw) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

int cp_tty_restore(int tty) {
  if (!has_remembered) return 0;
  while (tcsetattr(tty, TCSADRAIN, &remembered) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

unsigned char cp_tty_erase(void) {
  return has_remembered && remembered.c_cc[VERASE] != 0 ? remembered.c_cc[VERASE] : 0x7f;
}

int cp_tty_size(int tty, int *columns, int *rows) {
  struct winsize size = {0};
  *columns = 80;
  *rows = 24;
  if (ioctl(tty, TIOCGWINSZ, &size) != 0) return errno;
  if (size.ws_col > 0) *columns = size.ws_col;
  if (size.ws_row > 0) *rows = size.ws_row;
  return 0;
}

long cp_tty_read(int tty, unsigned char *bytes, size_t capacity) {
  ssize_t count = read(tty, bytes, capacity);
  if (count >= 0) return (long)count;
  // EIO is how the side of the terminal tells that the other one is gone.
  return (errno == EINTR || errno == EAGAIN) ? -1 : 0;
}

int cp_tty_write(int tty, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(tty, bytes, count);
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        struct pollfd room = {.fd = tty, .events = POLLOUT};
        if (poll(&room, 1, 1000) > 0) continue;
        return EAGAIN;
      }
      return errno;
    }
    bytes += written;
    count -= (size_t)written;
  }
  return 0;
}

int cp_tty_is_raw(int tty) {
  struct termios modes;
  if (tcgetattr(tty, &modes) != 0) return -1;
  return (modes.c_lflag & (tcflag_t)(ICANON | ISIG | ECHO)) == 0;
}

void cp_pseudo_resize(int master, int columns, int rows) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  (void)ioctl(master, TIOCSWINSZ, &size);
}

int cp_pseudo_terminal(int *device, int columns, int rows) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -1;
  char path[64];
  *device = -1;
  if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, path, sizeof path) == 0) {
    *device = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  if (*device < 0) {
    close(master);
    return -1;
  }
  cp_pseudo_resize(master, columns, rows);
  return master;
}

int cp_wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cp_wake_signal(int wake) {
  // A full counter already wakes the reader.
  (void)!eventfd_write(wake, 1);
}

void cp_wake_drain(int wake) {
  eventfd_t value;
  (void)!eventfd_read(wake, &value);
}

void cp_wake_close(int wake) { close(wake); }

int cp_wait(int tty, int signals, int wake, int watch, int milliseconds) {
  // A negative descriptor is passed over.
  struct pollfd entries[4] = {
      {.fd = tty, .events = POLLIN},
      {.fd = signals, .events = POLLIN},
      {.fd = wake, .events = POLLIN},
      {.fd = watch, .events = POLLIN},
  };
  long long deadline = cp_milliseconds() + milliseconds;
  for (;;) {
    if (poll(entries, 4, milliseconds) >= 0) break;
    if (errno != EINTR) return 0;
    if (milliseconds > 0) {
      long long left = deadline - cp_milliseconds();
      milliseconds = left > 0 ? (int)left : 0;
    }
  }
  int ready = 0;
  if (entries[0].revents & POLLIN) ready |= CP_READY_TTY;
  else if (entries[0].revents & (POLLHUP | POLLERR | POLLNVAL)) ready |= CP_READY_HANGUP;
  if (entries[1].revents & POLLIN) ready |= CP_READY_SIGNAL;
  if (entries[2].revents & POLLIN) ready |= CP_READY_WAKE;
  if (entries[3].revents & POLLIN) ready |= CP_READY_WATCH;
  return ready;
}

long long cp_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const struct termios *cp_remembered_modes(void) { return has_remembered ? &remembered : NULL; }
