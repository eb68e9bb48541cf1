// The Merkle tree of RFC 6962, section 2.1. The verifiers are those of RFC 9162, section 2.1.
#include <algorithm>
#include <bit>
#include <cstring>

#include "eval/log/crypto.h"
#include "eval/log_proof.h"

namespace licet::log {

Hash leaf_hash(std::string_view entry) { return sha256({Bytes("\0", 1), entry}); }

// In one piece: a call of the library for each part would cost half of what hashing does.
Hash node_hash(const Hash& left, const Hash& right) {
  char bytes[1 + 2 * sizeof(Hash)] = {1};
  std::memcpy(bytes + 1, left.data(), sizeof left);
  std::memcpy(bytes + 1 + sizeof left, right.data(), sizeof right);
  return sha256(Bytes(bytes, sizeof bytes));
}

void Frontier::add(const Hash& leaf) {
  Hash root = leaf;
  for (std::uint64_t size = size_; (size & 1) != 0; size >>= 1) {
    root = node_hash(roots_.back(), root);
    roots_.pop_back();
  }
  roots_.push_back(root);
  ++size_;
}

Hash Frontier::root() const {
  if (roots_.empty()) return sha256({});
  Hash root = roots_.back();
  for (std::size_t i = roots_.size() - 1; i-- > 0;) root = node_hash(roots_[i], root);
  return root;
}

namespace {

// The largest power of two below `count`. PRECONDITION: count > 1.
std::uint64_t split_of(std::uint64_t count) { return std::bit_floor(count - 1); }

}  // namespace

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
  std::vector<LeafRange> path;
  LeafRange tree{0, size};
  while (tree.end - tree.begin > 1) {
    const std::uint64_t middle = tree.begin + split_of(tree.end - tree.begin);
    const LeafRange left{tree.begin, middle};
    const LeafRange right{middle, tree.end};
    path.push_back(index < middle ? right : left);
    tree = index < middle ? left : right;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size) {
  std::vector<LeafRange> proof;
  if (old_size == 0 || old_size == size) return proof;
  LeafRange tree{0, size};
  bool is_whole_old_tree = true;  // the subtree that is left is the old tree itself
  while (old_size != tree.end) {
    const std::uint64_t middle = tree.begin + split_of(tree.end - tree.begin);
    if (old_size <= middle) {
      proof.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      proof.push_back({tree.begin, middle});
      tree.begin = middle;
      is_whole_old_tree = false;
    }
  }
  if (!is_whole_old_tree) proof.push_back(tree);
  std::reverse(proof.begin(), proof.end());
  return proof;
}

RangeHasher::RangeHasher(std::vector<LeafRange> ranges)
    : ranges_(std::move(ranges)), trees_(ranges_.size()) {
  for (std::size_t i = 0; i < ranges_.size(); ++i) by_begin_.push_back(i);
  std::sort(by_begin_.begin(), by_begin_.end(),
            [&](std::size_t a, std::size_t b) { return ranges_[a].begin < ranges_[b].begin; });
}

void RangeHasher::add(std::uint64_t index, const Hash& leaf) {
  while (at_ < by_begin_.size() && ranges_[by_begin_[at_]].end <= index) ++at_;
  if (at_ == by_begin_.size() || index < ranges_[by_begin_[at_]].begin) return;
  trees_[by_begin_[at_]].add(leaf);
}

std::vector<Hash> RangeHasher::hashes() const {
  std::vector<Hash> hashes;
  for (const Frontier& tree : trees_) hashes.push_back(tree.root());
  return hashes;
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                        const Hash& root, const std::vector<Hash>& proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == Frontier().root();
  std::vector<Hash> path = proof;
  if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
  if (path.empty()) return false;
  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  for (; (node & 1) != 0; node >>= 1) last >>= 1;
  Hash old_hash = path.front();
  Hash hash = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = node_hash(path[i], old_hash);
      hash = node_hash(path[i], hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, path[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && hash == root;
}

}  // namespace licet::log
