#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define RETRY(result, call) \
  do { (result) = (call); } while ((result) < 0 && errno == EINTR)

#define RETURN(call) \
  do { \
    long result_; \
    RETRY(result_, call); \
    return result_ < 0 ? -errno : result_; \
  } while (0)

int cp_file_open(const char *path, int how, unsigned mode) {
  static const int flags[] = {
    [CP_OPEN_READ] = O_RDONLY | O_NONBLOCK | O_NOCTTY,
    [CP_OPEN_WRITE] = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
    [CP_OPEN_CREATE] = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
    [CP_OPEN_APPEND] = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW,
    [CP_OPEN_FOLDER] = O_RDONLY | O_DIRECTORY,
  };
  // Who holds the file as it is (hold.c) lets others wait; O_NONBLOCK refuses to.
  for (int tries = 0; how == CP_OPEN_WRITE && tries < 6000; tries += 1) {
    int file = open(path, flags[how] | O_CLOEXEC);
    if (file >= 0 || (errno != EWOULDBLOCK && errno != EINTR)) return file < 0 ? -errno : file;
    nanosleep(&(struct timespec){0, 10000000}, NULL);
  }
  RETURN(open(path, flags[how] | O_CLOEXEC, mode));
}

// Linux has freed the descriptor even when it reports an error: no retry.
int cp_file_close(int file) {
  // A child that is being started may share the file still, and would keep its lock.
  flock(file, LOCK_UN);
  return close(file) < 0 && errno != EINTR ? -errno : 0;
}

long cp_file_read(int file, void *bytes, size_t capacity) { RETURN(read(file, bytes, capacity)); }

long cp_file_read_at(int file, void *bytes, size_t capacity, int64_t offset) {
  RETURN(pread(file, bytes, capacity, offset));
}

long cp_file_write(int file, const void *bytes, size_t count) {
  RETURN(write(file, bytes, count));
}

int cp_file_sync(int file) { RETURN(fsync(file)); }

int cp_file_sync_data(int file) { RETURN(fdatasync(file)); }

int cp_file_sync_system(int file) { RETURN(syncfs(file)); }

int cp_file_truncate(int file, int64_t size) { RETURN(ftruncate(file, size)); }

int cp_file_reserve(int file, int64_t size) {
  if (size <= 0) return 0;
  RETURN(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, size));
}

static int status_from(int result, const struct stat *from, cp_file_status *to) {
  if (result < 0) return -errno;
  *to = (cp_file_status){
    .device = from->st_dev,
    .inode = from->st_ino,
    .links = from->st_nlink,
    .mode = from->st_mode,
    .user = from->st_uid,
    .group = from->st_gid,
    .size = from->st_size,
    .modified_seconds = from->st_mtim.tv_sec,
    .modified_nanoseconds = from->st_mtim.tv_nsec,
    .changed_seconds = from->st_ctim.tv_sec,
    .changed_nanoseconds = from->st_ctim.tv_nsec,
  };
  return 0;
}

int cp_file_status_of(int file, cp_file_status *status) {
  struct stat from;
  int result;
  RETRY(result, fstat(file, &from));
  return status_from(result, &from, status);
}

int cp_file_status_at(const char *path, int follow, cp_file_status *status) {
  struct stat from;
  int result;
  RETRY(result, fstatat(AT_FDCWD, path, &from, follow ? 0 : AT_SYMLINK_NOFOLLOW));
  return status_from(result, &from, status);
}

int cp_file_set_owner(int file, uint32_t user, uint32_t group) {
  RETURN(fchown(file, user, group));
}

int cp_file_set_mode(int file, unsigned mode) { RETURN(fchmod(file, mode)); }

int cp_file_lock(int file) { RETURN(flock(file, LOCK_EX | LOCK_NB)); }

long cp_attribute_names(int file, char *names, size_t capacity) {
  RETURN(flistxattr(file, names, capacity));
}

long cp_attribute_get(int file, const char *name, void *value, size_t capacity) {
  RETURN(fgetxattr(file, name, value, capacity));
}

int cp_attribute_set(int file, const char *name, const void *value, size_t count) {
  RETURN(fsetxattr(file, name, value, count, 0));
}

int cp_attribute_remove(int file, const char *name) { RETURN(fremovexattr(file, name)); }

long cp_link_read(const char *path, char *target, size_t capacity) {
  RETURN(readlink(path, target, capacity));
}

