// Scrapes as fast as a server answers, on one thread.
//
//   load PORT SECONDS CONNECTIONS < REQUESTS
//
// REQUESTS holds whole requests, each ended by its empty line; they take turns. Bodies are read in large
// pieces and not looked at where their length is known: this costs less than any server that it measures,
// so that no server waits for its client. (With wrk, which reads 8 KiB at a time, it is wrk's core that is
// full at 100 and 1,000 series, and all fast servers look alike.)
//
// Prints: requests, microseconds, bytes, answers other than 200, failed connections, microseconds that
// half and 99 of 100 answers took at the most, and the share of its core that this program used.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1024, MAX_REQUESTS = 64, HEAD_SIZE = 8192, BUFFER_SIZE = 262144 };
enum { SLOTS = 64 * 64 };

// How the end of the body shows (RFC 9112, section 6.3), or that it is not so far yet.
enum framing { CONNECTING, IN_HEAD, BY_LENGTH, BY_CHUNKS, BY_END };
enum chunk { IN_SIZE, IN_DATA, BEHIND_DATA, IN_TRAILER };

struct connection {
  int socket;
  enum framing framing;
  enum chunk chunk;
  bool is_done, closes, is_line_empty;
  int status;
  size_t held, rest;
  uint64_t begun;
  char head[HEAD_SIZE];
};

static struct connection connections[MAX_CONNECTIONS];
static char requests[65536], *request[MAX_REQUESTS + 1];
static int request_count, next_request, poller, port;
static char buffer[BUFFER_SIZE];
static uint64_t answers, received, bad, failed, latencies[SLOTS];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// Slots of equal width within each power of two: within 2 % of what was seen.
static int slot_of(uint64_t value) {
  if (value < 64) return (int)value;
  int power = 63 - __builtin_clzll(value);
  return (power - 5) * 64 + (int)(value >> (power - 6) & 63);
}

static double value_of(int slot) {
  if (slot < 64) return slot;
  return (double)((uint64_t)(64 + slot % 64) << (slot / 64 - 1)) * (1 + 1.0 / 128);
}

static double percentile(double share) {
  uint64_t wanted = (uint64_t)(share * (double)answers), seen = 0;
  for (int slot = 0; slot < SLOTS; slot++) {
    seen += latencies[slot];
    if (seen > wanted) return value_of(slot) / 1000;
  }
  return 0;
}

static void ask(struct connection *c) {
  int index = next_request;
  next_request = (next_request + 1) % request_count;
  size_t size = (size_t)(request[index + 1] - request[index]);
  c->framing = IN_HEAD;
  c->held = 0;
  c->is_done = c->closes = false;
  c->begun = now();
  if (send(c->socket, request[index], size, MSG_NOSIGNAL) != (ssize_t)size) failed++;
}

static void open_connection(struct connection *c) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  c->framing = CONNECTING;
  c->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->socket < 0) fail("socket");
  // A server with a short queue lets some wait for a second: the others go on.
  if (connect(c->socket, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
    fail("connect");
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, c->socket, &event)) fail("epoll_ctl");
}

static void take_connection(struct connection *c) {
  int cause = 0;
  socklen_t size = sizeof cause;
  getsockopt(c->socket, SOL_SOCKET, SO_ERROR, &cause, &size);
  errno = cause;
  if (cause) fail("connect");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_MOD, c->socket, &event)) fail("epoll_ctl");
  ask(c);
}

static void reopen(struct connection *c) {
  close(c->socket);
  open_connection(c);
}

// Chunked coding (RFC 9112, section 7.1).
static void take_chunks(struct connection *c, const char *data, size_t count) {
  for (size_t i = 0; i < count && !c->is_done;) {
    if (c->chunk == IN_DATA) {
      size_t part = count - i < c->rest ? count - i : c->rest;
      i += part;
      c->rest -= part;
      if (c->rest == 0) c->chunk = BEHIND_DATA;
      continue;
    }
    char byte = data[i++];
    if (c->chunk == BEHIND_DATA) {
      if (byte == '\n') c->chunk = IN_SIZE;
    } else if (c->chunk == IN_SIZE) {
      if (byte == '\n') {
        c->chunk = c->rest ? IN_DATA : IN_TRAILER;
        c->is_line_empty = true;
      } else if (byte != '\r') {
        char digit[2] = {byte, 0};
        c->rest = c->rest * 16 + strtoul(digit, NULL, 16);
      }
    } else if (byte == '\n') {
      c->is_done = c->is_line_empty;
      c->is_line_empty = true;
    } else if (byte != '\r') {
      c->is_line_empty = false;
    }
  }
}

