// The functions that instrumented kernels call for every access of memory. g++ emits the calls for -fsanitize=thread; no library of that
// sanitizer is linked, these are our own.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "checks.h"
#include "driver/memory.h"
#include "report.h"
#include "shadow.h"

namespace standin::checks {

namespace {

struct Access {
  uintptr_t address;
  unsigned bytes;
  bool write;
  const void* returnAddress;

  std::string text() const {
    return format("  %s %u bytes at %#llx", write ? "writes" : "reads", bytes, static_cast<unsigned long long>(address));
  }
};

std::string memoryText(uintptr_t address) {
  if (sharedRegion().contains(address)) return describeShared(address);
  if (deviceMemory().reserved(address)) return deviceMemory().describe(address);
  return address < 65536 ? "a null pointer" : "host memory, which a device cannot read";
}

[[noreturn]] void fault(int error, const std::string& kind, const Access& access, const std::string& more) {
  report(error, kind,
         whereInLaunch(runner()) + access.text() + ": " + memoryText(access.address) + "\n    in " + sourceLine(access.returnAddress)
             + "\n" + more);
  runner().abandon();
}

const char* kindOfMemory(const Region& region) { return &region == &sharedRegion() ? "shared" : "global"; }

std::string threadText(int thread) {
  uint3 t = runner().positionOf(thread);
  return format("thread (%u,%u,%u)", t.x, t.y, t.z);
}

struct Race {
  const Region* region;
  Access access;
  uint32_t stamp;      // of the other access
  int thread;          // that made it; -1: not known
  uint32_t place;
  bool otherWrote;
};

[[noreturn]] void reportRace(const Race& race) {
  std::string who = "another thread of the same block";
  if (race.stamp < stamps().block) {
    long long block = blockOfStamp(race.stamp), x = runner().launch().grid.x, y = runner().launch().grid.y;
    who = format("a thread of block (%lld,%lld,%lld)", block % x, block / x % y, block / x / y);
  } else if (race.thread >= 0) {
    who = threadText(race.thread) + " of the same block";
  }
  fault(kLaunchFailed, std::string("data race in ") + kindOfMemory(*race.region) + " memory", race.access,
        "  " + who + (race.otherWrote ? " wrote there, too" : " read there, too")
            + (race.place != 0 ? "\n    in " + sourceLine(race.place) : "")
            + "\n  nothing orders the two accesses: no barrier lies between\n");
}

/// A race that was found before its write happens. If the write then leaves the value as it was, nobody can see who came first, and it is
/// none.
struct Suspicion {
  Race race;
  unsigned char before[16];
};
Suspicion suspicion;
bool suspicious = false;

void settle() {
  if (!suspicious) return;
  suspicious = false;
  const Access& access = suspicion.race.access;
  if (memcmp(reinterpret_cast<void*>(access.address), suspicion.before, access.bytes) != 0) reportRace(suspicion.race);
}

void suspect(const Race& race) {
  if (!race.access.write || race.access.bytes > sizeof suspicion.before) reportRace(race);
  suspicion.race = race;
  memcpy(suspicion.before, reinterpret_cast<void*>(race.access.address), race.access.bytes);
  suspicious = true;
}

inline void checkRace(const Region& region, Cell& cell, unsigned mask, const Access& access) {
  const Stamps& s = stamps();
  int thread = currentThread;
  uint32_t first = &region == &sharedRegion() ? s.block : s.launch;
  // Blocks run one after another, so a stamp between the launch's first and the block's first is another block's.
  auto concurrent = [&](uint32_t stamp, bool otherThread) {
    return stamp >= first && (stamp < s.block || (stamp == s.now && otherThread));
  };
  if ((cell.writeBytes & mask) != 0 && concurrent(cell.writeStamp, static_cast<int>(cell.writeThread) != thread)) {
    suspect({&region, access, cell.writeStamp, static_cast<int>(cell.writeThread), cell.writePlace, true});
  }
  if (access.write) {
    if (cell.otherBlockReadStamp >= first && cell.otherBlockReadStamp < s.block) {
      suspect({&region, access, cell.otherBlockReadStamp, -1, 0, false});
    }
    bool otherReader = static_cast<int>(cell.readThread) != thread;
    if ((cell.readBytes & mask) != 0 && concurrent(cell.readStamp, otherReader || cell.severalReaders)) {
      suspect({&region, access, cell.readStamp, otherReader ? static_cast<int>(cell.readThread) : -1, cell.readPlace, false});
    }
    bool again = cell.writeStamp == s.now && static_cast<int>(cell.writeThread) == thread;
    cell.writeBytes = again ? cell.writeBytes | mask : mask;
    cell.writeStamp = s.now;
    cell.writeThread = thread;
    cell.writePlace = placeOf(access.returnAddress);
  } else if (cell.readStamp == s.now) {
    if (static_cast<int>(cell.readThread) != thread) cell.severalReaders = 1;
    cell.readBytes |= mask;
  } else {
    if (cell.readStamp >= first && cell.readStamp < s.block) cell.otherBlockReadStamp = cell.readStamp;
    cell.readStamp = s.now;
    cell.readThread = thread;
    cell.readBytes = mask;
    cell.severalReaders = 0;
    cell.readPlace = placeOf(access.returnAddress);
  }
}

void checkWords(Region& region, const Access& access, bool races) {
  for (uintptr_t at = access.address, end = access.address + access.bytes; at < end;) {
    size_t word = (at - region.base) / 4;
    unsigned inWord = at & 3, count = static_cast<unsigned>(std::min<uintptr_t>(4 - inWord, end - at));
    unsigned mask = ((1u << count) - 1) << inWord;
    uint8_t& state = region.states[word];
    if ((state >> 4 & mask) != mask) {
      Access outside = access;
      while ((state >> 4 >> (at & 3) & 1) != 0) at++;
      outside.address = at;
      fault(kIllegalAddress, std::string("out-of-bounds access of ") + kindOfMemory(region) + " memory", outside,
            at == access.address ? "" : format("  (the access begins at %#llx)\n", static_cast<unsigned long long>(access.address)));
    }
    if (access.write) {
      if (&region == &sharedRegion() && (state & 0xF) == 0) writtenShared().push_back(static_cast<uint32_t>(word));
      state |= mask;
    } else if ((state & mask) != mask) {
      fault(kIllegalAddress, std::string("read of ") + kindOfMemory(region) + " memory that nothing wrote", access, "");
    }
    if (races) checkRace(region, region.cells[word], mask, access);
    at += count;
  }
}

void checkElsewhere(const Access& access) {
  if (!runner().running()) return;   // while the library is loaded
  auto* address = reinterpret_cast<const char*>(access.address);
  auto* own = reinterpret_cast<const char*>(&position);
  if (address >= own && address < own + sizeof position) return;
  if (runner().onStack(address) || inLibrary(access.address) || isPinned(address)) return;
  fault(kIllegalAddress, "access of memory that is not the device's", access, "");
}

inline void check(const volatile void* pointer, unsigned bytes, bool write, const void* returnAddress, bool races = true) {
  settle();
  Access access{reinterpret_cast<uintptr_t>(pointer), bytes, write, returnAddress};
  Region& device = deviceRegion();
  Region& shared = sharedRegion();
  if (!device.contains(access.address) && !shared.contains(access.address)) {
    checkElsewhere(access);
    return;
  }
  Region& region = device.contains(access.address) ? device : shared;
  if (bytes <= 16 && (bytes & (bytes - 1)) == 0 && access.address % bytes != 0) {
    fault(kMisalignedAddress, std::string("misaligned access of ") + kindOfMemory(region) + " memory", access,
          format("  an access of %u bytes needs an address that is a multiple of %u\n", bytes, bytes));
  }
  checkWords(region, access, races);
}

}

int currentThread = 0;

void threadStops() { settle(); }

void forgetSuspicion() { suspicious = false; }

}

