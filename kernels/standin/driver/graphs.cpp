// Graphs: sequences that a capture recorded, launched as one piece of work.
#include <map>
#include <set>

#include "api.h"
#include "report.h"
#include "work.h"

using namespace standin;

namespace {

std::set<Graph*> graphs;
std::map<uintptr_t, std::shared_ptr<Graph>> executables;
uintptr_t nextExecutable = 1;

}

namespace standin {

Graph* keep(Graph* graph) {
  graphs.insert(graph);
  return graph;
}

}

EXPORT CUresult cuGraphCreate(Graph** graph, unsigned) {
  return callInContext([&] { *graph = keep(new Graph); });
}

EXPORT CUresult cuGraphDestroy(Graph* graph) {
  return callInContext([&] {
    require(graphs.erase(graph) != 0);
    delete graph;
  });
}

EXPORT CUresult cuGraphGetNodes(Graph* graph, void** nodes, size_t* count) {
  return callInContext([&] {
    require(graphs.count(graph) != 0);
    require(nodes == nullptr, kNotSupported);
    *count = graph->nodes.size();
  });
}

EXPORT CUresult cuGraphInstantiateWithFlags(uintptr_t* executable, Graph* graph, unsigned long long) {
  return callInContext([&] {
    require(graphs.count(graph) != 0);
    *executable = nextExecutable++;
    executables[*executable] = std::make_shared<Graph>(*graph);
  });
}

EXPORT CUresult cuGraphExecDestroy(uintptr_t executable) {
  return callInContext([&] { require(executables.erase(executable) != 0); });
}

EXPORT CUresult cuGraphUpload(uintptr_t executable, Stream* stream) {
  return callInContext([&] {
    require(executables.count(executable) != 0);
    streamOf(stream);
  });
}

EXPORT CUresult cuGraphLaunch(uintptr_t executable, Stream* stream) {
  return callInContext([&] {
    auto found = executables.find(executable);
    require(found != executables.end());
    std::shared_ptr<Graph> graph = found->second;
    enqueue(stream, [graph] {
      for (const auto& node : graph->nodes) {
        node();
        if (faultError() != 0) return;
      }
    });
  });
}
