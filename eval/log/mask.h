// Hiding personal values: in what was read, and in the texts that policies made of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/log/entry.h"
#include "eval/log/pack.h"

namespace licet::log {

class Masker {
 public:
  Masker(Vault& vault, std::string_view salt) : vault_(vault), salt_(salt) {}

  // Whose key encrypts. Without a subject, values to encrypt are left out.
  void set_subject(std::string_view canonical_id);
  bool has_subject() const { return has_subject_; }
  // Whether scrubbed() leaves every text as it is.
  bool hides_nothing() const { return hidden_.empty(); }
  std::string subject_text() const;

  // One packed value at `path`, as its mask wants it.
  void append_value(const MaskTree& mask, std::string_view path, Unpacker& parts,
                    RecordBuffer& out);

  // A text with every hidden value in it replaced, whatever its case.
  std::string scrubbed(std::string_view text) const;
  // The same for every string of a JSON text; canonical.
  std::string scrubbed_json(std::string_view json) const;

 private:
  struct Hidden {
    std::string text;  // lower case
    std::string replacement;
    bool is_number = false;
  };

  void append_masked(Mask mask, std::string_view path, std::string_view packed, RecordBuffer& out);
  void append_encrypted(std::string_view path, std::string_view plain, RecordBuffer& out);
  void hide(Unpacker& parts, const std::string& replacement);
  std::size_t match_at(std::string_view lower, std::size_t at, const Hidden*& found) const;
  void append_scrubbed(const Value& value, std::string& packed) const;

  Vault& vault_;
  std::string_view salt_;
  bool has_subject_ = false;
  SubjectToken subject_{};
  std::vector<Hidden> hidden_;
};

}  // namespace licet::log
