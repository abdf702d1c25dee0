// The functions that instrumented kernels call when an index leaves its array, an integer overflows or an address is misaligned. g++
// emits the calls for -fsanitize=bounds,signed-integer-overflow,integer-divide-by-zero,alignment; each hands over where in the source it
// happened.
#include <cstdint>
#include <string>

#include "checks.h"
#include "report.h"

namespace {

struct Place {
  const char* file;
  uint32_t line, column;
};

struct Type {
  uint16_t kind, bits;   // kind 0: integer; bits: 2 * log2(width) + signed
  char name[1];
};

[[noreturn]] void fault(int error, const char* kind, const Place& place, const std::string& text) {
  using namespace standin;
  report(error, kind, checks::whereInLaunch(runner()) + "  " + text + "\n    in " + format("%s:%u\n", place.file, place.line));
  runner().abandon();
}

/// An integer as the instrumentation passes it: in place if it fits 64 bits.
long long integer(const Type& type, uintptr_t value) {
  bool isSigned = (type.bits & 1) != 0;
  int width = 1 << (type.bits >> 1);
  if (width >= 64) return static_cast<long long>(value);
  int unused = 64 - width;
  return isSigned ? static_cast<long long>(value << unused) >> unused : static_cast<long long>(value << unused >> unused);
}

struct OutOfBounds { Place place; const Type* array; const Type* index; };
struct Mismatch { Place place; const Type* type; uint8_t alignmentLog; uint8_t kind; };
struct Overflow { Place place; const Type* type; };

void overflow(const Overflow& data, const char* sign, uintptr_t left, uintptr_t right) {
  fault(standin::kLaunchFailed, "signed integer overflow", data.place,
        standin::format("%lld %s %lld does not fit %s", integer(*data.type, left), sign, integer(*data.type, right), data.type->name));
}

}

#define HANDLER extern "C" __attribute__((__visibility__("hidden"))) void

HANDLER __ubsan_handle_out_of_bounds(OutOfBounds* data, uintptr_t index) {
  fault(standin::kIllegalAddress, "array index out of bounds", data->place,
        standin::format("index %lld of %s", integer(*data->index, index), data->array->name));
}

HANDLER __ubsan_handle_type_mismatch_v1(Mismatch* data, uintptr_t address) {
  unsigned alignment = 1u << data->alignmentLog;
  fault(standin::kMisalignedAddress, "misaligned access", data->place,
        standin::format("%#llx is no multiple of %u, which %s needs", static_cast<unsigned long long>(address), alignment,
            data->type->name));
}

HANDLER __ubsan_handle_add_overflow(Overflow* data, uintptr_t a, uintptr_t b) { overflow(*data, "+", a, b); }
HANDLER __ubsan_handle_sub_overflow(Overflow* data, uintptr_t a, uintptr_t b) { overflow(*data, "-", a, b); }
HANDLER __ubsan_handle_mul_overflow(Overflow* data, uintptr_t a, uintptr_t b) { overflow(*data, "*", a, b); }
HANDLER __ubsan_handle_negate_overflow(Overflow* data, uintptr_t a) { overflow(*data, "-", 0, a); }
HANDLER __ubsan_handle_divrem_overflow(Overflow* data, uintptr_t a, uintptr_t b) {
  if (integer(*data->type, b) != 0) overflow(*data, "/", a, b);
  fault(standin::kLaunchFailed, "integer division by zero", data->place, standin::format("%lld / 0", integer(*data->type, a)));
}
