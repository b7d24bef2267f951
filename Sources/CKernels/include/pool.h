#ifndef CK_POOL_H
#define CK_POOL_H

#include <stddef.h>

/// A fork-join pool whose threads claim chunks one at a time, the caller among them. Idle threads
/// spin for some microseconds, then sleep on a futex.
typedef struct ck_pool ck_pool;

typedef void (*ck_pool_body)(void *context, size_t chunk);

/// Starts `threads` - 1 threads (the caller of a run is the other one). Fewer are started when the
/// system refuses; null when memory is short.
ck_pool *ck_pool_create(size_t threads);

/// Number of threads that work on a run, the caller included.
size_t ck_pool_threads(const ck_pool *pool);

/// Calls body(context, chunk) once for each chunk in 0..<chunks and returns when all are done.
/// Runs of several callers take turns. A run inside a body is done by the calling thread alone.
void ck_pool_run(ck_pool *pool, size_t chunks, ck_pool_body body, void *context);

/// Ends and joins the threads. No run may be under way.
void ck_pool_destroy(ck_pool *pool);

/// Number of processors this process may run on, at least 1.
size_t ck_processor_count(void);

#endif
