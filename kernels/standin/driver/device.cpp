// Initialisation, devices and contexts.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "api.h"
#include "memory.h"
#include "report.h"
#include "work.h"

namespace standin {

struct Context {
  CUdevice device;
  int uses = 0;   // a primary context is counted
};

namespace {

bool initialized = false;
std::map<CUdevice, Context> primary;
std::set<Context*> contexts;
thread_local std::vector<Context*> currents;

int deviceCount() { return static_cast<int>(setting("UNWEAVE_STANDIN_DEVICES", 1)); }

void requireDevice(CUdevice device) { require(device >= 0 && device < deviceCount(), kInvalidDevice); }

/// "9.0" as 90.
int computeCapability() {
  const char* text = getenv("UNWEAVE_STANDIN_COMPUTE_CAPABILITY");
  int major = 9, minor = 0;
  if (text != nullptr && sscanf(text, "%d.%d", &major, &minor) != 2) {
    fprintf(stderr, "CUDA stand-in: UNWEAVE_STANDIN_COMPUTE_CAPABILITY=%s is not like 9.0\n", text);
    exit(2);
  }
  return 10 * major + minor;
}

/// The last context of a device is gone, and with it its memory, its queued work and its faults.
void reset() {
  forgetWork();
  deviceMemory().clear();
  clearFault();
}

void destroy(Context* context) {
  contexts.erase(context);
  if (contexts.empty()) reset();
}

/// CUdevice_attribute values (cuda.h) of a card of the Hopper generation; 0 for those that are not listed.
int attribute(int number) {
  static const std::map<int, int> values = {
    // block and grid limits
    {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535}, {7, 65535},
    // per block: shared and constant bytes; warp, pitch, registers
    {8, 49152}, {9, 65536}, {10, 32}, {11, 2147483647}, {12, 65536},
    // kHz, texture alignment, copies beside kernels, mapped memory, kernels beside kernels, ECC, bus
    {13, 1785000}, {14, 512}, {15, 1}, {19, 1}, {31, 1}, {32, 1}, {33, 1},
    // memory kHz and bits, L2 cache, threads per multiprocessor, copy engines, one address space
    {36, 3201000}, {37, 6144}, {38, 50 << 20}, {39, 2048}, {40, 3}, {41, 1},
    // stream priorities, shared bytes and registers per multiprocessor, managed memory, shared bytes on request, blocks, pools
    {78, 1}, {81, 233472}, {82, 65536}, {83, 1}, {97, 232448}, {106, 32}, {111, 1024}, {115, 1}};
  if (number == 16) return static_cast<int>(setting("UNWEAVE_STANDIN_MULTIPROCESSORS", 8));
  if (number == 75) return computeCapability() / 10;
  if (number == 76) return computeCapability() % 10;
  auto found = values.find(number);
  return found == values.end() ? 0 : found->second;
}

}

std::recursive_mutex& driverLock() {
  static auto* lock = new std::recursive_mutex;
  return *lock;
}

void requireInitialized() { require(initialized, kNotInitialized); }

Context* currentContext() {
  require(!currents.empty() && contexts.count(currents.back()) != 0, kInvalidContext);
  return currents.back();
}

void requireNoFault() { require(faultError() == 0, faultError()); }

int deviceComputeCapability() { return computeCapability(); }

int driverVersion() { return static_cast<int>(setting("UNWEAVE_STANDIN_DRIVER_VERSION", 12060)); }

long long setting(const char* name, long long otherwise) {
  const char* text = getenv(name);
  if (text == nullptr || *text == 0) return otherwise;
  char* end;
  long long value = strtoll(text, &end, 10);
  if (*end != 0) {
    fprintf(stderr, "CUDA stand-in: %s=%s is not a whole number\n", name, text);
    exit(2);
  }
  return value;
}

}

using namespace standin;

EXPORT CUresult cuInit(unsigned flags) {
  std::lock_guard<std::recursive_mutex> lock(driverLock());
  if (flags != 0) return kInvalidValue;
  if (deviceCount() == 0) return kNoDevice;
  initialized = true;
  return kSuccess;
}

EXPORT CUresult cuDriverGetVersion(int* version) {
  if (version == nullptr) return kInvalidValue;
  *version = driverVersion();
  return kSuccess;
}

