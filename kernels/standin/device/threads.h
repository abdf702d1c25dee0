// The running thread: where it is and how it waits for others. What device.h makes CUDA's names of.
#pragma once
#include <stdint.h>

struct uint3 { unsigned int x, y, z; };
struct dim3 {
  unsigned int x, y, z;
  constexpr dim3(unsigned int x = 1, unsigned int y = 1, unsigned int z = 1) : x(x), y(y), z(z) {}
};

namespace standin {
/// Where the running thread is; the scheduler rewrites it whenever it switches threads.
struct Position { uint3 thread, block, blockSize, gridSize; };
extern __thread Position position __attribute__((__visibility__("hidden")));

enum class Vote { Barrier, And, Or, Count };
/// Waits for all threads of the block; returns the votes combined as asked.
int barrier(Vote vote, int predicate, const char* file, int line);
/// Waits for the lanes in mask; returns the value that lane source gave. A negative source gives the bits of all lanes with a nonzero
/// value.
uint64_t exchange(unsigned mask, uint64_t value, int source, const char* file, int line);
int lane();
#ifdef STANDIN_CHECKING
void checkAtomic(const volatile void* address, int bytes);
#else
inline void checkAtomic(const volatile void*, int) {}
#endif
}

