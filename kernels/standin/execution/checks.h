// What the checking build adds. In the plain build all of it is empty and disappears.
#pragma once
#include <numeric>
#include <string>
#include <vector>

#include "execution.h"
#include "report.h"

namespace standin::checks {

/// First lines of a report: kernel, grid, block, thread.
inline std::string whereInLaunch(const BlockRunner& runner) {
  const Launch& launch = runner.launch();
  uint3 b = runner.block(), t = runner.positionOf(runner.thread());
  return format("  kernel %s<<<(%u,%u,%u), (%u,%u,%u)>>>, block (%u,%u,%u), thread (%u,%u,%u)\n", launch.kernel->name,
                launch.grid.x, launch.grid.y, launch.grid.z, launch.block.x, launch.block.y, launch.block.z, b.x, b.y, b.z, t.x, t.y, t.z);
}

#ifdef STANDIN_CHECKING
void launchStarts();
void blockStarts();
void barrierPassed();
/// Position in running order -> thread.
void threadOrder(int count, std::vector<int>& order);
/// Position in running order -> block.
void blockOrder(long long count, std::vector<long long>& order);
/// A number from 0 to sides - 1.
int throwDice(int sides);
/// Linear index of the running thread in its block.
extern int currentThread;
inline void switchedTo(int thread) { currentThread = thread; }
/// The running thread waits or has ended.
void threadStops();
/// What happens to device memory outside kernels.
void allocated(uint64_t address, size_t bytes);
void freed(uint64_t address, size_t bytes);
void written(uint64_t address, size_t bytes);
void copied(uint64_t target, uint64_t source, size_t bytes);
/// Device memory is read by `reader` ("a copy to the host"); reports what nothing wrote.
bool readable(uint64_t address, size_t bytes, const char* reader);
void missingLanes(unsigned mask, unsigned there, const char* file, int line);
void differentExchanges(const char* file, int line, unsigned mask, const char* otherFile, int otherLine, unsigned otherMask);
#else
inline void launchStarts() {}
inline void blockStarts() {}
inline void barrierPassed() {}
inline void threadOrder(int count, std::vector<int>& order) {
  if (static_cast<int>(order.size()) == count) return;
  order.resize(count);
  std::iota(order.begin(), order.end(), 0);
}
inline int throwDice(int) { return 0; }
inline void switchedTo(int) {}
inline void threadStops() {}
inline void allocated(uint64_t, size_t) {}
inline void freed(uint64_t, size_t) {}
inline void written(uint64_t, size_t) {}
inline void copied(uint64_t, uint64_t, size_t) {}
inline bool readable(uint64_t, size_t, const char*) { return true; }
inline void missingLanes(unsigned, unsigned, const char*, int) {}
inline void differentExchanges(const char*, int, unsigned, const char*, int, unsigned) {}
#endif

}
