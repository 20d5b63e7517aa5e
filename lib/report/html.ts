import type { Plan } from "../plan/types.js";
import { outlineOf, reachOf, type Entry, type Fact, type HopOutline, type Side } from "./outline.js";

const style = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
dt { color: #555; } dd { margin: 0 0 .4rem 1rem; } code { font-size: .95em; } summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }
.refused h1 { color: #a02c2c; } .route h1, .none-needed h1 { color: #2c7a2c; } .warn { border-left: 4px solid #c98a00; padding-left: .8rem; }
.entry { margin: .6rem 0; } .source { color: #555; font-size: .85em; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } th, td { border-color: #555; } dt, .source { color: #aaa; } }
`;

/** The plan as one page that needs nothing else: no script, no font, no request. */
export function renderHtml(plan: Plan): string {
  const outline = outlineOf(plan, "→");
  const parts = [
    `<h1>${escape(outline.headline)}</h1>`,
    ...outline.warnings.map(({ code, message }) => `<p class="warn"><code>${code}</code> ${escape(message)}</p>`),
    outline.refusal === null
      ? ""
      : `<p><code>${escape(outline.refusal.code)}</code> ${escape(outline.refusal.message)}</p>${facts(outline.refusal.facts)}`,
    outline.hops.length === 0 ? "" : hopTable(outline.hops),
    ...outline.sections.map(
      ({ title, entries }) => `<details open><summary>${title}</summary>${entries.map(entry).join("\n")}</details>`,
    ),
    `<details><summary>Where this comes from</summary>${facts(outline.facts)}</details>`,
  ];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(outline.headline)}</title><style>${style}</style></head>
<body class="${outline.outcome}">
${parts.filter(Boolean).join("\n")}
</body>
</html>
`;
}

function facts(list: readonly Fact[]): string {
  return `<dl>${list.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>`).join("\n")}</dl>`;
}

function hopTable(hops: readonly HopOutline[]): string {
  const head = ["#", "hop", "kind", "before", "after", "known"].map((name) => `<th>${name}</th>`).join("");
  const rows = hops.map((hop) => {
    const cells = [
      `${hop.number}`,
      escape(`${hop.from} → ${hop.to}`),
      escape(reachOf(hop)),
      side(hop.before),
      side(hop.after),
      escape(hop.advisories.join(", ")),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function side({ acts, mustPass, mayWarn }: Side): string {
  const lists: [label: string, names: string[]][] = [
    ["acts", acts],
    ["must pass", mustPass],
    ["may warn", mayWarn],
  ];
  return lists
    .filter(([, names]) => names.length > 0)
    .map(([label, names]) => `<b>${label}:</b> ${escape(names.join(", "))}`)
    .join("<br>");
}

function entry({ name, marks, hops, text, source }: Entry): string {
  const read = source === "" ? "" : ` <span class="source">${escape(source)}</span>`;
  return `<div class="entry"><b>${escape(name)}</b> (${escape([...marks, hops].join("; "))}): ${escape(text)}${read}</div>`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
