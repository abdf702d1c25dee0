// Names and texts of the error codes that the stand-in returns.
#include <map>
#include <utility>

#include "api.h"

using namespace standin;

namespace {

const std::map<CUresult, std::pair<const char*, const char*>> kErrors = {
  {0, {"CUDA_SUCCESS", "no error"}},
  {1, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
  {2, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
  {3, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
  {100, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
  {101, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
  {200, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
  {201, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
  {209, {"CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"}},
  {218, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}},
  {222, {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
  {400, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
  {500, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
  {600, {"CUDA_ERROR_NOT_READY", "device not ready"}},
  {700, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
  {701, {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
  {716, {"CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"}},
  {719, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
  {801, {"CUDA_ERROR_NOT_SUPPORTED", "operation not supported"}},
  {900, {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}},
  {901, {"CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"}},
  {903, {"CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "capture was not initiated in this stream"}},
  {904, {"CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"}},
  {906, {"CUDA_ERROR_STREAM_CAPTURE_IMPLICIT", "operation would make the legacy stream depend on a capturing blocking stream"}},
  {907, {"CUDA_ERROR_CAPTURED_EVENT", "operation not permitted on an event last recorded in a capturing stream"}},
  {908, {"CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD", "attempt to terminate a thread-local capture sequence from another thread"}},
};

}

EXPORT CUresult cuGetErrorName(CUresult error, const char** text) {
  auto found = kErrors.find(error);
  *text = found == kErrors.end() ? nullptr : found->second.first;
  return *text == nullptr ? kInvalidValue : kSuccess;
}

EXPORT CUresult cuGetErrorString(CUresult error, const char** text) {
  auto found = kErrors.find(error);
  *text = found == kErrors.end() ? nullptr : found->second.second;
  return *text == nullptr ? kInvalidValue : kSuccess;
}
