#include "CCurl.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "CLoading.h"

// The functions used, by name. curl_easy_setopt and curl_easy_getinfo are macros in curl.h.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#define FUNCTIONS(F)                                                                              \
  F(curl_global_init)                                                                             \
  F(curl_easy_init)                                                                               \
  F(curl_easy_setopt)                                                                             \
  F(curl_easy_getinfo)                                                                            \
  F(curl_easy_cleanup)                                                                            \
  F(curl_easy_strerror)                                                                           \
  F(curl_slist_append)                                                                            \
  F(curl_slist_free_all)                                                                          \
  F(curl_multi_init)                                                                              \
  F(curl_multi_cleanup)                                                                           \
  F(curl_multi_add_handle)                                                                        \
  F(curl_multi_remove_handle)                                                                     \
  F(curl_multi_perform)                                                                           \
  F(curl_multi_poll)                                                                              \
  F(curl_multi_wakeup)                                                                            \
  F(curl_multi_info_read)

CL_DECLARE(libcurl, FUNCTIONS)
CL_DEFINE(
    libcurl, FUNCTIONS, CL_MISSING("libcurl", "speaks HTTP", "libcurl4"), "libcurl.so.4",
    "libcurl-gnutls.so.4", "libcurl.so")

static const char *reason;

static void start(void) {
  if (libcurl(&reason) && libcurl_table.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    reason = "libcurl cannot be used: it fails to initialise.";
  }
}

const char *cc_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
  return reason;
}

struct cc_loop {
  CURLM *multi;
};

struct cc_transfer {
  CURL *easy;
  struct curl_slist *fields;
  cc_request request;
  char reason[CURL_ERROR_SIZE];
};

cc_loop *cc_loop_new(void) {
  cc_loop *loop = malloc(sizeof *loop);
  if (!loop) return NULL;
  loop->multi = libcurl_table.curl_multi_init();
  if (loop->multi) return loop;
  free(loop);
  return NULL;
}

static size_t head(char *bytes, size_t size, size_t count, void *context) {
  cc_transfer *transfer = context;
  bool goes_on =
      transfer->request.head(transfer->request.context, (const uint8_t *)bytes, size * count);
  return goes_on ? size * count : 0;
}

static size_t body(char *bytes, size_t size, size_t count, void *context) {
  cc_transfer *transfer = context;
  bool goes_on = transfer->request.body_part(
      transfer->request.context, (const uint8_t *)bytes, size * count);
  return goes_on ? size * count : 0;
}

static bool set_up(cc_transfer *transfer) {
  const cc_request *request = &transfer->request;
  CURL *easy = transfer->easy;
  for (const char *const *field = request->fields; *field; field++) {
    struct curl_slist *longer = libcurl_table.curl_slist_append(transfer->fields, *field);
    if (!longer) return false;
    transfer->fields = longer;
  }
#define SET(option, value)                                                                        \
  if (libcurl_table.curl_easy_setopt(easy, option, value) != CURLE_OK) return false;
  SET(CURLOPT_ERRORBUFFER, transfer->reason)
  SET(CURLOPT_URL, request->address)
  // Redirects are not followed: a key would go to whoever is named in one.
  SET(CURLOPT_FOLLOWLOCATION, 0L)
  SET(CURLOPT_NOSIGNAL, 1L)
  SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_milliseconds)
  SET(CURLOPT_HTTPHEADER, transfer->fields)
  SET(CURLOPT_TCP_KEEPALIVE, 1L)
  if (request->body) {
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count)
    SET(CURLOPT_COPYPOSTFIELDS, (const char *)request->body)
  }
  SET(CURLOPT_HEADERFUNCTION, head)
  SET(CURLOPT_HEADERDATA, transfer)
  SET(CURLOPT_WRITEFUNCTION, body)
  SET(CURLOPT_WRITEDATA, transfer)
  SET(CURLOPT_PRIVATE, transfer)
  // An empty name is no proxy, whatever the environment says.
  if (request->direct) SET(CURLOPT_PROXY, "")
  if (request->authorities) {
    SET(CURLOPT_CAINFO, request->authorities)
    // Or those of the system were trusted as well.
    SET(CURLOPT_CAPATH, (char *)NULL)
  }
  // The answer of a proxy to CONNECT is none of the service.
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L)
#if LIBCURL_VERSION_NUM >= 0x075500
  SET(CURLOPT_PROTOCOLS_STR, "http,https")
