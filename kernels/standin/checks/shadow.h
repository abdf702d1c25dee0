// What the checking build knows of every 4-byte word of device memory and of shared memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace standin::checks {

/// Who touched a word last. A stamp numbers the stretches between barriers: it grows with each launch, each block and each barrier.
struct Cell {
  uint32_t writeStamp, writePlace;
  uint32_t readStamp, readPlace;
  uint32_t otherBlockReadStamp;            // the last read by an earlier block of the same launch
  unsigned writeThread : 10, readThread : 10;
  unsigned writeBytes : 4, readBytes : 4;  // which bytes of the word
  unsigned severalReaders : 1;             // others than readThread read it in the same stretch
};

/// A range of addresses with a shadow: one state byte and one cell for each word.
struct Region {
  uintptr_t base = 0;
  size_t bytes = 0;
  uint8_t* states = nullptr;   // low four bits: which bytes were written; high four bits: which bytes may be accessed
  Cell* cells = nullptr;

  bool contains(uintptr_t address) const { return address - base < bytes; }
  void reserve(uintptr_t newBase, size_t newBytes);
};

/// A __shared__ array, as the build script found it.
struct SharedArray {
  uintptr_t address;
  size_t bytes;
  const char* symbol;
};

Region& deviceRegion();
Region& sharedRegion();

/// Marks bytes as accessible or not, and as written or not.
void setBytes(Region& region, uintptr_t address, size_t bytes, bool accessible, bool written);

/// "byte 4 of the shared array kernel::tile (64 bytes)".
std::string describeShared(uintptr_t address);

/// Stretches: the running one, the first of the running block, the first of the running launch.
struct Stamps { uint32_t now = 1, block = 1, launch = 1; };
Stamps& stamps();
/// The linear index of the block that a stamp of the running launch belongs to.
long long blockOfStamp(uint32_t stamp);

/// Words of shared memory that the running block has written; they are unwritten again for the next block.
std::vector<uint32_t>& writtenShared();

/// A launch was given up; what it was suspected of does not matter any more.
void forgetSuspicion();

/// "kernels/cuda/src/main/cuda/relu.cu:12" for a return address or a place stored in a cell.
std::string sourceLine(const void* returnAddress);
std::string sourceLine(uint32_t place);
uint32_t placeOf(const void* returnAddress);
/// Whether the address lies in this library: constant tables, for example.
bool inLibrary(uintptr_t address);

}
