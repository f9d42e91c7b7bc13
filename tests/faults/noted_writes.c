/* Notes what a program writes and when it asks for it to be on disk, in the order it happens.
 *
 * Loaded with LD_PRELOAD. NOTED_FOLDER is the folder whose files are noted, NOTED_LOG the file that
 * the notes are added to; tests/faults/power_cut.py reads them. What is sent to others (pipes and
 * sockets) is noted before it goes, so that a note of an answer is never too late.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define LONGEST_ANSWER 65536

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void note(char what, const char *path, uint64_t offset, const void *data, uint64_t length) {
    static int file = -2;
    if (file == -2) {
        const char *name = getenv("NOTED_LOG");
        file = name ? open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    }
    if (file < 0) return;
    uint64_t head[4] = {(uint64_t)what, strlen(path), offset, length};
    struct iovec parts[3] = {
        {head, sizeof head}, {(void *)path, head[1]}, {(void *)data, data ? length : 0}};
    int before = errno;
    if (syscall(SYS_writev, file, parts, 3) < 0) abort();
    errno = before;
}

/* Puts the name of an open file into `name`: 1 for one to note, 2 for a pipe or socket, else 0. */
static int kind_of(int descriptor, char *name, size_t size) {
    char link[64];
    const char *folder = getenv("NOTED_FOLDER");
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, name, size - 1);
    errno = before;
    if (length < 0 || !folder) return 0;
    name[length] = 0;
    if (!strncmp(name, "socket:", 7) || (descriptor == 1 && !strncmp(name, "pipe:", 5))) return 2;
    return strncmp(name, folder, strlen(folder)) == 0;
}

static void note_answer(const void *data, size_t length) {
    note('A', "", 0, data, length < LONGEST_ANSWER ? length : LONGEST_ANSWER);
}

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t noted_write(int file, const void *data, size_t length, off_t offset, int placed,
                           ssize_t (*plain)(int, const void *, size_t),
                           ssize_t (*at)(int, const void *, size_t, off_t)) {
    char name[4096];
    int kind = kind_of(file, name, sizeof name);
    if (!kind) return placed ? at(file, data, length, offset) : plain(file, data, length);
    pthread_mutex_lock(&one_at_a_time);
    if (kind == 2) note_answer(data, length);
    ssize_t done = placed ? at(file, data, length, offset) : plain(file, data, length);
    if (kind == 1 && done > 0) {
        if (!placed) offset = lseek(file, 0, SEEK_CUR) - done;
        note('W', name, (uint64_t)offset, data, (uint64_t)done);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

ssize_t write(int file, const void *data, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    return noted_write(file, data, length, 0, 0, real, NULL);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
    REAL("pwrite", ssize_t, int, const void *, size_t, off_t);
    return noted_write(file, data, length, offset, 1, NULL, real);
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t offset) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off_t);
    return noted_write(file, data, length, offset, 1, NULL, real);
}

ssize_t send(int to, const void *data, size_t length, int flags) {
    REAL("send", ssize_t, int, const void *, size_t, int);
    pthread_mutex_lock(&one_at_a_time);
    note_answer(data, length);
    pthread_mutex_unlock(&one_at_a_time);
    return real(to, data, length, flags);
}

static int noted_change(int file, char what, off_t length, int (*sync)(int),
                        int (*cut)(int, off_t)) {
    char name[4096];
    int kind = kind_of(file, name, sizeof name);
    if (kind != 1) return sync ? sync(file) : cut(file, length);
    pthread_mutex_lock(&one_at_a_time);
    int done = sync ? sync(file) : cut(file, length);
    if (!done) note(what, name, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int ftruncate(int file, off_t length) {
    REAL("ftruncate", int, int, off_t);
    return noted_change(file, 'T', length, NULL, real);
}

int ftruncate64(int file, off_t length) {
    REAL("ftruncate64", int, int, off_t);
    return noted_change(file, 'T', length, NULL, real);
}

int fsync(int file) {
    REAL("fsync", int, int);
    return noted_change(file, 'S', 0, real, NULL);
}

int fdatasync(int file) {
    REAL("fdatasync", int, int);
    return noted_change(file, 'S', 0, real, NULL);
}
