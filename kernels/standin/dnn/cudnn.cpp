// The part of cuDNN 9 that a user of float32 convolutions and poolings needs. Tensors are dense; work runs on the handle's stream.
#include <algorithm>
#include <vector>

#include "descriptors.h"
#include "driver/shared.h"

using namespace standin;
using namespace standin::dnn;

namespace {

constexpr char kName[] = "cuDNN";
constexpr size_t kWorkspaceBytes = 1024;   // of an algorithm that needs one, so that callers have to bring it

struct Handle { Stream* stream = nullptr; };

/// What cuDNN tells of an algorithm (cudnnConvolutionFwdAlgoPerf_t and its two brothers).
struct Performance {
  int algorithm, status;
  float milliseconds;
  size_t memory;
  int determinism, mathType;
  int reserved[3];
};

/// Three ways, fastest first, as a GPU might have them: with tensor cores, with sums in changing order, and plain.
int listAlgorithms(int wanted, int* count, Performance* found) {
  const Performance all[] = {{3, 0, 0.1f, 0, 1, 1, {}}, {0, 0, 0.2f, 0, 0, 3, {}}, {1, 0, 0.3f, kWorkspaceBytes, 1, 3, {}}};
  if (wanted <= 0 || count == nullptr || found == nullptr) return kBad;
  *count = wanted < 3 ? wanted : 3;
  std::copy_n(all, *count, found);
  return kOk;
}

int workspaceOf(int algorithm, size_t* bytes) {
  *bytes = algorithm == 1 ? kWorkspaceBytes : 0;
  return kOk;
}

bool readsTensor(const Tensor& shape, const float* values) { return reads(values, shape.count() * sizeof(float), kName); }

bool readsAndWrites(const Tensor& shape, float* values, float beta) {
  return (beta == 0 || readsTensor(shape, values)) && writes(values, shape.count() * sizeof(float), kName);
}

/// Queues work on the handle's stream after the usual checks.
template <typename Body>
int queue(Handle* handle, bool valid, Body body) {
  if (handle == nullptr) return kNoHandle;
  if (!valid) return kBad;
  return submit(handle->stream, body) == 0 ? kOk : kFailed;
}

bool enoughWorkspace(int algorithm, const void* workspace, size_t bytes) {
  size_t needed = 0;
  workspaceOf(algorithm, &needed);
  return needed == 0 || (workspace != nullptr && bytes >= needed);
}

template <typename T>
int create(T** descriptor) {
  *descriptor = new T;
  return kOk;
}

template <typename T>
int destroy(T* descriptor) {
  delete descriptor;
  return kOk;
}

}

EXPORT size_t cudnnGetVersion() { return 90501; }
EXPORT size_t cudnnGetCudartVersion() { return 12060; }

