// Faults: what they look like to a reader, and what they do to the program.
#pragma once
#include <string>

namespace standin {

#ifdef STANDIN_CHECKING
constexpr bool kChecking = true;
#else
constexpr bool kChecking = false;
#endif

/// CUresult values that a fault in a kernel ends with.
constexpr int kIllegalAddress = 700, kMisalignedAddress = 716, kLaunchFailed = 719;

/// Writes a report to stderr and to the file named in UNWEAVE_STANDIN_REPORT. The first one also makes every later driver call return
/// `error`, until the context is gone; faults that follow from it are not reported.
void report(int error, const std::string& kind, const std::string& text);

/// The error of the first report since the context was made, or 0.
int faultError();
void clearFault();

/// printf into a string.
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

}
