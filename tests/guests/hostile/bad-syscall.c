// Passes wild pointers, closed files and unknown numbers to the kernel: errors, not faults.
#include "../guest.h"

int main(int argc, char **argv)
{
    long results[] = {
        syscall3(SYS_write, 1, 0x123456789000, 10),     // EFAULT
        syscall3(SYS_write, 1, -4096L, 10),             // EFAULT
        syscall3(SYS_write, 77, "x", 1),                // EBADF
        syscall3(SYS_read, -1, results, 1),             // EBADF
        syscall3(SYS_openat, AT_FDCWD, 0x10, 0),        // EFAULT
        syscall3(SYS_openat, AT_FDCWD, "/no/file", 0),  // ENOENT
        syscall3(SYS_munmap, 1, page_size, 0),          // EINVAL
        syscall3(SYS_mprotect, 0x123456789000, page_size, PROT_READ), // ENOMEM
        syscall3(9999, 0, 0, 0),                        // ENOSYS
        syscall3(-1, 0, 0, 0),                          // ENOSYS
    };
    for (unsigned i = 0; i < sizeof results / sizeof *results; i++) {
        print_number(results[i]);
        print("\n");
    }
    return 0;
}