static void take(struct connection *c, const char *data, size_t count) {
  received += count;
  if (c->framing == BY_CHUNKS) take_chunks(c, data, count);
  if (c->framing == BY_LENGTH) {
    c->rest -= count;
    c->is_done = c->rest == 0;
  }
}

static const char *field(const char *head, const char *name) {
  const char *found = strcasestr(head, name);
  return found ? found + strlen(name) : NULL;
}

static void take_head(struct connection *c) {
  c->head[c->held] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) return;
  end[2] = 0;
  c->status = atoi(c->head + strlen("HTTP/1.1 "));
  const char *length = field(c->head, "\r\nContent-Length: ");
  c->closes = field(c->head, "\r\nConnection: close\r\n") ||
              (!strncmp(c->head, "HTTP/1.0", 8) && !field(c->head, "\r\nConnection: keep-alive\r\n"));
  c->rest = length ? strtoul(length, NULL, 10) : 0;
  c->chunk = IN_SIZE;
  if (field(c->head, "\r\nTransfer-Encoding: chunked\r\n")) c->framing = BY_CHUNKS;
  else c->framing = length ? BY_LENGTH : BY_END;
  c->is_done = c->framing == BY_LENGTH && c->rest == 0;
  size_t size = (size_t)(end + 4 - c->head);
  take(c, end + 4, c->held - size);
}

static void read_some(struct connection *c) {
  ssize_t count;
  if (c->framing == IN_HEAD) {
    count = recv(c->socket, c->head + c->held, HEAD_SIZE - 1 - c->held, MSG_DONTWAIT);
    if (count > 0) {
      c->held += (size_t)count;
      take_head(c);
    }
  } else if (c->framing == BY_LENGTH) {
    size_t size = c->rest < BUFFER_SIZE ? c->rest : BUFFER_SIZE;
    count = recv(c->socket, buffer, size, MSG_DONTWAIT);
    if (count > 0) take(c, buffer, (size_t)count);
  } else {
    count = recv(c->socket, buffer, BUFFER_SIZE, MSG_DONTWAIT);
    if (count > 0) take(c, buffer, (size_t)count);
  }
  if (count < 0 && errno == EAGAIN) return;
  if (count == 0 && c->framing == BY_END) {
    c->is_done = c->closes = true;
  } else if (count <= 0) {
    failed++;
    reopen(c);
    return;
  }
}

static void serve(struct connection *c) {
  if (c->framing == CONNECTING) {
    take_connection(c);
    return;
  }
  read_some(c);
  // The length is known now, and the rest is here as a rule.
  if (!c->is_done && c->framing == BY_LENGTH) read_some(c);
  if (!c->is_done) return;
  answers++;
  if (c->status != 200) bad++;
  latencies[slot_of(now() - c->begun)]++;
  if (c->closes) reopen(c);
  else ask(c);
}

static void read_requests(void) {
  size_t size = fread(requests, 1, sizeof requests - 1, stdin);
  char *at = requests;
  for (char *end; request_count < MAX_REQUESTS && (end = strstr(at, "\r\n\r\n")); at = end + 4)
    request[request_count++] = at;
  request[request_count] = at;
  if (request_count == 0 || at != requests + size) {
    fputs("load: standard input is no list of requests\n", stderr);
    exit(2);
  }
}

int main(int count, char **words) {
  int wanted = count == 4 ? atoi(words[3]) : 0;
  if (wanted < 1 || wanted > MAX_CONNECTIONS) {
    fputs("usage: load PORT SECONDS CONNECTIONS < REQUESTS\n", stderr);
    return 2;
  }
  port = atoi(words[1]);
  read_requests();
  poller = epoll_create1(0);
  if (poller < 0) fail("epoll_create1");
  uint64_t begin = now(), end = begin + (uint64_t)(atof(words[2]) * 1e9), time = begin;
  for (int i = 0; i < wanted; i++) open_connection(&connections[i]);
  while (time < end) {
    struct epoll_event events[MAX_CONNECTIONS];
    int ready = epoll_wait(poller, events, MAX_CONNECTIONS, (int)((end - time) / 1000000) + 1);
    if (ready < 0) fail("epoll_wait");
    for (int i = 0; i < ready; i++) serve(events[i].data.ptr);
    time = now();
  }
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  double cpu = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
               (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
  double took = (double)(time - begin) / 1e9;
  printf("%llu %.0f %llu %llu %llu %.1f %.1f %.2f\n", (unsigned long long)answers, took * 1e6,
         (unsigned long long)received, (unsigned long long)bad, (unsigned long long)failed,
         percentile(0.5), percentile(0.99), cpu / took);
  return 0;
}
