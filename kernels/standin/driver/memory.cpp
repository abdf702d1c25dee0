#include "memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "checks.h"
#include "report.h"

namespace standin {

namespace {
constexpr size_t kAlignment = 256;
constexpr size_t kPage = 4096;

size_t roundUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

/// Bytes that stay free behind a piece of the checking build, so that running over its end by a row or so hits nothing else.
size_t marginBehind(size_t bytes) { return kChecking ? std::max(kPage, roundUp(bytes / 4, kAlignment)) : 0; }
}

DeviceMemory& deviceMemory() {
  static auto* memory = new DeviceMemory;
  return *memory;
}

DeviceMemory::DeviceMemory() : total_(setting("UNWEAVE_STANDIN_MEMORY", 8LL << 30)) {
  // Addresses cost nothing until they are used. The checking build has so many that a freed piece's are not used again for long.
  reserved_ = roundUp(kChecking ? std::max<size_t>(size_t{256} << 30, 4 * total_) : 2 * total_ + (size_t{1} << 30), kPage);
  void* range = mmap(nullptr, reserved_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    fprintf(stderr, "CUDA stand-in: cannot reserve %zu bytes of address space for device memory\n", reserved_);
    exit(2);
  }
  base_ = reinterpret_cast<CUdeviceptr>(range);
  cursor_ = base_ + kPage;
}

CUdeviceptr DeviceMemory::allocate(size_t bytes) {
  if (bytes > total_ - used_) return 0;
  size_t span = roundUp(bytes, kAlignment) + marginBehind(bytes);
  CUdeviceptr address = findGap(cursor_, span);
  if (address == 0) address = findGap(base_ + kPage, span);
  if (address == 0) return 0;
  cursor_ = address + span;
  pieces_[address] = bytes;
  used_ += roundUp(bytes, kAlignment);
  freed_.erase(freed_.lower_bound(address), freed_.lower_bound(address + span));
  if (kChecking) {
    checks::allocated(address, bytes);
  } else {
    memset(reinterpret_cast<void*>(address), 0xFF, bytes);
  }
  return address;
}

/// The first place at or after `from` where span bytes are free; 0 if there is none.
CUdeviceptr DeviceMemory::findGap(CUdeviceptr from, size_t span) const {
  auto next = pieces_.lower_bound(from);
  if (next != pieces_.begin()) {
    auto before = std::prev(next);
    from = std::max(from, before->first + roundUp(before->second, kAlignment) + marginBehind(before->second));
  }
  for (;; next++) {
    CUdeviceptr limit = next == pieces_.end() ? base_ + reserved_ : next->first;
    if (from + span <= limit) return from;
    if (next == pieces_.end()) return 0;
    from = next->first + roundUp(next->second, kAlignment) + marginBehind(next->second);
  }
}

bool DeviceMemory::free(CUdeviceptr address) {
  auto piece = pieces_.find(address);
  if (piece == pieces_.end()) return false;
  checks::freed(address, piece->second);
  CUdeviceptr firstPage = roundUp(address, kPage), endPage = (address + piece->second) / kPage * kPage;
  if (endPage > firstPage) madvise(reinterpret_cast<void*>(firstPage), endPage - firstPage, MADV_DONTNEED);
  used_ -= roundUp(piece->second, kAlignment);
  if (kChecking) freed_[address] = piece->second;
  pieces_.erase(piece);
  return true;
}

void DeviceMemory::clear() {
  while (!pieces_.empty()) free(pieces_.begin()->first);
}

std::map<CUdeviceptr, size_t>::const_iterator DeviceMemory::find(CUdeviceptr address) const {
  auto piece = pieces_.upper_bound(address);
  if (piece == pieces_.begin()) return pieces_.end();
  piece--;
  return address < piece->first + piece->second ? piece : pieces_.end();
}

bool DeviceMemory::holds(CUdeviceptr address, size_t bytes) const {
  auto piece = find(address);
  return piece != pieces_.end() && bytes <= piece->first + piece->second - address;
}

std::string DeviceMemory::describe(CUdeviceptr address) const {
  auto piece = pieces_.upper_bound(address);
  auto freedPiece = freed_.upper_bound(address);
  if (freedPiece != freed_.begin() && find(address) == pieces_.end()) {
    freedPiece--;
    if (address < freedPiece->first + freedPiece->second) {
      return format("byte %llu of an allocation of %zu bytes at %#llx that has been freed",
                    static_cast<unsigned long long>(address - freedPiece->first), freedPiece->second,
                    static_cast<unsigned long long>(freedPiece->first));
    }
  }
  auto before = piece == pieces_.begin() ? pieces_.end() : std::prev(piece);
  uint64_t after = before == pieces_.end() ? ~0ULL : address - before->first;
  uint64_t ahead = piece == pieces_.end() ? ~0ULL : piece->first - address;
  if (before != pieces_.end() && after < before->second) {
    return format("byte %llu of the allocation of %zu bytes at %#llx", static_cast<unsigned long long>(after), before->second,
                  static_cast<unsigned long long>(before->first));
  }
  if (before == pieces_.end() && piece == pieces_.end()) return "device memory, of which nothing is allocated";
  if (piece != pieces_.end() && (before == pieces_.end() || ahead < after - before->second)) {
    return format("%llu bytes before the allocation of %zu bytes at %#llx", static_cast<unsigned long long>(ahead), piece->second,
                  static_cast<unsigned long long>(piece->first));
  }
  return format("%llu bytes after the end of the allocation of %zu bytes at %#llx",
                static_cast<unsigned long long>(after - before->second), before->second, static_cast<unsigned long long>(before->first));
}

std::map<uintptr_t, size_t>& pinnedMemory() {
  static auto* pieces = new std::map<uintptr_t, size_t>;
  return *pieces;
}

bool isPinned(const void* address) {
  auto piece = pinnedMemory().upper_bound(reinterpret_cast<uintptr_t>(address));
  if (piece == pinnedMemory().begin()) return false;
  piece--;
  return reinterpret_cast<uintptr_t>(address) < piece->first + piece->second;
}

}
