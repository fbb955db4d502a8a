// OpenSSL, and wrappers for what Swift cannot import: macros, and callbacks that C calls.
#ifndef CX_COPENSSL_SHIM_H
#define CX_COPENSSL_SHIM_H

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

// The oldest error of this thread's queue in words.
static inline const char *cx_tls_error(void) {
  unsigned long code = ERR_peek_error();
  if (code == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(code)) return strerror(ERR_GET_REASON(code));
  const char *reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown error";
}

// Whether the peer has spoken plain HTTP.
static inline int cx_tls_is_plain_http(void) {
  unsigned long code = ERR_peek_error();
  return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST;
}

// Without it an encrypted key would ask for its password on the terminal.
static inline int cx_tls_no_password(char *buffer, int size, int writing, void *context) {
  (void)buffer, (void)size, (void)writing, (void)context;
  return -1;
}

static inline int cx_tls_select_protocol(SSL *ssl, const unsigned char **out,
                                         unsigned char *length, const unsigned char *offered,
                                         unsigned int offered_length, void *context) {
  static const unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  (void)ssl, (void)context;
  int found = SSL_select_next_proto((unsigned char **)out, length, http11, sizeof http11, offered,
                                    offered_length);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// A server's context; versions as in TLS1_2_VERSION. Null where OpenSSL has none.
static inline SSL_CTX *cx_tls_server(int min_version, int max_version, int prefers_own_order) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) return 0;
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  // No resumption: a session would outlive the certificate or the rule that let its client in.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  if (prefers_own_order) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  // TLS 1.0 and 1.1 sign with SHA-1, which other levels refuse.
  if (min_version < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_default_passwd_cb(context, cx_tls_no_password);
  SSL_CTX_set_alpn_select_cb(context, cx_tls_select_protocol, 0);
  if (SSL_CTX_set_min_proto_version(context, min_version) != 1 ||
      SSL_CTX_set_max_proto_version(context, max_version) != 1) {
    SSL_CTX_free(context);
    return 0;
  }
  return context;
}

// Whether both ends agreed on HTTP/2 (RFC 7301).
static inline int cx_tls_speaks_http2(const SSL *ssl) {
  const unsigned char *name = 0;
  unsigned int length = 0;
  SSL_get0_alpn_selected(ssl, &name, &length);
  return length == 2 && memcmp(name, "h2", 2) == 0;
}

static inline int cx_tls_set_groups(SSL_CTX *context, const char *groups) {
  return SSL_CTX_set1_groups_list(context, groups) == 1;
}

// A file, or bytes in memory if `file` is null, after a byte order mark: PEM knows none.
static inline BIO *cx_tls_open(const char *file, const void *bytes, int length) {
  BIO *bio = file ? BIO_new_file(file, "r") : BIO_new_mem_buf(bytes, length);
  char mark[3];
  if (bio && !(BIO_read(bio, mark, 3) == 3 && memcmp(mark, "\xEF\xBB\xBF", 3) == 0))
    (void)BIO_reset(bio);
  return bio;
}

// The end of PEM is an error to OpenSSL as well.
static inline int cx_tls_is_end_of_pem(void) {
  unsigned long code = ERR_peek_last_error();
  if (ERR_GET_LIB(code) != ERR_LIB_PEM || ERR_GET_REASON(code) != PEM_R_NO_START_LINE) return 0;
  ERR_clear_error();
  return 1;
}

// The server's own certificate and those that lead to an authority. Frees `bio`.
static inline int cx_tls_use_chain(SSL_CTX *context, BIO *bio) {
  if (!bio) return 0;
  X509 *own = PEM_read_bio_X509_AUX(bio, 0, cx_tls_no_password, 0);
  int is_good = own && SSL_CTX_use_certificate(context, own) == 1;
  X509_free(own);
  X509 *next = 0;
  while (is_good && (next = PEM_read_bio_X509(bio, 0, cx_tls_no_password, 0))) {
    is_good = SSL_CTX_add0_chain_cert(context, next) == 1;
    if (!is_good) X509_free(next);
  }
  is_good = is_good && cx_tls_is_end_of_pem();
  BIO_free(bio);
  return is_good;
}

