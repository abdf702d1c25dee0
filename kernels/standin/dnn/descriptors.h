// What cuDNN's descriptors describe, and the loops of its operations on float32 tensors.
#pragma once

namespace standin::dnn {

enum Status { kOk = 0, kNoHandle = 1001, kBad = 2000, kUnsupported = 3000, kFailed = 5000 };

/// Four dimensions (N C H W; of a filter: outputs, inputs, height, width) and the steps between neighbours along each, in floats.
struct Tensor {
  int format = 0;   // 0: N C H W in memory, 1: N H W C
  int size[4] = {0, 0, 0, 0};
  int step[4] = {0, 0, 0, 0};

  /// Dense storage in that format. False if a size is not positive.
  bool set(int newFormat, int n, int c, int h, int w);
  long long count() const { return static_cast<long long>(size[0]) * size[1] * size[2] * size[3]; }
  long long at(int n, int c, int h, int w) const {
    return static_cast<long long>(n) * step[0] + static_cast<long long>(c) * step[1] + static_cast<long long>(h) * step[2]
        + static_cast<long long>(w) * step[3];
  }
};

struct Convolution {
  int pad[2] = {0, 0}, stride[2] = {1, 1}, dilation[2] = {1, 1};
  int flipped = 0;   // 1 for a convolution in the mathematical sense
  int groups = 1;
  int mathType = 0;

  int outputSize(const Tensor& x, const Tensor& w, int axis) const {
    return 1 + (x.size[2 + axis] + 2 * pad[axis] - ((w.size[2 + axis] - 1) * dilation[axis] + 1)) / stride[axis];
  }
  bool fits(const Tensor& x, const Tensor& w, const Tensor& y) const;
};

struct Pooling {
  int mode = 0;   // 0 and 3: maximum, 1: average with padding counted, 2: without
  int nan = 0;
  int window[2] = {1, 1}, pad[2] = {0, 0}, stride[2] = {1, 1};

  int outputSize(const Tensor& x, int axis) const { return 1 + (x.size[2 + axis] + 2 * pad[axis] - window[axis]) / stride[axis]; }
};

struct Activation {
  int mode = 5, nan = 0;
  double coefficient = 0;
  float apply(float value) const;
};

/// y = alpha (x * w) + beta y, and the two gradients; with beta 0 the target is not read.
void forward(const Convolution& conv, const Tensor& xShape, const float* x, const Tensor& wShape, const float* w, const Tensor& yShape,
    float* y, float alpha, float beta);
void backwardData(const Convolution& conv, const Tensor& wShape, const float* w, const Tensor& yShape, const float* dy,
    const Tensor& xShape, float* dx, float alpha, float beta);
void backwardFilter(const Convolution& conv, const Tensor& xShape, const float* x, const Tensor& yShape, const float* dy,
    const Tensor& wShape, float* dw, float alpha, float beta);

void poolForward(const Pooling& pooling, const Tensor& xShape, const float* x, const Tensor& yShape, float* y, float alpha, float beta);
/// A maximum's gradient goes to the first place that holds it.
void poolBackward(const Pooling& pooling, const Tensor& yShape, const float* y, const float* dy, const Tensor& xShape, const float* x,
    float* dx, float alpha, float beta);

/// target = alpha value + beta target.
inline void blend(float& target, float value, float alpha, float beta) {
  target = beta == 0 ? alpha * value : alpha * value + beta * target;
}

}
