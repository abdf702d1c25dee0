// The descriptors of the stand-in of cuDNN, and what it can compute.
#pragma once
#include "driver/shared.h"

namespace standin::dnn {

using Status = int;

enum : Status { kDone = 0, kBadParameter = 2000, kNullPointer = 2001, kUnsupported = 3000, kExecutionFailed = 5000 };
enum { kChannelsLast = 1, kFloat = 0, kCrossCorrelation = 1, kAverageWithPadding = 1 };
enum Math { kDefaultMath = 0, kTensorCores = 1, kFusedMultiplyAdd = 3 };

struct Handle { Stream* stream = nullptr; };

/// Images, n x h x w x c, or weights, outputs n x h x w x inputs of a group c.
struct Tensor {
  int n = 0, c = 0, h = 0, w = 0;
  bool valid = false;
  size_t bytes() const { return sizeof(float) * n * c * h * w; }
};

struct Convolution {
  int padY = 0, padX = 0, strideY = 1, strideX = 1, dilationY = 1, dilationX = 1, groups = 1, math = kDefaultMath;
  bool valid = false;
};

struct Pooling {
  int mode = 0, height = 1, width = 1, padY = 0, padX = 0, strideY = 1, strideX = 1;
  bool valid = false;
};

/// As cuDNN lays it out, for all three passes.
struct AlgorithmPerformance {
  int algorithm;
  Status status;
  float milliseconds;
  size_t workspaceBytes;
  int deterministic;
  int math;
  int reserved[3];
};

/// The scratch memory that the algorithms here ask for and then fill, as those of a GPU do.
constexpr size_t kWorkspaceBytes = 4096;
/// The number of the only algorithm that can be run.
constexpr int kAlgorithm = 1;

}
