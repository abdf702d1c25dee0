// What the functions of the driver have in common: types, error codes, the lock, the state that every call checks first.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>

#define EXPORT extern "C" __attribute__((__visibility__("default")))

using CUresult = int;
using CUdevice = int;
using CUdeviceptr = uint64_t;

namespace standin {

/// CUresult values (cuda.h).
enum Error : CUresult {
  kSuccess = 0, kInvalidValue = 1, kOutOfMemory = 2, kNotInitialized = 3, kNoDevice = 100, kInvalidDevice = 101, kInvalidImage = 200,
  kInvalidContext = 201, kNoBinaryForGpu = 209, kInvalidPtx = 218, kUnsupportedPtxVersion = 222, kInvalidHandle = 400, kNotFound = 500,
  kNotReady = 600, kLaunchOutOfResources = 701, kStreamCaptureUnsupported = 900, kStreamCaptureInvalidated = 901,
  kStreamCaptureUnmatched = 903, kStreamCaptureUnjoined = 904, kStreamCaptureImplicit = 906, kCapturedEvent = 907,
  kStreamCaptureWrongThread = 908, kNotSupported = 801
};

/// Thrown inside a driver function; the caller gets the code.
struct Failure { CUresult code; };
[[noreturn]] inline void fail(CUresult code) { throw Failure{code}; }
inline void require(bool condition, CUresult code = kInvalidValue) { if (!condition) fail(code); }

struct Context;

/// One lock for the whole driver: calls from several threads take turns, and queued work runs under it.
std::recursive_mutex& driverLock();
/// The calling thread's context; fails with kInvalidContext if it has none.
Context* currentContext();
/// Fails unless cuInit was called.
void requireInitialized();
/// Fails with the error of a kernel that faulted, as every call does from then on.
void requireNoFault();

/// Runs the body of a driver function that needs no context.
template <typename Body>
CUresult call(Body body) {
  std::lock_guard<std::recursive_mutex> lock(driverLock());
  try {
    requireInitialized();
    body();
    return kSuccess;
  } catch (const Failure& failure) {
    return failure.code;
  }
}

/// Runs the body of a driver function that needs a context.
template <typename Body>
CUresult callInContext(Body body) {
  return call([&] {
    currentContext();
    requireNoFault();
    body();
  });
}

/// What the stand-in pretends to be; from the environment, see README.md.
__attribute__((__visibility__("default"))) long long setting(const char* name, long long otherwise);

}
