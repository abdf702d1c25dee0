// Orders that a device is free to choose: of blocks, of threads, of work on streams. The checking build throws dice, so that programs
// that rely on one of them fail. UNWEAVE_STANDIN_SEED chooses other dice.
#include <algorithm>
#include <numeric>
#include <random>

#include "checks.h"
#include "driver/api.h"
#include "report.h"

namespace standin::checks {

namespace {

std::mt19937_64& dice() {
  static auto* generator = new std::mt19937_64(setting("UNWEAVE_STANDIN_SEED", 1));
  return *generator;
}

enum Order { Forward, Backward, Shuffled };

template <typename T>
void arrange(std::vector<T>& order, T count) {
  order.resize(count);
  std::iota(order.begin(), order.end(), T{0});
  switch (dice()() % 3) {
    case Backward: std::reverse(order.begin(), order.end()); break;
    case Shuffled: std::shuffle(order.begin(), order.end(), dice()); break;
    default: break;
  }
}

}

void threadOrder(int count, std::vector<int>& order) { arrange(order, count); }

void blockOrder(long long count, std::vector<long long>& order) { arrange(order, count); }

int throwDice(int sides) { return static_cast<int>(dice()() % sides); }

void missingLanes(unsigned mask, unsigned there, const char* file, int line) {
  std::string more = (mask >> (runner().thread() % 32) & 1) == 0 ? "  the mask does not name the calling lane\n" : "";
  std::string what = format("    in %s:%d\n  the mask names the lanes %#010x, but there are only %#010x\n", file, line, mask, there);
  report(kLaunchFailed, "lanes are missing in an exchange within a warp", whereInLaunch(runner()) + what + more);
}

void differentExchanges(const char* file, int line, unsigned mask, const char* otherFile, int otherLine, unsigned otherMask) {
  std::string what = format("    in %s:%d with mask %#010x; another lane in %s:%d with mask %#010x\n", file, line, mask, otherFile,
                            otherLine, otherMask);
  report(kLaunchFailed, "lanes of a warp meet at different exchanges", whereInLaunch(runner()) + what);
}

}
