#include "shared.h"

#include "checks.h"
#include "memory.h"
#include "report.h"
#include "work.h"

namespace standin {

CUresult submit(Stream* stream, std::function<void()> run) {
  return callInContext([&] { enqueue(stream, std::move(run)); });
}

namespace {
bool isDeviceMemory(const void* address, size_t bytes, const char* library, const char* does) {
  auto begin = reinterpret_cast<CUdeviceptr>(address);
  if (bytes == 0 || deviceMemory().holds(begin, bytes)) return true;
  if (isPinned(address) && isPinned(static_cast<const char*>(address) + bytes - 1)) return true;
  std::string place = deviceMemory().reserved(begin) ? deviceMemory().describe(begin) : "host memory";
  report(kIllegalAddress, "out-of-bounds access of global memory",
         format("  %s %s %zu bytes at %p: %s\n", library, does, bytes, address, place.c_str()));
  return false;
}
}

bool reads(const void* address, size_t bytes, const char* library) {
  return isDeviceMemory(address, bytes, library, "reads") && checks::readable(reinterpret_cast<CUdeviceptr>(address), bytes, library);
}

bool writes(void* address, size_t bytes, const char* library) {
  if (!isDeviceMemory(address, bytes, library, "writes")) return false;
  checks::written(reinterpret_cast<CUdeviceptr>(address), bytes);
  return true;
}

}
