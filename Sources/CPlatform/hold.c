#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// A read lease: the kernel sends a signal when another process opens the file for writing or
// shortens it, and lets it wait (45 seconds, unless the machine is set up otherwise) until the lease
// is given back. The signal goes to a thread that does nothing else, so no handler is needed.

struct cp_hold {
  int file;
  char *folder;
  struct stat status;    // of the file as it is to stay
  pthread_t thread;
  int has_thread;
  pthread_mutex_t lock;  // of what follows
  pthread_cond_t changed;
  int has_begun, has_finished;
  int is_asked;          // for a copy, by this process
  int result;            // of the lease, then of the latest copy: 0 or -errno
  atomic_int ends, is_lost;
};

// What a copy may take where it finds no place but memory.
static const off_t most_in_memory = (off_t)2 << 30;

static int notice(void) { return SIGRTMIN + 6; }

// All bytes of the file into another; 0 or -errno.
static int copy_bytes(const struct cp_hold *hold, int to) {
  static const size_t step = 1 << 18, share = 64 << 20;
  off_t size = hold->status.st_size, done = 0;
  char *bytes = NULL;
  int result = 0;
  while (result == 0 && done < size) {
    if (atomic_load(&hold->ends)) {
      result = -ECANCELED;
      break;
    }
    ssize_t count = -1;
    size_t left = (size_t)(size - done);
    if (bytes == NULL) {
      off_t from = done, into = done;
      count = copy_file_range(hold->file, &from, to, &into, left < share ? left : share, 0);
      // File systems of two kinds; or one that cannot: read and write.
      if (count <= 0 && (bytes = malloc(step)) == NULL) result = -ENOMEM;
    }
    if (bytes != NULL) {
      count = pread(hold->file, bytes, left < step ? left : step, done);
      if (count == 0) result = -ESTALE;  // it has been shortened
      if (count > 0) count = pwrite(to, bytes, (size_t)count, done);
      if (count < 0 && errno != EINTR) result = -errno;
    }
    if (count > 0) done += count;
  }
  free(bytes);
  return result;
}

// Whether nobody has written. Renaming and the like change another time.
static int is_same(const struct cp_hold *hold) {
  struct stat now;
  return fstat(hold->file, &now) == 0 && now.st_size == hold->status.st_size
      && now.st_mtim.tv_sec == hold->status.st_mtim.tv_sec
      && now.st_mtim.tv_nsec == hold->status.st_mtim.tv_nsec;
}

// Puts a copy in the place of the descriptor, which gives the lease back.
static int copy_into(const struct cp_hold *hold, int copy) {
  if (copy < 0) return -errno;
  int result = copy_bytes(hold, copy);
  if (result == 0 && !is_same(hold)) result = -ESTALE;
  if (result == 0 && dup3(copy, hold->file, O_CLOEXEC) < 0) result = -errno;
  close(copy);
  return result;
}

static int copy_privately(const struct cp_hold *hold) {
  int result = copy_into(hold, open(hold->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (result == 0 || result == -ESTALE || hold->status.st_size > most_in_memory) return result;
  return copy_into(hold, memfd_create("palimpsest", MFD_CLOEXEC));
}

static int take_lease(struct cp_hold *hold) {
  struct f_owner_ex owner = {F_OWNER_TID, gettid()};
  if (fcntl(hold->file, F_SETOWN_EX, &owner) < 0 || fcntl(hold->file, F_SETSIG, notice()) < 0
      || fcntl(hold->file, F_SETLEASE, F_RDLCK) < 0 || fstat(hold->file, &hold->status) < 0) {
    return -errno;
  }
  return 0;
}

static void answer(struct cp_hold *hold, int *what, int value, int result) {
  pthread_mutex_lock(&hold->lock);
  *what = value;
  hold->result = result;
  pthread_cond_broadcast(&hold->changed);
  pthread_mutex_unlock(&hold->lock);
}

static void *watch(void *argument) {
  struct cp_hold *hold = argument;
  sigset_t set;
  sigfillset(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  sigemptyset(&set);
  sigaddset(&set, notice());
  sigaddset(&set, SIGIO);  // where the queue of the other is full
  int result = take_lease(hold);
  answer(hold, &hold->has_begun, 1, result);
  if (result < 0) return NULL;
  const struct timespec pause = {0, 250000000};
  int is_awaited = 0;
  while (!atomic_load(&hold->ends)) {
    // Once another process waits it is tried again and again: there may be room a moment later.
    int signal = is_awaited ? sigtimedwait(&set, NULL, &pause) : sigwaitinfo(&set, NULL);
    if ((signal < 0 && !is_awaited) || atomic_load(&hold->ends)) continue;
    result = copy_privately(hold);
    if (result == -ESTALE) atomic_store(&hold->is_lost, 1);
    if (result == 0 || result == -ESTALE) break;
    pthread_mutex_lock(&hold->lock);
    if (!hold->is_asked) is_awaited = 1;
    pthread_mutex_unlock(&hold->lock);
    answer(hold, &hold->is_asked, 0, result);
  }
  answer(hold, &hold->has_finished, 1, result);
  return NULL;
}

static void end_thread(cp_hold *hold) {
  if (!hold->has_thread) return;
  pthread_kill(hold->thread, notice());
  pthread_join(hold->thread, NULL);
  hold->has_thread = 0;
}

int cp_file_hold(int file, const char *folder, cp_hold **result) {
  *result = NULL;
  cp_hold *hold = calloc(1, sizeof *hold);
  if (hold == NULL) return -ENOMEM;
  hold->file = file;
  hold->folder = strdup(folder);
  pthread_mutex_init(&hold->lock, NULL);
  pthread_cond_init(&hold->changed, NULL);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 17);
  hold->has_thread = pthread_create(&hold->thread, &attributes, watch, hold) == 0;
  pthread_attr_destroy(&attributes);
  pthread_mutex_lock(&hold->lock);
  while (hold->has_thread && !hold->has_begun) pthread_cond_wait(&hold->changed, &hold->lock);
  int failure = hold->has_thread ? hold->result : -EAGAIN;
  pthread_mutex_unlock(&hold->lock);
  if (failure < 0) {
    end_thread(hold);
    failure = fstat(file, &hold->status) < 0 ? -errno : copy_privately(hold);
  }
  if (failure < 0) {
    cp_hold_end(hold);
    return failure;
  }
  *result = hold;
  return 0;
}

int cp_hold_secure(cp_hold *hold) {
  if (!hold->has_thread) return 0;
  pthread_mutex_lock(&hold->lock);
  if (!hold->has_finished) {
    hold->is_asked = 1;
    pthread_kill(hold->thread, notice());
    while (hold->is_asked && !hold->has_finished) pthread_cond_wait(&hold->changed, &hold->lock);
  }
  int result = hold->result;
  pthread_mutex_unlock(&hold->lock);
  return result;
}

int cp_hold_is_lost(const cp_hold *hold) { return atomic_load(&hold->is_lost); }

void cp_hold_end(cp_hold *hold) {
  atomic_store(&hold->ends, 1);
  end_thread(hold);
  pthread_cond_destroy(&hold->changed);
  pthread_mutex_destroy(&hold->lock);
  free(hold->folder);
  free(hold);
}
