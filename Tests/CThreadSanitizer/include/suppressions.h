#ifndef CX_THREAD_SANITIZER_SUPPRESSIONS_H
#define CX_THREAD_SANITIZER_SUPPRESSIONS_H

// Asked for by ThreadSanitizer where a test binary is built with it.
const char *__tsan_default_suppressions(void);

#endif
