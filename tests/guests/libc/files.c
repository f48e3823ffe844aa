// Files and directories, in a fresh directory below the one given (default: the current one), removed at the end.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void failure(const char *what, long result) { printf("%s: %ld %s\n", what, result, strerror(errno)); }

static void list(const char *path)
{
    char *names[32];
    int count = 0;
    DIR *directory = opendir(path);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char line[300];
        snprintf(line, sizeof line, "%s/%d", entry->d_name, entry->d_type);
        names[count++] = strdup(line);
    }
    closedir(directory);
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++)
        printf("%s%s", names[i], i + 1 < count ? " " : "\n");
}

int main(int argc, char **argv)
{
    char root[4096];
    snprintf(root, sizeof root, "%s/files-XXXXXX", argc > 1 ? argv[1] : ".");
    if (!mkdtemp(root) || chdir(root)) {
        perror(root);
        return 1;
    }
    umask(022);

    FILE *file = fopen("text", "w");
    for (int i = 0; i < 1000; i++)
        fprintf(file, "line %d\n", i);
    printf("position %ld\n", ftell(file));
    fclose(file);
    file = fopen("text", "r+");
    fseek(file, -9, SEEK_END);
    char line[64];
    printf("last: %s", fgets(line, sizeof line, file));
    rewind(file);
    int lines = 0;
    while (fgets(line, sizeof line, file))
        lines++;
    printf("lines %d, end %d\n", lines, feof(file) != 0);
    fclose(file);

    struct stat status;
    stat("text", &status);
    printf("size %ld mode %o regular %d\n", (long)status.st_size, status.st_mode & 0777, S_ISREG(status.st_mode));
    failure("missing", open("missing", O_RDONLY));
    failure("exclusive", open("text", O_CREAT | O_EXCL | O_WRONLY, 0600));

    int fd = open("binary", O_CREAT | O_RDWR, 0640);
    struct iovec parts[] = { { "abc", 3 }, { "", 0 }, { "defgh", 5 } };
    printf("writev %zd\n", writev(fd, parts, 3));
    printf("pwrite %zd\n", pwrite(fd, "XY", 2, 4));
    char buffer[32] = { 0 };
    printf("pread %zd %s\n", pread(fd, buffer, sizeof buffer - 1, 1), buffer);
    printf("lseek %ld %ld\n", (long)lseek(fd, 0, SEEK_CUR), (long)lseek(fd, 100, SEEK_SET));
    printf("truncate %d\n", ftruncate(fd, 5000));
    fstat(fd, &status);
    printf("size %ld\n", (long)status.st_size);
    char *view = mmap(NULL, 5000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    view[4999] = '!';
    memcpy(view + 6, "mapped", 6);
    printf("msync %d\n", msync(view, 5000, MS_SYNC));
    munmap(view, 5000);
    pread(fd, buffer, 12, 0);
    printf("%.12s ", buffer);
    pread(fd, buffer, 1, 4999);
    printf("%c\n", buffer[0]);
    int copy = dup(fd);
    printf("dup %d, flags %d, cloexec %d\n", copy > fd, fcntl(copy, F_GETFL) & O_ACCMODE, fcntl(copy, F_GETFD));
    close(copy);
    close(fd);
    failure("closed", read(fd, buffer, 1));

    printf("mkdir %d\n", mkdir("sub", 0755));
    failure("mkdir", mkdir("sub", 0755));
    printf("rename %d\n", rename("text", "sub/renamed"));
    printf("link %d symlink %d\n", link("binary", "hard"), symlink("sub/renamed", "soft"));
    printf("readlink %zd\n", readlink("soft", buffer, sizeof buffer));
    stat("binary", &status);
    printf("links %d\n", (int)status.st_nlink);
    lstat("soft", &status);
    printf("symlink %d, access %d %d\n", S_ISLNK(status.st_mode), access("soft", R_OK), access("nothing", F_OK));
    printf("chmod %d\n", chmod("hard", 0400));
    list(".");
    list("sub");
    failure("rmdir", rmdir("sub"));
    char here[4096];
    printf("getcwd %d\n", strcmp(strrchr(getcwd(here, sizeof here), '/'), strrchr(root, '/')) == 0);

    int ends[2];
    printf("pipe %d\n", pipe(ends));
    printf("write %zd\n", write(ends[1], "through", 7));
    close(ends[1]);
    memset(buffer, 0, sizeof buffer);
    ssize_t arrived = read(ends[0], buffer, sizeof buffer);
    printf("read %zd %s %zd\n", arrived, buffer, read(ends[0], buffer + 8, 1));

    printf("unlink %d %d %d %d\n", unlink("soft"), unlink("hard"), unlink("binary"), unlink("sub/renamed"));
    printf("rmdir %d\n", rmdir("sub"));
    printf("chdir %d\n", chdir(".."));
    printf("rmdir %d\n", rmdir(strrchr(root, '/') + 1));
    return 0;
}
