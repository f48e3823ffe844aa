// The smallest useful guest: one line of output, exit code 0.
#include "../guest.h"

int main(int argc, char **argv)
{
    print("Hello from riscv64");
    for (int i = 1; i < argc; i++) {
        print(i == 1 ? ", " : " ");
        print(argv[i]);
    }
    print("!\n");
    return 0;
}
