// Allocation, copies and fills.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "api.h"
#include "checks.h"
#include "memory.h"
#include "work.h"

using namespace standin;

namespace {

void* pointer(CUdeviceptr address) { return reinterpret_cast<void*>(address); }

CUdeviceptr address(const void* pointer) { return reinterpret_cast<CUdeviceptr>(pointer); }

/// A call that waits for its work: queues it on the default stream and completes it.
void atOnce(std::function<void()> run) {
  requireNoCapture();
  enqueue(nullptr, std::move(run));
  complete(streamOf(nullptr).last);
  requireNoFault();
}

void requireDevice(CUdeviceptr target, size_t bytes) { require(deviceMemory().holds(target, bytes)); }

// Pieces may be freed between queueing and running only by a call that completes everything first, so one look at queueing time is enough.

std::function<void()> toDevice(CUdeviceptr target, const void* source, size_t bytes) {
  requireDevice(target, bytes);
  require(source != nullptr);
  return [=] {
    memcpy(pointer(target), source, bytes);
    checks::written(target, bytes);
  };
}

std::function<void()> toHost(void* target, CUdeviceptr source, size_t bytes) {
  requireDevice(source, bytes);
  require(target != nullptr);
  return [=] {
    if (checks::readable(source, bytes, "a copy to the host")) memcpy(target, pointer(source), bytes);
  };
}

std::function<void()> onDevice(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
  requireDevice(target, bytes);
  requireDevice(source, bytes);
  return [=] {
    memmove(pointer(target), pointer(source), bytes);
    checks::copied(target, source, bytes);
  };
}

template <typename Value>
std::function<void()> filled(CUdeviceptr target, Value value, size_t count) {
  requireDevice(target, count * sizeof(Value));
  require(target % sizeof(Value) == 0);
  return [=] {
    std::fill_n(static_cast<Value*>(pointer(target)), count, value);
    checks::written(target, count * sizeof(Value));
  };
}

/// Unified addressing: whichever of the two is device memory decides.
std::function<void()> anywhere(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
  bool targetHere = deviceMemory().holds(target, bytes), sourceHere = deviceMemory().holds(source, bytes);
  if (targetHere && sourceHere) return onDevice(target, source, bytes);
  if (targetHere) return toDevice(target, pointer(source), bytes);
  if (sourceHere) return toHost(pointer(target), source, bytes);
  require(isPinned(pointer(target)) && isPinned(pointer(source)));
  return [=] { memmove(pointer(target), pointer(source), bytes); };
}

}

EXPORT CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
  return callInContext([&] {
    *total = deviceMemory().total();
    *free = *total - deviceMemory().used();
  });
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr* result, size_t bytes) {
  return callInContext([&] {
    require(result != nullptr && bytes > 0);
    requireNoCapture();
    *result = deviceMemory().allocate(bytes);
    require(*result != 0, kOutOfMemory);
  });
}

EXPORT CUresult cuMemFree_v2(CUdeviceptr piece) {
  return callInContext([&] {
    if (piece == 0) return;
    requireNoCapture();
    completeAll();   // as on a device: freeing waits for all work
    requireNoFault();
    require(deviceMemory().free(piece));
  });
}

EXPORT CUresult cuMemAllocAsync(CUdeviceptr* result, size_t bytes, Stream* stream) {
  return callInContext([&] {
    requireNotCapturing(streamOf(stream));
    require(bytes > 0);
    *result = deviceMemory().allocate(bytes);
    require(*result != 0, kOutOfMemory);
  });
}

EXPORT CUresult cuMemFreeAsync(CUdeviceptr piece, Stream* stream) {
  return callInContext([&] {
    requireNotCapturing(streamOf(stream));
    requireDevice(piece, 1);
    enqueue(stream, [=] { deviceMemory().free(piece); });
  });
}

EXPORT CUresult cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* bytes, CUdeviceptr inside) {
  return callInContext([&] {
    auto piece = deviceMemory().find(inside);
    require(piece != deviceMemory().end(), kNotFound);
    if (base != nullptr) *base = piece->first;
    if (bytes != nullptr) *bytes = piece->second;
  });
}

EXPORT CUresult cuMemHostAlloc(void** result, size_t bytes, unsigned) {
  return callInContext([&] {
    require(result != nullptr && bytes > 0);
    requireNoCapture();
    *result = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    require(*result != nullptr, kOutOfMemory);
    pinnedMemory()[reinterpret_cast<uintptr_t>(*result)] = bytes;
  });
}

EXPORT CUresult cuMemAllocHost_v2(void** result, size_t bytes) { return cuMemHostAlloc(result, bytes, 0); }

EXPORT CUresult cuMemFreeHost(void* piece) {
  return callInContext([&] {
    require(pinnedMemory().count(reinterpret_cast<uintptr_t>(piece)) != 0);
    requireNoCapture();
    completeAll();
    pinnedMemory().erase(reinterpret_cast<uintptr_t>(piece));
    free(piece);
  });
}

EXPORT CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* result, void* piece, unsigned) {
  return callInContext([&] {
    require(isPinned(piece));
    *result = address(piece);
  });
}

EXPORT CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, size_t bytes) {
  return callInContext([&] { atOnce(toDevice(target, source, bytes)); });
}

EXPORT CUresult cuMemcpyDtoH_v2(void* target, CUdeviceptr source, size_t bytes) {
  return callInContext([&] { atOnce(toHost(target, source, bytes)); });
}

EXPORT CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
  return callInContext([&] { atOnce(onDevice(target, source, bytes)); });
}

EXPORT CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
  return callInContext([&] { atOnce(anywhere(target, source, bytes)); });
}

EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, Stream* stream) {
  return callInContext([&] {
    if (isPinned(source) || streamOf(stream).capture) {
      enqueue(stream, toDevice(target, source, bytes));
    } else {
      // Pageable memory is read before the call returns.
      auto begin = static_cast<const char*>(source);
      auto staged = std::make_shared<std::vector<char>>(begin, begin + bytes);
      auto copy = toDevice(target, staged->data(), bytes);
      enqueue(stream, [staged, copy] { copy(); });
    }
  });
}

EXPORT CUresult cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, Stream* stream) {
  return callInContext([&] {
    enqueue(stream, toHost(target, source, bytes));
    if (!isPinned(target) && !streamOf(stream).capture) complete(streamOf(stream).last);   // pageable memory: the call waits
  });
}

EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, Stream* stream) {
  return callInContext([&] { enqueue(stream, onDevice(target, source, bytes)); });
}

EXPORT CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, Stream* stream) {
  return callInContext([&] { enqueue(stream, anywhere(target, source, bytes)); });
}

EXPORT CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count) {
  return callInContext([&] { atOnce(filled(target, value, count)); });
}

EXPORT CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned value, size_t count) {
  return callInContext([&] { atOnce(filled(target, value, count)); });
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, Stream* stream) {
  return callInContext([&] { enqueue(stream, filled(target, value, count)); });
}

EXPORT CUresult cuMemsetD32Async(CUdeviceptr target, unsigned value, size_t count, Stream* stream) {
  return callInContext([&] { enqueue(stream, filled(target, value, count)); });
}
