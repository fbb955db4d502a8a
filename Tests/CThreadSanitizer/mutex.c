// Swift's Mutex takes and gives its lock in the caller's code where nobody else wants it, which the
// sanitizer sees. Where somebody does, it goes through two functions of the standard library that are
// not instrumented: these stand in their place, call them, and tell the sanitizer what they did. Without
// that every use of a contended Mutex looks like a race.
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define NOT_INSTRUMENTED __attribute__((disable_sanitizer_instrumentation))
#define SWIFT_METHOD __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context))

// Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> ()
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
// Synchronization._MutexHandle._unlockSlow() -> ()
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT_METHOD void cx_lock_slow(uint32_t thread, SWIFT_SELF void *handle) __asm__(LOCK_SLOW);
SWIFT_METHOD void cx_unlock_slow(SWIFT_SELF void *handle) __asm__(UNLOCK_SLOW);

typedef SWIFT_METHOD void lock_slow(uint32_t thread, SWIFT_SELF void *handle);
typedef SWIFT_METHOD void unlock_slow(SWIFT_SELF void *handle);

static lock_slow *library_lock_slow;
static unlock_slow *library_unlock_slow;

__attribute__((constructor)) NOT_INSTRUMENTED static void find_library(void) {
  library_lock_slow = (lock_slow *)dlsym(RTLD_NEXT, LOCK_SLOW);
  library_unlock_slow = (unlock_slow *)dlsym(RTLD_NEXT, UNLOCK_SLOW);
  if (library_lock_slow && library_unlock_slow) return;
  fputs("Swift's Mutex has other functions than this file knows: see " __FILE__ "\n", stderr);
  abort();
}

SWIFT_METHOD NOT_INSTRUMENTED void cx_lock_slow(uint32_t thread, SWIFT_SELF void *handle) {
  library_lock_slow(thread, handle);
  __tsan_acquire(handle);
}

SWIFT_METHOD NOT_INSTRUMENTED void cx_unlock_slow(SWIFT_SELF void *handle) {
  __tsan_release(handle);
  library_unlock_slow(handle);
}

#endif
