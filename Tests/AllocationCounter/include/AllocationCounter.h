#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stddef.h>

/// Whether this program's allocations can be counted: not under a sanitizer, which has an allocator
/// of its own.
bool allocation_counter_works(void);

/// Begins to count what the calling thread allocates. Other threads are not counted.
void allocation_counter_start(void);

/// Ends counting; returns how many blocks the thread has allocated since the start.
size_t allocation_counter_stop(void);

/// Of what was counted last, blocks of Swift's runtime: arrays, instances, closures and boxes, but no
/// frames of coroutines, which builds without optimisation keep in blocks where others keep none.
size_t allocation_counter_objects(void);

/// Of what was counted last, blocks allocated less blocks freed.
long allocation_counter_kept(void);

#endif
