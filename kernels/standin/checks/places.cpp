// From addresses of code to lines of source.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "report.h"
#include "shadow.h"

namespace standin::checks {

namespace {

struct Library {
  uintptr_t base, first, end;
  std::string path;
};

const Library& library() {
  static const Library own = [] {
    Library found{};
    Dl_info info;
    dladdr(reinterpret_cast<void*>(&library), &info);
    found.base = reinterpret_cast<uintptr_t>(info.dli_fbase);
    found.path = info.dli_fname;
    dl_iterate_phdr([](dl_phdr_info* each, size_t, void* result) {
      auto& lib = *static_cast<Library*>(result);
      if (each->dlpi_addr != lib.base) return 0;
      lib.first = ~uintptr_t{0};
      for (int i = 0; i < each->dlpi_phnum; i++) {
        const auto& segment = each->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD) continue;
        lib.first = std::min<uintptr_t>(lib.first, lib.base + segment.p_vaddr);
        lib.end = std::max<uintptr_t>(lib.end, lib.base + segment.p_vaddr + segment.p_memsz);
      }
      return 1;
    }, &found);
    return found;
  }();
  return own;
}

}

bool inLibrary(uintptr_t address) { return address >= library().first && address < library().end; }

uint32_t placeOf(const void* returnAddress) {
  static const uintptr_t base = library().base;
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(returnAddress) - base);
}

std::string sourceLine(const void* returnAddress) { return sourceLine(placeOf(returnAddress)); }

/// Inlined functions have several lines: "columns.cuh:20, inlined in sumRows.cu:33".
std::string sourceLine(uint32_t place) {
  // The call before the return address is the access.
  std::string command = format("addr2line -i -e '%s' %#x 2>/dev/null", library().path.c_str(), place - 1);
  std::string lines;
  if (FILE* output = popen(command.c_str(), "r")) {
    char text[1024];
    while (fgets(text, sizeof text, output) != nullptr) {
      std::string line = text;
      line = line.substr(0, line.find_first_of(" \n"));
      while (line.compare(0, 2, "./") == 0) line = line.substr(2);
      if (line.find("standin/device/") != std::string::npos) continue;   // CUDA's own functions, of no interest
      lines += (lines.empty() ? "" : ", inlined in ") + line;
    }
    pclose(output);
  }
  return lines.empty() || lines[0] == '?' ? format("%s+%#x", library().path.c_str(), place - 1) : lines;
}

}
