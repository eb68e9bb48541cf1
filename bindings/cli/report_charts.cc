#include "bindings/cli/report_charts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <tuple>

#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

// Charts are as wide as the page leaves room for: places along a line are shares of it, and heights
// are pixels, so that letters have one size on a phone and on a desk.

std::string fixed(double number, int digits = 1) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

std::string percent(double share) { return fixed(share * 100, 3) + "%"; }

// `x` with its unit.
std::string tag_text(const std::string& x, double y, std::string_view kind, std::string_view text,
                     std::string_view anchor = "start", double dx = 0) {
  std::string tag = "<text x=\"" + x + "\" y=\"" + fixed(y) + "\" class=\"" + std::string(kind) +
                    "\" text-anchor=\"" + std::string(anchor) + "\"";
  if (dx != 0) tag += " dx=\"" + fixed(dx) + "\"";
  return tag + ">" + html_text(text) + "</text>";
}

std::string line(const std::string& x1, const std::string& x2, double y1, double y2,
                 std::string_view kind) {
  return "<line x1=\"" + x1 + "\" x2=\"" + x2 + "\" y1=\"" + fixed(y1) + "\" y2=\"" + fixed(y2) +
         "\" class=\"" + std::string(kind) + "\"/>";
}

std::string rect(double x, double y, double width, double height, std::string_view kind,
                 const std::string& tip, const std::string& more = {}) {
  std::string tag = "<rect x=\"" + percent(x) + "\" y=\"" + fixed(y, 2) + "\" width=\"" +
                    percent(std::max(width, 0.0)) + "\" height=\"" +
                    fixed(std::max(height, 0.0), 2) + "\" class=\"" + std::string(kind) + "\"" +
                    more;
  return tip.empty() ? tag + "/>" : tag + "><title>" + html_text(tip) + "</title></rect>";
}

std::string svg(double height, const std::string& title, const std::string& body,
                const std::string& attributes = {}) {
  return "<svg height=\"" + fixed(height, 0) + "\" role=\"img\" aria-label=\"" + html_text(title) +
         "\"" + attributes + ">" + body + "</svg>";
}

std::string figure(const std::string& title, const std::string& content) {
  return "<figure><figcaption>" + html_text(title) + "</figcaption>" + content + "</figure>";
}

// A column of labels that does not stretch, and the chart beside it.
std::string beside(double width, const std::string& labels, const std::string& chart) {
  return "<div class=\"plot\"><div style=\"flex:0 0 " + fixed(width, 0) + "px\">" + labels +
         "</div>" + chart + "</div>";
}

// Cut to `columns` code points.
std::string shortened(const std::string& text, std::size_t columns) {
  std::size_t at = 0;
  std::size_t count = 0;
  while (at < text.size()) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && count++ == columns) {
      return text.substr(0, at) + "\xE2\x80\xA6";
    }
    ++at;
  }
  return text;
}

// A round number of which at most five reach `top`.
std::uint64_t step_for(std::uint64_t top) {
  std::uint64_t step = 1;
  for (int i = 0; top / step > 5; ++i)
    step = i % 3 == 0 ? step * 2 : i % 3 == 1 ? step / 2 * 5 : step * 2;
  return step;
}

std::string time_label(std::int64_t minute) {
  const std::time_t seconds = static_cast<std::time_t>(minute * 60);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
  return text;
}

struct Bins {
  std::int64_t first = 0;
  std::int64_t minutes = 1;  // each
  std::vector<Outcomes> counts;
};

Bins bins_of(const ReportData& data) {
  constexpr std::int64_t kSizes[] = {1, 5, 15, 60, 180, 360, 720, 1440, 10'080, 43'200};
  Bins bins;
  bins.first = data.minutes.begin()->first;
  const std::int64_t span = data.minutes.rbegin()->first - bins.first + 1;
  for (const std::int64_t size : kSizes) {
    bins.minutes = size;
    if (span <= size * 60) break;
  }
  bins.minutes = std::max(bins.minutes, (span + 59) / 60);
  bins.first -= bins.first % bins.minutes;
  const std::int64_t last = data.minutes.rbegin()->first;
  constexpr std::size_t kLeast = 12;  // one alone would be as wide as the page
  const auto needed = static_cast<std::size_t>((last - bins.first) / bins.minutes + 1);
  bins.counts.resize(std::max(needed, kLeast));
  for (const auto& [minute, counts] : data.minutes) {
    Outcomes& bin = bins.counts[static_cast<std::size_t>((minute - bins.first) / bins.minutes)];
    bin.permitted += counts.permitted;
    bin.denied += counts.denied;
    bin.undecided += counts.undecided;
  }
  return bins;
}

