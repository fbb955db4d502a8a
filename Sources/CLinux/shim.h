// What `import Glibc` leaves out: epoll, eventfd, and the variadic calls Swift cannot import.
#ifndef CX_CLINUX_SHIM_H
#define CX_CLINUX_SHIM_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <link.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

int pipe2(int descriptors[2], int flags);

// A pipe that neither end blocks on.
static inline int cx_pipe(int *reading, int *writing) {
  int ends[2] = {-1, -1};
  int status = pipe2(ends, O_NONBLOCK | O_CLOEXEC);
  *reading = ends[0];
  *writing = ends[1];
  return status;
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

ssize_t vmsplice(int pipe, const struct iovec *parts, size_t count, unsigned int flags);
ssize_t splice(
  int from, int64_t *from_offset, int to, int64_t *to_offset, size_t count, unsigned int flags
);
ssize_t tee(int from, int to, size_t count, unsigned int flags);

enum { CX_SPLICE_NONBLOCK = 2, CX_SET_PIPE_SIZE = 1031 };

// Makes room for so many bytes in a pipe; -1 where the system refuses it.
static inline int cx_set_pipe_size(int pipe, int size) {
  return fcntl(pipe, CX_SET_PIPE_SIZE, size) < 0 ? -1 : 0;
}

// Lends the pages of some memory to a pipe: how many bytes of it, or -1.
static inline ssize_t cx_lend(int pipe, const void *start, size_t count) {
  struct iovec part = {(void *)start, count};
  return vmsplice(pipe, &part, 1, CX_SPLICE_NONBLOCK);
}

// Gives another pipe what is in one, which keeps it: how many bytes, or -1.
static inline ssize_t cx_share(int from, int to, size_t count) {
  return tee(from, to, count, CX_SPLICE_NONBLOCK);
}

// Moves what is in a pipe: how many bytes, or -1.
static inline ssize_t cx_move(int pipe, int to, size_t count) {
  return splice(pipe, 0, to, 0, count, CX_SPLICE_NONBLOCK);
}

#ifndef __USE_GNU
struct dl_phdr_info {
  ElfW(Addr) dlpi_addr;
  const char *dlpi_name;
  const ElfW(Phdr) *dlpi_phdr;
  ElfW(Half) dlpi_phnum;
};
int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data);
#endif

static inline int cx_release_object(struct dl_phdr_info *object, size_t size, void *page) {
  (void)size;
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[index];
    if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
    uintptr_t mask = ~(*(uintptr_t *)page - 1);
    uintptr_t start = (object->dlpi_addr + part->p_vaddr) & mask;
    uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz + ~mask) & mask;
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

// Lets go of the program's and its libraries' pages that cannot be written: each comes back from
// the file when it is used again (madvise(2)).
static inline void cx_release_program_pages(void) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  dl_iterate_phdr(cx_release_object, &page);
}

// Fills in the address of a path, or of an abstract name, whose first byte is 0. Returns the
// address's length, or 0 where the name is empty or too long.
static inline socklen_t cx_unix_address(struct sockaddr_un *address, const void *name,
                                        size_t length) {
  // A path ends with a 0, an abstract name with its last byte.
  size_t end = length > 0 && *(const char *)name != 0 ? 1 : 0;
  if (length == 0 || length + end > sizeof address->sun_path) return 0;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, name, length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + end);
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
