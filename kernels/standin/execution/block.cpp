// One block: its threads in turns, the barrier, the exchange within a warp.
#include <algorithm>

#include "checks.h"
#include "execution.h"
#include "report.h"

namespace standin {

__thread Position position __attribute__((__visibility__("hidden")));

int barrier(Vote vote, int predicate, const char* file, int line) { return runner().barrier(vote, predicate, file, line); }

uint64_t exchange(unsigned mask, uint64_t value, int source, const char* file, int line) {
  return runner().exchange(mask, value, source, file, line);
}

int lane() {
  const Position& p = position;
  return (p.thread.x + p.blockSize.x * (p.thread.y + p.blockSize.y * p.thread.z)) % 32;
}

BlockRunner& runner() {
  static __thread BlockRunner* own;
  if (own == nullptr) own = new BlockRunner;
  return *own;
}

bool BlockRunner::run(const Launch& launch, uint3 block) {
  launch_ = &launch;
  block_ = block;
  count_ = static_cast<int>(launch.block.x * launch.block.y * launch.block.z);
  done_ = atBarrier_ = votesTrue_ = 0;
  abandoned_ = false;
  running_ = true;
  chooseOrder();
  states_.assign(count_, State::NotStarted);
  threads_.assign(count_, Thread{});
  warps_.assign((count_ + 31) / 32, Warp{});
  position.block = block;
  position.blockSize = {launch.block.x, launch.block.y, launch.block.z};
  position.gridSize = {launch.grid.x, launch.grid.y, launch.grid.z};
  checks::blockStarts();
  Stack* stack = stacks_.take();
  makeCurrent(0);
  threads_[0].stack = stack;
  standin_switch(&mainStackPointer_, stack->start(fiberMain));
  for (Thread& thread : threads_) {
    if (thread.stack != nullptr) stacks_.giveBack(thread.stack);
  }
  running_ = false;
  return !abandoned_;
}

void BlockRunner::fiberMain() { runner().runThreads(); }

/// A fiber's life: run the current thread; then, on the same stack, the next one that has not started. A kernel that never waits thus runs
/// as a plain loop over its threads.
void BlockRunner::runThreads() {
  for (;;) {
    launch_->kernel->call(launch_->kernel->function, const_cast<void**>(launch_->parameters.data()));
    finishThread();
    int slot = next();
    if (slot < 0) {
      if (done_ < count_) stuck();
      backToMain();
    }
    Stack* stack = threads_[current_].stack;
    threads_[current_].stack = nullptr;
    makeCurrent(slot);
    if (threads_[slot].stack == nullptr) {
      threads_[slot].stack = stack;
    } else {
      stacks_.giveBack(stack);   // nobody takes it before we have left it
      void* unused;
      standin_switch(&unused, threads_[slot].stackPointer);
    }
  }
}

/// The next thread, in running order, that can go on; -1 if there is none.
int BlockRunner::next() const {
  auto canRun = [](State state) { return state == State::Ready || state == State::NotStarted; };
  auto found = std::find_if(states_.begin() + current_ + 1, states_.end(), canRun);
  if (found == states_.end()) {
    found = std::find_if(states_.begin(), states_.begin() + current_ + 1, canRun);
    if (found == states_.begin() + current_ + 1) return -1;
  }
  return static_cast<int>(found - states_.begin());
}

uint3 BlockRunner::positionOf(int thread) const {
  unsigned t = thread, x = launch_->block.x, y = launch_->block.y;
  return {t % x, t / x % y, t / x / y};
}

void BlockRunner::makeCurrent(int slot) {
  current_ = slot;
  states_[slot] = State::Ready;
  position.thread = positionOf(order_[slot]);
  checks::switchedTo(order_[slot]);
}

/// The running thread waits in the given state; returns when another thread has made it ready and it is its turn.
void BlockRunner::suspend(State state, const char* file, int line) {
  Thread& own = threads_[current_];
  own.file = file;
  own.line = line;
  states_[current_] = state;
  int slot = next();
  if (slot < 0) stuck();
  void* target = threads_[slot].stackPointer;
  if (states_[slot] == State::NotStarted) {
    threads_[slot].stack = stacks_.take();
    target = threads_[slot].stack->start(fiberMain);
  }
  makeCurrent(slot);
  standin_switch(&own.stackPointer, target);
}

void BlockRunner::finishThread() {
  checks::threadStops();
  states_[current_] = State::Done;
  done_++;
  int warp = thread() / 32;
  warps_[warp].exited |= 1u << (thread() % 32);
  // On a device a thread that has ended counts as arrived; the checking build calls that a fault, because CUDA C++ does not allow it.
  if (atBarrier_ > 0 && atBarrier_ + done_ == count_) {
    if (kChecking) stuck();
    releaseBarrier();
  }
  if (warps_[warp].arrived != 0) {
    const Thread& waiting = threads_[slotOf_[warp * 32 + __builtin_ctz(warps_[warp].arrived)]];
    if (kChecking && (waiting.mask & warps_[warp].exited) != 0) {
      checks::missingLanes(waiting.mask, lanesOf(warp) & ~warps_[warp].exited, waiting.file, waiting.line);
      abandon();
    }
    unsigned mask = waiting.mask & lanesOf(warp) & ~warps_[warp].exited;
    if ((warps_[warp].arrived & mask) == mask) releaseExchange(warp, mask);
  }
}

int BlockRunner::barrier(Vote vote, int predicate, const char* file, int line) {
  checks::threadStops();
  votesTrue_ += predicate != 0;
  atBarrier_++;
  if (atBarrier_ + done_ == count_) {
    if (kChecking) {
      bool samePlace = true;
      for (int i = 0; i < count_; i++) {
        if (states_[i] == State::AtBarrier && (threads_[i].line != line || threads_[i].file != file)) samePlace = false;
      }
      if (done_ > 0 || !samePlace) {
        suspend(State::AtBarrier, file, line);   // finds nobody to go on with, and says so
      }
    }
    releaseBarrier();
  } else {
    suspend(State::AtBarrier, file, line);
  }
  int trueVotes = votesResult_;
  switch (vote) {
    case Vote::And: return trueVotes == count_;
    case Vote::Or: return trueVotes > 0;
    default: return trueVotes;
  }
}

void BlockRunner::releaseBarrier() {
  for (State& state : states_) {
    if (state == State::AtBarrier) state = State::Ready;
  }
  votesResult_ = votesTrue_;
  atBarrier_ = votesTrue_ = 0;
  checks::barrierPassed();
}

/// Lanes of a warp that exist; the last warp of a block may be short.
unsigned BlockRunner::lanesOf(int warp) const {
  int lanes = std::min(32, count_ - warp * 32);
  return lanes == 32 ? ~0u : (1u << lanes) - 1;
}

uint64_t BlockRunner::exchange(unsigned mask, uint64_t value, int source, const char* file, int line) {
  checks::threadStops();
  int warp = thread() / 32, lane = thread() % 32;
  Thread& own = threads_[current_];
  own.mask = mask;
  own.value = value;
  own.source = source;
  unsigned there = lanesOf(warp) & ~warps_[warp].exited;
  if (kChecking && ((mask & ~there) != 0 || (mask >> lane & 1) == 0)) {
    own.file = file;
    own.line = line;
    checks::missingLanes(mask, there, file, line);
    abandon();
  }
  warps_[warp].arrived |= 1u << lane;
  unsigned awaited = mask & there;
  if ((warps_[warp].arrived & awaited) == awaited) {
    own.file = file;
    own.line = line;
    releaseExchange(warp, awaited);
  } else {
    suspend(State::AtExchange, file, line);
  }
  return own.result;
}

void BlockRunner::releaseExchange(int warp, unsigned mask) {
  uint64_t ballot = 0;
  const Thread& self = threads_[current_];
  for (int lane = 0; lane < 32; lane++) {
    if ((mask >> lane & 1) == 0) continue;
    const Thread& thread = threads_[slotOf_[warp * 32 + lane]];
    if (thread.value != 0) ballot |= uint64_t{1} << lane;
    if (kChecking && (thread.line != self.line || thread.file != self.file || thread.mask != self.mask)) {
      checks::differentExchanges(self.file, self.line, self.mask, thread.file, thread.line, thread.mask);
      abandon();
    }
  }
  for (int lane = 0; lane < 32; lane++) {
    if ((mask >> lane & 1) == 0) continue;
    int slot = slotOf_[warp * 32 + lane];
    Thread& thread = threads_[slot];
    bool given = thread.source >= 0 && (mask >> thread.source & 1) != 0;
    thread.result = thread.source < 0 ? ballot : given ? threads_[slotOf_[warp * 32 + thread.source]].value : thread.value;
    if (states_[slot] == State::AtExchange) states_[slot] = State::Ready;
  }
  warps_[warp].arrived &= ~mask;
}

void BlockRunner::backToMain() {
  void* unused;
  standin_switch(&unused, mainStackPointer_);
  __builtin_unreachable();
}

void BlockRunner::abandon() {
  abandoned_ = true;
  backToMain();
}

/// Every thread waits or has ended, and no wait is complete.
void BlockRunner::stuck() {
  bool inExchange = std::count(states_.begin(), states_.end(), State::AtExchange) > 0;
  report(kLaunchFailed, inExchange ? "lanes are missing in an exchange within a warp" : "threads of a block miss a barrier",
      checks::whereInLaunch(*this) + whereThreadsAre());
  abandon();
}

std::string BlockRunner::threadsIn(State state) const {
  // Grouped by the place they wait at: "threads 0-31, 64: barrier at file:line".
  std::string text;
  std::vector<bool> listed(count_);
  for (int t = 0; t < count_; t++) {
    const Thread& first = threads_[slotOf_[t]];
    if (listed[t] || states_[slotOf_[t]] != state) continue;
    std::string group;
    for (int u = t; u < count_; u++) {
      auto together = [&](int v) {
        const Thread& other = threads_[slotOf_[v]];
        return states_[slotOf_[v]] == state && (state == State::Done || (other.line == first.line && other.file == first.file));
      };
      if (!together(u)) continue;
      int last = u;
      while (last + 1 < count_ && together(last + 1)) last++;
      for (int v = u; v <= last; v++) listed[v] = true;
      group += (group.empty() ? "" : ", ") + std::to_string(u) + (last > u ? "-" + std::to_string(last) : "");
      u = last;
    }
    text += "  threads " + group;
    if (state == State::Done) text += ": have ended\n";
    else text += format(": wait %s in %s:%d\n", state == State::AtBarrier ? "at the barrier" : "for other lanes", first.file, first.line);
  }
  return text;
}

std::string BlockRunner::whereThreadsAre() const {
  return threadsIn(State::AtBarrier) + threadsIn(State::AtExchange) + threadsIn(State::Done);
}

void BlockRunner::chooseOrder() {
  checks::threadOrder(count_, order_);
  slotOf_.resize(count_);
  for (int i = 0; i < count_; i++) slotOf_[order_[i]] = i;
}

}
