#include "ptx.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

namespace standin {

namespace {

/// PTX text as words and single punctuation marks, without comments.
class Tokens {
 public:
  explicit Tokens(const std::string& text) : text_(text) { advance(); }
  /// The current one; empty at the end.
  const std::string& word() const { return word_; }
  bool is(const char* expected) const { return word_ == expected; }
  bool atEnd() const { return word_.empty(); }

  void advance() {
    skipSpace();
    size_t begin = at_;
    if (at_ < text_.size() && !isWordCharacter(text_[at_])) {
      at_++;
    } else {
      while (at_ < text_.size() && isWordCharacter(text_[at_])) at_++;
    }
    word_.assign(text_, begin, at_ - begin);
  }

 private:
  static bool isWordCharacter(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '.' || c == '%'; }

  void skipSpace() {
    for (;;) {
      while (at_ < text_.size() && isspace(static_cast<unsigned char>(text_[at_]))) at_++;
      if (text_.compare(at_, 2, "//") == 0) {
        at_ = std::min(text_.size(), text_.find('\n', at_));
      } else if (text_.compare(at_, 2, "/*") == 0) {
        size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  const std::string& text_;
  size_t at_ = 0;
  std::string word_;
};

size_t number(const std::string& word) { return strtoull(word.c_str(), nullptr, 10); }

/// What follows .param or .shared: ".align 16 .b8 name[4][8]". Stops behind it.
struct Variable {
  std::string name;
  size_t bytes = 0;

  explicit Variable(Tokens& tokens) {
    tokens.advance();
    for (; tokens.word()[0] == '.'; tokens.advance()) {
      if (tokens.is(".align")) {
        tokens.advance();
      } else if (std::string("bsuf").find(tokens.word()[1]) != std::string::npos) {
        bytes = number(tokens.word().substr(2)) / 8;   // other words, such as .ptr and .global, say what a pointer points to
      }
    }
    name = tokens.word();
    tokens.advance();
    while (tokens.is("[")) {
      tokens.advance();
      bytes *= number(tokens.word());
      tokens.advance();
      tokens.advance();
    }
  }
};

/// Reads a kernel from its name to the end of its body. Returns false if it does not end.
bool parseEntry(Tokens& tokens, Ptx& ptx, std::map<std::string, size_t>& shared) {
  PtxEntry entry;
  std::set<std::string> used;
  std::string name = tokens.word();
  int depth = 0;
  while (!tokens.atEnd()) {
    if (depth == 0 && tokens.is(".param")) {
      entry.parameterBytes.push_back(Variable(tokens).bytes);
      continue;
    }
    if (tokens.is(".shared")) {
      Variable array(tokens);
      shared[array.name] = array.bytes;
      continue;
    }
    if (tokens.is(".maxntid")) {
      entry.maxThreads = 1;
      do {
        tokens.advance();
        entry.maxThreads *= static_cast<int>(number(tokens.word()));
        tokens.advance();
      } while (tokens.is(","));
      continue;
    }
    if (shared.count(tokens.word()) != 0) used.insert(tokens.word());
    if (tokens.is("{")) depth++;
    if (tokens.is("}") && --depth == 0) {
      for (const std::string& array : used) entry.sharedBytes += shared[array];
      ptx.entries[name] = entry;
      return true;
    }
    tokens.advance();
  }
  return false;
}

}

bool parsePtx(const std::string& text, Ptx& ptx, std::string& problem) {
  std::map<std::string, size_t> shared;   // module-wide arrays: bytes by name
  bool wide = false;
  for (Tokens tokens(text); !tokens.atEnd();) {
    std::string directive = tokens.word();
    if (directive == ".shared") {
      Variable array(tokens);
      shared[array.name] = array.bytes;
      continue;
    }
    tokens.advance();
    if (directive == ".version") {
      ptx.version = static_cast<int>(10 * number(tokens.word()) + number(tokens.word().substr(tokens.word().find('.') + 1)));
    } else if (directive == ".target" && tokens.word().compare(0, 3, "sm_") == 0) {
      ptx.target = static_cast<int>(number(tokens.word().substr(3)));
    } else if (directive == ".address_size") {
      wide = tokens.is("64");
    } else if (directive == ".entry" && !parseEntry(tokens, ptx, shared)) {
      problem = "ptxas fatal: the body of an .entry does not end";
      return false;
    }
  }
  if (ptx.version == 0) problem = "ptxas fatal: not PTX text: no .version directive";
  else if (ptx.target == 0) problem = "ptxas fatal: no .target directive";
  else if (!wide) problem = "ptxas fatal: no '.address_size 64' directive";
  return problem.empty();
}

}
