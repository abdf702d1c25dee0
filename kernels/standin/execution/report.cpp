#include "report.h"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace standin {

namespace {
std::atomic<int> firstError{0};
std::mutex printing;
}

void report(int error, const std::string& kind, const std::string& text) {
  std::lock_guard<std::mutex> lock(printing);
  if (firstError.load() != 0) return;
  firstError = error;
  std::string message = "CUDA stand-in: " + kind + "\n" + text;
  if (message.back() != '\n') message += '\n';
  fputs(message.c_str(), stderr);
  fflush(stderr);
  const char* file = getenv("UNWEAVE_STANDIN_REPORT");
  if (file == nullptr || *file == 0) return;
  if (FILE* out = fopen(file, "a")) {
    fputs(message.c_str(), out);
    fclose(out);
  } else {
    fprintf(stderr, "CUDA stand-in: %s (UNWEAVE_STANDIN_REPORT) cannot be written\n", file);
  }
}

int faultError() { return firstError.load(); }

void clearFault() { firstError = 0; }

std::string format(const char* pattern, ...) {
  char text[4096];
  va_list arguments;
  va_start(arguments, pattern);
  vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

}