std::string width_text(std::int64_t minutes) {
  if (minutes % 1440 == 0) return counted(static_cast<std::uint64_t>(minutes / 1440), "day");
  if (minutes % 60 == 0) return counted(static_cast<std::uint64_t>(minutes / 60), "hour");
  return counted(static_cast<std::uint64_t>(minutes), "minute");
}

std::string legend() {
  std::string html = "<p class=\"legend\">";
  for (const auto& [kind, word] :
       {std::pair{"permit", "permitted"}, {"deny", "denied"}, {"undecided", "not decided"}}) {
    html += "<span class=\"item\"><span class=\"key " + std::string(kind) + "\"></span>" + word +
            "</span> ";
  }
  return html + "</p>";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(letter) < 0x20 && letter != '\n' ? ' ' : letter;
    }
  }
  return out;
}

std::string chart_of_time(const ReportData& data) {
  if (data.minutes.empty()) return "<p>No decisions.</p>";
  const Bins bins = bins_of(data);
  std::uint64_t top = 1;
  for (const Outcomes& bin : bins.counts) top = std::max(top, bin.total());
  constexpr double kTop = 12, kHeight = 200, kLabels = 56;
  const std::uint64_t step = step_for(top);
  const std::uint64_t last_tick = (top + step - 1) / step * step;
  const double scale = kHeight / static_cast<double>(last_tick);
  std::string ticks, body;
  for (std::uint64_t at = 0; at <= last_tick; at += step) {
    const double y = kTop + kHeight - static_cast<double>(at) * scale;
    body += line("0", "100%", y, y, "grid");
    ticks += tag_text(fixed(kLabels - 6), y + 4, "tick", grouped(at), "end");
  }
  const double width = 1 / static_cast<double>(bins.counts.size());
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    const Outcomes& bin = bins.counts[i];
    const std::int64_t minute = bins.first + static_cast<std::int64_t>(i) * bins.minutes;
    double y = kTop + kHeight;
    const std::string when = time_label(minute) + " UTC: ";
    for (const auto& [count, kind, word] :
         {std::tuple{bin.permitted, "permit", " permitted"},
          std::tuple{bin.denied, "deny", " denied"},
          std::tuple{bin.undecided, "undecided", " not decided"}}) {
      if (count == 0) continue;
      const double height = static_cast<double>(count) * scale;
      y -= height;
      body += rect((static_cast<double>(i) + 0.08) * width, y, width * 0.84, height, kind,
                   when + grouped(count) + word);
    }
  }
  const double base = kTop + kHeight + 18;
  const std::int64_t last =
      bins.first + static_cast<std::int64_t>(bins.counts.size()) * bins.minutes;
  body += tag_text("0", base, "tick", time_label(bins.first)) +
          tag_text("100%", base, "tick", time_label(last), "end") +
          tag_text("50%", base + 18, "axis", "time (UTC)", "middle");
  const std::string title = "Decisions per " + width_text(bins.minutes);
  return figure(title, beside(kLabels, svg(base + 24, "number of decisions", ticks),
                              svg(base + 24, title, body))) +
         legend();
}

// Each row is a line with the name and, below it, the bar: names may be long.
std::string chart_of_counts(const std::string& title, const std::string& unit,
                            const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty()) return figure(title, "<p>None.</p>");
  constexpr std::size_t kMaxRows = 20;
  std::vector<std::pair<std::uint64_t, std::string>> rows;
  for (const auto& [name, count] : counts) rows.emplace_back(count, name);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr double kRow = 40, kLongest = 0.82;
  const double scale = kLongest / static_cast<double>(rows.front().first);
  std::string body;
  const std::size_t shown = std::min(rows.size(), kMaxRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [count, name] = rows[i];
    const double y = static_cast<double>(i) * kRow;
    const double width = static_cast<double>(count) * scale;
    body += tag_text("0", y + 13, "label", shortened(name, 48)) +
            rect(0, y + 18, width, 14, "deny", name + ": " + grouped(count)) +
            tag_text(percent(width), y + 30, "tick", grouped(count), "start", 6);
  }
  const double base = static_cast<double>(shown) * kRow + 12;
  body += tag_text("0", base, "axis", unit);
  std::string content = svg(base + 8, title, body);
  if (shown < rows.size()) content += "<p>" + grouped(rows.size() - shown) + " more not shown.</p>";
  return figure(title, content);
}

