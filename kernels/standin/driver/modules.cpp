// Modules, functions and launches. A module is PTX text as on a device, but what runs is the kernel of the same name that g++ compiled.
#include <cstdio>
#include <cstring>
#include <deque>
#include <set>

#include "api.h"
#include "checks.h"
#include "execution.h"
#include "ptx.h"
#include "work.h"

using namespace standin;

namespace standin {

struct Module {
  Ptx ptx;
};

struct Function {
  const Kernel* kernel;
  PtxEntry entry;
  Module* module;
};

}

namespace {

std::set<Module*> modules;
std::set<Function*> functions;

/// The newest PTX version that a driver of that version reads.
int newestPtx(int driver) {
  int major = driver / 1000, minor = driver % 1000 / 10;
  if (major >= 13) return 90 + minor + 10 * (major - 13);
  if (major == 12) return minor >= 6 ? 85 + minor - 6 : 80 + minor;
  if (major == 11) return 70 + minor;
  return 63 + minor;   // 10.1 reads 6.4
}

Module& moduleOf(Module* handle) {
  require(modules.count(handle) != 0, kInvalidHandle);
  return *handle;
}

Function& functionOf(Function* handle) {
  require(functions.count(handle) != 0, kInvalidHandle);
  return *handle;
}

void load(Module** handle, const char* image, std::string& problem) {
  require(handle != nullptr && image != nullptr);
  requireNoCapture();
  Ptx ptx;
  if (!parsePtx(image, ptx, problem)) fail(memchr("\x7f" "ELF\x50\xed\x55\xba", image[0], 8) != nullptr ? kInvalidImage : kInvalidPtx);
  if (ptx.version > newestPtx(driverVersion())) {
    problem = format("ptxas fatal: Unsupported .version %d.%d; current version is '%d.%d'", ptx.version / 10, ptx.version % 10,
                     newestPtx(driverVersion()) / 10, newestPtx(driverVersion()) % 10);
    fail(kUnsupportedPtxVersion);
  }
  if (ptx.target > deviceComputeCapability()) {
    problem = format("ptxas fatal: SM version specified by .target is higher than default SM version assumed: sm_%d", ptx.target);
    fail(kNoBinaryForGpu);
  }
  *handle = new Module{ptx};
  modules.insert(*handle);
}

const Kernel* compiledKernel(const std::string& name) {
  for (const Kernel& kernel : kernels()) {
    if (name == kernel.name) return &kernel;
  }
  return nullptr;
}

/// The argument table of a launch: given as such, or as one packed buffer (CU_LAUNCH_PARAM_BUFFER_POINTER 1, _SIZE 2, _END 0).
std::vector<void*> argumentTable(const Kernel& kernel, void** table, void** extra) {
  size_t count = kernel.parameterSizes.size();
  if (table != nullptr || count == 0) {
    require(extra == nullptr);
    return std::vector<void*>(table, table + count);
  }
  require(extra != nullptr);
  char* buffer = nullptr;
  size_t bytes = 0;
  for (int i = 0; extra[i] != nullptr; i += 2) {
    auto kind = reinterpret_cast<uintptr_t>(extra[i]);
    require(kind == 1 || kind == 2);
    if (kind == 1) buffer = static_cast<char*>(extra[i + 1]);
    if (kind == 2) bytes = *static_cast<size_t*>(extra[i + 1]);
  }
  std::vector<void*> result;
  size_t offset = 0;
  for (size_t size : kernel.parameterSizes) {
    offset = (offset + size - 1) / size * size;
    result.push_back(buffer + offset);
    offset += size;
  }
  require(buffer != nullptr && bytes == offset);
  return result;
}

}

EXPORT CUresult cuModuleLoadData(Module** handle, const void* image) {
  return callInContext([&] {
    std::string problem;
    load(handle, static_cast<const char*>(image), problem);
  });
}

