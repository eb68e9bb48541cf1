// Requests for Licet made of facts, attribute by attribute: what a serving process does that knows
// its requests as structs.
#pragma once

#include "bench/handwritten/facts.h"
#include "eval/engine.h"
#include "eval/request.h"

namespace licet::bench {

// What the policies of a workload read.
enum class Attributes {
  kOfW1,  // roles, model and action
  kOfW2,  // all but the model
  kOfW3,  // all
};

// Sets the slots of one request again and again. For one thread.
class SlotRequests {
 public:
  // Ends the program if the engine knows no such attribute.
  SlotRequests(const Engine& engine, Attributes attributes);
  Request& request_of(const Facts& facts);

 private:
  template <class T>
  Slot<T> slot(const char* path) const;
  void set_rest(const Facts& facts);

  using Text = std::string_view;
  using Integer = std::int64_t;
  const Engine& engine_;
  Attributes attributes_;
  Request request_;
  Slot<StringList> roles_;
  Slot<Text> model_id_, action_;
  Slot<Text> department_, region_, stage_, risk_tier_, owner_department_, dataset_region_, purpose_,
      ip_;
  Slot<StringList> tags_, purposes_;
  Slot<Integer> clearance_, classification_, hour_, rate_per_min_;
  Slot<bool> mfa_;
};

}  // namespace licet::bench
