// Trace points: what an explanation says of each literal. Only with TracePoints::kYes.
#include "lang/emit/emitter.h"

namespace licet::lang::emit {

std::uint32_t Emitter::trace_point(const core::Literal& literal) {
  const auto next = static_cast<std::uint32_t>(asm_.program().trace_points.size());
  const auto [at, added] = points_.try_emplace(literal.origin, next);
  if (added) {
    TracePoint point;
    point.place = asm_.source_place(literal.span);
    point.text = std::string(asm_.sources().text_of(literal.span));
    point.rule = rule_name_;
    point.body = body_number_;
    asm_.program().trace_points.push_back(std::move(point));
  }
  return at->second;
}

std::vector<Emitter::Written> Emitter::written_parts(const Literals& literals) const {
  std::vector<Written> parts(literals.size());
  if (!traces()) return parts;
  std::map<std::uint32_t, std::size_t> latest;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const auto [at, added] = latest.try_emplace(literals[i]->origin, i);
    if (added) continue;
    parts[at->second].last = false;
    parts[i].first = false;
    at->second = i;
  }
  return parts;
}

// What fails inside passes by a stub that records it. Says whether trace_end must follow: the parts
// of a literal that is being traced already, as those under its `not`, are not traced again.
bool Emitter::trace_begin(const core::Literal& literal, Written part) {
  if (!traces()) return false;
  const std::uint32_t point = trace_point(literal);
  for (const OpenPoint& open : open_points_) {
    if (open.point == point) return false;
  }
  if (part.first) asm_.emit(Opcode::kTraceBegin, 0, 0, 0, point);
  const Label recorded = asm_.new_label();
  const Label outer = fail_;
  open_points_.push_back({point, recorded, outer});
  stubs_.push_back([this, recorded, outer, point] {
    asm_.bind(recorded);
    asm_.emit(Opcode::kTraceFail, 0, 0, 0, point);
    asm_.jump(outer);
  });
  fail_ = recorded;
  if (!unknown_) return true;
  const Label unknown = asm_.new_label();
  stubs_.push_back([this, unknown, target = *unknown_, point] {
    asm_.bind(unknown);
    asm_.emit(Opcode::kTraceUnknown, 0, 0, 0, point);
    asm_.jump(target);
  });
  unknown_ = unknown;
  return true;
}

void Emitter::trace_end(Written part) {
  const OpenPoint open = open_points_.back();
  open_points_.pop_back();
  if (part.last) asm_.emit(Opcode::kTraceHold, 0, 0, 0, open.point);
  // It has no further solutions: what fails later is not its failure.
  if (fail_ == open.recorded) fail_ = open.outer;
}

void Emitter::trace_part(Span span, Reg reg) {
  if (!traces() || open_points_.empty()) return;
  TracePoint& point = asm_.program().trace_points[open_points_.back().point];
  std::string text(asm_.sources().text_of(span));
  for (const TracePoint::Part& part : point.parts) {
    if (part.text == text) return;
  }
  point.parts.push_back({std::move(text), reg});
}

// The same outcomes, each recorded for the component's last literal on the way.
Outcomes Emitter::traced(const Literals& part, const Outcomes& outcomes) {
  if (!traces()) return outcomes;
  const std::uint32_t point = trace_point(*part.back());
  const auto stub = [&](Opcode opcode, Label target) {
    const Label label = asm_.new_label();
    const Label over = asm_.new_label();
    asm_.jump(over);
    asm_.bind(label);
    asm_.emit(opcode, 0, 0, 0, point);
    asm_.jump(target);
    asm_.bind(over);
    return label;
  };
  Outcomes result = outcomes;
  result.unknown = stub(Opcode::kTraceUnknown, outcomes.unknown);
  if (has_own_truth(part)) {
    result.holds = stub(Opcode::kTraceHold, outcomes.holds);
    result.fails = stub(Opcode::kTraceFail, outcomes.fails);
    asm_.emit(Opcode::kTraceBegin, 0, 0, 0, point);
  }
  return result;
}

}  // namespace licet::lang::emit
