#include "bindings/cli/report_charts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <tuple>

#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr double kWidth = 760;

std::string fixed(double number, int digits = 1) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

std::string tag_text(double x, double y, std::string_view kind, std::string_view text,
                     std::string_view anchor = "start") {
  return "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" class=\"" + std::string(kind) +
         "\" text-anchor=\"" + std::string(anchor) + "\">" + html_text(text) + "</text>";
}

std::string rect(double x, double y, double width, double height, std::string_view kind,
                 const std::string& tip) {
  return "<rect x=\"" + fixed(x, 2) + "\" y=\"" + fixed(y, 2) + "\" width=\"" +
         fixed(std::max(width, 0.0), 2) + "\" height=\"" + fixed(std::max(height, 0.0), 2) +
         "\" class=\"" + std::string(kind) + "\"><title>" + html_text(tip) + "</title></rect>";
}

std::string svg(double height, const std::string& title, const std::string& body) {
  return "<figure><figcaption>" + html_text(title) + "</figcaption><svg viewBox=\"0 0 " +
         fixed(kWidth, 0) + " " + fixed(height, 0) + "\" role=\"img\" aria-label=\"" +
         html_text(title) + "\">" + body + "</svg></figure>";
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
  bins.counts.resize(static_cast<std::size_t>((last - bins.first) / bins.minutes + 1));
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
  return "<p class=\"legend\"><span class=\"key permit\"></span>permitted "
         "<span class=\"key deny\"></span>denied <span class=\"key undecided\"></span>not "
         "decided</p>";
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
  constexpr double kLeft = 60, kTop = 12, kHeight = 200;
  const std::uint64_t step = step_for(top);
  const double scale = kHeight / static_cast<double>((top + step - 1) / step * step);
  std::string body;
  for (std::uint64_t at = 0; at <= (top + step - 1) / step * step; at += step) {
    const double y = kTop + kHeight - static_cast<double>(at) * scale;
    body += "<line x1=\"" + fixed(kLeft) + "\" x2=\"" + fixed(kWidth) + "\" y1=\"" + fixed(y) +
            "\" y2=\"" + fixed(y) + "\" class=\"grid\"/>" +
            tag_text(kLeft - 6, y + 4, "tick", grouped(at), "end");
  }
  const double width = (kWidth - kLeft) / static_cast<double>(bins.counts.size());
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    const Outcomes& bin = bins.counts[i];
    const std::int64_t minute = bins.first + static_cast<std::int64_t>(i) * bins.minutes;
    const double x = kLeft + static_cast<double>(i) * width;
    double y = kTop + kHeight;
    const std::string when = time_label(minute) + " UTC: ";
    for (const auto& [count, kind, word] :
         {std::tuple{bin.permitted, "permit", " permitted"},
          std::tuple{bin.denied, "deny", " denied"},
          std::tuple{bin.undecided, "undecided", " not decided"}}) {
      if (count == 0) continue;
      const double height = static_cast<double>(count) * scale;
      y -= height;
      body += rect(x + width * 0.08, y, width * 0.84, height, kind, when + grouped(count) + word);
    }
  }
  const double base = kTop + kHeight + 18;
  const std::int64_t last =
      bins.first + static_cast<std::int64_t>(bins.counts.size()) * bins.minutes;
  body += tag_text(kLeft, base, "tick", time_label(bins.first)) +
          tag_text(kWidth, base, "tick", time_label(last), "end") +
          tag_text((kLeft + kWidth) / 2, base + 16, "axis", "time (UTC)", "middle");
  return svg(base + 24, "Decisions per " + width_text(bins.minutes), body) + legend();
}

std::string chart_of_counts(const std::string& title, const std::string& unit,
                            const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty())
    return "<figure><figcaption>" + html_text(title) + "</figcaption><p>None.</p></figure>";
  constexpr std::size_t kMaxRows = 20;
  std::vector<std::pair<std::uint64_t, std::string>> rows;
  for (const auto& [name, count] : counts) rows.emplace_back(count, name);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr double kLeft = 280, kRow = 24, kRight = 70;
  const double scale = (kWidth - kLeft - kRight) / static_cast<double>(rows.front().first);
  std::string body;
  const std::size_t shown = std::min(rows.size(), kMaxRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [count, name] = rows[i];
    const double y = static_cast<double>(i) * kRow + 4;
    const double width = static_cast<double>(count) * scale;
    body += tag_text(kLeft - 8, y + 14, "label", shortened(name, 38), "end") +
            rect(kLeft, y, width, kRow - 8, "deny", name + ": " + grouped(count)) +
            tag_text(kLeft + width + 6, y + 14, "tick", grouped(count));
  }
  const double base = static_cast<double>(shown) * kRow + 18;
  body += tag_text(kLeft, base, "axis", unit);
  std::string chart = svg(base + 8, title, body);
  if (shown < rows.size()) chart += "<p>" + grouped(rows.size() - shown) + " more not shown.</p>";
  return chart;
}