namespace {

using Ranking = std::vector<std::pair<std::uint64_t, std::string>>;

// The most frequent ones first, and only so many.
Ranking ranked(const std::map<std::string, std::uint64_t>& totals, std::size_t most) {
  Ranking all;
  for (const auto& [name, total] : totals) all.emplace_back(total, name);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  all.resize(std::min(all.size(), most));
  return all;
}

// A cell of users and models: `x` and `width` as shares.
std::string heat_cell(double x, double y, double width, double height, const Outcomes& counts,
                      const std::string& who) {
  const std::uint64_t refused = counts.total() - counts.permitted;
  const double denied = static_cast<double>(refused) / static_cast<double>(counts.total());
  const std::string tip =
      who + ": " + grouped(counts.permitted) + " permitted, " + grouped(refused) + " refused";
  return rect(x, y, width, height, "cell", tip) +
         rect(x, y, width, height, "deny heat", {},
              " fill-opacity=\"" + fixed(denied * 0.85, 2) + "\"") +
         tag_text(percent(x + width / 2), y + 17, "count", grouped(counts.total()), "middle");
}

}  // namespace

std::string chart_of_users(const ReportData& data) {
  const std::string title = "Decisions by user and model (share that was denied)";
  if (data.users.empty()) return figure(title, "<p>No entry has both attributes.</p>");
  std::map<std::string, std::uint64_t> by_model, by_user;
  for (const auto& [user, of_user] : data.users) {
    for (const auto& [model, counts] : of_user) {
      by_model[model] += counts.total();
      by_user[user] += counts.total();
    }
  }
  constexpr std::size_t kMost = 16, kLongest = 20, kLongestUser = 16;
  const Ranking users = ranked(by_user, kMost);
  const Ranking models = ranked(by_model, kMost);
  constexpr double kLabels = 112, kTop = 160, kRow = 28, kLeastColumn = 30, kMostColumn = 64;
  const auto columns = static_cast<double>(models.size());
  std::string names, body;
  for (std::size_t m = 0; m < models.size(); ++m) {
    // A picture of its own, for only that can be placed by share and then be turned.
    body += "<svg x=\"" + percent((static_cast<double>(m) + 0.5) / columns) + "\" y=\"" +
            fixed(kTop - 8) + "\" overflow=\"visible\" aria-label=\"" +
            html_text(models[m].second) + "\"><text class=\"label\" dy=\"4\" " +
            "transform=\"rotate(-90)\">" + html_text(shortened(models[m].second, kLongest)) +
            "</text></svg>";
  }
  for (std::size_t u = 0; u < users.size(); ++u) {
    const double y = kTop + static_cast<double>(u) * kRow;
    names += tag_text(fixed(kLabels - 8), y + 18, "label", shortened(users[u].second, kLongestUser),
                      "end");
    const auto& of_user = data.users.at(users[u].second);
    for (std::size_t m = 0; m < models.size(); ++m) {
      const auto at = of_user.find(models[m].second);
      if (at == of_user.end()) continue;
      constexpr double kGap = 0.03;
      body += heat_cell((static_cast<double>(m) + kGap) / columns, y + 1, (1 - 2 * kGap) / columns,
                        kRow - 2, at->second, users[u].second + ", " + models[m].second);
    }
  }
  const double height = kTop + static_cast<double>(users.size()) * kRow + 8;
  const std::string size = " style=\"min-width:" + fixed(columns * kLeastColumn, 0) +
                           "px;max-width:" + fixed(columns * kMostColumn, 0) + "px\"";
  std::string content =
      beside(kLabels, svg(height, "users", names), svg(height, title, body, size)) +
      "<p class=\"legend\">Number: decisions. The more orange a cell, the larger "
      "the share that was denied.</p>";
  if (by_user.size() > users.size() || by_model.size() > models.size()) {
    content += "<p class=\"legend\">The " + grouped(users.size()) + " most active of " +
               grouped(by_user.size()) + " users, the " + grouped(models.size()) +
               " most asked for of " + grouped(by_model.size()) + " models.</p>";
  }
  return figure(title, content);
}