EXPORT const char* cudnnGetErrorString(int status) {
  switch (status) {
    case kOk: return "CUDNN_STATUS_SUCCESS";
    case kNoHandle: return "CUDNN_STATUS_NOT_INITIALIZED";
    case kBad: return "CUDNN_STATUS_BAD_PARAM";
    case kUnsupported: return "CUDNN_STATUS_NOT_SUPPORTED";
    case kFailed: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

EXPORT int cudnnCreate(Handle** handle) {
  if (submit(nullptr, [] {}) != 0) return kNoHandle;
  return create(handle);
}
EXPORT int cudnnDestroy(Handle* handle) { return destroy(handle); }
EXPORT int cudnnSetStream(Handle* handle, Stream* stream) {
  if (handle == nullptr) return kNoHandle;
  handle->stream = stream;
  return kOk;
}
EXPORT int cudnnGetStream(Handle* handle, Stream** stream) {
  if (handle == nullptr) return kNoHandle;
  *stream = handle->stream;
  return kOk;
}

EXPORT int cudnnCreateTensorDescriptor(Tensor** d) { return create(d); }
EXPORT int cudnnDestroyTensorDescriptor(Tensor* d) { return destroy(d); }
EXPORT int cudnnCreateFilterDescriptor(Tensor** d) { return create(d); }
EXPORT int cudnnDestroyFilterDescriptor(Tensor* d) { return destroy(d); }
EXPORT int cudnnCreateConvolutionDescriptor(Convolution** d) { return create(d); }
EXPORT int cudnnDestroyConvolutionDescriptor(Convolution* d) { return destroy(d); }
EXPORT int cudnnCreatePoolingDescriptor(Pooling** d) { return create(d); }
EXPORT int cudnnDestroyPoolingDescriptor(Pooling* d) { return destroy(d); }
EXPORT int cudnnCreateActivationDescriptor(Activation** d) { return create(d); }
EXPORT int cudnnDestroyActivationDescriptor(Activation* d) { return destroy(d); }

EXPORT int cudnnSetTensor4dDescriptor(Tensor* d, int format, int type, int n, int c, int h, int w) {
  if (type != 0 || format > 1) return kUnsupported;
  return d->set(format, n, c, h, w) ? kOk : kBad;
}
EXPORT int cudnnSetFilter4dDescriptor(Tensor* d, int type, int format, int k, int c, int h, int w) {
  return cudnnSetTensor4dDescriptor(d, format, type, k, c, h, w);
}
EXPORT int cudnnGetTensor4dDescriptor(const Tensor* d, int* type, int* n, int* c, int* h, int* w, int* sn, int* sc, int* sh, int* sw) {
  *type = 0;
  int* sizes[] = {n, c, h, w};
  int* steps[] = {sn, sc, sh, sw};
  for (int i = 0; i < 4; i++) {
    *sizes[i] = d->size[i];
    *steps[i] = d->step[i];
  }
  return kOk;
}
EXPORT int cudnnGetFilter4dDescriptor(const Tensor* d, int* type, int* format, int* k, int* c, int* h, int* w) {
  *type = 0;
  *format = d->format;
  int* sizes[] = {k, c, h, w};
  for (int i = 0; i < 4; i++) *sizes[i] = d->size[i];
  return kOk;
}

EXPORT int cudnnSetConvolution2dDescriptor(Convolution* d, int padY, int padX, int strideY, int strideX, int dilationY, int dilationX,
    int mode, int type) {
  if (padY < 0 || padX < 0 || strideY <= 0 || strideX <= 0 || dilationY <= 0 || dilationX <= 0) return kBad;
  if (type != 0) return kUnsupported;
  int groups = d->groups, mathType = d->mathType;
  *d = Convolution{{padY, padX}, {strideY, strideX}, {dilationY, dilationX}, mode == 0, groups, mathType};
  return kOk;
}
EXPORT int cudnnSetConvolutionGroupCount(Convolution* d, int groups) {
  if (groups <= 0) return kBad;
  d->groups = groups;
  return kOk;
}
EXPORT int cudnnGetConvolutionGroupCount(const Convolution* d, int* groups) {
  *groups = d->groups;
  return kOk;
}
EXPORT int cudnnSetConvolutionMathType(Convolution* d, int type) {
  d->mathType = type;
  return kOk;
}
EXPORT int cudnnGetConvolutionMathType(const Convolution* d, int* type) {
  *type = d->mathType;
  return kOk;
}
EXPORT int cudnnGetConvolution2dForwardOutputDim(const Convolution* d, const Tensor* x, const Tensor* w, int* n, int* c, int* height,
    int* width) {
  *n = x->size[0];
  *c = w->size[0];
  *height = d->outputSize(*x, *w, 0);
  *width = d->outputSize(*x, *w, 1);
  return kOk;
}

EXPORT int cudnnSetActivationDescriptor(Activation* d, int mode, int nan, double coefficient) {
  *d = Activation{mode, nan, coefficient};
  return kOk;
}

EXPORT int cudnnSetPooling2dDescriptor(Pooling* d, int mode, int nan, int height, int width, int padY, int padX, int strideY, int strideX) {
  if (height <= 0 || width <= 0 || padY < 0 || padX < 0 || strideY <= 0 || strideX <= 0 || mode < 0 || mode > 3) return kBad;
  *d = Pooling{mode, nan, {height, width}, {padY, padX}, {strideY, strideX}};
  return kOk;
}
EXPORT int cudnnGetPooling2dForwardOutputDim(const Pooling* d, const Tensor* x, int* n, int* c, int* height, int* width) {
  *n = x->size[0];
  *c = x->size[1];
  *height = d->outputSize(*x, 0);
  *width = d->outputSize(*x, 1);
  return kOk;
}

EXPORT int cudnnGetConvolutionForwardAlgorithm_v7(Handle*, const Tensor* x, const Tensor* w, const Convolution* d, const Tensor* y,
    int wanted, int* count, Performance* found) {
  return d->fits(*x, *w, *y) ? listAlgorithms(wanted, count, found) : kBad;
}
EXPORT int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle*, const Tensor* w, const Tensor* y, const Convolution* d, const Tensor* x,
    int wanted, int* count, Performance* found) {
  return d->fits(*x, *w, *y) ? listAlgorithms(wanted, count, found) : kBad;
}
EXPORT int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle*, const Tensor* x, const Tensor* y, const Convolution* d, const Tensor* w,
    int wanted, int* count, Performance* found) {
  return d->fits(*x, *w, *y) ? listAlgorithms(wanted, count, found) : kBad;
}
EXPORT int cudnnFindConvolutionForwardAlgorithm(Handle* h, const Tensor* x, const Tensor* w, const Convolution* d, const Tensor* y,
    int wanted, int* count, Performance* found) {
  return cudnnGetConvolutionForwardAlgorithm_v7(h, x, w, d, y, wanted, count, found);
}
EXPORT int cudnnFindConvolutionBackwardDataAlgorithm(Handle* h, const Tensor* w, const Tensor* y, const Convolution* d, const Tensor* x,
    int wanted, int* count, Performance* found) {
  return cudnnGetConvolutionBackwardDataAlgorithm_v7(h, w, y, d, x, wanted, count, found);
}
EXPORT int cudnnFindConvolutionBackwardFilterAlgorithm(Handle* h, const Tensor* x, const Tensor* y, const Convolution* d, const Tensor* w,
    int wanted, int* count, Performance* found) {
  return cudnnGetConvolutionBackwardFilterAlgorithm_v7(h, x, y, d, w, wanted, count, found);
}
EXPORT int cudnnGetConvolutionForwardWorkspaceSize(Handle*, const Tensor*, const Tensor*, const Convolution*, const Tensor*,
    int algorithm, size_t* bytes) {
  return workspaceOf(algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle*, const Tensor*, const Tensor*, const Convolution*, const Tensor*,
    int algorithm, size_t* bytes) {
  return workspaceOf(algorithm, bytes);
}
EXPORT int cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle*, const Tensor*, const Tensor*, const Convolution*, const Tensor*,
    int algorithm, size_t* bytes) {
  return workspaceOf(algorithm, bytes);
}

