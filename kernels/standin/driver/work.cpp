#include "work.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include "checks.h"
#include "report.h"

namespace standin {

namespace {

Stream& defaultStream() {
  static auto* stream = new Stream;
  return *stream;
}

uint64_t nextStreamNumber = 1;
std::set<std::shared_ptr<Capture>> captures;

double now() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

/// Whether new work runs now. A stream of the checking build is eager, lazy, or changes its mind with each piece of work; it chooses again
/// when it is idle.
bool mayRun(Stream& stream, bool idle) {
  if (!kChecking) return true;
  if (idle) stream.temper = checks::throwDice(3);
  return stream.temper == 0 || (stream.temper == 1 && checks::throwDice(2) == 0);
}

std::shared_ptr<Work> add(Stream& stream, std::function<void()> run) {
  auto work = std::make_shared<Work>();
  work->run = std::move(run);
  auto comesAfter = [&](const std::shared_ptr<Work>& earlier) {
    if (earlier && !earlier->done) work->after.push_back(earlier);
  };
  comesAfter(stream.last);
  if (&stream == &defaultStream()) {
    for (Stream* other : streams()) {
      if (other->blocking) comesAfter(other->last);
    }
  } else if (stream.blocking) {
    comesAfter(defaultStream().last);
  }
  stream.last = work;
  if (mayRun(stream, work->after.empty())) complete(work);
  return work;
}

void spoil(Capture& capture) { capture.invalidated = true; }

}

std::set<Stream*>& streams() {
  static auto* all = new std::set<Stream*>;
  return *all;
}

std::set<Event*>& events() {
  static auto* all = new std::set<Event*>;
  return *all;
}

Stream& streamOf(Stream* handle) {
  if (reinterpret_cast<uintptr_t>(handle) <= 2) return defaultStream();
  require(streams().count(handle) != 0, kInvalidHandle);
  return *handle;
}

Event& eventOf(Event* handle) {
  require(events().count(handle) != 0, kInvalidHandle);
  return *handle;
}

void enqueue(Stream* handle, std::function<void()> run) {
  std::lock_guard<std::recursive_mutex> lock(driverLock());
  Stream& stream = streamOf(handle);
  if (stream.capture) {
    require(!stream.capture->invalidated, kStreamCaptureInvalidated);
    stream.capture->graph.nodes.push_back(std::move(run));
    if (stream.capture->origin != &stream) stream.capture->unjoined.insert(&stream);
    return;
  }
  if (&stream == &defaultStream()) {
    // The default stream would have to wait for the capturing one, which has nothing to wait for.
    for (Stream* other : streams()) {
      if (other->blocking && other->capture) {
        spoil(*other->capture);
        fail(kStreamCaptureImplicit);
      }
    }
  }
  add(stream, std::move(run));
}

void complete(std::shared_ptr<Work> target) {
  if (!target) return;
  std::vector<std::shared_ptr<Work>> path{target};
  while (!path.empty()) {
    std::shared_ptr<Work> work = path.back();
    if (work->done) {
      path.pop_back();
    } else if (!work->after.empty()) {
      path.push_back(work->after.back());
      work->after.pop_back();
    } else {
      path.pop_back();
      work->done = true;
      if (faultError() == 0) work->run();
      work->run = nullptr;
    }
  }
}

void completeAll() {
  complete(defaultStream().last);
  for (Stream* stream : streams()) complete(stream->last);
}

void forgetWork() {
  auto forget = [](Stream& stream) {
    stream.last.reset();
    stream.capture.reset();
  };
  forget(defaultStream());
  for (Stream* stream : streams()) forget(*stream);
  for (Event* event : events()) {
    event->recorded.reset();
    event->capture.reset();
  }
  captures.clear();
}

void record(Event& event, Stream& stream) {
  event.capture = stream.capture;
  event.capturedOn = &stream;
  if (stream.capture) return;
  event.milliseconds = std::make_shared<double>(-1);
  event.recorded = add(stream, [time = event.milliseconds] { *time = now(); });
}

void waitFor(Stream& stream, Event& event) {
  if (event.capture) {
    std::shared_ptr<Capture> capture = event.capture;
    require(!capture->invalidated, kStreamCaptureInvalidated);
    require(!stream.capture || stream.capture == capture, kStreamCaptureUnsupported);
    if (!stream.capture) {
      stream.capture = capture;   // the stream joins the capture
      capture->joined.insert(&stream);
      capture->unjoined.insert(&stream);
    } else if (&stream == capture->origin) {
      capture->unjoined.erase(event.capturedOn);
    }
    return;
  }
  if (stream.capture) {
    // Waiting for work outside the capture would not be part of the graph.
    spoil(*stream.capture);
    fail(kStreamCaptureUnsupported);
  }
  if (!event.recorded || event.recorded->done) return;
  auto wait = std::make_shared<Work>();
  wait->run = [] {};
  wait->after = {event.recorded};
  if (stream.last && !stream.last->done) wait->after.push_back(stream.last);
  stream.last = wait;
}

uint64_t callingThread() { return std::hash<std::thread::id>()(std::this_thread::get_id()); }

void requireNoCapture(bool everywhere) {
  for (const auto& capture : captures) {
    // Modes: 0 forbids such calls in every thread, 1 in the capturing one, 2 nowhere.
    if (everywhere || capture->mode == 0 || (capture->mode == 1 && capture->thread == callingThread())) {
      spoil(*capture);
      fail(kStreamCaptureUnsupported);
    }
  }
}

void requireNotCapturing(Stream& stream) {
  if (stream.capture) {
    spoil(*stream.capture);
    fail(kStreamCaptureUnsupported);
  }
}

}

