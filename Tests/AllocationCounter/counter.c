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
static _Thread_local size_t objects;
static _Thread_local long kept;

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)

// A program's own allocator takes the place of the C library's in all its libraries. This one counts
// and hands on to glibc's, which has these second names.

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

// What Swift's runtime takes memory with for arrays, instances, closures and boxes.
void *swift_slowAlloc(size_t size, size_t alignment_mask);

static void note(const void *caller) {
  if (is_counting) {
    count++;
    kept++;
    const ptrdiff_t offset = (const char *)caller - (const char *)swift_slowAlloc;
    if (offset >= 0 && offset < 96) {  // The function is that long.
      objects++;
    }
  }
}

void free(void *block) {
  if (is_counting && block) {
    kept--;
  }
  __libc_free(block);
}

void *malloc(size_t size) {
  note(__builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  note(__builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  note(__builtin_return_address(0));
  if (is_counting && block) {
    kept--;
  }
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  note(__builtin_return_address(0));
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
  objects = 0;
  kept = 0;
  is_counting = true;
}

size_t allocation_counter_stop(void) {
  is_counting = false;
  return count;
}

size_t allocation_counter_objects(void) { return objects; }

long allocation_counter_kept(void) { return kept; }
