// libcurl, loaded when the first request is sent: a program that never uses the network neither
// loads it nor needs it.
#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Loads the library. NULL, or what is wrong if it is missing or too old. Any thread.
const char *cc_load(void);

// What a transfer needs. All strings are copied.
typedef struct {
  const char *address;
  // NULL for GET.
  const uint8_t *body;
  size_t body_count;
  // Lines "Name: value", ended by NULL.
  const char *const *fields;
  long connect_milliseconds;
  // A PEM file with the only certificates to trust; NULL trusts those of the system.
  const char *authorities;
  // Whether proxies of the environment are passed over.
  bool direct;
  // Passed to the functions below, which the loop's thread calls.
  void *context;
  // A line of the head, with its end; false ends the transfer.
  bool (*head)(void *context, const uint8_t *bytes, size_t count);
  // A part of the body; false ends the transfer.
  bool (*body_part)(void *context, const uint8_t *bytes, size_t count);
} cc_request;

typedef struct cc_loop cc_loop;
typedef struct cc_transfer cc_transfer;

// What became of a transfer.
typedef enum {
  cc_ok,
  cc_unreachable,
  cc_proxy_unreachable,
  // The proxy answered, with another status than 200.
  cc_proxy_refused,
  cc_insecure,
  // The file of authorities cannot be read, or has no certificate.
  cc_bad_authorities,
  cc_slow_connection,
  cc_broken,
  cc_stopped,
} cc_outcome;

// NULL where memory is short.
cc_loop *cc_loop_new(void);
// Begins a transfer; NULL if the request cannot be sent as it is.
cc_transfer *cc_loop_add(cc_loop *loop, const cc_request *request);
// Ends a transfer, closes its connection unless it is done, and frees it.
void cc_loop_remove(cc_loop *loop, cc_transfer *transfer);
// Moves all transfers on as far as they go without waiting.
void cc_loop_perform(cc_loop *loop);
// Waits until something can go on, for at most so many milliseconds, or until it is woken.
void cc_loop_wait(cc_loop *loop, int milliseconds);
// Ends the wait. Any thread.
void cc_loop_wake(cc_loop *loop);
// How a transfer ended.
typedef struct {
  cc_outcome outcome;
  // Lives until the transfer is removed.
  const char *reason;
  // What the proxy answered to CONNECT; 0 without a proxy.
  long proxy_status;
} cc_end;

// The context of a transfer that is over, NULL without one.
void *cc_loop_ended(cc_loop *loop, cc_end *end);

#endif