#else
  SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS))
#endif
  return true;
}

static void free_transfer(cc_transfer *transfer) {
  if (transfer->easy) libcurl_table.curl_easy_cleanup(transfer->easy);
  libcurl_table.curl_slist_free_all(transfer->fields);
  free(transfer);
}

cc_transfer *cc_loop_add(cc_loop *loop, const cc_request *request) {
  cc_transfer *transfer = calloc(1, sizeof *transfer);
  if (!transfer) return NULL;
  transfer->request = *request;
  transfer->easy = libcurl_table.curl_easy_init();
  if (!transfer->easy || !set_up(transfer) ||
      libcurl_table.curl_multi_add_handle(loop->multi, transfer->easy) != CURLM_OK) {
    free_transfer(transfer);
    return NULL;
  }
  return transfer;
}

void cc_loop_remove(cc_loop *loop, cc_transfer *transfer) {
  libcurl_table.curl_multi_remove_handle(loop->multi, transfer->easy);
  free_transfer(transfer);
}

void cc_loop_perform(cc_loop *loop) {
  int running;
  libcurl_table.curl_multi_perform(loop->multi, &running);
}

void cc_loop_wait(cc_loop *loop, int milliseconds) {
  int count;
  libcurl_table.curl_multi_poll(loop->multi, NULL, 0, milliseconds, &count);
}

void cc_loop_wake(cc_loop *loop) { libcurl_table.curl_multi_wakeup(loop->multi); }

// Whether the library could not connect to another host than that of the address: to the proxy. It
// tells so in words alone: "Failed to connect to HOST port …".
static bool is_elsewhere(const cc_transfer *transfer) {
  static const char words[] = "connect to ";
  const char *host = strstr(transfer->reason, words);
  char *address = NULL;
  libcurl_table.curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &address);
  if (!host || !address) return false;
  host += sizeof words - 1;
  char name[256];
  size_t length = strcspn(host, " ");
  if (length >= sizeof name) return false;
  memcpy(name, host, length);
  name[length] = 0;
  return !strstr(address, name);
}

static cc_outcome outcome_of(const cc_transfer *transfer, CURLcode code, long proxy_status) {
  if (proxy_status >= 300) return cc_proxy_refused;
  switch (code) {
    case CURLE_OK: return cc_ok;
    case CURLE_WRITE_ERROR: return cc_stopped;
    case CURLE_COULDNT_RESOLVE_PROXY: return cc_proxy_unreachable;
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_HOST: return cc_unreachable;
    case CURLE_COULDNT_CONNECT:
      return is_elsewhere(transfer) ? cc_proxy_unreachable : cc_unreachable;
    // The only timeout that is left to the library is that of the connection.
    case CURLE_OPERATION_TIMEDOUT: return cc_slow_connection;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR: return cc_insecure;
    case CURLE_SSL_CACERT_BADFILE: return cc_bad_authorities;
    default: return cc_broken;
  }
}

void *cc_loop_ended(cc_loop *loop, cc_end *end) {
  CURLMsg *message;
  int left;
  while ((message = libcurl_table.curl_multi_info_read(loop->multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    char *found = NULL;
    libcurl_table.curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &found);
    cc_transfer *transfer = (cc_transfer *)found;
    CURLcode code = message->data.result;
    end->proxy_status = 0;
    libcurl_table.curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &end->proxy_status);
    end->outcome = outcome_of(transfer, code, end->proxy_status);
    // What the library writes about a connection to a server repeats host and port.
    bool is_plain = end->outcome == cc_unreachable || !transfer->reason[0];
    end->reason = is_plain ? libcurl_table.curl_easy_strerror(code) : transfer->reason;
    return transfer->request.context;
  }
  return NULL;
}
