import type { Plan } from "../planning/plan/types.js";
import { splitLinks } from "./links.js";
import { createOutline, describeReach, type Entry, type Fact, type HopOutline, type Side } from "./outline.js";

const style = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
dt { color: #555; } dd { margin: 0 0 .4rem 1rem; } code { font-size: .95em; } summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }
.refused h1 { color: #a02c2c; } .route h1, .none-needed h1 { color: #2c7a2c; } .warn { border-left: 4px solid #c98a00; padding-left: .8rem; }
.entry { margin: .6rem 0; } .source { color: #555; font-size: .85em; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } th, td { border-color: #555; } dt, .source { color: #aaa; } }
`;

/** Renders the plan as one self-contained HTML page: no scripts, fonts or requests. */
export function renderHtml(plan: Plan, tool?: string): string {
  const outline = createOutline(plan, "→", tool);
  const parts = [
    `<h1>${escapeHtml(outline.headline)}</h1>`,
    ...outline.warnings.map(({ code, message }) => `<p class="warn"><code>${code}</code> ${escapeHtml(message)}</p>`),
    outline.refusal === null
      ? ""
      : `<p><code>${escapeHtml(outline.refusal.code)}</code> ${escapeHtml(outline.refusal.message)}</p>${renderFacts(outline.refusal.facts)}`,
    outline.hops.length === 0 ? "" : renderHopTable(outline.hops),
    ...outline.sections.map(
      ({ title, entries }) =>
        `<details open><summary>${title}</summary>${entries.map(renderEntry).join("\n")}</details>`,
    ),
    `<details><summary>Where this comes from</summary>${renderFacts(outline.facts)}</details>`,
  ];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(outline.headline)}</title><style>${style}</style></head>
<body class="${outline.outcome}">
${parts.filter(Boolean).join("\n")}
</body>
</html>
`;
}

function renderFacts(list: readonly Fact[]): string {
  return `<dl>${list.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${renderLinked(value)}</dd>`).join("\n")}</dl>`;
}

function renderHopTable(hops: readonly HopOutline[]): string {
  const head = ["#", "hop", "kind", "before", "after", "known"].map((name) => `<th>${name}</th>`).join("");
  const rows = hops.map((hop) => {
    const cells = [
      `${hop.number}`,
      escapeHtml(`${hop.from} → ${hop.to}`),
      escapeHtml(describeReach(hop)),
      renderSide(hop.before),
      renderSide(hop.after),
      escapeHtml(hop.advisories.join(", ")),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function renderSide({ acts, mustPass, mayWarn }: Side): string {
  const lists: [label: string, names: string[]][] = [
    ["acts", acts],
    ["must pass", mustPass],
    ["may warn", mayWarn],
  ];
  return lists
    .filter(([, names]) => names.length > 0)
    .map(([label, names]) => `<b>${label}:</b> ${escapeHtml(names.join(", "))}`)
    .join("<br>");
}

function renderEntry({ name, marks, hops, text, source }: Entry): string {
  const sourceNote = source === "" ? "" : ` <span class="source">${renderLinked(source)}</span>`;
  return `<div class="entry"><b>${escapeHtml(name)}</b> (${escapeHtml([...marks, hops].join("; "))}): ${escapeHtml(text)}${sourceNote}</div>`;
}

function renderLinked(text: string): string {
  return splitLinks(text)
    .map((part) =>
      part.isLink ? `<a href="${escapeHtml(part.text)}">${escapeHtml(part.text)}</a>` : escapeHtml(part.text),
    )
    .join("");
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
