// The part of cuDNN that a user of float32 convolutions and average pooling, channels last, needs. Arguments are checked; work runs on the handle's stream.
#include <cstring>

#include "descriptors.h"

using namespace standin;
using namespace standin::dnn;

namespace {

constexpr char kName[] = "cuDNN";

bool positive(int a, int b, int c, int d) { return a > 0 && b > 0 && c > 0 && d > 0; }

int extent(int size, int pad, int kernel, int dilation, int stride) { return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1; }

/// Whether the four descriptors fit together.
bool fit(const Tensor& x, const Tensor& w, const Convolution& c, const Tensor& y) {
  return x.valid && w.valid && c.valid && y.valid && x.n == y.n && x.c == w.c * c.groups && y.c == w.n && w.n % c.groups == 0
      && y.h == extent(x.h, c.padY, w.h, c.dilationY, c.strideY) && y.w == extent(x.w, c.padX, w.w, c.dilationX, c.strideX);
}

/// The stand-in refuses what some versions refuse, so that users meet a refusal.
bool supported(const Convolution& c) { return c.groups == 1 || (c.dilationY == 1 && c.dilationX == 1); }

/// Visits every product of a convolution: visit(index in x, index in w, index in y).
template <typename Visit>
void products(const Tensor& x, const Tensor& w, const Convolution& c, const Tensor& y, Visit visit) {
  const int outputsOfGroup = w.n / c.groups;
  for (int n = 0; n < y.n; n++) {
    for (int oy = 0; oy < y.h; oy++) {
      for (int ox = 0; ox < y.w; ox++) {
        for (int ky = 0; ky < w.h; ky++) {
          const int iy = oy * c.strideY + ky * c.dilationY - c.padY;
          if (iy < 0 || iy >= x.h) continue;
          for (int kx = 0; kx < w.w; kx++) {
            const int ix = ox * c.strideX + kx * c.dilationX - c.padX;
            if (ix < 0 || ix >= x.w) continue;
            for (int o = 0; o < w.n; o++) {
              const size_t input = ((static_cast<size_t>(n) * x.h + iy) * x.w + ix) * x.c + static_cast<size_t>(o / outputsOfGroup) * w.c;
              const size_t weight = ((static_cast<size_t>(o) * w.h + ky) * w.w + kx) * w.c;
              const size_t output = ((static_cast<size_t>(n) * y.h + oy) * y.w + ox) * y.c + o;
              for (int i = 0; i < w.c; i++) visit(input + i, weight + i, output);
            }
          }
        }
      }
    }
  }
}

/// What the three passes have in common: checks, then on the stream result = alpha * sum(left * right) + beta * result.
template <typename Sum>
Status run(Handle* handle, const Tensor& left, const float* leftData, const Tensor& right, const float* rightData, void* workspace, size_t bytes,
           int algorithm, const float* alpha, const float* beta, const Tensor& result, float* data, Sum sum) {
  if (handle == nullptr || alpha == nullptr || beta == nullptr || leftData == nullptr || rightData == nullptr || data == nullptr) return kNullPointer;
  if (algorithm != kAlgorithm) return kUnsupported;
  if (workspace == nullptr || bytes < kWorkspaceBytes) return kBadParameter;
  const float factor = *alpha, keep = *beta;
  const int code = submit(handle->stream, [=] {
    if (!reads(leftData, left.bytes(), kName) || !reads(rightData, right.bytes(), kName)) return;
    if (!writes(workspace, kWorkspaceBytes, kName) || (keep != 0 && !reads(data, result.bytes(), kName)) || !writes(data, result.bytes(), kName)) return;
    memset(workspace, 0xff, kWorkspaceBytes);
    const size_t count = result.bytes() / sizeof(float);
    double* sums = new double[count]();
    sum(sums);
    for (size_t i = 0; i < count; i++) data[i] = static_cast<float>(factor * sums[i] + (keep == 0 ? 0 : keep * data[i]));
    delete[] sums;
  });
  return code == 0 ? kDone : kExecutionFailed;
}

/// One algorithm that is not there, one that may give other bytes next time, one with tensor cores unless they are ruled out, and the one that can be run.
Status list(const Convolution& convolution, bool fitting, int requested, int* returned, AlgorithmPerformance* results) {
  if (returned == nullptr || results == nullptr) return kNullPointer;
  if (!fitting) return kBadParameter;
  const AlgorithmPerformance all[] = {
      {7, kUnsupported, -1, 0, 1, kFusedMultiplyAdd, {}},
      {0, kDone, 0.1f, 0, 0, kFusedMultiplyAdd, {}},
      {2, kDone, 0.2f, 0, 1, kTensorCores, {}},
      {kAlgorithm, supported(convolution) ? kDone : kUnsupported, 0.3f, kWorkspaceBytes, 1, convolution.math, {}}};
  *returned = 0;
  for (const AlgorithmPerformance& one : all) {
    const bool permitted = one.math != kTensorCores || convolution.math != kFusedMultiplyAdd;
    if (permitted && *returned < requested) results[(*returned)++] = one;
  }
  return kDone;
}

template <typename Descriptor>
Status create(Descriptor** descriptor) {
  if (descriptor == nullptr) return kNullPointer;
  *descriptor = new Descriptor;
  return kDone;
}

template <typename Descriptor>
Status destroy(Descriptor* descriptor) {
  delete descriptor;
  return kDone;
}

Status setTensor(Tensor* tensor, int format, int type, int n, int c, int h, int w) {
  if (tensor == nullptr || !positive(n, c, h, w)) return kBadParameter;
  if (format != kChannelsLast || type != kFloat) return kUnsupported;
  *tensor = {n, c, h, w, true};
  return kDone;
}

/// The average of a window of pooling, or the way back: visit(index in x, index in y) for every value of every window.
template <typename Visit>
void windows(const Tensor& x, const Pooling& p, const Tensor& y, Visit visit) {
  for (int n = 0; n < y.n; n++) {
    for (int oy = 0; oy < y.h; oy++) {
      for (int ox = 0; ox < y.w; ox++) {
        for (int iy = oy * p.strideY - p.padY; iy < oy * p.strideY - p.padY + p.height; iy++) {
          for (int ix = ox * p.strideX - p.padX; ix < ox * p.strideX - p.padX + p.width; ix++) {
            if (iy < 0 || iy >= x.h || ix < 0 || ix >= x.w) continue;
            for (int c = 0; c < x.c; c++) {
              visit(((static_cast<size_t>(n) * x.h + iy) * x.w + ix) * x.c + c, ((static_cast<size_t>(n) * y.h + oy) * y.w + ox) * y.c + c);
            }
          }
        }
      }
    }
  }
}

bool fit(const Tensor& x, const Pooling& p, const Tensor& y) {
  return x.valid && p.valid && y.valid && x.n == y.n && x.c == y.c && y.h == extent(x.h, p.padY, p.height, 1, p.strideY)
      && y.w == extent(x.w, p.padX, p.width, 1, p.strideX);
}

/// target = alpha * sum(source over the windows) / window size + beta * target.
template <typename Sum>
Status average(Handle* handle, const Pooling& p, const float* alpha, const Tensor& from, const float* source, const float* beta, const Tensor& to,
               float* target, Sum sum) {
  if (handle == nullptr || alpha == nullptr || beta == nullptr || source == nullptr || target == nullptr) return kNullPointer;
  if (p.mode != kAverageWithPadding || *beta != 0) return kUnsupported;
  const double factor = static_cast<double>(*alpha) / (p.height * p.width);
  const int code = submit(handle->stream, [=] {
    if (!reads(source, from.bytes(), kName) || !writes(target, to.bytes(), kName)) return;
    const size_t count = to.bytes() / sizeof(float);
    double* sums = new double[count]();
    sum(sums);
    for (size_t i = 0; i < count; i++) target[i] = static_cast<float>(factor * sums[i]);
    delete[] sums;
  });
  return code == 0 ? kDone : kExecutionFailed;
}

}

