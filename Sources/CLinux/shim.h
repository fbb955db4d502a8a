// What `import Glibc` leaves out: epoll, eventfd, and the variadic calls Swift cannot import.
#ifndef CX_CLINUX_SHIM_H
#define CX_CLINUX_SHIM_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static inline int cx_fcntl_int(int descriptor, int command, int value) {
  return fcntl(descriptor, command, value);
}

// GNU's own calls, which the headers show only with _GNU_SOURCE.
int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);

static inline int cx_accept(int descriptor) {
  return accept4(descriptor, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static inline int cx_name_thread(pthread_t thread, const char *name) {
  return pthread_setname_np(thread, name);
}

// Starts a thread that takes no signals: they are for the one that waits for them.
static inline int cx_start_thread(pthread_t *thread, const char *name, void *(*body)(void *),
                                  void *argument) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int status = pthread_create(thread, 0, body, argument);
  pthread_sigmask(SIG_SETMASK, &before, 0);
  if (status == 0) pthread_setname_np(*thread, name);
  return status;
}

// Bytes that the peer has not acknowledged yet, or -1.
static inline int cx_unsent_bytes(int descriptor) {
  int count = 0;
  return ioctl(descriptor, SIOCOUTQ, &count) == 0 ? count : -1;
}

// struct epoll_event is packed on some machines: its token is read and written here.
static inline int cx_epoll_control(int epoll, int operation, int descriptor, uint32_t events,
                                   uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline uint64_t cx_epoll_token(const struct epoll_event *event) { return event->data.u64; }

#ifndef CX_REVISION
#define CX_REVISION "unknown"
#endif

// The commit this is built from: swift build -Xcc -DCX_REVISION='"…"'.
static inline const char *cx_revision(void) { return CX_REVISION; }

#endif
