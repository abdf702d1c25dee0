// Fibers: several call stacks on one OS thread, switched by hand. One CUDA thread that has to wait is one fiber.
#pragma once
#include <cstddef>
#include <vector>

namespace standin {

/// Saves the caller's registers on its stack and the stack pointer in *from, then goes on where `to` was saved. About 3 ns.
extern "C" void standin_switch(void** from, void* to);

/// A call stack with an inaccessible page at its low end, so that running over the end faults instead of corrupting a neighbour.
struct Stack {
  char* base;
  char* top;
  /// A saved stack pointer that starts `entry` on this stack when switched to; entry must not return.
  void* start(void (*entry)());
};

/// Stacks that were used before and are free again, most recently used last (its memory is in the cache).
class StackPool {
 public:
  Stack* take();
  void giveBack(Stack* stack) { free_.push_back(stack); }
  /// Whether the address lies in one of the stacks.
  bool contains(const void* address) const;

 private:
  void grow();
  std::vector<Stack*> free_;
  std::vector<char*> regions_;
};

}
