#include "fibers.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

// The System V ABI lets a called function change all registers but rbx, rbp, rsp and r12 to r15; so these are all that must be kept.
asm(R"(
  .text
  .globl standin_switch
  .hidden standin_switch
  .type standin_switch, @function
standin_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size standin_switch, .-standin_switch
)");

namespace standin {

namespace {
constexpr size_t kStackBytes = 128 << 10;
constexpr size_t kGuardBytes = 4096;
constexpr int kStacksPerRegion = 32;
}

void* Stack::start(void (*entry)()) {
  // What standin_switch pops: six registers, then the return address. A function expects rsp = 16 n + 8 at its first instruction.
  auto* slots = reinterpret_cast<uintptr_t*>(top) - 8;
  for (int i = 0; i < 6; i++) slots[i] = 0;
  slots[6] = reinterpret_cast<uintptr_t>(entry);
  slots[7] = 0;
  return slots;
}

Stack* StackPool::take() {
  if (free_.empty()) grow();
  Stack* stack = free_.back();
  free_.pop_back();
  return stack;
}

void StackPool::grow() {
  void* memory = mmap(nullptr, kStackBytes * kStacksPerRegion, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fprintf(stderr, "CUDA stand-in: no memory for the stacks of a block's threads\n");
    abort();
  }
  auto* region = static_cast<char*>(memory);
  regions_.push_back(region);
  for (int i = kStacksPerRegion - 1; i >= 0; i--) {
    char* base = region + i * kStackBytes;
    mprotect(base, kGuardBytes, PROT_NONE);
    // Tops at different distances from the page's end: equal ones would all fall into the same few cache sets.
    size_t stagger = (regions_.size() * kStacksPerRegion + i) * 320 % 4096;
    free_.push_back(new Stack{base, base + kStackBytes - stagger});
  }
}

bool StackPool::contains(const void* address) const {
  auto* byte = static_cast<const char*>(address);
  for (char* region : regions_) {
    if (byte >= region && byte < region + kStackBytes * kStacksPerRegion) return true;
  }
  return false;
}

}