EXPORT int cudnnConvolutionForward(Handle* handle, const float* alpha, const Tensor* xShape, const float* x, const Tensor* wShape,
    const float* w, const Convolution* conv, int algorithm, void* workspace, size_t bytes, const float* beta, const Tensor* yShape,
    float* y) {
  return queue(handle, conv->fits(*xShape, *wShape, *yShape) && enoughWorkspace(algorithm, workspace, bytes),
               [=, a = *alpha, b = *beta, c = *conv, xs = *xShape, ws = *wShape, ys = *yShape] {
    if (readsTensor(xs, x) && readsTensor(ws, w) && readsAndWrites(ys, y, b)) forward(c, xs, x, ws, w, ys, y, a, b);
  });
}

EXPORT int cudnnConvolutionBackwardData(Handle* handle, const float* alpha, const Tensor* wShape, const float* w, const Tensor* yShape,
    const float* dy, const Convolution* conv, int algorithm, void* workspace, size_t bytes, const float* beta, const Tensor* xShape,
    float* dx) {
  return queue(handle, conv->fits(*xShape, *wShape, *yShape) && enoughWorkspace(algorithm, workspace, bytes),
               [=, a = *alpha, b = *beta, c = *conv, xs = *xShape, ws = *wShape, ys = *yShape] {
    if (readsTensor(ws, w) && readsTensor(ys, dy) && readsAndWrites(xs, dx, b)) backwardData(c, ws, w, ys, dy, xs, dx, a, b);
  });
}

EXPORT int cudnnConvolutionBackwardFilter(Handle* handle, const float* alpha, const Tensor* xShape, const float* x, const Tensor* yShape,
    const float* dy, const Convolution* conv, int algorithm, void* workspace, size_t bytes, const float* beta, const Tensor* wShape,
    float* dw) {
  return queue(handle, conv->fits(*xShape, *wShape, *yShape) && enoughWorkspace(algorithm, workspace, bytes),
               [=, a = *alpha, b = *beta, c = *conv, xs = *xShape, ws = *wShape, ys = *yShape] {
    if (readsTensor(xs, x) && readsTensor(ys, dy) && readsAndWrites(ws, dw, b)) backwardFilter(c, xs, x, ys, dy, ws, dw, a, b);
  });
}

