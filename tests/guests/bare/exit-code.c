// Exits with the code given as its argument.
#include "../guest.h"

int main(int argc, char **argv) { return argc > 1 ? (int)parse(argv[1]) : 0; }
