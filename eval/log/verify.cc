// Verification: every byte of the log against the tree, every signature against the key, and the
// tree against checkpoints that were kept outside.
#include <algorithm>
#include <map>

#include "eval/log/appender.h"
#include "eval/log/file_tools.h"
#include "eval/log/scanner.h"
#include "eval/log_read.h"

namespace licet::log {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kVerified:
      return "VERIFIED";
    case Verdict::kUnanchored:
      return "UNANCHORED";
    case Verdict::kBroken:
      break;
  }
  return "BROKEN";
}

namespace {

// A checkpoint that the tree must agree with when it has so many leaves.
struct Expected {
  Hash root{};
  std::string source;
  bool is_outside = false;
};

std::string number(std::uint64_t value) { return std::to_string(value); }

// Each frame of a log that was made to deceive can be wrong.
constexpr std::size_t kMaxFindings = 1000;

class Verifier {
 public:
  Verifier(std::string folder, const VerifyOptions& options)
      : folder_(std::move(folder)), options_(options), files_(*options.files) {}

  Result<VerifyReport, LogError> verify() {
    auto names = segment_names(files_, folder_);
    if (!names) return Failure{names.error()};
    auto vault = Vault::open(options_.files, folder_, options_.keys, "", Vault::IfMissing::kFail);
    if (!vault) return Failure{vault.error()};
    vault_ = std::move(vault).value();
    key_ = options_.verifier.value_or(vault_->verifier());
    check_keys();
    expect_anchors();
    expect_own_checkpoint();
    meet_expectations("", 0);
    measure(names.value());
    for (std::size_t i = 0; i < names.value().size(); ++i) {
      check_segment(names.value()[i], i + 1 == names.value().size());
    }
    check_what_is_missing();
    check_own_is_new();
    return finish();
  }

 private:
  // Something is wrong with the entries from here on.
  void find(std::string file, std::uint64_t offset, std::string message) {
    if (!is_broken_) intact_ = tree_;
    is_broken_ = true;
    find_beside(std::move(file), offset, std::move(message));
  }

  // Something is wrong that leaves the entries as they are.
  void find_beside(std::string file, std::uint64_t offset, std::string message) {
    if (report_.findings.size() > kMaxFindings) return;
    if (report_.findings.size() == kMaxFindings) message = "more is wrong, which is not listed";
    report_.findings.push_back({std::move(file), offset, tree_.size(), std::move(message)});
  }

  void check_keys() {
    if (options_.verifier && text_of(*options_.verifier) != text_of(vault_->verifier())) {
      find_beside("keys", 0,
                  "the log signs with the key `" + text_of(vault_->verifier()) +
                      "`, not with the one that was expected");
    }
    if (const std::size_t count = vault_->subjects().damaged_records()) {
      find_beside("subjects", 0, number(count) + " keys of data subjects are damaged");
    }
  }

  void expect(const Checkpoint& checkpoint, std::string source, bool is_outside) {
    expected_[checkpoint.size].push_back({checkpoint.root, std::move(source), is_outside});
  }

  void expect_anchors() {
    for (std::size_t i = 0; i < options_.anchors.size(); ++i) {
      const std::string source = "outside checkpoint " + number(i + 1);
      const auto note = note_from_text(options_.anchors[i]);
      const auto checkpoint = note ? checkpoint_from_text(note->text) : std::nullopt;
      if (!checkpoint) {
        find_beside("", 0, source + " is no signed checkpoint; is it another file?");
        continue;
      }
      if (!is_signed_by(*note, key_) || checkpoint->origin != key_.name) {
        find_beside("", 0,
                    source + " is not signed by this log, but for `" + checkpoint->origin +
                        "`: another log, other keys, or this one was written anew");
        continue;
      }
      const auto& witnesses = options_.witnesses;
      const bool is_witnessed = witnesses.empty() || std::any_of(witnesses.begin(), witnesses.end(),
                                                                 [&](const auto& key) {
                                                                   return is_signed_by(*note, key);
                                                                 });
      if (!is_witnessed) {
        find_beside("", 0, source + " is not signed by any of the witnesses");
        continue;
      }
      expect(*checkpoint, source, true);
    }
  }

