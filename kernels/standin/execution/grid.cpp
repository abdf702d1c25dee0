// A whole launch: its blocks on all OS threads in the plain build, one after another on one in the checking build.
#include <atomic>
#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "checks.h"
#include "execution.h"

namespace standin {

std::vector<Kernel>& kernels() {
  static auto* all = new std::vector<Kernel>;
  return *all;
}

Launch::Launch(const Kernel& kernel, dim3 grid, dim3 block, void* const* arguments) : kernel(&kernel), grid(grid), block(block) {
  size_t words = 0;
  for (size_t bytes : kernel.parameterSizes) words += (bytes + 7) / 8;
  storage.resize(words);
  size_t word = 0;
  for (size_t i = 0; i < kernel.parameterSizes.size(); i++) {
    memcpy(&storage[word], arguments[i], kernel.parameterSizes[i]);
    parameters.push_back(&storage[word]);
    word += (kernel.parameterSizes[i] + 7) / 8;
  }
}

namespace {

uint3 blockPosition(const Launch& launch, long long index) {
  long long x = launch.grid.x, y = launch.grid.y;
  return {static_cast<unsigned>(index % x), static_cast<unsigned>(index / x % y), static_cast<unsigned>(index / x / y)};
}

long long blocksOf(const Launch& launch) { return static_cast<long long>(launch.grid.x) * launch.grid.y * launch.grid.z; }

#ifndef STANDIN_CHECKING
/// OS threads that share the blocks of the running launch. Never destroyed: a thread may still wait here when the program ends.
class Workers {
 public:
  bool run(const Launch& launch) {
    std::lock_guard<std::mutex> oneLaunch(launching_);
    next_ = 0;
    failed_ = false;
    total_ = blocksOf(launch);
    chunk_ = std::max(1LL, total_ / (16LL * (helpers_ + 1)));
    if (total_ > 1 && helpers_ > 0) {
      startThreads();
      std::lock_guard<std::mutex> lock(state_);
      launch_ = &launch;
      generation_++;
      busy_ = helpers_;
      wake_.notify_all();
    }
    takeBlocks(launch);
    if (launch_ != nullptr) {
      std::unique_lock<std::mutex> lock(state_);
      idle_.wait(lock, [this] { return busy_ == 0; });
      launch_ = nullptr;
    }
    return !failed_;
  }

 private:
  void takeBlocks(const Launch& launch) {
    for (long long first; !failed_ && (first = next_.fetch_add(chunk_)) < total_;) {
      for (long long i = first; i < std::min(first + chunk_, total_) && !failed_; i++) {
        if (!runner().run(launch, blockPosition(launch, i))) failed_ = true;
      }
    }
  }

  void startThreads() {
    if (started_) return;
    started_ = true;
    for (int i = 0; i < helpers_; i++) {
      std::thread([this] {
        for (long seen = 0;;) {
          std::unique_lock<std::mutex> lock(state_);
          wake_.wait(lock, [&] { return generation_ != seen; });
          seen = generation_;
          const Launch& launch = *launch_;
          lock.unlock();
          takeBlocks(launch);
          lock.lock();
          if (--busy_ == 0) idle_.notify_one();
        }
      }).detach();
    }
  }

  static int helperCount() {
    const char* asked = getenv("UNWEAVE_STANDIN_THREADS");
    int threads = asked != nullptr ? atoi(asked) : static_cast<int>(std::thread::hardware_concurrency());
    return std::max(1, std::min(threads, 16)) - 1;
  }

  const int helpers_ = helperCount();
  bool started_ = false;
  std::mutex launching_, state_;
  std::condition_variable wake_, idle_;
  const Launch* launch_ = nullptr;
  long generation_ = 0;
  int busy_ = 0;
  long long total_ = 0, chunk_ = 1;
  std::atomic<long long> next_{0};
  std::atomic<bool> failed_{false};
};
#endif

}

#ifdef STANDIN_CHECKING
bool runGrid(const Launch& launch) {
  checks::launchStarts();
  std::vector<long long> order;
  checks::blockOrder(blocksOf(launch), order);
  for (long long block : order) {
    if (!runner().run(launch, blockPosition(launch, block))) return false;
  }
  return true;
}
#else
bool runGrid(const Launch& launch) {
  static auto* workers = new Workers;
  return workers->run(launch);
}
#endif

}
