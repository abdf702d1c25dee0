#include "ptx.h"

#include <cstdio>
#include <regex>

namespace standin {

namespace {

std::string withoutComments(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); i++) {
    if (text.compare(i, 2, "//") == 0) {
      i = text.find('\n', i);
      if (i == std::string::npos) break;
      result += '\n';
    } else if (text.compare(i, 2, "/*") == 0) {
      i = text.find("*/", i + 2);
      if (i == std::string::npos) break;
      i++;
    } else {
      result += text[i];
    }
  }
  return result;
}

/// Position behind the bracket that closes the one at `open`; npos if there is none.
size_t behindBracket(const std::string& text, size_t open, char opening, char closing) {
  int depth = 0;
  for (size_t i = open; i < text.size(); i++) {
    if (text[i] == opening) depth++;
    if (text[i] == closing && --depth == 0) return i + 1;
  }
  return std::string::npos;
}

const std::regex kParameter(R"(\.param(?:\s+\.align\s+\d+)?\s+\.[bsuf](\d+)(?:\s+\.ptr[^,\[]*)?\s+[\w$]+(?:\[(\d+)\])?)");
const std::regex kShared(R"(\.shared(?:\s+\.align\s+\d+)?\s+\.[bsuf](\d+)\s+([\w$]+)((?:\[\d+\])*))");
const std::regex kDimension(R"(\[(\d+)\])");
const std::regex kMaxThreads(R"(\.maxntid\s+(\d+)(?:\s*,\s*(\d+))?(?:\s*,\s*(\d+))?)");

size_t number(const std::ssub_match& match, size_t otherwise) { return match.matched ? std::stoull(match.str()) : otherwise; }

/// Bytes of each shared array that the text declares.
std::map<std::string, size_t> sharedArrays(const std::string& all) {
  std::string text;   // only the lines that matter; regular expressions are slow
  for (size_t at = all.find(".shared"); at != std::string::npos; at = all.find(".shared", at)) {
    size_t end = all.find('\n', at);
    if (end == std::string::npos) end = all.size();
    text += all.substr(at, end - at) + '\n';
    at = end;
  }
  std::map<std::string, size_t> arrays;
  for (std::sregex_iterator shared(text.begin(), text.end(), kShared), end; shared != end; ++shared) {
    size_t bytes = number((*shared)[1], 8) / 8;
    std::string dimensions = (*shared)[3];
    for (std::sregex_iterator d(dimensions.begin(), dimensions.end(), kDimension); d != end; ++d) bytes *= number((*d)[1], 1);
    arrays[(*shared)[2]] = bytes;
  }
  return arrays;
}

}

bool parsePtx(const std::string& source, Ptx& ptx, std::string& problem) {
  std::string text = withoutComments(source);
  int major, minor;
  size_t at = text.find(".version");
  if (at == std::string::npos || sscanf(text.c_str() + at, ".version %d.%d", &major, &minor) != 2) {
    problem = "ptxas fatal: not PTX text: no .version directive";
    return false;
  }
  ptx.version = 10 * major + minor;
  at = text.find(".target");
  if (at == std::string::npos || sscanf(text.c_str() + at, ".target sm_%d", &ptx.target) != 1) {
    problem = "ptxas fatal: no .target directive";
    return false;
  }
  if (text.find(".address_size 64") == std::string::npos) {
    problem = "ptxas fatal: no '.address_size 64' directive";
    return false;
  }
  std::map<std::string, size_t> arrays = sharedArrays(text);
  for (at = text.find(".entry"); at != std::string::npos; at = text.find(".entry", at)) {
    at += 6;
    size_t name = text.find_first_not_of(" \t\r\n", at), open = text.find('(', at), body = text.find('{', at);
    size_t afterName = text.find_first_of(" \t\r\n({", name);
    size_t end = body == std::string::npos ? body : behindBracket(text, body, '{', '}');
    if (end == std::string::npos) {
      problem = "ptxas fatal: the body of an .entry does not end";
      return false;
    }
    PtxEntry entry;
    if (open < body) {
      std::string list = text.substr(open, behindBracket(text, open, '(', ')') - open);
      for (std::sregex_iterator p(list.begin(), list.end(), kParameter), last; p != last; ++p) {
        entry.parameterBytes.push_back(number((*p)[1], 8) / 8 * number((*p)[2], 1));
      }
    }
    std::string head = text.substr(at, body - at), code = text.substr(body, end - body);
    std::smatch limit;
    if (std::regex_search(head, limit, kMaxThreads)) {
      entry.maxThreads = static_cast<int>(number(limit[1], 1) * number(limit[2], 1) * number(limit[3], 1));
    }
    for (const auto& [array, bytes] : arrays) {
      if (code.find(array) != std::string::npos) entry.sharedBytes += bytes;
    }
    ptx.entries[text.substr(name, afterName - name)] = entry;
    at = end;
  }
  return true;
}

}
