import type { Hop, Plan } from "../plan/types.js";

/** The road as a Mermaid flow chart; a refusal shows where the roads end and from where the target can be reached. */
export function renderMermaid(plan: Plan): string {
  const lines = plan.outcome === "refused" ? refusedLines(plan) : routeLines(plan);
  const classes = [
    "classDef installed stroke-width:3px",
    "classDef target fill:#d8f0d8,stroke:#2c7a2c,color:#000000",
    "classDef unreachable fill:#f6d8d8,stroke:#a02c2c,color:#000000",
    `class ${node(plan.from)} installed`,
    plan.from === plan.to ? "" : `class ${node(plan.to)} ${plan.outcome === "refused" ? "unreachable" : "target"}`,
  ];
  return `flowchart LR\n${[...lines, ...classes.filter(Boolean)].map((line) => `  ${line}`).join("\n")}\n`;
}

function routeLines(plan: Plan): string[] {
  return [
    box(plan.from, "installed"),
    ...plan.hops.flatMap((hop) => [box(hop.to, hop.to === plan.to ? "target" : ""), edge(hop)]),
  ];
}

function edge(hop: Hop): string {
  const acts = hop.acts.filter((act) => act.irreversible).map((act) => `${act.name} (irreversible)`);
  const skips = hop.skips.map((minor) => `skips ${minor}`);
  const own = hop.ownRow === undefined ? [] : ["own row of this site"];
  return `${node(hop.from)} -->|"${quote([hop.change, ...own, ...skips, ...acts].join("<br>"))}"| ${node(hop.to)}`;
}

function refusedLines(plan: Plan): string[] {
  const refusal = plan.refusal!;
  const ends = refusal.frontier.filter((version) => version !== plan.from);
  return [
    box(plan.from, "installed"),
    box(plan.to, "target"),
    `${node(plan.from)} -.-x|"${quote(refusal.code)}"| ${node(plan.to)}`,
    ...ends.flatMap((version) => [box(version, "roads end here"), `${node(plan.from)} -.-> ${node(version)}`]),
    ...refusal.nearest.flatMap((version) => [
      box(version, "reaches the target"),
      `${node(version)} -.->|"by a road of its own"| ${node(plan.to)}`,
    ]),
  ];
}

function box(version: string, word: string): string {
  return `${node(version)}["${quote(word === "" ? version : `${version}<br>${word}`)}"]`;
}

/** A node id: letters, digits and underscores only, one for each text. */
function node(text: string): string {
  return `v${text.replace(/[^A-Za-z0-9]/g, (sign) => (sign === "." ? "_" : `_${sign.charCodeAt(0)}_`))}`;
}

/** Line breaks stay; quotes and angle brackets of the data's become entities. */
function quote(text: string): string {
  return text
    .split("<br>")
    .map((part) => part.replace(/#/g, "#35;").replace(/"/g, "#quot;").replace(/</g, "#lt;").replace(/>/g, "#gt;"))
    .join("<br>");
}