  // The one beside the log; nullopt: the file is there, and is no checkpoint of this log.
  std::optional<Checkpoint> own_checkpoint(std::string_view text) const {
    const auto note = note_from_text(text);
    auto checkpoint = note ? checkpoint_from_text(note->text) : std::nullopt;
    if (!checkpoint || !is_signed_by(*note, key_) || checkpoint->origin != key_.name) {
      return std::nullopt;
    }
    return checkpoint;
  }

  void expect_own_checkpoint() {
    const auto text = read_all(files_, folder_ + "/checkpoint");
    if (!text) return find_beside("checkpoint", 0, "the checkpoint of the log is missing");
    const auto checkpoint = own_checkpoint(text.value());
    if (!checkpoint) {
      return find_beside("checkpoint", 0, "it is not a checkpoint signed by this log");
    }
    own_size_ = checkpoint->size;
    expect(*checkpoint, "the log's own checkpoint", false);
  }

  void measure(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      std::unique_ptr<File> file;
      if (files_.open(folder_ + "/" + name, OpenFor::kReading, file) != 0) continue;
      total_bytes_ += static_cast<std::uint64_t>(std::max<std::int64_t>(file->size(), 0));
    }
  }

  void check_segment(const std::string& name, bool is_last) {
    ++report_.segments;
    SegmentScanner scanner(files_, folder_ + "/" + name, *vault_);
    if (const auto problem = scanner.begin()) return find(name, problem->offset, problem->message);
    check_place(name, scanner.header());
    bool has_ended = false;
    while (auto frame = scanner.next()) {
      if (has_ended) find(name, frame->offset, "something stands behind the end of the segment");
      has_ended = frame->kind == FrameKind::kEnd;
      check_frame(name, *frame);
      if (options_.progress) {
        options_.progress(report_.entries, bytes_done_ + scanner.offset(), total_bytes_);
      }
    }
    bytes_done_ += scanner.offset();
    if (const auto& problem = scanner.problem()) {
      const bool is_tail = problem->kind == ScanProblem::Kind::kFrame && is_last && !has_ended &&
                           scanner.is_torn_write();
      find(name, problem->offset,
           is_tail ? "what stands at the end is no whole frame: a write that a crash cut off, or "
                     "a change; opening the log for writing repairs a crash and logs that"
                   : problem->message);
    }
  }

  // Whether the segment goes on where the one before it ended.
  void check_place(const std::string& name, const SegmentHeader& header) {
    const std::uint64_t first = header.before.size();
    if (name != segment_name(first)) {
      find(name, 0, "the file is named for another place than its header, entry " + number(first));
    }
    if (first > tree_.size()) {
      find(name, 0,
           "entries " + number(tree_.size()) + " to " + number(first - 1) +
               " are missing before it");
    } else if (first < tree_.size()) {
      find(name, 0,
           "it begins with entry " + number(first) + " again, where entry " + number(tree_.size()) +
               " should follow");
    } else if (header.before.roots() != tree_.roots()) {
      find(name, 0, "it belongs to a log with other entries before it");
    }
    // Go on as the segment sees it, to say what else is wrong.
    if (first != tree_.size()) tree_ = header.before;
  }

  void check_frame(const std::string& name, const SegmentScanner::Frame& frame) {
    if (frame.kind == FrameKind::kCheckpoint) return check_inner_checkpoint(name, frame);
    if (frame.kind != FrameKind::kEntries) return;
    const auto entries = entries_from_payload(frame.payload);
    if (!entries) return find(name, frame.offset, "the frame does not hold entries");
    for (const std::string_view entry : *entries) {
      tree_.add(leaf_hash(entry));
      ++report_.entries;
      meet_expectations(name, frame.offset);
    }
  }

