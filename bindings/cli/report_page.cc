#include "bindings/cli/report_page.h"

#include "bindings/cli/json_text.h"
#include "bindings/cli/report_charts.h"
#include "bindings/cli/terminal.h"

namespace licet::cli {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--dim:#57606a;--line:#d0d7de;--panel:#f6f8fa;
--permit:#0072b2;--deny:#d55e00;--undecided:#8c8c8c;--cell:#e8eef3}
@media (prefers-color-scheme:dark){:root{--back:#14181d;--text:#e6e9ed;--dim:#9aa4ae;--line:#3a424b;
--panel:#1d232a;--permit:#56b4e9;--deny:#e8793a;--undecided:#9a9a9a;--cell:#2a333c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--back);color:var(--text);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
p{margin:.4rem 0}code{overflow-wrap:anywhere}code,pre,td.id{font-family:ui-monospace,monospace;font-size:.85rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem}
.tiles div{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem}
.tiles b{display:block;font-size:1.4rem}
.VERIFIED{border-left:.4rem solid var(--permit)}.UNANCHORED{border-left:.4rem solid var(--undecided)}
.BROKEN{border-left:.4rem solid var(--deny)}
.status{background:var(--panel);padding:.6rem .9rem;border-radius:.3rem}
figure{margin:0 0 1rem;overflow-x:auto}figcaption{font-weight:600;margin-bottom:.3rem}
svg{width:100%;display:block}.plot{display:flex}.plot>svg{flex:1 1 0;width:0}
svg svg{width:1px}svg text{fill:var(--text);font-size:12px}
svg .label{paint-order:stroke;stroke:var(--back);stroke-width:3px}svg .tick,svg .axis{fill:var(--dim)}
svg .grid{stroke:var(--line);stroke-width:1}svg .limit{stroke:var(--deny);stroke-dasharray:5 4}
svg .interval{stroke:var(--permit);stroke-width:2}
svg .permit{fill:var(--permit)}svg .deny{fill:var(--deny)}svg .undecided{fill:var(--undecided)}
svg .cell{fill:var(--cell)}svg .heat{pointer-events:none}svg .count{font-weight:600}
.legend{color:var(--dim)}.item{white-space:nowrap}.key{display:inline-block;width:.8rem;height:.8rem;margin:0 .3rem 0 .8rem}
.key.permit{background:var(--permit)}.key.deny{background:var(--deny)}
.key.undecided{background:var(--undecided)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.time{white-space:nowrap}td.id{overflow-wrap:anywhere;min-width:9rem}td.text{min-width:14rem}
td.names{overflow-wrap:anywhere;min-width:9rem}
@media screen and (max-width:40rem){.cards,.cards tbody,.cards tr,.cards td{display:block;min-width:0}
.cards thead{display:none}.cards tr{border-bottom:1px solid var(--line);padding:.4rem 0}
.cards td,td.id,td.text,td.names{border:0;padding:.05rem 0;min-width:0}
.cards td::before{content:attr(data-name) ": ";color:var(--dim)}}
input{width:100%;font:inherit;padding:.5rem;border:1px solid var(--line);border-radius:.3rem;
background:var(--panel);color:inherit}
pre{background:var(--panel);border:1px solid var(--line);padding:.6rem;overflow-x:auto;
white-space:pre-wrap;overflow-wrap:anywhere}
@media print{:root{--back:#fff;--text:#000;--dim:#333;--line:#999;--panel:#fff;--permit:#0072b2;
--deny:#d55e00;--cell:#eee}body{max-width:none;padding:0}.screen{display:none}
figure,tr,.tiles{break-inside:avoid}h2,figcaption{break-after:avoid}thead{display:table-header-group}
td.text,td.id,td.names{min-width:0}td.id{width:9rem}.wide{overflow:visible}
svg,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

// Looks entries up by id; also by the beginning of an id or by index.
constexpr std::string_view kScript = R"(
const entries=JSON.parse(document.getElementById('entries').textContent);
const box=document.getElementById('search'),found=document.getElementById('found');
function pretty(t){try{return JSON.stringify(JSON.parse(t),null,2)}catch(e){return t}}
function show(){const q=box.value.trim();found.replaceChildren();if(!q)return;
const e=entries.find(e=>e.id===q)||entries.find(e=>String(e.index)===q)||
(q.length>3&&entries.find(e=>e.id.includes(q)));
const add=(n,t)=>{const x=document.createElement(n);x.textContent=t;found.append(x)};
if(!e){add('p','No such decision among those on this page. licet log show finds all.');return}
add('h3','Entry '+e.index);add('pre',pretty(e.text));
if(e.proof){add('h3','Proof');add('p','Save it as proof.txt; licet log verify-proof proof.txt --verifier … checks it.');add('pre',e.proof)}
else add('p','This entry is not covered by a signed checkpoint on this page; licet log prove makes a proof.')}
box.addEventListener('input',show);
document.querySelectorAll('td.id').forEach(t=>t.addEventListener('click',()=>{box.value=t.textContent;show();box.scrollIntoView()}));
if(location.hash.length>1){box.value=decodeURIComponent(location.hash.slice(1));show()}
)";

std::string tile(const std::string& title, const std::string& number) {
  return "<div><b>" + html_text(number) + "</b>" + html_text(title) + "</div>";
}

std::string integrity_section(const log::VerifyReport& report, const std::string& verifier) {
  const std::string verdict(name_of(report.verdict));
  std::string html = "<div class=\"status " + verdict + "\"><p><strong>" + verdict + "</strong>: ";
  switch (report.verdict) {
    case log::Verdict::kVerified:
      html += "whole, in order, and a checkpoint kept outside agrees.";
      break;
    case log::Verdict::kUnanchored:
      html +=
          "whole and in order, but no checkpoint from outside was compared: a log written anew "
          "by who holds its keys would look the same.";
      break;
    case log::Verdict::kBroken:
      html += "something is wrong; what follows below may be too.";
      break;
  }
  html += "</p><p>First entries that are whole and in order: " + grouped(report.intact_entries) +
          "; signed by the log: " + grouped(report.signed_entries) +
          "; agreed by an outside checkpoint: " + grouped(report.anchored_entries) + ".</p>";
  for (const log::Finding& finding : report.findings) {
    html += "<p>" + html_text(finding.file) + " at byte " + grouped(finding.offset) + ", entry " +
            grouped(finding.index) + ": " + html_text(finding.message) + "</p>";
  }
  return html + "<p>Public key: <code>" + html_text(verifier) + "</code></p></div>";
}

std::string anomalies_section(const ReportData& data) {
  if (data.anomaly_count == 0) return "<p>None.</p>";
  std::string html =
      "<div class=\"wide\"><table class=\"cards\"><thead><tr><th>time (UTC)<th>rules<th>message"
      "<th>decision</thead>";
  for (const Anomaly& anomaly : data.anomalies) {
    std::string time = anomaly.time.substr(0, 19);
    if (time.size() > 10) time[10] = ' ';
    html += "<tr><td class=\"time\" data-name=\"time (UTC)\">" + html_text(time) +
            "<td class=\"names\" data-name=\"rules\">" + html_text(anomaly.rules) +
            "<td class=\"text\" data-name=\"message\">" + html_text(anomaly.message) +
            "<td class=\"id\" data-name=\"decision\">" + html_text(anomaly.id) + "</tr>";
  }
  html += "</table></div>";
  if (data.anomaly_count > data.anomalies.size()) {
    html += "<p>" + grouped(data.anomaly_count - data.anomalies.size()) + " more not shown.</p>";
  }
  return html;
}

// JSON that no `</script>` can end.
std::string embedded_entries(const ReportData& data) {
  JsonArray entries;
  for (const SearchEntry& entry : data.search) {
    entries.add_raw(JsonObject()
                        .string("id", entry.id)
                        .number("index", entry.index)
                        .string("text", entry.text)
                        .string("proof", entry.proof)
                        .text());
  }
  std::string json;
  for (const char letter : entries.text()) {
    if (letter == '<') {
      json += "\\u003c";
    } else {
      json += letter;
    }
  }
  return json;
}

}  // namespace

std::string report_page(const ReportData& data, const log::VerifyReport& integrity,
                        const std::string& verifier) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>Decision log report</title><style>" +
      std::string(kStyle) + "</style></head><body><h1>Decision log report</h1>";
  html += "<section class=\"tiles\">" + tile("decisions", grouped(data.all.total())) +
          tile("permitted", grouped(data.all.permitted)) +
          tile("denied", grouped(data.all.denied)) +
          tile("not decided", grouped(data.all.undecided)) + tile("lost", grouped(data.lost)) +
          tile("policy revisions", grouped(data.revisions.size())) + "</section>";
  html += "<h2>Integrity</h2>" + integrity_section(integrity, verifier);
  html += "<h2>Decisions over time</h2>" + chart_of_time(data);
  html += "<h2>Denials</h2>" +
          chart_of_counts("Denials by rule", "number of denials", data.denials_by_rule) +
          chart_of_counts("Denials by control", "number of denials", data.denials_by_control);
  html += "<h2>Users and models</h2>" + chart_of_users(data);
  html += "<h2>Anomalies (" + grouped(data.anomaly_count) + ")</h2>" + anomalies_section(data);
  html += "<h2>Outcomes by group</h2>" + chart_of_rates(group_rates(data));
  html +=
      "<section class=\"screen\"><h2>Find a decision</h2><label for=\"search\">Decision id or "
      "index; the last " +
      grouped(data.search.size()) +
      " decisions are on this page</label><input id=\"search\" autocomplete=\"off\" "
      "spellcheck=\"false\"><div id=\"found\"></div></section>";
  html += "<script type=\"application/json\" id=\"entries\">" + embedded_entries(data) +
          "</script><script>" + std::string(kScript) + "</script></body></html>\n";
  return html;
}

}  // namespace licet::cli
