// Ends by abort(): SIGABRT, after its output has been flushed by hand.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    puts("about to abort");
    fflush(stdout);
    abort();
}
