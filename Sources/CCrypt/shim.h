// libxcrypt's crypt(3): the check as a whole, so that the password's traces are wiped in one place.
#ifndef CX_CCRYPT_SHIM_H
#define CX_CCRYPT_SHIM_H

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

// 1 where the phrase has that hash, 0 where it has not or the hash is none, -1 without memory.
static inline int cx_crypt_matches(const char *phrase, const char *hash) {
  struct crypt_data *data = (struct crypt_data *)calloc(1, sizeof *data);
  if (!data) return -1;
  const char *made = crypt_r(phrase, hash, data);
  int matches = 0;
  size_t length = strlen(hash);
  // A failure is told by a null pointer or by a text that starts with a star.
  if (made && made[0] != '*' && strlen(made) == length) {
    volatile unsigned char difference = 0;
    for (size_t index = 0; index < length; index++)
      difference = difference | (unsigned char)(made[index] ^ hash[index]);
    matches = difference == 0;
  }
  volatile unsigned char *bytes = (volatile unsigned char *)data;
  for (size_t index = 0; index < sizeof *data; index++) bytes[index] = 0;
  free(data);
  return matches;
}

#endif
