// What the stand-in reads of a PTX file: not the code, only what its kernels are called and what they take.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace standin {

struct PtxEntry {
  std::vector<size_t> parameterBytes;
  int maxThreads = 1024;
  size_t sharedBytes = 0;
};

struct Ptx {
  int version = 0;   // 6.4 is 64
  int target = 0;    // sm_75 is 75
  std::map<std::string, PtxEntry> entries;
};

/// Parses PTX text; on failure returns false and says in `problem`, in one line, what is wrong.
bool parsePtx(const std::string& text, Ptx& ptx, std::string& problem);

}