EXPORT Status cudnnCreate(Handle** handle) {
  if (submit(nullptr, [] {}) != 0) return kExecutionFailed;   // no context, or one that is broken
  return create(handle);
}

EXPORT Status cudnnDestroy(Handle* handle) { return destroy(handle); }

EXPORT Status cudnnSetStream(Handle* handle, Stream* stream) {
  if (handle == nullptr) return kNullPointer;
  handle->stream = stream;
  return kDone;
}

EXPORT size_t cudnnGetVersion() { return 90501; }

EXPORT const char* cudnnGetErrorString(Status status) {
  switch (status) {
    case kDone: return "CUDNN_STATUS_SUCCESS";
    case kBadParameter: return "CUDNN_STATUS_BAD_PARAM";
    case kNullPointer: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
    case kUnsupported: return "CUDNN_STATUS_NOT_SUPPORTED";
    case kExecutionFailed: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

EXPORT Status cudnnCreateTensorDescriptor(Tensor** tensor) { return create(tensor); }
EXPORT Status cudnnDestroyTensorDescriptor(Tensor* tensor) { return destroy(tensor); }
EXPORT Status cudnnCreateFilterDescriptor(Tensor** filter) { return create(filter); }
EXPORT Status cudnnDestroyFilterDescriptor(Tensor* filter) { return destroy(filter); }
EXPORT Status cudnnCreateConvolutionDescriptor(Convolution** convolution) { return create(convolution); }
EXPORT Status cudnnDestroyConvolutionDescriptor(Convolution* convolution) { return destroy(convolution); }
EXPORT Status cudnnCreatePoolingDescriptor(Pooling** pooling) { return create(pooling); }
EXPORT Status cudnnDestroyPoolingDescriptor(Pooling* pooling) { return destroy(pooling); }

EXPORT Status cudnnSetTensor4dDescriptor(Tensor* tensor, int format, int type, int n, int c, int h, int w) {
  return setTensor(tensor, format, type, n, c, h, w);
}

EXPORT Status cudnnSetFilter4dDescriptor(Tensor* filter, int type, int format, int k, int c, int h, int w) {
  return setTensor(filter, format, type, k, c, h, w);
}

EXPORT Status cudnnSetConvolution2dDescriptor(Convolution* c, int padY, int padX, int strideY, int strideX, int dilationY, int dilationX, int mode,
                                              int type) {
  if (c == nullptr || padY < 0 || padX < 0 || !positive(strideY, strideX, dilationY, dilationX)) return kBadParameter;
  if (mode != kCrossCorrelation || type != kFloat) return kUnsupported;
  *c = {padY, padX, strideY, strideX, dilationY, dilationX, 1, kDefaultMath, true};
  return kDone;
}

EXPORT Status cudnnSetConvolutionGroupCount(Convolution* convolution, int groups) {
  if (convolution == nullptr || groups < 1) return kBadParameter;
  convolution->groups = groups;
  return kDone;
}

EXPORT Status cudnnSetConvolutionMathType(Convolution* convolution, int math) {
  if (convolution == nullptr || math < 0 || math > kFusedMultiplyAdd) return kBadParameter;
  convolution->math = math;
  return kDone;
}

EXPORT Status cudnnGetConvolutionForwardAlgorithm_v7(Handle*, Tensor* x, Tensor* w, Convolution* c, Tensor* y, int requested, int* returned,
                                                     AlgorithmPerformance* results) {
  return list(*c, fit(*x, *w, *c, *y), requested, returned, results);
}

EXPORT Status cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle*, Tensor* w, Tensor* dy, Convolution* c, Tensor* dx, int requested, int* returned,
                                                          AlgorithmPerformance* results) {
  return list(*c, fit(*dx, *w, *c, *dy), requested, returned, results);
}

EXPORT Status cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle*, Tensor* x, Tensor* dy, Convolution* c, Tensor* dw, int requested, int* returned,
                                                            AlgorithmPerformance* results) {
  return list(*c, fit(*x, *dw, *c, *dy), requested, returned, results);
}