EXPORT CUresult cuModuleLoadDataEx(Module** handle, const void* image, unsigned count, int* options, void** values) {
  std::string problem;
  CUresult result = callInContext([&] { load(handle, static_cast<const char*>(image), problem); });
  char* log = nullptr;
  size_t logBytes = 0;
  void** written = nullptr;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == 5) log = static_cast<char*>(values[i]);                               // CU_JIT_ERROR_LOG_BUFFER
    if (options[i] == 6) {                                                                  // CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES
      logBytes = static_cast<unsigned>(reinterpret_cast<uintptr_t>(values[i]));
      written = &values[i];
    }
  }
  if (log != nullptr && logBytes > 0) {
    snprintf(log, logBytes, "%s", problem.c_str());
    *written = reinterpret_cast<void*>(strlen(log));
  }
  return result;
}

EXPORT CUresult cuModuleUnload(Module* handle) {
  return callInContext([&] {
    Module& module = moduleOf(handle);
    requireNoCapture();
    completeAll();
    for (auto f = functions.begin(); f != functions.end();) {
      f = (*f)->module == &module ? functions.erase(f) : std::next(f);
    }
    modules.erase(handle);
  });
}

EXPORT CUresult cuModuleGetFunction(Function** handle, Module* module, const char* name) {
  return callInContext([&] {
    require(handle != nullptr && name != nullptr);
    const auto& entries = moduleOf(module).ptx.entries;
    auto entry = entries.find(name);
    require(entry != entries.end(), kNotFound);
    const Kernel* kernel = compiledKernel(name);
    if (kernel == nullptr) {
      fprintf(stderr, "CUDA stand-in: the PTX has a kernel %s, but no .cu file that the stand-in was built from has it\n", name);
      fail(kInvalidImage);
    }
    if (kernel->parameterSizes != entry->second.parameterBytes) {
      fprintf(stderr,
          "CUDA stand-in: kernel %s takes other parameters in the PTX than in its .cu file; is the PTX or the stand-in stale?\n", name);
      fail(kInvalidImage);
    }
    *handle = new Function{kernel, entry->second, module};
    functions.insert(*handle);
  });
}

EXPORT CUresult cuFuncGetModule(Module** module, Function* handle) {
  return callInContext([&] { *module = functionOf(handle).module; });
}

EXPORT CUresult cuFuncGetAttribute(int* value, int number, Function* handle) {
  return callInContext([&] {
    Function& function = functionOf(handle);
    switch (number) {
      case 0: *value = function.entry.maxThreads; break;                         // MAX_THREADS_PER_BLOCK
      case 1: *value = static_cast<int>(function.entry.sharedBytes); break;      // SHARED_SIZE_BYTES
      case 5: *value = function.module->ptx.version; break;                      // PTX_VERSION
      case 6: *value = deviceComputeCapability(); break;                         // BINARY_VERSION
      case 2: case 3: case 4: case 7: case 8: *value = 0; break;                 // nobody counts constants, locals, registers
      default: fail(kInvalidValue);
    }
  });
}

EXPORT CUresult cuFuncSetCacheConfig(Function* handle, int) {
  return callInContext([&] { functionOf(handle); });
}

EXPORT CUresult cuLaunchKernel(Function* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned dynamicSharedBytes, Stream* stream, void** table, void** extra) {
  return callInContext([&] {
    Function& function = functionOf(handle);
    require(gridX > 0 && gridY > 0 && gridZ > 0 && blockX > 0 && blockY > 0 && blockZ > 0);
    require(gridX <= 2147483647u && gridY <= 65535 && gridZ <= 65535);
    require(blockX <= 1024 && blockY <= 1024 && blockZ <= 64);
    uint64_t threads = uint64_t{blockX} * blockY * blockZ;
    require(threads <= 1024);
    require(threads <= static_cast<uint64_t>(function.entry.maxThreads));
    require(function.entry.sharedBytes <= 49152);
    require(dynamicSharedBytes == 0, kNotSupported);
    std::vector<void*> arguments = argumentTable(*function.kernel, table, extra);
    auto launch = std::make_shared<Launch>(*function.kernel, dim3(gridX, gridY, gridZ), dim3(blockX, blockY, blockZ), arguments.data());
    enqueue(stream, [launch] { runGrid(*launch); });
  });
}