void standin::checkAtomic(const volatile void* address, int bytes) {
  // Atomic accesses are ordered among themselves, so they are no races; that they race with others is not looked for.
  checks::check(address, bytes, false, __builtin_return_address(0), false);
  checks::check(address, bytes, true, __builtin_return_address(0), false);
}

#define HOOK extern "C" __attribute__((__visibility__("hidden"))) void
#define ACCESS(bytes) \
  HOOK __tsan_read##bytes(void* p) { standin::checks::check(p, bytes, false, __builtin_return_address(0)); } \
  HOOK __tsan_write##bytes(void* p) { standin::checks::check(p, bytes, true, __builtin_return_address(0)); } \
  HOOK __tsan_unaligned_read##bytes(void* p) { standin::checks::check(p, bytes, false, __builtin_return_address(0)); } \
  HOOK __tsan_unaligned_write##bytes(void* p) { standin::checks::check(p, bytes, true, __builtin_return_address(0)); }
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)
HOOK __tsan_read_range(void* p, long bytes) { standin::checks::check(p, static_cast<unsigned>(bytes), false, __builtin_return_address(0)); }
HOOK __tsan_write_range(void* p, long bytes) { standin::checks::check(p, static_cast<unsigned>(bytes), true, __builtin_return_address(0)); }
HOOK __tsan_init() {}
HOOK __tsan_func_entry(void*) {}
HOOK __tsan_func_exit() {}
