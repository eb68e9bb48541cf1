// P6: other people's verifiers accept our roots, proofs and checkpoints.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "eval/log/crypto.h"
#include "eval/log/note.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

constexpr int kTrees = 10'000;

std::string json_hashes(const std::vector<Hash>& hashes) {
  std::string json = "[";
  for (const Hash& hash : hashes) {
    json += (json.size() > 1 ? ",\"" : "\"") + base64(view(hash)) + "\"";
  }
  return json + "]";
}

std::string json_text(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\\n");
  }
  return "\"" + text + "\"";
}

// One random tree with an inclusion proof, a consistency proof and a signed checkpoint.
std::string vector_of(std::uint64_t seed, const SigningKey& key) {
  std::uint64_t random = seed;
  const std::uint64_t size = 1 + random_number(random) % 200;
  const std::uint64_t index = random_number(random) % size;
  const std::uint64_t old_size = 1 + random_number(random) % size;
  Frontier tree;
  Frontier old_tree;
  RangeHasher inclusion(inclusion_ranges(index, size));
  RangeHasher consistency(consistency_ranges(old_size, size));
  for (std::uint64_t i = 0; i < size; ++i) {
    const Hash leaf = leaf_hash(std::to_string(seed) + "-" + std::to_string(i));
    tree.add(leaf);
    if (i < old_size) old_tree.add(leaf);
    inclusion.add(i, leaf);
    consistency.add(i, leaf);
  }
  const std::string origin = "example.org/tree";
  const std::string note = signed_note(text_of(Checkpoint{origin, size, tree.root()}), origin, key);
  const VerifierKey verifier = verifier_key(origin, SignatureKind::kEd25519, key.public_key);
  return "{\"seed\":" + std::to_string(seed) + ",\"size\":" + std::to_string(size) +
         ",\"root\":\"" + base64(view(tree.root())) + "\",\"index\":" + std::to_string(index) +
         ",\"inclusion\":" + json_hashes(inclusion.hashes()) +
         ",\"old_size\":" + std::to_string(old_size) + ",\"old_root\":\"" +
         base64(view(old_tree.root())) + "\",\"consistency\":" + json_hashes(consistency.hashes()) +
         ",\"note\":" + json_text(note) + ",\"verifier\":\"" + text_of(verifier) + "\"}\n";
}

TEST(Interoperability, go_modules_accept_ten_thousand_random_trees) {
  const auto go_version = test::run_process("/usr/bin/env", {"go", "version"});
  if (go_version.exit_code != 0) GTEST_SKIP() << "there is no go here";
  const auto folder = std::filesystem::temp_directory_path() /
                      ("licet-interop-" + std::to_string(static_cast<long>(::getpid())));
  std::filesystem::create_directories(folder);
  const std::string program = (folder / "interop").string();
  const auto built =
      test::run_process("/usr/bin/env", {"go", "build", "-o", program, "."},
                        {.text = {},
                         .folder = (test::source_dir() / "tests/interop/go").string(),
                         .environment = {},
                         .output_path = {}});
  if (built.exit_code != 0) {
    std::filesystem::remove_all(folder);
    GTEST_SKIP() << "the Go modules are not here: " << built.errors;
  }
  const std::string vectors = (folder / "vectors.jsonl").string();
  {
    std::ofstream file(vectors);
    const SigningKey key = signing_key_from_seed(Key{4, 2});
    for (int i = 0; i < kTrees; ++i) file << vector_of(static_cast<std::uint64_t>(i) + 1, key);
  }
  const auto checked = test::run_process(program, {vectors});
  std::filesystem::remove_all(folder);
  EXPECT_EQ(checked.exit_code, 0) << checked.output << checked.errors;
  EXPECT_EQ(checked.output, std::to_string(kTrees) + " trees\n");
}

}  // namespace
}  // namespace licet::log
