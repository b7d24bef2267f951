// What the process asks of the C library and the kernel.
#ifndef CPLATFORM_PROCESS_H
#define CPLATFORM_PROCESS_H

#include <spawn.h>

// Keeps up to 4 MB of freed memory for what is allocated next. A screen is made of and released in
// most of a megabyte at a time; as the C library starts out it hands so much back to the kernel at
// once, and every page of the next screen costs a fault. Blocks of 1 MB and more still go back.
void cp_memory_keep(void);

// Asks for short turns on the processor for the calling thread, not for those it starts: when it
// wakes, threads that compute give way to it sooner. Linux 6.12 and later; else nothing happens.
void cp_thread_answer_soon(void);

// Has the scheduler give the calling thread long turns that any other thread may cut short, of this
// process, of others and of the kernel: a key comes through threads of the kernel. The share of the
// processor stays the same. Linux 6.12 and later; else nothing happens.
void cp_thread_compute(void);

// Lets a program that is started have no file of this process but the standard ones. Returns 0 or an
// error number. By a call of glibc 2.34 that Swift does not import.
int cp_spawn_close_others(posix_spawn_file_actions_t *actions);

#endif
