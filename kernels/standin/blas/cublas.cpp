// The part of cuBLAS that a user of float32 and float64 products needs. Arguments are checked as cuBLAS checks them; work runs on the
// handle's stream.
#include <algorithm>
#include <cstring>

#include "driver/shared.h"
#include "gemm.h"

using namespace standin;

using Status = int;

EXPORT CUresult cuStreamSynchronize(standin::Stream* stream);

namespace {

enum : Status { kOk = 0, kNoHandle = 1, kInvalid = 7, kFailed = 13 };
enum Operation { kPlain = 0, kTranspose = 1, kConjugateTranspose = 2 };

struct Handle {
  Stream* stream = nullptr;
  int pointerMode = 0;   // scalars on the host or, 1, on the device
  int mathMode = 0;
  int atomicsMode = 0;
};

constexpr char kName[] = "cuBLAS";

bool isOperation(int value) { return value >= kPlain && value <= kConjugateTranspose; }

/// A factor: its value now if it is on the host, its place if it is on the device.
template <typename T>
struct Scalar {
  T value;
  const T* place;
  Scalar(const Handle& handle, const T* given)
      : value(handle.pointerMode == 0 ? *given : 0), place(handle.pointerMode == 0 ? nullptr : given) {}
  /// False if the device memory cannot be read.
  bool get(T& result) const {
    if (place != nullptr && !reads(place, sizeof(T), kName)) return false;
    result = place == nullptr ? value : *place;
    return true;
  }
};

struct Product {
  bool transposeA, transposeB;
  int m, n, k, lda, ldb, ldc;

  template <typename T>
  void run(T alpha, const T* a, const T* b, T beta, T* c) const {
    if (alpha != 0 && k > 0) {
      if (!readsColumns(a, transposeA ? k : m, transposeA ? m : k, lda, kName)) return;
      if (!readsColumns(b, transposeB ? n : k, transposeB ? k : n, ldb, kName)) return;
    }
    if (beta != 0 && !readsColumns(c, m, n, ldc, kName)) return;
    if (!writesColumns(c, m, n, ldc, kName)) return;
    gemm(transposeA, transposeB, m, n, alpha == 0 ? 0 : k, alpha, a, lda, b, ldb, beta, c, ldc);
  }
};

/// Queues `body`; host results are there when this returns.
template <typename Body>
Status queue(Handle& handle, bool wait, Body body) {
  if (submit(handle.stream, body) != 0) return kFailed;
  return wait && cuStreamSynchronize(handle.stream) != 0 ? kFailed : kOk;
}

Status checkProduct(const Handle* handle, int transposeA, int transposeB, int m, int n, int k, const void* alpha, const void* beta,
    int lda, int ldb, int ldc, int count) {
  if (handle == nullptr) return kNoHandle;
  bool valid = isOperation(transposeA) && isOperation(transposeB) && m >= 0 && n >= 0 && k >= 0 && count >= 0 && alpha != nullptr
      && beta != nullptr
      && lda >= std::max(1, transposeA == kPlain ? m : k) && ldb >= std::max(1, transposeB == kPlain ? k : n) && ldc >= std::max(1, m);
  return valid ? kOk : kInvalid;
}

}

EXPORT Status cublasCreate_v2(Handle** handle) {
  if (handle == nullptr) return kInvalid;
  if (submit(nullptr, [] {}) != 0) return kNoHandle;   // no context, or one that is broken
  *handle = new Handle;
  return kOk;
}

EXPORT Status cublasDestroy_v2(Handle* handle) {
  if (handle == nullptr) return kNoHandle;
  delete handle;
  return kOk;
}

EXPORT Status cublasGetVersion_v2(Handle*, int* version) {
  if (version == nullptr) return kInvalid;
  *version = static_cast<int>(setting("UNWEAVE_STANDIN_CUBLAS_VERSION", 120603));
  return kOk;
}

EXPORT size_t cublasGetCudartVersion() { return setting("UNWEAVE_STANDIN_DRIVER_VERSION", 12060); }

EXPORT const char* cublasGetStatusString(Status status) {
  switch (status) {
    case kOk: return "the operation completed successfully";
    case kNoHandle: return "the library was not initialized";
    case kInvalid: return "an unsupported value or parameter was passed to the function";
    case kFailed: return "the function failed to launch on the GPU";
    case 15: return "the functionality requested is not supported";
    default: return "unknown status";
  }
}

EXPORT const char* cublasGetStatusName(Status status) {
  switch (status) {
    case kOk: return "CUBLAS_STATUS_SUCCESS";
    case kNoHandle: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case kInvalid: return "CUBLAS_STATUS_INVALID_VALUE";
    case kFailed: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case 15: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "unknown";
  }
}

