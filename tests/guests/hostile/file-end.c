// Reads a mapped file beyond its last page: SIGBUS.
#include "../guest.h"

int main(int argc, char **argv)
{
    // Its own program file: present wherever it runs, and nothing needs to be written.
    long file = syscall3(SYS_openat, AT_FDCWD, argv[0], 0);
    long bytes = syscall3(SYS_lseek, file, 0, 2);
    long whole_pages = (bytes + page_size - 1) & -page_size;
    char *view = (char *)syscall6(SYS_mmap, 0, whole_pages + page_size, PROT_READ, MAP_PRIVATE, file, 0);
    print(view[1] == 0x45 ? "E\n" : "not an ELF file\n");
    (void)*(volatile char *)(view + whole_pages);
    return survived();
}
