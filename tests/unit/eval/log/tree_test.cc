#include <gtest/gtest.h>

#include "eval/log/crypto.h"
#include "eval/log/note.h"
#include "eval/log_proof.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

std::vector<Hash> leaves_of(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
  return leaves;
}

// MTH of RFC 6962, word by word.
Hash tree_hash(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(tree_hash(leaves.first(k)), tree_hash(leaves.subspan(k)));
}

std::vector<Hash> hashes_of(const std::vector<Hash>& leaves, std::vector<LeafRange> ranges) {
  RangeHasher hasher(std::move(ranges));
  for (std::size_t i = 0; i < leaves.size(); ++i) hasher.add(i, leaves[i]);
  return hasher.hashes();
}

TEST(Tree, known_roots_of_rfc_6962) {
  EXPECT_EQ(hex(view(Frontier().root())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(view(leaf_hash(""))),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(Tree, roots_and_all_proofs_hold_for_every_size) {
  const std::vector<Hash> leaves = leaves_of(70);
  Frontier tree;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    if (size > 0) tree.add(leaves[size - 1]);
    const std::vector<Hash> all(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_EQ(tree.root(), tree_hash(all)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      const auto proof = hashes_of(all, inclusion_ranges(i, size));
      ASSERT_TRUE(verify_inclusion(leaves[i], i, size, proof, tree.root()));
      ASSERT_FALSE(verify_inclusion(leaves[(i + 1) % 70], i, size, proof, tree.root()));
      if (size > 1) {
        ASSERT_FALSE(verify_inclusion(leaves[i], i ^ 1, size, proof, tree.root()));
      }
    }
    for (std::size_t old = 0; old <= size; ++old) {
      const Hash old_root = tree_hash(std::span(all).first(old));
      auto proof = hashes_of(all, consistency_ranges(old, size));
      ASSERT_TRUE(verify_consistency(old, old_root, size, tree.root(), proof)) << old << size;
      ASSERT_FALSE(verify_consistency(old, leaf_hash("x"), size, tree.root(), proof));
      proof.push_back(old_root);
      ASSERT_FALSE(verify_consistency(old, old_root, size, tree.root(), proof));
    }
  }
}

TEST(Note, every_changed_byte_of_a_signed_checkpoint_is_found) {
  const SigningKey key = signing_key_from_seed(Key{1, 2, 3});
  const VerifierKey verifier =
      verifier_key("example.org/log", SignatureKind::kEd25519, key.public_key);
  const std::string text = text_of(Checkpoint{"example.org/log", 42, leaf_hash("x")});
  const std::string note = signed_note(text, "example.org/log", key);
  ASSERT_TRUE(is_signed_by(note_from_text(note).value(), verifier));
  for (std::size_t at = 0; at < note.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = note;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      const auto read = note_from_text(changed);
      EXPECT_FALSE(read && is_signed_by(*read, verifier)) << at;
    }
  }
}

TEST(Note, keys_and_cosignatures_are_c2sp) {
  const SigningKey key = signing_key_from_seed(Key{9});
  const VerifierKey log = verifier_key("log", SignatureKind::kEd25519, key.public_key);
  EXPECT_EQ(text_of(verifier_key_from_text(text_of(log)).value()), text_of(log));
  EXPECT_EQ(verifier_key_from_text("log+00000000+AAAA"), std::nullopt);
  const SigningKey witness = signing_key_from_seed(Key{8});
  const VerifierKey witness_key =
      verifier_key("witness", SignatureKind::kCosignature, witness.public_key);
  const std::string text = text_of(Checkpoint{"log", 1, leaf_hash("x")});
  std::string note = signed_note(text, "log", key);
  EXPECT_FALSE(is_signed_by(note_from_text(note).value(), witness_key));
  note += cosignature_line(text, "witness", witness, 1'700'000'000);
  EXPECT_TRUE(is_signed_by(note_from_text(note).value(), witness_key));
  EXPECT_TRUE(is_signed_by(note_from_text(note).value(), log));
}

}  // namespace
}  // namespace licet::log