  void check_inner_checkpoint(const std::string& name, const SegmentScanner::Frame& frame) {
    const auto note = note_from_text(frame.payload);
    const auto checkpoint = note ? checkpoint_from_text(note->text) : std::nullopt;
    if (!checkpoint || !is_signed_by(*note, key_)) {
      return find(name, frame.offset, "a checkpoint inside is not signed by this log");
    }
    if (checkpoint->size != tree_.size() || checkpoint->root != tree_.root()) {
      if (!is_broken_) intact_ = agreed_;
      is_broken_ = true;
      return find_beside(name, frame.offset,
                         "a checkpoint inside commits to other entries than those before it");
    }
    ++report_.checkpoints;
    if (checkpoint->size != last_inner_)
      before_last_inner_ = std::exchange(last_inner_, checkpoint->size);
    if (is_broken_) return;
    agreed_ = tree_;
    report_.signed_entries = std::max(report_.signed_entries, checkpoint->size);
  }

  void meet_expectations(const std::string& name, std::uint64_t offset) {
    const auto at = expected_.find(tree_.size());
    if (at == expected_.end()) return;
    const Hash root = tree_.root();
    for (const Expected& expected : at->second) {
      if (expected.root != root) {
        // Everything since the last checkpoint that held may be meant.
        if (!is_broken_) intact_ = agreed_;
        is_broken_ = true;
        find_beside(name, offset,
                    expected.source + " commits to other entries: something among the first " +
                        number(tree_.size()) + " was written anew");
        continue;
      }
      if (is_broken_) continue;
      std::uint64_t& reached =
          expected.is_outside ? report_.anchored_entries : report_.signed_entries;
      reached = std::max(reached, tree_.size());
      agreed_ = tree_;
      has_anchor_ = has_anchor_ || expected.is_outside;
    }
    expected_.erase(at);
  }

  // A crash may come between a checkpoint inside and the one beside the log, but not twice.
  void check_own_is_new() {
    if (!own_size_ || *own_size_ >= before_last_inner_) return;
    // A writer may have gone on while the log was read.
    const auto text = read_all(files_, folder_ + "/checkpoint");
    const auto now = text ? own_checkpoint(text.value()) : std::nullopt;
    if (now && now->size >= before_last_inner_) return;
    find_beside("checkpoint", 0,
                "it is an old one, for " + number(*own_size_) +
                    " entries; the log has signed for " + number(last_inner_) +
                    " since: somebody put it back");
  }

  // Checkpoints that the log never reached.
  void check_what_is_missing() {
    for (const auto& [size, all] : expected_) {
      for (const Expected& expected : all) {
        find("", 0,
             expected.source + " commits to " + number(size) + " entries, the log holds " +
                 number(tree_.size()) + ": its end was cut off, or it was rolled back");
      }
    }
  }

  VerifyReport finish() {
    const Frontier& good = is_broken_ ? intact_ : tree_;
    report_.intact_entries = good.size();
    report_.root = good.root();
    report_.verdict = !report_.findings.empty() ? Verdict::kBroken
                      : has_anchor_             ? Verdict::kVerified
                                                : Verdict::kUnanchored;
    return std::move(report_);
  }

  std::string folder_;
  const VerifyOptions& options_;
  Files& files_;
  std::unique_ptr<Vault> vault_;
  VerifierKey key_;
  std::map<std::uint64_t, std::vector<Expected>> expected_;
  Frontier tree_;
  Frontier intact_;  // before the first thing that is wrong with entries
  Frontier agreed_;  // that the last checkpoint commits to
  bool is_broken_ = false;
  bool has_anchor_ = false;
  std::optional<std::uint64_t> own_size_;  // of the checkpoint beside the log
  std::uint64_t last_inner_ = 0;           // of the checkpoints inside, by what they commit to
  std::uint64_t before_last_inner_ = 0;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t total_bytes_ = 0;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport, LogError> verify_log(const std::string& folder, const VerifyOptions& options) {
  try {
    return Verifier(folder, options).verify();
  } catch (const std::exception& error) {
    return Failure{LogError{.code = LogErrorCode::kCrypto, .message = error.what(), .help = {}}};
  }
}

}  // namespace licet::log
