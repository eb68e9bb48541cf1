// What an outsider needs to check a log: the Merkle tree of RFC 6962, checkpoints as C2SP signed
// notes, and proofs. None of it needs the log itself or a secret key. All functions are pure and
// may be called by any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/result.h"

namespace licet::log {

using Hash = std::array<std::uint8_t, 32>;

Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash& left, const Hash& right);

// The tree so far, as the roots of its complete subtrees: what is needed to go on, and no more.
// Amortised one node hash for each leaf.
class Frontier {
 public:
  Frontier() = default;
  // PRECONDITION: one root for each bit of `size` that is set, the largest first.
  Frontier(std::uint64_t size, std::vector<Hash> roots) : size_(size), roots_(std::move(roots)) {}

  void add(const Hash& leaf);
  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& roots() const { return roots_; }
  Hash root() const;  // of the empty tree: SHA-256 of nothing

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

// Leaves [begin, end): one subtree whose root stands in a proof.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// What the audit path of a leaf consists of, in its order. PRECONDITION: index < size.
std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size);
// The same for the proof that the tree of `old_size` leaves is a prefix. PRECONDITION:
// old_size <= size.
std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size);

// Computes the roots of ranges while all leaves pass by once, in memory for the ranges alone.
class RangeHasher {
 public:
  explicit RangeHasher(std::vector<LeafRange> ranges);
  void add(std::uint64_t index, const Hash& leaf);
  std::vector<Hash> hashes() const;  // in the order in which the ranges were given

 private:
  std::vector<LeafRange> ranges_;
  std::vector<std::size_t> by_begin_;
  std::vector<Frontier> trees_;
  std::size_t at_ = 0;
};

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      const std::vector<Hash>& proof, const Hash& root);
bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                        const Hash& root, const std::vector<Hash>& proof);

// A commitment to the first `size` entries of the log that calls itself `origin`.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

std::string text_of(const Checkpoint& checkpoint);  // the note without signatures
std::optional<Checkpoint> checkpoint_from_text(std::string_view text);

enum class SignatureKind : std::uint8_t {
  kEd25519 = 1,      // of a log
  kCosignature = 4,  // of a witness: cosignature/v1, with the time at which it saw the note
};

// A public key with the name of who signs: NAME+HASH+BASE64, as in C2SP signed-note.
struct VerifierKey {
  std::string name;
  std::array<std::uint8_t, 4> id{};
  SignatureKind kind = SignatureKind::kEd25519;
  std::array<std::uint8_t, 32> public_key{};
};

std::optional<VerifierKey> verifier_key_from_text(std::string_view text);
std::string text_of(const VerifierKey& key);
VerifierKey verifier_key(std::string name, SignatureKind kind,
                         const std::array<std::uint8_t, 32>& public_key);

// A signed note: its text, and lines of signatures.
struct Note {
  std::string text;  // ends with a line break
  struct Signature {
    std::string name;
    std::string bytes;  // key id, then the signature
  };
  std::vector<Signature> signatures;
};

std::optional<Note> note_from_text(std::string_view text);
// Whether a signature of the note is by this key.
bool is_signed_by(const Note& note, const VerifierKey& key);

// One entry, and the way from it to a signed checkpoint. A C2SP tlog-proof, with the entry.
struct EntryProof {
  std::string entry;  // as it stands in the log
  std::uint64_t index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;  // the signed note
};

std::string text_of(const EntryProof& proof);
std::optional<EntryProof> entry_proof_from_text(std::string_view text);
// What is proven: the checkpoint. An error says what does not hold.
Result<Checkpoint, std::string> verify_entry_proof(const EntryProof& proof, const VerifierKey& key);

}  // namespace licet::log
