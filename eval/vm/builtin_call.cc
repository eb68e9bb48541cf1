// Calls of builtins: operand types, errors, warnings.
#include <algorithm>
#include <bit>

#include "eval/vm/run.h"

namespace licet::vm {

using builtins::Context;

namespace {

constexpr Kind kKinds[] = {Kind::kNull,  Kind::kBool,   Kind::kNumber, Kind::kString,
                           Kind::kArray, Kind::kObject, Kind::kSet};

// "number", or "one of {array, set}".
std::string kinds_text(std::uint16_t accepted) {
  std::string text;
  for (const Kind kind : kKinds) {
    if ((accepted >> static_cast<unsigned>(kind) & 1U) == 0) continue;
    if (!text.empty()) text += ", ";
    text += name_of(kind);
  }
  return std::popcount(accepted) == 1 ? text : "one of {" + text + "}";
}

}  // namespace

Value Run::call_builtin(BuiltinId id, std::span<const Value> arguments) {
  Value answer;
  if (accepts(id, arguments)) answer = builtins::row_of(id).function(context_, arguments);
  if (context_.failure != Context::Failure::kNone) [[unlikely]] {
    builtin_failed(id);
    return Value::undefined();
  }
  return answer;
}

bool Run::accepts(BuiltinId id, std::span<const Value> arguments) {
  const std::span<const std::uint16_t> accepted = builtins::accepted_kinds(id);
  if (accepted.size() != arguments.size()) [[unlikely]] {
    end(EvalErrorCode::kInternal, "a builtin got the wrong number of arguments");
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if ((accepted[i] >> static_cast<unsigned>(arguments[i].kind()) & 1U) != 0) continue;
    context_.fail_operand(static_cast<int>(i + 1), kinds_text(accepted[i]), arguments[i]);
    return false;
  }
  return true;
}

// A failed call is undefined and leaves a warning; in strict mode, or when a budget ran out, it
// ends the run.
void Run::builtin_failed(BuiltinId id) {
  const Context::Failure failure = context_.failure;
  context_.failure = Context::Failure::kNone;
  std::string message = std::move(context_.message);
  context_.message.clear();
  if (failure == Context::Failure::kBudget) end(EvalErrorCode::kCancel, std::move(message));
  ++error_count_;
  const bool fatal = settings_.builtin_errors == BuiltinErrors::kFail;
  if (!fatal && warnings_.size() >= kMaxWarnings) return;
  const EvalErrorCode code =
      failure == Context::Failure::kType ? EvalErrorCode::kType : EvalErrorCode::kBuiltin;
  message = std::string(builtins::row_of(id).name) + ": " + message;
  if (fatal) end(code, std::move(message));
  warn(error_here(code, std::move(message)));
}

void Run::warn(EvalError error) {
  // What is evaluated again after an error fails again: one warning says it.
  const bool known = std::any_of(warnings_.begin(), warnings_.end(), [&](const EvalError& w) {
    return w.line == error.line && w.message == error.message && w.file == error.file;
  });
  if (!known && warnings_.size() < kMaxWarnings) warnings_.push_back(std::move(error));
}

}  // namespace licet::vm
