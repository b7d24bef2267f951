#include "AllocationCounter.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static _Thread_local bool is_counting;
static _Thread_local size_t count;
static _Thread_local long kept;

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)

// A program's own allocator takes the place of the C library's in all its libraries. This one counts
// and hands on to glibc's, which has these second names.

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static void note(void) {
  if (is_counting) {
    count++;
    kept++;
  }
}

void free(void *block) {
  if (is_counting && block) {
    kept--;
  }
  __libc_free(block);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  note();
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  note();
  if (is_counting && block) {
    kept--;
  }
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  note();
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void *found = __libc_memalign(alignment, size);
  if (!found) {
    return ENOMEM;
  }
  *block = found;
  return 0;
}

bool allocation_counter_works(void) { return true; }

#else

bool allocation_counter_works(void) { return false; }

#endif

void allocation_counter_start(void) {
  count = 0;
  kept = 0;
  is_counting = true;
}

size_t allocation_counter_stop(void) {
  is_counting = false;
  return count;
}

long allocation_counter_kept(void) { return kept; }