EXPORT CUresult cuDeviceGetCount(int* count) {
  return call([&] { *count = deviceCount(); });
}

EXPORT CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  return call([&] {
    requireDevice(ordinal);
    *device = ordinal;
  });
}

EXPORT CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
  return call([&] {
    requireDevice(device);
    require(length > 0);
    snprintf(name, length, "CUDA stand-in on the CPU%s", kChecking ? ", checking" : "");
  });
}

EXPORT CUresult cuDeviceGetUuid(unsigned char* uuid, CUdevice device) {
  return call([&] {
    requireDevice(device);
    memset(uuid, 0, 16);
    uuid[15] = static_cast<unsigned char>(device + 1);
  });
}

EXPORT CUresult cuDeviceGetPCIBusId(char* text, int length, CUdevice device) {
  return call([&] {
    requireDevice(device);
    snprintf(text, length, "0000:%02x:00.0", device + 1);
  });
}

EXPORT CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
  return call([&] {
    requireDevice(device);
    *bytes = deviceMemory().total();
  });
}

EXPORT CUresult cuDeviceGetAttribute(int* value, int number, CUdevice device) {
  return call([&] {
    requireDevice(device);
    require(value != nullptr && number >= 1 && number <= 150);
    *value = attribute(number);
  });
}

EXPORT CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
  return call([&] {
    requireDevice(device);
    *major = computeCapability() / 10;
    *minor = computeCapability() % 10;
  });
}

EXPORT CUresult cuDevicePrimaryCtxRetain(Context** context, CUdevice device) {
  return call([&] {
    requireDevice(device);
    Context& own = primary[device];
    own.device = device;
    own.uses++;
    contexts.insert(&own);
    *context = &own;
  });
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  return call([&] {
    requireDevice(device);
    require(primary[device].uses > 0, kInvalidContext);
    if (--primary[device].uses == 0) destroy(&primary[device]);
  });
}

EXPORT CUresult cuDevicePrimaryCtxReset_v2(CUdevice device) {
  return call([&] {
    requireDevice(device);
    primary[device].uses = 0;
    destroy(&primary[device]);
  });
}

EXPORT CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
  return call([&] {
    requireDevice(device);
    *flags = 0;
    *active = primary[device].uses > 0;
  });
}

EXPORT CUresult cuCtxCreate_v2(Context** context, unsigned, CUdevice device) {
  return call([&] {
    requireDevice(device);
    *context = new Context{device};
    contexts.insert(*context);
    currents.push_back(*context);
  });
}

EXPORT CUresult cuCtxDestroy_v2(Context* context) {
  return call([&] {
    require(contexts.count(context) != 0, kInvalidContext);
    if (!currents.empty() && currents.back() == context) currents.pop_back();
    destroy(context);   // the few bytes of the handle stay, so that a stale one is never taken for a new one
  });
}

EXPORT CUresult cuCtxSetCurrent(Context* context) {
  return call([&] {
    require(context == nullptr || contexts.count(context) != 0, kInvalidContext);
    if (!currents.empty()) currents.pop_back();
    if (context != nullptr) currents.push_back(context);
  });
}

EXPORT CUresult cuCtxPushCurrent_v2(Context* context) {
  return call([&] {
    require(contexts.count(context) != 0, kInvalidContext);
    currents.push_back(context);
  });
}

EXPORT CUresult cuCtxPopCurrent_v2(Context** context) {
  return call([&] {
    if (context != nullptr) *context = currentContext();
    currentContext();
    currents.pop_back();
  });
}

EXPORT CUresult cuCtxGetCurrent(Context** context) {
  return call([&] { *context = currents.empty() ? nullptr : currents.back(); });
}

EXPORT CUresult cuCtxGetDevice(CUdevice* device) {
  return call([&] { *device = currentContext()->device; });
}

EXPORT CUresult cuCtxSynchronize() {
  return callInContext([&] {
    requireNoCapture(true);
    completeAll();
    requireNoFault();
  });
}

EXPORT CUresult cuCtxGetApiVersion(Context*, unsigned* version) {
  return callInContext([&] { *version = 3020; });
}

EXPORT CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  return callInContext([&] {
    if (least != nullptr) *least = 0;
    if (greatest != nullptr) *greatest = -5;
  });
}
