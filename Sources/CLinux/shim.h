// What `import Glibc` leaves out: epoll, eventfd, and the variadic calls Swift cannot import.
#ifndef CX_CLINUX_SHIM_H
#define CX_CLINUX_SHIM_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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

#endif
