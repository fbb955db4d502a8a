// Swift imports no variadic C function: one typed wrapper for each kind of argument.
#ifndef CX_CCURL_SHIM_H
#define CX_CCURL_SHIM_H

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static inline curl_version_info_data *cx_curl_version_info(void) {
  return curl_version_info(CURLVERSION_NOW);
}

static inline CURLcode cx_curl_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cx_curl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cx_curl_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cx_curl_setopt_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cx_curl_setopt_list(CURL *handle, CURLoption option,
                                           struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*cx_curl_data_callback)(char *data, size_t size, size_t count, void *context);

static inline CURLcode cx_curl_setopt_data_callback(CURL *handle, CURLoption option,
                                                    cx_curl_data_callback value) {
  return curl_easy_setopt(handle, option, value);
}

// `opened` and `closed` belong to the connection, which outlives the handle that opened it.
static inline CURLcode cx_curl_watch_sockets(CURL *handle, curl_sockopt_callback opened,
                                             curl_closesocket_callback closed, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, opened);
  if (!code) code = curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, context);
  if (!code) code = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, closed);
  if (!code) code = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
  return code;
}

static inline CURLcode cx_curl_ask_before_request(CURL *handle, curl_prereq_callback callback,
                                                  void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
  return code ? code : curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
}

// Whether a socket's own end has that address and port.
static inline int cx_socket_is_at(int descriptor, const char *address, int port) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
  } name;
  socklen_t size = sizeof name;
  char text[INET6_ADDRSTRLEN];
  if (getsockname(descriptor, &name.any, &size) != 0) return 0;
  int is_v6 = name.any.sa_family == AF_INET6;
  if (!is_v6 && name.any.sa_family != AF_INET) return 0;
  if (ntohs(is_v6 ? name.v6.sin6_port : name.v4.sin_port) != port) return 0;
  const void *number = is_v6 ? (const void *)&name.v6.sin6_addr : &name.v4.sin_addr;
  return inet_ntop(name.any.sa_family, number, text, sizeof text) && strcmp(text, address) == 0;
}

// Whether a socket waits for its peer: there is nothing to read, not even its end.
static inline int cx_socket_is_quiet(int descriptor) {
  char byte;
  ssize_t count = recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

static inline CURLcode cx_curl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode cx_curl_getinfo_double(CURL *handle, CURLINFO info, double *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode cx_curl_getinfo_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}

// The options by name came with 7.85, the bit masks went out of use then; Ubuntu 22.04 has 7.81.
static inline CURLcode cx_curl_allow_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// Without this option, which came with 7.87, the removal of a transfer whose host is still being
// looked up waits for getaddrinfo and so stops every other transfer of the multi handle.
static inline CURLcode cx_curl_leave_resolver_behind(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  return curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
  return CURLE_OK;
#endif
}

static inline CURLMcode cx_curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

#endif