EXPORT Status cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* x, const float* xData, Tensor* w, const float* wData, Convolution* c,
                                      int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* y, float* yData) {
  if (!fit(*x, *w, *c, *y)) return kBadParameter;
  if (!supported(*c)) return kUnsupported;
  return run(handle, *x, xData, *w, wData, workspace, bytes, algorithm, alpha, beta, *y, yData,
      [x = *x, w = *w, c = *c, y = *y, xData, wData](double* sums) {
        products(x, w, c, y, [=](size_t input, size_t weight, size_t output) { sums[output] += static_cast<double>(xData[input]) * wData[weight]; });
      });
}

EXPORT Status cudnnConvolutionBackwardData(Handle* handle, const float* alpha, Tensor* w, const float* wData, Tensor* dy, const float* dyData,
                                           Convolution* c, int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* dx, float* dxData) {
  if (!fit(*dx, *w, *c, *dy)) return kBadParameter;
  if (!supported(*c)) return kUnsupported;
  return run(handle, *w, wData, *dy, dyData, workspace, bytes, algorithm, alpha, beta, *dx, dxData,
      [x = *dx, w = *w, c = *c, y = *dy, wData, dyData](double* sums) {
        products(x, w, c, y, [=](size_t input, size_t weight, size_t output) { sums[input] += static_cast<double>(wData[weight]) * dyData[output]; });
      });
}

