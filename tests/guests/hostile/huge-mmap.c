// Asks for more memory than an address space holds: each call fails with ENOMEM (12) and the program goes on.
#include "../guest.h"

int main(int argc, char **argv)
{
    for (int shift = 48; shift < 63; shift += 7) {
        print_number((long)map(1UL << shift, PROT_READ | PROT_WRITE));
        print("\n");
    }
    print_number((long)map(0, PROT_READ)); // EINVAL
    print("\n");
    return 0;
}