std::string chart_of_users(const ReportData& data) {
  const std::string title = "Decisions by user and model (share that was denied)";
  if (data.users.empty()) {
    return "<figure><figcaption>" + title +
           "</figcaption><p>No entry has both attributes.</p></figure>";
  }
  constexpr std::size_t kMax = 16;
  std::map<std::string, std::uint64_t> by_model;
  std::vector<std::pair<std::uint64_t, std::string>> users;
  for (const auto& [user, models] : data.users) {
    std::uint64_t total = 0;
    for (const auto& [model, counts] : models) {
      by_model[model] += counts.total();
      total += counts.total();
    }
    users.emplace_back(total, user);
  }
  std::vector<std::pair<std::uint64_t, std::string>> models;
  for (const auto& [model, total] : by_model) models.emplace_back(total, model);
  const auto most_first = [](const auto& a, const auto& b) { return a.first > b.first; };
  std::stable_sort(users.begin(), users.end(), most_first);
  std::stable_sort(models.begin(), models.end(), most_first);
  users.resize(std::min(users.size(), kMax));
  models.resize(std::min(models.size(), kMax));
  constexpr double kLeft = 150, kTop = 110, kRow = 28;
  const double column = std::min(60.0, (kWidth - kLeft - 40) / static_cast<double>(models.size()));
  std::string body;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const double x = kLeft + (static_cast<double>(m) + 0.5) * column;
    body += "<text class=\"label\" transform=\"translate(" + fixed(x) + "," + fixed(kTop - 8) +
            ") rotate(-40)\">" + html_text(shortened(models[m].second, 20)) + "</text>";
  }
  for (std::size_t u = 0; u < users.size(); ++u) {
    const double y = kTop + static_cast<double>(u) * kRow;
    body += tag_text(kLeft - 8, y + 18, "label", shortened(users[u].second, 18), "end");
    const auto& of_user = data.users.at(users[u].second);
    for (std::size_t m = 0; m < models.size(); ++m) {
      const auto at = of_user.find(models[m].second);
      if (at == of_user.end()) continue;
      const Outcomes& counts = at->second;
      const double denied = static_cast<double>(counts.total() - counts.permitted) /
                            static_cast<double>(counts.total());
      const double x = kLeft + static_cast<double>(m) * column;
      const std::string tip = users[u].second + ", " + models[m].second + ": " +
                              grouped(counts.permitted) + " permitted, " +
                              grouped(counts.total() - counts.permitted) + " refused";
      body += rect(x + 1, y + 1, column - 2, kRow - 2, "cell", tip);
      body += "<rect x=\"" + fixed(x + 1) + "\" y=\"" + fixed(y + 1) + "\" width=\"" +
              fixed(column - 2) + "\" height=\"" + fixed(kRow - 2) +
              "\" class=\"deny heat\" fill-opacity=\"" + fixed(denied * 0.85, 2) + "\"/>";
      body += tag_text(x + column / 2, y + 18, "count", grouped(counts.total()), "middle");
    }
  }
  const double base = kTop + static_cast<double>(users.size()) * kRow + 20;
  body += tag_text(kLeft, base, "axis",
                   "number: decisions; the redder the cell, the larger the share denied");
  return svg(base + 8, title, body);
}

std::string chart_of_rates(const std::vector<GroupRate>& rates) {
  const std::string title = "Outcome rates by group: ratio to the group with the highest rate";
  if (rates.empty()) {
    return "<p>No outcomes with groups were recorded (<code>record_outcome</code>).</p>";
  }
  constexpr double kLeft = 150, kRow = 30, kScale = 380;  // for a ratio of 1
  const auto x_of = [&](double ratio) { return kLeft + std::min(ratio, 1.55) * kScale; };
  const double height = static_cast<double>(rates.size()) * kRow;
  std::string body = "<line x1=\"" + fixed(x_of(0.8)) + "\" x2=\"" + fixed(x_of(0.8)) +
                     "\" y1=\"0\" y2=\"" + fixed(height) + "\" class=\"limit\"/>";
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const GroupRate& rate = rates[i];
    const double y = (static_cast<double>(i) + 0.5) * kRow;
    body += tag_text(kLeft - 8, y + 5, "label", shortened(rate.group, 18), "end");
    if (rate.has_interval) {
      body += "<line x1=\"" + fixed(x_of(rate.low)) + "\" x2=\"" + fixed(x_of(rate.high)) +
              "\" y1=\"" + fixed(y) + "\" y2=\"" + fixed(y) + "\" class=\"interval\"/>";
    }
    const std::string tip = rate.group + ": " + grouped(rate.good) + " of " + grouped(rate.all);
    body += "<circle cx=\"" + fixed(x_of(rate.ratio)) + "\" cy=\"" + fixed(y) +
            "\" r=\"6\" class=\"permit\"><title>" + html_text(tip) + "</title></circle>";
  }
  for (const double tick : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) {
    body += tag_text(x_of(tick), height + 16, "tick", fixed(tick), "middle");
  }
  body += tag_text(kLeft, height + 34, "axis",
                   "ratio of rates, with 95 % interval; dashed: four fifths");
  std::string table =
      "<table><tr><th>group<th>good<th>all<th>rate<th>ratio<th>95 % interval<th>four fifths</tr>";
  for (const GroupRate& rate : rates) {
    const std::string interval =
        rate.has_interval ? fixed(rate.low, 2) + " to " + fixed(rate.high, 2) : "";
    table += "<tr><td>" + html_text(rate.group) + "<td>" + grouped(rate.good) + "<td>" +
             grouped(rate.all) + "<td>" + fixed(rate.rate * 100) + " %<td>" + fixed(rate.ratio, 2) +
             "<td>" + interval + "<td>" + (rate.ratio < 0.8 ? "below" : "reached") + "</tr>";
  }
  return svg(height + 42, title, body) + "<div class=\"wide\">" + table + "</table></div>";
}

}  // namespace licet::cli
