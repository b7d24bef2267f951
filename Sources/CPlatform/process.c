#include "process.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void cp_memory_keep(void) {
#ifdef M_TRIM_THRESHOLD
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

// Gives the calling thread turns of a length: who wakes and wants a shorter one goes first.
static void take_turns(uint64_t nanoseconds) {
  // struct sched_attr of linux/sched/types.h, which clashes with the C library's headers.
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {
      .size = sizeof attributes,
      .flags = 1,  // SCHED_FLAG_RESET_ON_FORK
      .nice = getpriority(PRIO_PROCESS, 0),
      .runtime = nanoseconds,
  };
  (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

// The least and the most that the kernel takes.
void cp_thread_answer_soon(void) { take_turns(100000); }
void cp_thread_compute(void) { take_turns(100000000); }

int cp_spawn_close_others(posix_spawn_file_actions_t *actions) {
  return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}
