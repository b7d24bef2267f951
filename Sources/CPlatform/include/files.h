// Calls on files with one convention: a result of 0 or more, or the negated errno. Calls that a
// signal interrupts are repeated.
#ifndef CPLATFORM_FILES_H
#define CPLATFORM_FILES_H

#include <stddef.h>
#include <stdint.h>

enum {
  CP_OPEN_READ = 0,      // never waits for a fifo's writer, never makes a terminal controlling
  CP_OPEN_WRITE = 1,     // an existing file, its contents kept; links at the end are not followed
  CP_OPEN_CREATE = 2,    // a file that must not exist
  CP_OPEN_APPEND = 3,    // read and append, created where absent
  CP_OPEN_FOLDER = 4     // to synchronise it
};

typedef struct {
  uint64_t device, inode, links;
  uint32_t mode;         // type and permissions
  uint32_t user, group;
  int64_t size;
  int64_t modified_seconds, modified_nanoseconds;
  int64_t changed_seconds, changed_nanoseconds;  // contents or metadata
} cp_file_status;

int cp_file_open(const char *path, int how, unsigned mode);
int cp_file_close(int file);
long cp_file_read(int file, void *bytes, size_t capacity);
// Up to `capacity` bytes from `offset` on; where the descriptor stands does not matter.
long cp_file_read_at(int file, void *bytes, size_t capacity, int64_t offset);
long cp_file_write(int file, const void *bytes, size_t count);
int cp_file_sync(int file);
int cp_file_sync_data(int file);
// All of the file system that the file lies on.
int cp_file_sync_system(int file);
int cp_file_truncate(int file, int64_t size);
// Makes sure of space for the first `size` bytes without changing what the file holds.
int cp_file_reserve(int file, int64_t size);
int cp_file_status_of(int file, cp_file_status *status);
int cp_file_status_at(const char *path, int follow, cp_file_status *status);
int cp_file_set_owner(int file, uint32_t user, uint32_t group);
int cp_file_set_mode(int file, unsigned mode);
// An advisory lock on the open file, gone with the process: 0, or -EWOULDBLOCK while another
// has it.
int cp_file_lock(int file);

// Names of extended attributes, each with its final zero byte; the number of bytes. With a
// capacity of 0, the number needed.
long cp_attribute_names(int file, char *names, size_t capacity);
long cp_attribute_get(int file, const char *name, void *value, size_t capacity);
int cp_attribute_set(int file, const char *name, const void *value, size_t count);
int cp_attribute_remove(int file, const char *name);

long cp_link_read(const char *path, char *target, size_t capacity);
// With `replace` 0, -EEXIST where `to` exists.
int cp_path_rename(const char *from, const char *to, int replace);
int cp_path_remove(const char *path);
int cp_folder_remove(const char *path);
int cp_folder_make(const char *path, unsigned mode);
// Names in a folder but for "." and "..", each with its final zero byte: the number of bytes, of
// which no more than `capacity` are stored.
long cp_folder_list(const char *path, char *names, size_t capacity);
// A descriptor that has something to read when files of watched folders come, go or have been
// written, or -errno.
int cp_watch_open(void);
// Watches a folder: a number for it, or -errno.
int cp_watch_add(int watch, const char *path);
int cp_watch_remove(int watch, int number);
// Takes in all that a watch has to say, without waiting.
void cp_watch_drain(int watch);
// Whether the effective user may write there: 0 or -errno.
int cp_path_writable(const char *path);

// The value of an environment variable, or null.
const char *cp_environment(const char *name);
// The home folder of the user by the password file, or null.
const char *cp_home(void);
// The working folder: bytes stored without a final zero, or -errno.
long cp_working_folder(char *path, size_t capacity);
int cp_process_id(void);
// Whether a process of this number runs: 1 or 0.
int cp_process_runs(int process);
// Nanoseconds since 1970.
int64_t cp_wall_nanoseconds(void);

// CRC-32C (Castagnoli), continuing from `crc`; 0 to begin.
uint32_t cp_crc32c(uint32_t crc, const void *bytes, size_t count);
// A 64-bit content hash, fast and not cryptographic, of `count` bytes in parts of any size.
typedef struct {
  uint64_t lanes[4];
  uint8_t rest[32];
  size_t held;  // bytes of `rest` in use
} cp_hash64_state;

void cp_hash64_begin(cp_hash64_state *state, size_t count);
void cp_hash64_add(cp_hash64_state *state, const void *bytes, size_t count);
uint64_t cp_hash64_end(const cp_hash64_state *state);

// Keeps what an open file holds as it is now for whoever reads it through `file`, whatever other
// processes do: whoever wants to write to it or to shorten it is made to wait until there is a
// private copy, without a name and in `folder` where there is room, else in memory, that takes the
// descriptor's place. Where the system gives no such notice the copy is made at once. 0, or -errno
// where neither could be done.
typedef struct cp_hold cp_hold;
int cp_file_hold(int file, const char *folder, cp_hold **hold);
// Makes the copy now, so that the process can be stopped: 0 or -errno.
int cp_hold_secure(cp_hold *hold);
// Whether the contents are gone: no copy could be made in the time that the system gives.
int cp_hold_is_lost(const cp_hold *hold);
// Ends the hold. To be called before the file is closed.
void cp_hold_end(cp_hold *hold);

#endif
