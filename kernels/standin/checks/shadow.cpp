#include "shadow.h"

#include <cxxabi.h>
#include <sys/mman.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "checks.h"
#include "driver/memory.h"
#include "report.h"

// The table of shared arrays that the build script adds to every compiled .cu file; the linker joins the tables and names their ends.
extern "C" standin::checks::SharedArray __start_standin_shared[] __attribute__((__weak__, __visibility__("hidden")));
extern "C" standin::checks::SharedArray __stop_standin_shared[] __attribute__((__weak__, __visibility__("hidden")));

namespace standin::checks {

namespace {

void* reserveZeroes(size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fprintf(stderr, "CUDA stand-in: cannot reserve %zu bytes of address space for the checks\n", bytes);
    exit(2);
  }
  return memory;
}

Region makeSharedRegion() {
  Region region;
  uintptr_t first = ~uintptr_t{0}, end = 0;
  for (SharedArray* array = __start_standin_shared; array < __stop_standin_shared; array++) {
    first = std::min(first, array->address);
    end = std::max(end, array->address + array->bytes);
  }
  if (end > 0) {
    region.reserve(first & ~uintptr_t{15}, end - first + 256);
    for (SharedArray* array = __start_standin_shared; array < __stop_standin_shared; array++) {
      setBytes(region, array->address, array->bytes, true, false);
    }
  }
  return region;
}

std::vector<std::pair<uint32_t, long long>> blockStamps;   // first stamp of each block of the running launch

}

void Region::reserve(uintptr_t newBase, size_t newBytes) {
  base = newBase;
  bytes = newBytes;
  states = static_cast<uint8_t*>(reserveZeroes(bytes / 4 + 8));
  cells = static_cast<Cell*>(reserveZeroes((bytes / 4 + 8) * sizeof(Cell)));
}

Region& deviceRegion() {
  static Region region = [] {
    Region made;
    made.reserve(deviceMemory().base(), deviceMemory().reservedBytes());
    return made;
  }();
  return region;
}

Region& sharedRegion() {
  static Region region = makeSharedRegion();
  return region;
}

std::vector<uint32_t>& writtenShared() {
  static std::vector<uint32_t> words;
  return words;
}

void setBytes(Region& region, uintptr_t address, size_t bytes, bool accessible, bool written) {
  uint8_t bits = (accessible ? 0x10 : 0) | (written ? 0x01 : 0);
  size_t offset = address - region.base, end = offset + bytes;
  for (; offset < end && (offset & 3) != 0; offset++) {
    uint8_t& state = region.states[offset / 4];
    state = (state & ~(0x11 << (offset & 3))) | bits << (offset & 3);
  }
  size_t words = (end - std::min(offset, end)) / 4;
  memset(region.states + offset / 4, bits * 0x0F, words);
  for (offset += 4 * words; offset < end; offset++) {
    uint8_t& state = region.states[offset / 4];
    state = (state & ~(0x11 << (offset & 3))) | bits << (offset & 3);
  }
}

std::string describeShared(uintptr_t address) {
  const SharedArray* nearest = nullptr;
  for (SharedArray* array = __start_standin_shared; array < __stop_standin_shared; array++) {
    if (array->address <= address && (nearest == nullptr || array->address > nearest->address)) nearest = array;
  }
  if (nearest == nullptr) return "shared memory before all arrays";
  int status;
  char* demangled = abi::__cxa_demangle(nearest->symbol, nullptr, nullptr, &status);
  std::string name = demangled != nullptr ? demangled : nearest->symbol;
  free(demangled);
  size_t offset = address - nearest->address;
  if (offset < nearest->bytes) return format("byte %zu of the shared array %s (%zu bytes)", offset, name.c_str(), nearest->bytes);
  return format("%zu bytes after the end of the shared array %s (%zu bytes)", offset - nearest->bytes, name.c_str(), nearest->bytes);
}

Stamps& stamps() {
  static Stamps values;
  return values;
}

long long blockOfStamp(uint32_t stamp) {
  auto found = std::upper_bound(blockStamps.begin(), blockStamps.end(), std::make_pair(stamp, LLONG_MAX));
  return found == blockStamps.begin() ? -1 : std::prev(found)->second;
}

// What happens to memory outside kernels.

void allocated(uint64_t address, size_t bytes) { setBytes(deviceRegion(), address, bytes, true, false); }

void freed(uint64_t address, size_t bytes) { setBytes(deviceRegion(), address, bytes, false, false); }

void written(uint64_t address, size_t bytes) {
  if (deviceRegion().contains(address)) setBytes(deviceRegion(), address, bytes, true, true);
}

void copied(uint64_t target, uint64_t source, size_t bytes) {
  Region& region = deviceRegion();
  // Through a list, since the ranges may overlap.
  std::vector<bool> known(bytes);
  for (size_t i = 0; i < bytes; i++) known[i] = region.states[(source + i - region.base) / 4] >> ((source + i) & 3) & 1;
  for (size_t i = 0; i < bytes; i++) setBytes(region, target + i, 1, true, known[i]);
}

bool readable(uint64_t address, size_t bytes, const char* reader) {
  Region& region = deviceRegion();
  for (size_t i = 0; region.contains(address) && i < bytes; i++) {
    uintptr_t byte = address + i;
    if (i % 4 == 0 && (byte & 3) == 0 && i + 4 <= bytes && region.states[(byte - region.base) / 4] == 0xFF) {
      i += 3;
    } else if ((region.states[(byte - region.base) / 4] >> (byte & 3) & 1) == 0) {
      report(kIllegalAddress, "read of global memory that nothing wrote",
             format("  %s reads %zu bytes at %#llx; of these, the first that nothing wrote is %s\n", reader, bytes,
                    static_cast<unsigned long long>(address), deviceMemory().describe(byte).c_str()));
      return false;
    }
  }
  return true;
}

// Launches, blocks and barriers begin new stretches.

void launchStarts() {
  forgetSuspicion();
  if (stamps().now > 0xF0000000u) {
    // Stamps would begin again: forget who touched what, of which nothing matters between launches.
    for (Region* region : {&deviceRegion(), &sharedRegion()}) madvise(region->cells, (region->bytes / 4 + 8) * sizeof(Cell), MADV_DONTNEED);
    stamps().now = 1;
  }
  blockStamps.clear();
  stamps().now++;
  stamps().launch = stamps().block = stamps().now;
}

void blockStarts() {
  Region& shared = sharedRegion();
  for (uint32_t word : writtenShared()) shared.states[word] &= 0xF0;
  writtenShared().clear();
  stamps().block = ++stamps().now;
  uint3 block = runner().block();
  const dim3& grid = runner().launch().grid;
  blockStamps.emplace_back(stamps().now, block.x + static_cast<long long>(grid.x) * (block.y + static_cast<long long>(grid.y) * block.z));
}

void barrierPassed() { stamps().now++; }

}