namespace {

// What four fifths say of it, as far as the interval lets one tell.
std::string four_fifths(const GroupRate& rate) {
  constexpr double kLimit = 0.8;
  if (rate.ratio >= kLimit) {
    return rate.has_interval && rate.low < kLimit ? "reached; the interval has less" : "reached";
  }
  return rate.has_interval && rate.high >= kLimit ? "below; the interval reaches it" : "below";
}

std::string table_of_rates(const std::vector<GroupRate>& rates) {
  std::string table =
      "<div class=\"wide\"><table class=\"cards\"><thead><tr><th>group<th>good<th>all<th>rate"
      "<th>ratio<th>95 % interval<th>four fifths</tr></thead>";
  const auto cell = [](std::string_view name, const std::string& text) {
    return "<td data-name=\"" + std::string(name) + "\">" + html_text(text);
  };
  for (const GroupRate& rate : rates) {
    const std::string interval =
        rate.has_interval ? fixed(rate.low, 2) + " to " + fixed(rate.high, 2) : "\xE2\x80\x93";
    table += "<tr>" + cell("group", rate.group) + cell("good", grouped(rate.good)) +
             cell("all", grouped(rate.all)) + cell("rate", fixed(rate.rate * 100) + " %") +
             cell("ratio", fixed(rate.ratio, 2)) + cell("95 % interval", interval) +
             cell("four fifths", four_fifths(rate)) + "</tr>";
  }
  return table + "</table></div>";
}

}  // namespace

std::string chart_of_rates(const std::vector<GroupRate>& rates) {
  const std::string title = "Outcome rates by group: ratio to the group with the highest rate";
  if (rates.empty()) {
    return "<p>No outcomes with groups were recorded (<code>record_outcome</code>).</p>";
  }
  constexpr double kRow = 44, kMostRatio = 2, kLeft = 0.04, kWidth = 0.92;
  double top = 1.2;
  for (const GroupRate& rate : rates) top = std::max(top, rate.has_interval ? rate.high : 0);
  top = std::min(std::ceil(top * 5) / 5, kMostRatio);
  const auto x_of = [&](double ratio) {
    return percent(kLeft + std::min(ratio, top) / top * kWidth);
  };
  const double height = static_cast<double>(rates.size()) * kRow;
  std::string body = line(x_of(0.8), x_of(0.8), 0, height, "limit");
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const GroupRate& rate = rates[i];
    const double y = static_cast<double>(i) * kRow;
    const bool is_best = rate.ratio == 1;
    body += tag_text("0", y + 14, "label",
                     shortened(rate.group, 40) + (is_best ? " (the highest rate)" : ""));
    if (rate.has_interval) {
      body += line(x_of(rate.low), x_of(rate.high), y + 30, y + 30, "interval") +
              line(x_of(rate.low), x_of(rate.low), y + 25, y + 35, "interval");
      // What ends beyond the scale has no end mark.
      if (rate.high <= top)
        body += line(x_of(rate.high), x_of(rate.high), y + 25, y + 35, "interval");
    }
    const std::string tip = rate.group + ": " + grouped(rate.good) + " of " + grouped(rate.all);
    body += "<circle cx=\"" + x_of(rate.ratio) + "\" cy=\"" + fixed(y + 30) +
            "\" r=\"6\" class=\"permit\"><title>" + html_text(tip) + "</title></circle>";
  }
  for (int fifths = 0; fifths * 0.2 <= top + 0.01; ++fifths) {
    body += tag_text(x_of(fifths * 0.2), height + 16, "tick", fixed(fifths * 0.2), "middle");
  }
  const std::string content =
      svg(height + 24, title, body) +
      "<p class=\"legend\">Ratio of rates with its 95 % interval; dashed: four fifths.</p>";
  return figure(title, content) + table_of_rates(rates);
}

}  // namespace licet::cli