EXPORT int cudnnConvolutionBackwardBias(Handle* handle, const float* alpha, const Tensor* yShape, const float* dy, const float* beta,
    const Tensor* biasShape, float* db) {
  return queue(handle, biasShape->count() == yShape->size[1], [=, a = *alpha, b = *beta, ys = *yShape, bs = *biasShape] {
    if (!readsTensor(ys, dy) || !readsAndWrites(bs, db, b)) return;
    for (int c = 0; c < ys.size[1]; c++) {
      double sum = 0;
      for (int n = 0; n < ys.size[0]; n++) {
        for (int i = 0; i < ys.size[2]; i++) {
          for (int j = 0; j < ys.size[3]; j++) sum += dy[ys.at(n, c, i, j)];
        }
      }
      blend(db[c], static_cast<float>(sum), a, b);
    }
  });
}

EXPORT int cudnnAddTensor(Handle* handle, const float* alpha, const Tensor* aShape, const float* a, const float* beta,
    const Tensor* cShape, float* c) {
  bool valid = true;
  for (int i = 0; i < 4; i++) valid = valid && (aShape->size[i] == 1 || aShape->size[i] == cShape->size[i]);
  return queue(handle, valid, [=, factor = *alpha, keep = *beta, as = *aShape, cs = *cShape] {
    if (!readsTensor(as, a) || !readsAndWrites(cs, c, keep)) return;
    auto within = [&](int axis, int index) { return as.size[axis] == 1 ? 0 : index; };
    for (int n = 0; n < cs.size[0]; n++) {
      for (int k = 0; k < cs.size[1]; k++) {
        for (int i = 0; i < cs.size[2]; i++) {
          for (int j = 0; j < cs.size[3]; j++) {
            blend(c[cs.at(n, k, i, j)], a[as.at(within(0, n), within(1, k), within(2, i), within(3, j))], factor, keep);
          }
        }
      }
    }
  });
}

EXPORT int cudnnConvolutionBiasActivationForward(Handle* handle, const float* alpha1, const Tensor* xShape, const float* x,
    const Tensor* wShape, const float* w, const Convolution* conv, int algorithm, void* workspace, size_t bytes, const float* alpha2,
    const Tensor* zShape, const float* z, const Tensor* biasShape, const float* bias, const Activation* activation, const Tensor* yShape,
    float* y) {
  bool valid = conv->fits(*xShape, *wShape, *yShape) && zShape->count() == yShape->count() && biasShape->count() == yShape->size[1]
      && enoughWorkspace(algorithm, workspace, bytes);
  return queue(handle, valid, [=, a = *alpha1, b = *alpha2, c = *conv, act = *activation, xs = *xShape, ws = *wShape, ys = *yShape] {
    if (!readsTensor(xs, x) || !readsTensor(ws, w) || !reads(bias, ys.size[1] * sizeof(float), kName)) return;
    if ((b != 0 && !readsTensor(ys, z)) || !readsAndWrites(ys, y, 0)) return;
    std::vector<float> added(b == 0 ? 0 : ys.count());   // z may be y
    if (b != 0) std::copy_n(z, added.size(), added.begin());
    forward(c, xs, x, ws, w, ys, y, a, 0);
    for (int n = 0; n < ys.size[0]; n++) {
      for (int k = 0; k < ys.size[1]; k++) {
        for (int i = 0; i < ys.size[2]; i++) {
          for (int j = 0; j < ys.size[3]; j++) {
            long long at = ys.at(n, k, i, j);
            y[at] = act.apply(y[at] + (b == 0 ? 0 : b * added[at]) + bias[k]);
          }
        }
      }
    }
  });
}

EXPORT int cudnnPoolingForward(Handle* handle, const Pooling* pooling, const float* alpha, const Tensor* xShape, const float* x,
    const float* beta, const Tensor* yShape, float* y) {
  return queue(handle, true, [=, a = *alpha, b = *beta, p = *pooling, xs = *xShape, ys = *yShape] {
    if (readsTensor(xs, x) && readsAndWrites(ys, y, b)) poolForward(p, xs, x, ys, y, a, b);
  });
}

EXPORT int cudnnPoolingBackward(Handle* handle, const Pooling* pooling, const float* alpha, const Tensor* yShape, const float* y,
    const Tensor*, const float* dy, const Tensor* xShape, const float* x, const float* beta, const Tensor*, float* dx) {
  return queue(handle, true, [=, a = *alpha, b = *beta, p = *pooling, xs = *xShape, ys = *yShape] {
    bool average = p.mode == 1 || p.mode == 2;   // which depends on neither x nor y
    if (!readsTensor(ys, dy) || (!average && (!readsTensor(ys, y) || !readsTensor(xs, x)))) return;
    if (readsAndWrites(xs, dx, b)) poolBackward(p, ys, y, dy, xs, x, dx, a, b);
  });
}