EXPORT Status cublasSetStream_v2(Handle* handle, Stream* stream) {
  if (handle == nullptr) return kNoHandle;
  handle->stream = stream;
  return kOk;
}

EXPORT Status cublasGetStream_v2(Handle* handle, Stream** stream) {
  if (handle == nullptr) return kNoHandle;
  *stream = handle->stream;
  return kOk;
}

EXPORT Status cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t) {
  if (handle == nullptr) return kNoHandle;
  return reinterpret_cast<uintptr_t>(workspace) % 256 == 0 ? kOk : kInvalid;
}

EXPORT Status cublasSetPointerMode_v2(Handle* handle, int mode) {
  if (handle == nullptr) return kNoHandle;
  if (mode != 0 && mode != 1) return kInvalid;
  handle->pointerMode = mode;
  return kOk;
}

EXPORT Status cublasGetPointerMode_v2(Handle* handle, int* mode) {
  if (handle == nullptr) return kNoHandle;
  *mode = handle->pointerMode;
  return kOk;
}

EXPORT Status cublasSetMathMode(Handle* handle, int mode) {
  if (handle == nullptr) return kNoHandle;
  handle->mathMode = mode;
  return kOk;
}

EXPORT Status cublasGetMathMode(Handle* handle, int* mode) {
  if (handle == nullptr) return kNoHandle;
  *mode = handle->mathMode;
  return kOk;
}

EXPORT Status cublasSetAtomicsMode(Handle* handle, int mode) {
  if (handle == nullptr) return kNoHandle;
  handle->atomicsMode = mode;
  return kOk;
}

EXPORT Status cublasGetAtomicsMode(Handle* handle, int* mode) {
  if (handle == nullptr) return kNoHandle;
  *mode = handle->atomicsMode;
  return kOk;
}

namespace {
template <typename T>
Status multiply(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const T* alpha, const T* a, int lda, long long strideA,
    const T* b, int ldb, long long strideB, const T* beta, T* c, int ldc, long long strideC, int count) {
  Status status = checkProduct(handle, transposeA, transposeB, m, n, k, alpha, beta, lda, ldb, ldc, count);
  if (status != kOk || m == 0 || n == 0 || count == 0) return status;
  Product product{transposeA != kPlain, transposeB != kPlain, m, n, k, lda, ldb, ldc};
  Scalar<T> alphaValue(*handle, alpha), betaValue(*handle, beta);
  return queue(*handle, false, [=] {
    T factor, keep;
    if (!alphaValue.get(factor) || !betaValue.get(keep)) return;
    for (int i = 0; i < count; i++) product.run(factor, a + i * strideA, b + i * strideB, keep, c + i * strideC);
  });
}
}

EXPORT Status cublasSgemmStridedBatched(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
    const float* a, int lda, long long strideA, const float* b, int ldb, long long strideB, const float* beta, float* c, int ldc,
    long long strideC, int count) {
  return multiply(handle, transposeA, transposeB, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, count);
}

EXPORT Status cublasDgemmStridedBatched(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const double* alpha,
    const double* a, int lda, long long strideA, const double* b, int ldb, long long strideB, const double* beta, double* c, int ldc,
    long long strideC, int count) {
  return multiply(handle, transposeA, transposeB, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, count);
}

EXPORT Status cublasSgemm_v2(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const float* a,
    int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
  return multiply(handle, transposeA, transposeB, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}

EXPORT Status cublasDgemm_v2(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const double* alpha, const double* a,
    int lda, const double* b, int ldb, const double* beta, double* c, int ldc) {
  return multiply(handle, transposeA, transposeB, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}

EXPORT Status cublasSgemmBatched(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
    const float* const* a, int lda, const float* const* b, int ldb, const float* beta, float* const* c, int ldc, int count) {
  Status status = checkProduct(handle, transposeA, transposeB, m, n, k, alpha, beta, lda, ldb, ldc, count);
  if (status != kOk || m == 0 || n == 0 || count == 0) return status;
  Product product{transposeA != kPlain, transposeB != kPlain, m, n, k, lda, ldb, ldc};
  Scalar<float> alphaValue(*handle, alpha), betaValue(*handle, beta);
  return queue(*handle, false, [=] {
    float factor, keep;
    if (!alphaValue.get(factor) || !betaValue.get(keep)) return;
    for (const void* table : {static_cast<const void*>(a), static_cast<const void*>(b), static_cast<const void*>(c)}) {
      if (!reads(table, count * sizeof(void*), kName)) return;
    }
    for (int i = 0; i < count; i++) product.run(factor, a[i], b[i], keep, c[i]);
  });
}