using namespace standin;

EXPORT CUresult cuStreamCreateWithPriority(Stream** handle, unsigned flags, int priority) {
  return callInContext([&] {
    require(flags <= 1);
    *handle = new Stream;
    (*handle)->blocking = flags == 0;
    (*handle)->priority = std::max(-5, std::min(priority, 0));
    (*handle)->number = nextStreamNumber++;
    streams().insert(*handle);
  });
}

EXPORT CUresult cuStreamCreate(Stream** handle, unsigned flags) { return cuStreamCreateWithPriority(handle, flags, 0); }

EXPORT CUresult cuStreamDestroy_v2(Stream* handle) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    require(&stream != &defaultStream(), kInvalidHandle);
    complete(stream.last);
    if (stream.capture) spoil(*stream.capture);
    streams().erase(&stream);   // its few bytes stay, so that a stale handle is never taken for a new one
  });
}

EXPORT CUresult cuStreamSynchronize(Stream* handle) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    requireNotCapturing(stream);
    requireNoCapture();
    complete(stream.last);
    requireNoFault();
  });
}

EXPORT CUresult cuStreamQuery(Stream* handle) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    requireNotCapturing(stream);
    bool wasDone = !stream.last || stream.last->done;
    complete(stream.last);
    requireNoFault();
    require(wasDone, kNotReady);
  });
}

EXPORT CUresult cuStreamGetPriority(Stream* handle, int* priority) {
  return callInContext([&] { *priority = streamOf(handle).priority; });
}

EXPORT CUresult cuStreamGetFlags(Stream* handle, unsigned* flags) {
  return callInContext([&] { *flags = streamOf(handle).blocking ? 0 : 1; });
}

EXPORT CUresult cuStreamGetId(Stream* handle, unsigned long long* number) {
  return callInContext([&] { *number = streamOf(handle).number; });
}

EXPORT CUresult cuStreamGetCtx(Stream* handle, Context** context) {
  return callInContext([&] {
    streamOf(handle);
    *context = currentContext();
  });
}

