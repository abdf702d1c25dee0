// What libcuda.so.1 offers the stand-ins of cuBLAS and cuDNN beside the driver's own functions.
#pragma once
#include <cstddef>
#include <functional>

#include "api.h"

#define SHARED __attribute__((__visibility__("default")))

namespace standin {

struct Stream;

/// Queues work on a stream as a kernel launch would be; it may run later, or many times when the stream captures.
SHARED CUresult submit(Stream* stream, std::function<void()> run);

/// Inside queued work: the library is about to read or to write these bytes of device memory. False when they are not device memory or,
/// in the checking build, when nothing wrote what is to be read; that was reported as a fault, and the work must end.
SHARED bool reads(const void* address, size_t bytes, const char* library);
SHARED bool writes(void* address, size_t bytes, const char* library);

/// A matrix stored by columns, each of `rows` values, their beginnings `stride` values apart.
template <typename T>
bool readsColumns(const T* address, long long rows, long long columns, long long stride, const char* library) {
  for (long long c = 0; c < columns; c++) {
    if (!reads(address + c * stride, rows * sizeof(T), library)) return false;
  }
  return true;
}
template <typename T>
bool writesColumns(T* address, long long rows, long long columns, long long stride, const char* library) {
  for (long long c = 0; c < columns; c++) {
    if (!writes(address + c * stride, rows * sizeof(T), library)) return false;
  }
  return true;
}

}
