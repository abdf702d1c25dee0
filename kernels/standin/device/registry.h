// The kernels that were compiled in: each .cu file registers its own when the library is loaded (the build script writes those lines).
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace standin {

struct Kernel {
  const char* name;
  void (*function)();                                    // the kernel, its type erased
  void (*call)(void (*function)(), void** parameters);   // gives it its type back and runs one thread
  std::vector<size_t> parameterSizes;
};

/// Registered kernels, in no particular order.
std::vector<Kernel>& kernels();

// The host's side of a launch: it reads the host's memory, so the checking build does not instrument it.
#define STANDIN_HOST __attribute__((__no_sanitize__("thread", "undefined")))

template <typename... P, size_t... I>
STANDIN_HOST void callWith(void (*function)(P...), void** parameters, std::index_sequence<I...>) {
  function(*static_cast<P*>(parameters[I])...);
}

template <typename... P>
STANDIN_HOST void callErased(void (*function)(), void** parameters) {
  callWith(reinterpret_cast<void (*)(P...)>(function), parameters, std::index_sequence_for<P...>());
}

struct Registration {
  template <typename... P>
  Registration(const char* name, void (*function)(P...)) {
    kernels().push_back({name, reinterpret_cast<void (*)()>(function), callErased<P...>, {sizeof(P)...}});
  }
};

}
