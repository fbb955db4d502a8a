#include "suppressions.h"

// Swift's Mutex waits on a futex inside the standard library, which is not instrumented, so every
// two accesses inside withLock look like a race. A closure given to withLock has a type of its own,
// inout sending to sending, and so a mangled name that ends like this; what a Mutex guards cannot
// be reached from anywhere else. For the same reason an object that one thread makes and another gets
// through a Mutex seems to be used before it was made; that of PendingAnswer has nothing but a Mutex.
// All other races are reported.
//
// In C because the sanitizer asks for this before it can bear instrumented code.
__attribute__((disable_sanitizer_instrumentation)) const char *__tsan_default_suppressions(void) {
  return "race:zYuYTXEfU\nrace:13PendingAnswerC\n";
}