int cp_path_rename(const char *from, const char *to, int replace) {
  if (!replace) {
    int result;
    RETRY(result, renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE));
    if (result == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -errno;
    // A file system without the flag: a hard link refuses to replace as well.
    RETRY(result, link(from, to));
    if (result < 0) return -errno;
    RETURN(unlink(from));
  }
  RETURN(rename(from, to));
}

int cp_path_remove(const char *path) { RETURN(unlink(path)); }

int cp_folder_remove(const char *path) { RETURN(rmdir(path)); }

int cp_folder_make(const char *path, unsigned mode) { RETURN(mkdir(path, mode)); }

long cp_folder_list(const char *path, char *names, size_t capacity) {
  DIR *folder = opendir(path);
  if (!folder) return -errno;
  size_t total = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    size_t size = strlen(entry->d_name) + 1;
    if (total + size <= capacity) memcpy(names + total, entry->d_name, size);
    total += size;
  }
  closedir(folder);
  return (long)total;
}

int cp_watch_open(void) {
  int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  return watch < 0 ? -errno : watch;
}

int cp_watch_add(int watch, const char *path) {
  RETURN(inotify_add_watch(
      watch, path, IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE));
}

int cp_watch_remove(int watch, int number) { RETURN(inotify_rm_watch(watch, number)); }

void cp_watch_drain(int watch) {
  char events[4096];
  while (read(watch, events, sizeof events) > 0) {
  }
}

int cp_path_writable(const char *path) { RETURN(faccessat(AT_FDCWD, path, W_OK, AT_EACCESS)); }

const char *cp_environment(const char *name) { return getenv(name); }

const char *cp_home(void) {
  const struct passwd *entry = getpwuid(getuid());
  return entry ? entry->pw_dir : NULL;
}

long cp_working_folder(char *path, size_t capacity) {
  return getcwd(path, capacity) ? (long)strlen(path) : -errno;
}

int cp_process_id(void) { return getpid(); }

int cp_process_runs(int process) { return kill(process, 0) == 0 || errno == EPERM; }

int64_t cp_wall_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

uint32_t cp_crc32c(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *byte = bytes;
  crc = ~crc;
  for (size_t index = 0; index < count; index++) {
    crc ^= byte[index];
    // Reflected polynomial 0x1EDC6F41, a nibble at a time.
    static const uint32_t table[16] = {
      0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362,
      0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab,
      0xe330a81a, 0xf36e6f75,
    };
    crc = table[crc & 15] ^ (crc >> 4);
    crc = table[crc & 15] ^ (crc >> 4);
  }
  return ~crc;
}

static uint64_t mix(uint64_t value) {
  value ^= value >> 32;
  value *= 0xd6e8feb86659fd93u;
  value ^= value >> 32;
  return value * 0xd6e8feb86659fd93u;
}

void cp_hash64_begin(cp_hash64_state *state, size_t count) {
  // Four chains that do not wait for one another.
  for (size_t lane = 0; lane < 4; lane++) {
    state->lanes[lane] = mix(count + 0x9e3779b97f4a7c15u * (lane + 1));
  }
  state->held = 0;
}

static void take(uint64_t lanes[4], const uint8_t *bytes) {
  uint64_t words[4];
  memcpy(words, bytes, 32);
  for (size_t lane = 0; lane < 4; lane++) {
    lanes[lane] = mix(lanes[lane] ^ words[lane]) + 0x9e3779b97f4a7c15u;
  }
}

void cp_hash64_add(cp_hash64_state *state, const void *bytes, size_t count) {
  const uint8_t *byte = bytes;
  size_t index = 0;
  if (state->held > 0) {
    while (index < count && state->held < 32) state->rest[state->held++] = byte[index++];
    if (state->held < 32) return;
    take(state->lanes, state->rest);
    state->held = 0;
  }
  uint64_t lanes[4];
  memcpy(lanes, state->lanes, sizeof lanes);
  for (; index + 32 <= count; index += 32) take(lanes, byte + index);
  memcpy(state->lanes, lanes, sizeof lanes);
  while (index < count) state->rest[state->held++] = byte[index++];
}

uint64_t cp_hash64_end(const cp_hash64_state *state) {
  uint64_t hash = state->lanes[0];
  for (size_t lane = 1; lane < 4; lane++) hash = mix(hash + state->lanes[lane]);
  for (size_t index = 0; index < state->held; index += 8) {
    uint64_t word = 0;
    memcpy(&word, state->rest + index, state->held - index < 8 ? state->held - index : 8);
    hash = mix(hash ^ word) + 0x9e3779b97f4a7c15u;
  }
  return mix(hash);
}
