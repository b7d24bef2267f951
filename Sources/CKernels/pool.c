#include "include/pool.h"
#include "process.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// A run is published by storing a ticket: its number in the high half, the next unclaimed chunk in
// the low half. A claim is a compare-and-swap on the whole ticket, so a thread that read an older
// run's fields cannot claim a chunk of a newer one. Before the fields change, a ticket without
// chunks is stored: a thread that reads new fields with an old ticket then fails to claim by it.

enum { spin_limit = 4000 };

struct ck_pool {
  _Alignas(64) _Atomic uint64_t ticket;
  _Atomic uint64_t chunks;
  _Atomic uintptr_t body;
  _Atomic uintptr_t context;
  /// Low half of the run number; what idle threads sleep on.
  _Alignas(64) _Atomic uint32_t run;
  _Atomic uint32_t sleepers;
  /// Chunks done in this run; what the caller sleeps on.
  _Alignas(64) _Atomic uint32_t done;
  _Atomic uint32_t caller_sleeps;
  _Atomic bool stopping;
  pthread_mutex_t callers;
  size_t thread_count;
  pthread_t threads[];
};

/// The pool whose chunk this thread is working on.
static _Thread_local const ck_pool *current_pool;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void futex_wait(_Atomic uint32_t *word, uint32_t seen) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word, int threads) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0);
}

/// Claims and does chunks of the present run until none is left.
static void work(ck_pool *pool) {
  uint64_t ticket = atomic_load(&pool->ticket);
  for (;;) {
    const uint64_t chunks = atomic_load_explicit(&pool->chunks, memory_order_acquire);
    const ck_pool_body body =
        (ck_pool_body)atomic_load_explicit(&pool->body, memory_order_acquire);
    void *context = (void *)atomic_load_explicit(&pool->context, memory_order_acquire);
    const uint32_t chunk = (uint32_t)ticket;
    if (chunk >= chunks) {
      return;
    }
    if (!atomic_compare_exchange_weak(&pool->ticket, &ticket, ticket + 1)) {
      continue;
    }
    body(context, chunk);
    if (atomic_fetch_add(&pool->done, 1) + 1 == chunks && atomic_load(&pool->caller_sleeps)) {
      futex_wake(&pool->done, 1);
    }
    ticket = atomic_load(&pool->ticket);
  }
}

static void *thread_main(void *argument) {
  ck_pool *pool = argument;
  current_pool = pool;
  cp_thread_compute();
  uint32_t seen = 0;
  for (;;) {
    uint32_t run = atomic_load(&pool->run);
    for (int spin = 0; run == seen && spin < spin_limit; spin++) {
      pause_briefly();
      run = atomic_load(&pool->run);
    }
    if (run == seen) {
      // The sleeper count goes up before the kernel compares the run number: a caller that sees
      // no sleeper has stored a number that this thread then finds changed.
      atomic_fetch_add(&pool->sleepers, 1);
      futex_wait(&pool->run, seen);
      atomic_fetch_sub(&pool->sleepers, 1);
      continue;
    }
    if (atomic_load(&pool->stopping)) {
      return NULL;
    }
    seen = run;
    work(pool);
  }
}

ck_pool *ck_pool_create(size_t threads) {
  const size_t count = threads > 1 ? threads - 1 : 0;
  size_t size = sizeof(ck_pool) + count * sizeof(pthread_t);
  size = (size + 63) / 64 * 64;
  ck_pool *pool = aligned_alloc(64, size);
  if (!pool) {
    return NULL;
  }
  atomic_init(&pool->ticket, 0);
  atomic_init(&pool->chunks, 0);
  atomic_init(&pool->body, 0);
  atomic_init(&pool->context, 0);
  atomic_init(&pool->run, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->done, 0);
  atomic_init(&pool->caller_sleeps, 0);
  atomic_init(&pool->stopping, false);
  pthread_mutex_init(&pool->callers, NULL);
  pool->thread_count = 0;
  // Signals belong to the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (pool->thread_count < count
         && pthread_create(&pool->threads[pool->thread_count], NULL, thread_main, pool) == 0) {
    pool->thread_count++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pool;
}

size_t ck_pool_threads(const ck_pool *pool) { return pool->thread_count + 1; }

void ck_pool_run(ck_pool *pool, size_t chunks, ck_pool_body body, void *context) {
  if (current_pool == pool || pool->thread_count == 0 || chunks <= 1) {
    for (size_t chunk = 0; chunk < chunks; chunk++) {
      body(context, chunk);
    }
    return;
  }
  pthread_mutex_lock(&pool->callers);
  const ck_pool *outer = current_pool;
  current_pool = pool;
  const uint32_t run = atomic_load(&pool->run) + 1;
  atomic_store(&pool->ticket, (uint64_t)run << 32 | UINT32_MAX);
  atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
  atomic_store_explicit(&pool->chunks, chunks, memory_order_release);
  atomic_store_explicit(&pool->body, (uintptr_t)body, memory_order_release);
  atomic_store_explicit(&pool->context, (uintptr_t)context, memory_order_release);
  atomic_store(&pool->ticket, (uint64_t)run << 32);
  atomic_store(&pool->run, run);
  const uint32_t sleepers = atomic_load(&pool->sleepers);
  if (sleepers > 0) {
    futex_wake(&pool->run, (int)(chunks - 1 < sleepers ? chunks - 1 : sleepers));
  }
  work(pool);
  uint32_t done = atomic_load(&pool->done);
  for (int spin = 0; done != chunks && spin < spin_limit; spin++) {
    pause_briefly();
    done = atomic_load(&pool->done);
  }
  if (done != chunks) {
    atomic_store(&pool->caller_sleeps, 1);
    while ((done = atomic_load(&pool->done)) != chunks) {
      futex_wait(&pool->done, done);
    }
    atomic_store(&pool->caller_sleeps, 0);
  }
  current_pool = outer;
  pthread_mutex_unlock(&pool->callers);
}

void ck_pool_destroy(ck_pool *pool) {
  atomic_store(&pool->stopping, true);
  atomic_fetch_add(&pool->run, 1);
  futex_wake(&pool->run, 1 << 30);
  for (size_t i = 0; i < pool->thread_count; i++) {
    pthread_join(pool->threads[i], NULL);
  }
  pthread_mutex_destroy(&pool->callers);
  free(pool);
}

size_t ck_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) {
    return 1;
  }
  const int count = CPU_COUNT(&set);
  return count > 1 ? (size_t)count : 1;
}
