// Checkpoints and who signs them too.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "eval/log/crypto.h"
#include "eval/log/note.h"
#include "eval/log_witness.h"
#include "tests/unit/eval/log/log_fixture.h"

namespace licet::log {
namespace {

// Signs what it is shown, if it is a later checkpoint than the last one.
struct Witness {
  SigningKey key = signing_key_from_seed(random_bytes<32>());
  std::string name = "witness.example.org";
  std::vector<std::uint64_t> seen;
  bool refuses = false;

  VerifierKey verifier() const {
    return verifier_key(name, SignatureKind::kCosignature, key.public_key);
  }
  Result<std::string, std::string> sign(const std::string& text) {
    const auto note = note_from_text(text);
    if (!note || refuses) return Failure{std::string("no")};
    seen.push_back(checkpoint_from_text(note->text)->size);
    return cosignature_line(note->text, name, key, 1'700'000'000);
  }
};

TEST(Witness, signs_each_checkpoint_and_verification_can_ask_for_it) {
  const auto files = std::make_shared<MemoryFiles>();
  LogOptions options = test_options(files);
  const auto witness = std::make_shared<Witness>();
  options.witness = [witness](const std::string& note) { return witness->sign(note); };
  const auto log = open_log(options);
  EXPECT_EQ(log->append(test_plan(), packed_decision("a")), std::nullopt);
  const auto note = log->checkpoint();
  ASSERT_TRUE(note);
  ASSERT_EQ(witness->seen, (std::vector<std::uint64_t>{2}));
  const auto read = note_from_text(note.value());
  ASSERT_TRUE(read) << note.value();
  EXPECT_TRUE(is_signed_by(*read, log->verifier()));
  EXPECT_TRUE(is_signed_by(*read, witness->verifier()));
  EXPECT_EQ(files->names.at("log/checkpoint")->bytes, note.value());
  EXPECT_EQ(log->append(test_plan(), packed_decision("b")), std::nullopt);

  VerifyOptions wanted;
  wanted.keys = options.keys;
  wanted.files = files;
  wanted.anchors = {note.value()};
  wanted.witnesses = {witness->verifier()};
  EXPECT_EQ(verify_log("log", wanted).value().verdict, Verdict::kVerified);
  wanted.witnesses = {Witness().verifier()};
  EXPECT_EQ(verify_log("log", wanted).value().verdict, Verdict::kBroken);

  // It refuses: the checkpoint is an error, decisions go on.
  witness->refuses = true;
  const auto refused = log->checkpoint();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no"), std::string::npos) << refused.error().message;
  EXPECT_EQ(log->append(test_plan(), packed_decision("c")), std::nullopt);
  EXPECT_TRUE(log->close()) << "who closes learns that nobody has the last checkpoint";
  EXPECT_EQ(ids_of(options).size(), 3U);
  EXPECT_EQ(log->append(test_plan(), packed_decision("d"))->code, LogErrorCode::kClosed);
}

TEST(Witness, in_a_file_has_the_last_checkpoint_of_a_closed_log) {
  const auto files = std::make_shared<MemoryFiles>();
  const auto elsewhere = std::make_shared<MemoryFiles>();
  elsewhere->make_folder("safe/");
  LogOptions options = test_options(files);
  options.witness = witness_in_file("safe/last.note", elsewhere);
  {
    const auto log = open_log(options);
    for (const char* id : {"a", "b", "c"}) {
      EXPECT_EQ(log->append(test_plan(), packed_decision(id)), std::nullopt);
    }
    EXPECT_EQ(log->rotate_segment(), std::nullopt);
    EXPECT_EQ(log->append(test_plan(), packed_decision("d")), std::nullopt);
    EXPECT_EQ(log->close(), std::nullopt);
    EXPECT_EQ(log->stats().failures, 0U);
  }
  std::string note;
  for (const auto& [name, content] : elsewhere->names) {
    if (name.ends_with("last.note")) note = content->bytes;
  }
  EXPECT_EQ(verify(options, {note}).verdict, Verdict::kVerified)
      << findings_text(verify(options, {note}));
  EXPECT_EQ(verify(options, {note}).anchored_entries, 5U);
}

// A log that was rolled back went on, and its witness in a file took the younger checkpoint.
TEST(Witness, in_a_file_refuses_what_cannot_follow_and_close_says_so) {
  const auto files = std::make_shared<MemoryFiles>();
  const auto elsewhere = std::make_shared<MemoryFiles>();
  elsewhere->make_folder("safe/");
  LogOptions options = test_options(files);
  options.witness = witness_in_file("safe/last.note", elsewhere);
  std::shared_ptr<MemoryFiles> earlier;
  {
    const auto log = open_log(options);
    EXPECT_EQ(log->append(test_plan(), packed_decision("a")), std::nullopt);
    EXPECT_EQ(log->close(), std::nullopt);
    earlier = files->copy();
  }
  {
    const auto log = open_log(options);
    for (const char* id : {"b", "c", "d"}) {
      EXPECT_EQ(log->append(test_plan(), packed_decision(id)), std::nullopt);
    }
    EXPECT_EQ(log->close(), std::nullopt);
  }
  LogOptions rolled_back = options;
  rolled_back.files = earlier;
  const auto refused = open_log(rolled_back)->close();
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->message.find("rolled back"), std::string::npos) << refused->message;
  LogOptions other = test_options(std::make_shared<MemoryFiles>());
  other.origin = "example.org/other";
  other.witness = options.witness;
  const auto other_refused = open_log(other)->close();
  ASSERT_TRUE(other_refused);
  EXPECT_NE(other_refused->message.find("is of the log `example.org/test`"), std::string::npos);
  for (auto& [name, content] : elsewhere->names) {
    if (name.ends_with("last.note")) content->bytes = "hello";
  }
  EXPECT_TRUE(open_log(options)->close());
}

TEST(DecisionLog, keeps_the_name_it_was_made_with) {
  LogOptions options = test_options(std::make_shared<MemoryFiles>());
  EXPECT_EQ(open_log(options)->close(), std::nullopt);
  options.origin = "example.org/other";
  const auto refused = DecisionLog::open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, LogErrorCode::kWrongUse);
  EXPECT_NE(refused.error().message.find("example.org/test"), std::string::npos);
  options.origin = LogOptions{}.origin;
  EXPECT_TRUE(DecisionLog::open(options));
}

TEST(Witness, is_asked_by_the_housekeeper_without_a_call) {
  const auto files = std::make_shared<MemoryFiles>();
  LogOptions options = test_options(files);
  options.checkpoint_interval = std::chrono::milliseconds(1);
  std::mutex mutex;
  std::condition_variable came;
  bool is_asked = false;
  options.witness = [&](const std::string&) -> Result<std::string, std::string> {
    const std::lock_guard lock(mutex);
    is_asked = true;
    came.notify_all();
    return std::string();
  };
  const auto log = open_log(options);
  EXPECT_EQ(log->append(test_plan(), packed_decision("a")), std::nullopt);
  std::unique_lock lock(mutex);
  came.wait(lock, [&] { return is_asked; });
  lock.unlock();
  EXPECT_EQ(log->close(), std::nullopt);
}

}  // namespace
}  // namespace licet::log