EXPORT Status cudnnConvolutionBackwardFilter(Handle* handle, const float* alpha, Tensor* x, const float* xData, Tensor* dy, const float* dyData,
                                             Convolution* c, int algorithm, void* workspace, size_t bytes, const float* beta, Tensor* dw,
                                             float* dwData) {
  if (!fit(*x, *dw, *c, *dy)) return kBadParameter;
  if (!supported(*c)) return kUnsupported;
  return run(handle, *x, xData, *dy, dyData, workspace, bytes, algorithm, alpha, beta, *dw, dwData,
      [x = *x, w = *dw, c = *c, y = *dy, xData, dyData](double* sums) {
        products(x, w, c, y, [=](size_t input, size_t weight, size_t output) { sums[weight] += static_cast<double>(xData[input]) * dyData[output]; });
      });
}

EXPORT Status cudnnSetPooling2dDescriptor(Pooling* p, int mode, int, int height, int width, int padY, int padX, int strideY, int strideX) {
  if (p == nullptr || !positive(height, width, strideY, strideX) || padY < 0 || padX < 0) return kBadParameter;
  *p = {mode, height, width, padY, padX, strideY, strideX, true};
  return kDone;
}

EXPORT Status cudnnPoolingForward(Handle* handle, Pooling* p, const float* alpha, Tensor* x, const float* xData, const float* beta, Tensor* y,
                                  float* yData) {
  if (!fit(*x, *p, *y)) return kBadParameter;
  return average(handle, *p, alpha, *x, xData, beta, *y, yData, [x = *x, p = *p, y = *y, xData](double* sums) {
    windows(x, p, y, [=](size_t input, size_t output) { sums[output] += xData[input]; });
  });
}

EXPORT Status cudnnPoolingBackward(Handle* handle, Pooling* p, const float* alpha, Tensor* y, const float* yData, Tensor* dy, const float* dyData,
                                   Tensor* x, const float* xData, const float* beta, Tensor* dx, float* dxData) {
  if (yData == nullptr || xData == nullptr) return kNullPointer;   // asked for, though averages do not depend on them
  if (!fit(*dx, *p, *dy) || !fit(*x, *p, *y)) return kBadParameter;
  return average(handle, *p, alpha, *dy, dyData, beta, *dx, dxData, [x = *dx, p = *p, y = *dy, dyData](double* sums) {
    windows(x, p, y, [=](size_t input, size_t output) { sums[input] += dyData[output]; });
  });
}
