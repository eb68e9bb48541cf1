// C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof.
#include "eval/log/note.h"

#include <charconv>

namespace licet::log {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // begins a line of signature
// C2SP's limits: what somebody has to look at before they know who signed it.
constexpr std::size_t kMaxNoteBytes = 1'000'000;
constexpr std::size_t kMaxSignatures = 100;
constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1\n";

std::array<std::uint8_t, 4> key_id(std::string_view name, SignatureKind kind, Bytes public_key) {
  const char type = static_cast<char>(kind);
  const Hash hash = sha256({name, "\n", Bytes(&type, 1), public_key});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string signature_line(const VerifierKey& key, Bytes signature) {
  std::string bytes(view(key.id));
  bytes += signature;
  return std::string(kDash) + key.name + " " + base64(bytes) + "\n";
}

std::string cosigned_text(std::string_view text, std::uint64_t time_s) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" + std::string(text);
}

std::string big_endian(std::uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

std::uint64_t number_from_big_endian(Bytes bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

// Decimal digits without a sign or a leading zero.
std::optional<std::uint64_t> number_from_text(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number;
}

// Takes the line at the front of `text`, without its break; nullopt if there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<Hash> hash_from_text(std::string_view text) {
  const auto bytes = base64_decode(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  return array_from<32>(*bytes);
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.find_first_of(" +\t\r\n") == std::string_view::npos;
}

std::string text_of(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         base64(view(checkpoint.root)) + "\n";
}

std::optional<Checkpoint> checkpoint_from_text(std::string_view text) {
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || origin->empty() || !size || !root) return std::nullopt;
  const auto number = number_from_text(*size);
  const auto hash = hash_from_text(*root);
  if (!number || !hash) return std::nullopt;
  return Checkpoint{std::string(*origin), *number, *hash};
}

VerifierKey verifier_key(std::string name, SignatureKind kind, const Key& public_key) {
  const auto id = key_id(name, kind, view(public_key));
  return {.name = std::move(name), .id = id, .kind = kind, .public_key = public_key};
}

std::string text_of(const VerifierKey& key) {
  std::string bytes(1, static_cast<char>(key.kind));
  bytes += view(key.public_key);
  return key.name + "+" + hex(view(key.id)) + "+" + base64(bytes);
}

std::optional<VerifierKey> verifier_key_from_text(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t first = text.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, first);
  const auto bytes = base64_decode(text.substr(second + 1));
  if (!is_key_name(name) || !bytes || bytes->size() != 33) return std::nullopt;
  const auto kind = static_cast<SignatureKind>(bytes->front());
  if (kind != SignatureKind::kEd25519 && kind != SignatureKind::kCosignature) return std::nullopt;
  VerifierKey key = verifier_key(std::string(name), kind, array_from<32>(bytes->substr(1)));
  if (hex(view(key.id)) != text.substr(first + 1, second - first - 1)) return std::nullopt;
  return key;
}

std::string signed_note(std::string_view text, std::string_view name, const SigningKey& key) {
  const VerifierKey verifier =
      verifier_key(std::string(name), SignatureKind::kEd25519, key.public_key);
  return std::string(text) + "\n" + signature_line(verifier, ed25519_sign(key.seed, text));
}

std::string cosignature_line(std::string_view text, std::string_view name, const SigningKey& key,
                             std::uint64_t time_s) {
  const VerifierKey verifier =
      verifier_key(std::string(name), SignatureKind::kCosignature, key.public_key);
  return signature_line(verifier,
                        big_endian(time_s) + ed25519_sign(key.seed, cosigned_text(text, time_s)));
}

std::optional<Note> note_from_text(std::string_view text) {
  if (text.size() > kMaxNoteBytes) return std::nullopt;
  const std::size_t blank = text.rfind("\n\n");
  if (blank == std::string_view::npos) return std::nullopt;
  Note note;
  note.text = text.substr(0, blank + 1);
  text.remove_prefix(blank + 2);
  while (!text.empty()) {
    auto line = take_line(text);
    if (!line || !line->starts_with(kDash)) return std::nullopt;
    line->remove_prefix(kDash.size());
    const std::size_t space = line->find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    auto bytes = base64_decode(line->substr(space + 1));
    const std::string_view name = line->substr(0, space);
    if (!is_key_name(name) || !bytes || bytes->size() < 5) return std::nullopt;
    if (note.signatures.size() == kMaxSignatures) return std::nullopt;
    note.signatures.push_back({std::string(name), *std::move(bytes)});
  }
  if (note.signatures.empty()) return std::nullopt;
  return note;
}

bool is_signed_by(const Note& note, const VerifierKey& key) {
  for (const Note::Signature& signature : note.signatures) {
    const Bytes bytes = signature.bytes;
    if (signature.name != key.name || bytes.substr(0, 4) != view(key.id)) continue;
    if (key.kind == SignatureKind::kEd25519) {
      if (bytes.size() != 68) continue;
      if (ed25519_verify(key.public_key, note.text, bytes.substr(4))) return true;
    } else {
      if (bytes.size() != 76) continue;
      const std::uint64_t time_s = number_from_big_endian(bytes.substr(4, 8));
      const std::string text = cosigned_text(note.text, time_s);
      if (ed25519_verify(key.public_key, text, bytes.substr(12))) return true;
    }
  }
  return false;
}

std::string text_of(const EntryProof& proof) {
  std::string text(kProofHeader);
  text += "extra " + base64(proof.entry) + "\nindex " + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.hashes) text += base64(view(hash)) + "\n";
  return text + "\n" + proof.checkpoint;
}

std::optional<EntryProof> entry_proof_from_text(std::string_view text) {
  if (!text.starts_with(kProofHeader)) return std::nullopt;
  text.remove_prefix(kProofHeader.size());
  const auto extra = take_line(text);
  const auto index = take_line(text);
  if (!extra || !extra->starts_with("extra ") || !index || !index->starts_with("index ")) {
    return std::nullopt;
  }
  const auto entry = base64_decode(extra->substr(6));
  const auto number = number_from_text(index->substr(6));
  if (!entry || !number) return std::nullopt;
  EntryProof proof{.entry = *entry, .index = *number, .hashes = {}, .checkpoint = {}};
  for (auto line = take_line(text); line; line = take_line(text)) {
    if (line->empty()) {
      proof.checkpoint = text;
      return proof;
    }
    const auto hash = hash_from_text(*line);
    if (!hash || proof.hashes.size() == 64) return std::nullopt;
    proof.hashes.push_back(*hash);
  }
  return std::nullopt;
}

Result<Checkpoint, std::string> verify_entry_proof(const EntryProof& proof,
                                                   const VerifierKey& key) {
  const auto note = note_from_text(proof.checkpoint);
  if (!note) return Failure{std::string("the checkpoint is not a signed note")};
  if (!is_signed_by(*note, key)) {
    return Failure{"the checkpoint is not signed by the key `" + key.name + "`"};
  }
  const auto checkpoint = checkpoint_from_text(note->text);
  if (!checkpoint) return Failure{std::string("the signed note is not a checkpoint")};
  if (checkpoint->origin != key.name) {
    return Failure{"the checkpoint is of the log `" + checkpoint->origin + "`, the key of `" +
                   key.name + "`"};
  }
  if (!verify_inclusion(leaf_hash(proof.entry), proof.index, checkpoint->size, proof.hashes,
                        checkpoint->root)) {
    return Failure{"the entry is not entry " + std::to_string(proof.index) +
                   " of the log that the checkpoint commits to"};
  }
  return *checkpoint;
}

}  // namespace licet::log
