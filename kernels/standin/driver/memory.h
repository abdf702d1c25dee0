// Device memory: a reserved range of this process's addresses, handed out in pieces. Device addresses are therefore host addresses.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "api.h"

namespace standin {

class DeviceMemory {
 public:
  DeviceMemory();
  /// 256-byte aligned; 0 if that is more than is left. What it holds is NaN in the plain build, and "not written" in the checking build.
  CUdeviceptr allocate(size_t bytes);
  /// False if no piece begins there.
  bool free(CUdeviceptr address);
  /// Frees everything.
  void clear();

  size_t total() const { return total_; }
  size_t used() const { return used_; }
  /// The piece that address lies in: its beginning and its size in bytes; end() if none.
  std::map<CUdeviceptr, size_t>::const_iterator find(CUdeviceptr address) const;
  std::map<CUdeviceptr, size_t>::const_iterator end() const { return pieces_.end(); }
  /// Whether all the bytes lie in one piece.
  bool holds(CUdeviceptr address, size_t bytes) const;
  /// Whether the address belongs to the reserved range, allocated or not.
  bool reserved(CUdeviceptr address) const { return address >= base_ && address < base_ + reserved_; }
  CUdeviceptr base() const { return base_; }
  size_t reservedBytes() const { return reserved_; }
  /// For reports: "12 bytes after the end of the allocation of 400 bytes at 0x7f...".
  std::string describe(CUdeviceptr address) const;

 private:
  CUdeviceptr findGap(CUdeviceptr from, size_t span) const;

  size_t total_, used_ = 0, reserved_;
  CUdeviceptr base_, cursor_;
  std::map<CUdeviceptr, size_t> pieces_;
  std::map<CUdeviceptr, size_t> freed_;   // checking build: what lay where, for reports of use after free
};

DeviceMemory& deviceMemory();

/// Page-locked host memory: begin -> bytes.
std::map<uintptr_t, size_t>& pinnedMemory();
bool isPinned(const void* address);

}