// Frees `bio`.
static inline int cx_tls_use_key(SSL_CTX *context, BIO *bio) {
  if (!bio) return 0;
  EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, 0, cx_tls_no_password, 0);
  int is_good = key && SSL_CTX_use_PrivateKey(context, key) == 1;
  EVP_PKEY_free(key);
  BIO_free(bio);
  return is_good;
}

// The client certificates' authorities: trusted, and named to the client. Frees `bio`.
static inline int cx_tls_use_client_ca(SSL_CTX *context, BIO *bio) {
  if (!bio) return 0;
  X509 *authority = 0;
  int count = 0, is_good = 1;
  while (is_good && (authority = PEM_read_bio_X509(bio, 0, cx_tls_no_password, 0))) {
    is_good = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority) == 1 &&
              SSL_CTX_add_client_CA(context, authority) == 1;
    X509_free(authority);
    count++;
  }
  // Without any, the error that there is no start line remains.
  is_good = is_good && count > 0 && cx_tls_is_end_of_pem();
  BIO_free(bio);
  return is_good;
}

static inline int cx_tls_same(const char *text, int length, const char *line, size_t line_length) {
  return length >= 0 && (size_t)length == line_length && memcmp(text, line, line_length) == 0;
}

// Whether one of the lines of `allowed` is that name.
static inline int cx_tls_is_allowed(const GENERAL_NAME *name, const char *allowed) {
  char address[INET6_ADDRSTRLEN];
  const char *text = 0;
  int length = 0;
  if (name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI) {
    text = (const char *)ASN1_STRING_get0_data(name->d.ia5);
    length = ASN1_STRING_length(name->d.ia5);
  } else if (name->type == GEN_IPADD) {
    int size = ASN1_STRING_length(name->d.iPAddress);
    if (size != 4 && size != 16) return 0;
    text = inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress),
                     address, sizeof address);
    if (!text) return 0;
    length = (int)strlen(text);
  } else {
    return 0;
  }
  while (*allowed) {
    size_t line = strcspn(allowed, "\n");
    if (cx_tls_same(text, length, allowed, line)) return 1;
    allowed += line + (allowed[line] == '\n');
  }
  return 0;
}

// Whether the client's own certificate has an allowed name, if any is wanted.
static inline int cx_tls_has_allowed_name(X509_STORE_CTX *store) {
  SSL *ssl = (SSL *)X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  const char *allowed = (const char *)SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0);
  if (!allowed) return 1;
  X509 *certificate = X509_STORE_CTX_get_current_cert(store);
  GENERAL_NAMES *names =
      (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, 0, 0);
  int is_allowed = 0;
  for (int index = 0; index < sk_GENERAL_NAME_num(names) && !is_allowed; index++)
    is_allowed = cx_tls_is_allowed(sk_GENERAL_NAME_value(names, index), allowed);
  GENERAL_NAMES_free(names);
  if (!is_allowed) X509_STORE_CTX_set_error(store, X509_V_ERR_SUBJECT_ISSUER_MISMATCH);
  return is_allowed;
}

// Verifies as OpenSSL does, and that the client's own certificate has an allowed name.
static inline int cx_tls_verify_names(int is_valid, X509_STORE_CTX *store) {
  if (!is_valid || X509_STORE_CTX_get_error_depth(store) > 0) return is_valid;
  return cx_tls_has_allowed_name(store);
}

// Accepts every client's certificate that has an allowed name.
static inline int cx_tls_accept_any(int is_valid, X509_STORE_CTX *store) {
  (void)is_valid;
  return X509_STORE_CTX_get_error_depth(store) > 0 || cx_tls_has_allowed_name(store);
}

// Asks clients for certificates. `allowed_names`, one a line, must live as long as the context.
static inline void cx_tls_ask_client(SSL_CTX *context, int is_required, int is_verified,
                                     const char *allowed_names) {
  int mode = SSL_VERIFY_PEER | (is_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
  SSL_CTX_set_ex_data(context, 0, (void *)allowed_names);
  SSL_CTX_set_verify(context, mode, is_verified ? cx_tls_verify_names : cx_tls_accept_any);
}

#endif
