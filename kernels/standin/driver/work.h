// Streams, events, captures: what is queued, what must come before it, and when it runs.
//
// The plain build runs work as soon as it is queued. The checking build keeps some of it back until somebody waits for it, as a device may;
// dice decide. Where a program forgets to wait, results then change, or the checks find unwritten memory.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api.h"

namespace standin {

struct Stream;
struct Event;

/// A piece of work of a stream.
struct Work {
  std::function<void()> run;
  std::vector<std::shared_ptr<Work>> after;   // what must be done first
  bool done = false;
};

/// A recorded sequence, in an order that keeps every dependency.
struct Graph {
  std::vector<std::function<void()>> nodes;
};

/// A capture in progress: work of its streams is recorded instead of run.
struct Capture {
  Graph graph;
  Stream* origin = nullptr;
  int mode = 0;
  uint64_t thread = 0;
  bool invalidated = false;
  std::set<Stream*> joined;     // other streams that came in through events
  std::set<Stream*> unjoined;   // those of them with work that the origin does not wait for
};

struct Stream {
  bool blocking = true;         // whether it takes turns with the default stream
  int priority = 0;
  uint64_t number = 0;
  int temper = 0;               // checking build: when queued work runs
  std::shared_ptr<Work> last;
  std::shared_ptr<Capture> capture;
};

struct Event {
  bool timing = true;
  std::shared_ptr<Work> recorded;
  std::shared_ptr<double> milliseconds = std::make_shared<double>(-1);
  std::shared_ptr<Capture> capture;   // recorded in this capture
  Stream* capturedOn = nullptr;
};

/// The stream of that handle: null and 1 are the default stream. Fails with kInvalidHandle.
Stream& streamOf(Stream* handle);
Event& eventOf(Event* handle);
std::set<Stream*>& streams();
std::set<Event*>& events();

/// Runs work on the stream in its turn, or records it if the stream captures. `run` may be called many times.
void enqueue(Stream* stream, std::function<void()> run);
/// Runs whatever has to run before this is done, and this.
void complete(std::shared_ptr<Work> work);
void completeAll();
/// Drops queued work and captures: the context is gone.
void forgetWork();

void record(Event& event, Stream& stream);
void waitFor(Stream& stream, Event& event);

/// Fails if a capture forbids calls that could wait or allocate. `everywhere`: a call that waits for all streams.
void requireNoCapture(bool everywhere = false);
/// Fails if the stream captures, and spoils the capture.
void requireNotCapturing(Stream& stream);

/// Notes a graph that a program now owns; returns it.
Graph* keep(Graph* graph);

/// Identity of the calling OS thread.
uint64_t callingThread();

int deviceComputeCapability();
int driverVersion();

}