EXPORT CUresult cuStreamWaitEvent(Stream* stream, Event* event, unsigned flags) {
  return callInContext([&] {
    require(flags <= 1);
    waitFor(streamOf(stream), eventOf(event));
  });
}

EXPORT CUresult cuLaunchHostFunc(Stream* stream, void (*function)(void*), void* data) {
  return callInContext([&] { enqueue(stream, [=] { function(data); }); });
}

EXPORT CUresult cuEventCreate(Event** handle, unsigned flags) {
  return callInContext([&] {
    *handle = new Event;
    (*handle)->timing = (flags & 2) == 0;
    events().insert(*handle);
  });
}

EXPORT CUresult cuEventDestroy_v2(Event* handle) {
  return callInContext([&] { events().erase(&eventOf(handle)); });
}

EXPORT CUresult cuEventRecord(Event* event, Stream* stream) {
  return callInContext([&] { record(eventOf(event), streamOf(stream)); });
}

EXPORT CUresult cuEventRecordWithFlags(Event* event, Stream* stream, unsigned) { return cuEventRecord(event, stream); }

EXPORT CUresult cuEventQuery(Event* handle) {
  return callInContext([&] {
    Event& event = eventOf(handle);
    require(!event.capture, kCapturedEvent);
    requireNoCapture();
    bool wasDone = !event.recorded || event.recorded->done;
    complete(event.recorded);
    requireNoFault();
    require(wasDone, kNotReady);
  });
}

EXPORT CUresult cuEventSynchronize(Event* handle) {
  return callInContext([&] {
    Event& event = eventOf(handle);
    require(!event.capture, kCapturedEvent);
    requireNoCapture();
    complete(event.recorded);
    requireNoFault();
  });
}

EXPORT CUresult cuEventElapsedTime(float* milliseconds, Event* from, Event* to) {
  return callInContext([&] {
    Event &start = eventOf(from), &end = eventOf(to);
    require(start.timing && end.timing && start.recorded && end.recorded, kInvalidHandle);
    require(start.recorded->done && end.recorded->done, kNotReady);
    *milliseconds = static_cast<float>(*end.milliseconds - *start.milliseconds);
  });
}

EXPORT CUresult cuStreamBeginCapture_v2(Stream* handle, int mode) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    require(mode >= 0 && mode <= 2);
    require(&stream != &defaultStream(), kStreamCaptureUnsupported);
    require(!stream.capture);
    stream.capture = std::make_shared<Capture>();
    stream.capture->origin = &stream;
    stream.capture->mode = mode;
    stream.capture->thread = callingThread();
    captures.insert(stream.capture);
  });
}

EXPORT CUresult cuStreamEndCapture(Stream* handle, Graph** graph) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    *graph = nullptr;
    require(stream.capture != nullptr);
    std::shared_ptr<Capture> capture = stream.capture;
    require(capture->origin == &stream, kStreamCaptureUnmatched);
    require(capture->mode == 2 || capture->thread == callingThread(), kStreamCaptureWrongThread);
    captures.erase(capture);
    stream.capture.reset();
    for (Stream* other : capture->joined) other->capture.reset();
    require(!capture->invalidated, kStreamCaptureInvalidated);
    require(capture->unjoined.empty(), kStreamCaptureUnjoined);
    *graph = keep(new Graph(std::move(capture->graph)));
  });
}

EXPORT CUresult cuStreamIsCapturing(Stream* handle, int* status) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    *status = !stream.capture ? 0 : stream.capture->invalidated ? 2 : 1;
  });
}

EXPORT CUresult cuStreamGetCaptureInfo(Stream* handle, int* status, unsigned long long* number) {
  return callInContext([&] {
    Stream& stream = streamOf(handle);
    *status = !stream.capture ? 0 : stream.capture->invalidated ? 2 : 1;
    if (stream.capture && number != nullptr) *number = reinterpret_cast<uintptr_t>(stream.capture.get());
  });
}
