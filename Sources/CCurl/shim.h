// Swift imports no variadic C function: one typed wrapper for each kind of argument.
#ifndef CX_CCURL_SHIM_H
#define CX_CCURL_SHIM_H

#include <curl/curl.h>

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
