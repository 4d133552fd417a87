/* Makes the n-th system call of a kind fail, counted over all processes, where it concerns a file below one folder.
   FAILING names a file of 4096 bytes that says which, and can be changed at any time: calls so far, the number of the call
   that fails (0: none), how, each 8 bytes; then the kind (write, fsync, rename, read, link, open, mkdir, unlink) in 16
   bytes, and the folder. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static struct order { int64_t calls, number, how; char kind[16]; char under[4056]; } *order;

__attribute__((constructor)) static void begin(void) {
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    const char *file = getenv("FAILING");
    int fd = file ? real(file, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    order = mmap(NULL, sizeof *order, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (order == MAP_FAILED) order = NULL;
}

static int other(const char *call) { return !order || strcmp(call, order->kind); }

static int fails(const char *call, const char *path) {
    if (other(call) || strncmp(path, order->under, strlen(order->under))) return 0;
    if (__atomic_add_fetch(&order->calls, 1, __ATOMIC_SEQ_CST) != order->number) return 0;
    errno = order->how;
    return 1;
}

static int fails_fd(const char *call, int fd) {
    char name[64], path[PATH_MAX];
    if (other(call)) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int before = errno;
    ssize_t n = readlink(name, path, sizeof path - 1);
    errno = before;
    if (n < 0) return 0;
    path[n] = 0;
    return fails(call, path);
}

static int fails_at(const char *call, int dir, const char *path) {
    char name[64], whole[2 * PATH_MAX];
    if (other(call)) return 0;
    if (path[0] == '/' || dir == AT_FDCWD) return fails(call, path);
    snprintf(name, sizeof name, "/proc/self/fd/%d", dir);
    ssize_t n = readlink(name, whole, PATH_MAX - 1);
    if (n < 0) return 0;
    snprintf(whole + n, PATH_MAX, "/%s", path);
    return fails(call, whole);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *b, size_t n) { REAL(ssize_t, write, int, const void *, size_t); return fails_fd("write", fd) ? -1 : real(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(ssize_t, pwrite, int, const void *, size_t, off_t); return fails_fd("write", fd) ? -1 : real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t); return fails_fd("write", fd) ? -1 : real(fd, b, n, o); }
ssize_t writev(int fd, const struct iovec *v, int n) { REAL(ssize_t, writev, int, const struct iovec *, int); return fails_fd("write", fd) ? -1 : real(fd, v, n); }
ssize_t sendfile(int to, int from, off_t *o, size_t n) { REAL(ssize_t, sendfile, int, int, off_t *, size_t); return fails_fd("write", to) ? -1 : real(to, from, o, n); }
ssize_t sendfile64(int to, int from, off64_t *o, size_t n) { REAL(ssize_t, sendfile64, int, int, off64_t *, size_t); return fails_fd("write", to) ? -1 : real(to, from, o, n); }
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t n, unsigned f) { REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned); return fails_fd("write", to) ? -1 : real(from, a, to, b, n, f); }
int ftruncate(int fd, off_t n) { REAL(int, ftruncate, int, off_t); return fails_fd("write", fd) ? -1 : real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(int, ftruncate64, int, off64_t); return fails_fd("write", fd) ? -1 : real(fd, n); }
ssize_t read(int fd, void *b, size_t n) { REAL(ssize_t, read, int, void *, size_t); return fails_fd("read", fd) ? -1 : real(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { REAL(ssize_t, pread, int, void *, size_t, off_t); return fails_fd("read", fd) ? -1 : real(fd, b, n, o); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { REAL(ssize_t, pread64, int, void *, size_t, off64_t); return fails_fd("read", fd) ? -1 : real(fd, b, n, o); }
int fsync(int fd) { REAL(int, fsync, int); return fails_fd("fsync", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return fails_fd("fsync", fd) ? -1 : real(fd); }
int rename(const char *a, const char *b) { REAL(int, rename, const char *, const char *); return fails("rename", a) ? -1 : real(a, b); }
int renameat(int d, const char *a, int e, const char *b) { REAL(int, renameat, int, const char *, int, const char *); return fails_at("rename", d, a) ? -1 : real(d, a, e, b); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { REAL(int, renameat2, int, const char *, int, const char *, unsigned); return fails_at("rename", d, a) ? -1 : real(d, a, e, b, f); }
int link(const char *a, const char *b) { REAL(int, link, const char *, const char *); return fails("link", a) ? -1 : real(a, b); }
int linkat(int d, const char *a, int e, const char *b, int f) { REAL(int, linkat, int, const char *, int, const char *, int); return fails_at("link", d, a) ? -1 : real(d, a, e, b, f); }
int mkdir(const char *a, mode_t m) { REAL(int, mkdir, const char *, mode_t); return fails("mkdir", a) ? -1 : real(a, m); }
int unlink(const char *a) { REAL(int, unlink, const char *); return fails("unlink", a) ? -1 : real(a); }
int unlinkat(int d, const char *a, int f) { REAL(int, unlinkat, int, const char *, int); return fails_at("unlink", d, a) ? -1 : real(d, a, f); }
int rmdir(const char *a) { REAL(int, rmdir, const char *); return fails("unlink", a) ? -1 : real(a); }

#define OPENING(name) \
int name(const char *path, int flags, ...) { \
    REAL(int, name, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    return fails("open", path) ? -1 : real(path, flags, mode); }
OPENING(open)
OPENING(open64)
#define OPENING_AT(name) \
int name(int dir, const char *path, int flags, ...) { \
    REAL(int, name, int, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    return fails_at("open", dir, path) ? -1 : real(dir, path, flags, mode); }
OPENING_AT(openat)
OPENING_AT(openat64)
