// Running a grid: blocks one after another on each OS thread, the threads of a block as fibers.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fibers.h"
#include "registry.h"
#include "threads.h"

namespace standin {

/// One kernel launch with its own copy of the arguments.
struct Launch {
  const Kernel* kernel;
  dim3 grid, block;
  std::vector<uint64_t> storage;      // the arguments, each in whole words
  std::vector<void*> parameters;      // pointers into storage, as cuLaunchKernel takes them

  Launch(const Kernel& kernel, dim3 grid, dim3 block, void* const* arguments);
  Launch(const Launch&) = delete;
};

/// Runs the whole grid; returns false when a fault was reported (the rest of the grid is then abandoned, as on a device).
bool runGrid(const Launch& launch);

/// The threads of one block, run in turns on this OS thread.
class BlockRunner {
 public:
  /// Runs one block to its end; false if it was abandoned.
  bool run(const Launch& launch, uint3 block);
  /// What device.h declares: called by kernel code.
  int barrier(Vote vote, int predicate, const char* file, int line);
  uint64_t exchange(unsigned mask, uint64_t value, int source, const char* file, int line);
  /// Gives up the running block, from inside a kernel. Does not return.
  [[noreturn]] void abandon();

  bool running() const { return running_; }
  const Launch& launch() const { return *launch_; }
  uint3 block() const { return block_; }
  /// Linear index of the running thread in its block, and its position.
  int thread() const { return order_[current_]; }
  uint3 positionOf(int thread) const;
  bool onStack(const void* address) const { return stacks_.contains(address); }

 private:
  enum class State : uint8_t { NotStarted, Ready, AtBarrier, AtExchange, Done };
  struct Thread {
    void* stackPointer;
    Stack* stack;
    // Where it waits; for an exchange also the lanes it waits for, its value, the lane whose value it wants, and what it got.
    const char* file;
    int line;
    unsigned mask;
    int source;
    uint64_t value, result;
  };
  struct Warp { unsigned arrived = 0, exited = 0; };

  static void fiberMain();
  void runThreads();
  int next() const;
  void makeCurrent(int slot);
  void suspend(State state, const char* file, int line);
  void finishThread();
  void releaseBarrier();
  void releaseExchange(int warp, unsigned mask);
  unsigned lanesOf(int warp) const;
  [[noreturn]] void backToMain();
  [[noreturn]] void stuck();
  void chooseOrder();
  std::string threadsIn(State state) const;
  std::string whereThreadsAre() const;

  const Launch* launch_ = nullptr;
  uint3 block_{};
  bool running_ = false, abandoned_ = false;
  int count_ = 0, done_ = 0, atBarrier_ = 0, current_ = 0;
  int votesTrue_ = 0, votesResult_ = 0;
  std::vector<int> order_, slotOf_;    // run position -> thread, and back
  std::vector<State> states_;          // by run position
  std::vector<Thread> threads_;        // by run position
  std::vector<Warp> warps_;
  StackPool stacks_;
  void* mainStackPointer_ = nullptr;
};

/// This OS thread's runner.
BlockRunner& runner();

}
