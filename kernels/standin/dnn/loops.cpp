#include <algorithm>
#include <cmath>
#include <vector>

#include "descriptors.h"

namespace standin::dnn {

bool Tensor::set(int newFormat, int n, int c, int h, int w) {
  if (n <= 0 || c <= 0 || h <= 0 || w <= 0) return false;
  format = newFormat;
  const int sizes[] = {n, c, h, w}, planes[] = {c * h * w, h * w, w, 1}, pixels[] = {h * w * c, 1, w * c, c};
  std::copy_n(sizes, 4, size);
  std::copy_n(format == 0 ? planes : pixels, 4, step);
  return true;
}

bool Convolution::fits(const Tensor& x, const Tensor& w, const Tensor& y) const {
  return x.size[0] == y.size[0] && x.size[1] == w.size[1] * groups && y.size[1] == w.size[0] && w.size[0] % groups == 0
      && y.size[2] == outputSize(x, w, 0) && y.size[3] == outputSize(x, w, 1) && x.format == w.format && x.format == y.format;
}

float Activation::apply(float value) const {
  switch (mode) {
    case 0: return 1 / (1 + std::exp(-value));
    case 1: return value > 0 || std::isnan(value) ? value : 0;
    case 2: return std::tanh(value);
    case 3: return std::min(std::max(value, 0.0f), static_cast<float>(coefficient));
    case 4: return value > 0 ? value : static_cast<float>(coefficient) * std::expm1(value);
    default: return value;
  }
}

namespace {

/// Calls body(n, output channel, input channel, input channel in its group, oy, ox, ky, kx, iy, ix) for every product of the convolution.
template <typename Body>
void forEachProduct(const Convolution& conv, const Tensor& x, const Tensor& w, const Tensor& y, Body body) {
  int groupOut = w.size[0] / conv.groups;
  for (int n = 0; n < y.size[0]; n++) {
    for (int o = 0; o < w.size[0]; o++) {
      for (int i = 0; i < w.size[1]; i++) {
        int channel = o / groupOut * w.size[1] + i;
        for (int ky = 0; ky < w.size[2]; ky++) {
          for (int kx = 0; kx < w.size[3]; kx++) {
            int wy = conv.flipped ? w.size[2] - 1 - ky : ky, wx = conv.flipped ? w.size[3] - 1 - kx : kx;
            long long weight = w.at(o, i, wy, wx);
            for (int oy = 0; oy < y.size[2]; oy++) {
              int iy = oy * conv.stride[0] - conv.pad[0] + ky * conv.dilation[0];
              if (iy < 0 || iy >= x.size[2]) continue;
              for (int ox = 0; ox < y.size[3]; ox++) {
                int ix = ox * conv.stride[1] - conv.pad[1] + kx * conv.dilation[1];
                if (ix >= 0 && ix < x.size[3]) body(x.at(n, channel, iy, ix), weight, y.at(n, o, oy, ox));
              }
            }
          }
        }
      }
    }
  }
}

void blendAll(const std::vector<float>& sums, float* target, float alpha, float beta) {
  for (size_t i = 0; i < sums.size(); i++) blend(target[i], sums[i], alpha, beta);
}

/// The part of a pooling window that lies in the image.
struct Window {
  int top, bottom, left, right;
  float divisor;
};

Window windowOf(const Pooling& p, const Tensor& x, int oy, int ox) {
  int top = oy * p.stride[0] - p.pad[0], left = ox * p.stride[1] - p.pad[1];
  Window w{std::max(top, 0), std::min(top + p.window[0], x.size[2]), std::max(left, 0), std::min(left + p.window[1], x.size[3]), 0};
  w.divisor = static_cast<float>(p.mode == 1 ? p.window[0] * p.window[1] : (w.bottom - w.top) * (w.right - w.left));
  return w;
}

template <typename Body>
void forEachWindow(const Pooling& p, const Tensor& x, const Tensor& y, Body body) {
  for (int n = 0; n < y.size[0]; n++) {
    for (int c = 0; c < y.size[1]; c++) {
      for (int oy = 0; oy < y.size[2]; oy++) {
        for (int ox = 0; ox < y.size[3]; ox++) body(n, c, y.at(n, c, oy, ox), windowOf(p, x, oy, ox));
      }
    }
  }
}

}

void forward(const Convolution& conv, const Tensor& xShape, const float* x, const Tensor& wShape, const float* w, const Tensor& yShape,
    float* y, float alpha, float beta) {
  std::vector<float> sums(yShape.count());
  forEachProduct(conv, xShape, wShape, yShape, [&](long long xAt, long long wAt, long long yAt) { sums[yAt] += x[xAt] * w[wAt]; });
  blendAll(sums, y, alpha, beta);
}

void backwardData(const Convolution& conv, const Tensor& wShape, const float* w, const Tensor& yShape, const float* dy,
    const Tensor& xShape, float* dx, float alpha, float beta) {
  std::vector<float> sums(xShape.count());
  forEachProduct(conv, xShape, wShape, yShape, [&](long long xAt, long long wAt, long long yAt) { sums[xAt] += dy[yAt] * w[wAt]; });
  blendAll(sums, dx, alpha, beta);
}

void backwardFilter(const Convolution& conv, const Tensor& xShape, const float* x, const Tensor& yShape, const float* dy,
    const Tensor& wShape, float* dw, float alpha, float beta) {
  // One sum for each image and row of it would be a GPU's way; sums in float64 err as little as those.
  std::vector<double> sums(wShape.count());
  forEachProduct(conv, xShape, wShape, yShape, [&](long long xAt, long long wAt, long long yAt) {
    sums[wAt] += static_cast<double>(dy[yAt]) * x[xAt];
  });
  for (size_t i = 0; i < sums.size(); i++) blend(dw[i], static_cast<float>(sums[i]), alpha, beta);
}

void poolForward(const Pooling& pooling, const Tensor& xShape, const float* x, const Tensor& yShape, float* y, float alpha, float beta) {
  forEachWindow(pooling, xShape, yShape, [&](int n, int c, long long target, const Window& window) {
    bool average = pooling.mode == 1 || pooling.mode == 2;
    float value = average ? 0 : -INFINITY;
    for (int iy = window.top; iy < window.bottom; iy++) {
      for (int ix = window.left; ix < window.right; ix++) {
        float next = x[xShape.at(n, c, iy, ix)];
        if (average) value += next;
        else if (next > value || (pooling.nan == 1 && std::isnan(next))) value = next;
      }
    }
    blend(y[target], average ? value / window.divisor : value, alpha, beta);
  });
}

void poolBackward(const Pooling& pooling, const Tensor& yShape, const float* y, const float* dy, const Tensor& xShape, const float* x,
    float* dx, float alpha, float beta) {
  std::vector<float> sums(xShape.count());
  forEachWindow(pooling, xShape, yShape, [&](int n, int c, long long from, const Window& window) {
    bool average = pooling.mode == 1 || pooling.mode == 2;
    for (int iy = window.top; iy < window.bottom; iy++) {
      for (int ix = window.left; ix < window.right; ix++) {
        long long at = xShape.at(n, c, iy, ix);
        if (average) {
          sums[at] += dy[from] / window.divisor;
        } else if (x[at] == y[from] || (std::isnan(x[at]) && std::isnan(y[from]))) {
          sums[at] += dy[from];
          return;
        }
      }
    }
  });
  blendAll(sums, dx, alpha, beta);
}

}
