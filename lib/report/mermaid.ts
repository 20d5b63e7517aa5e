import type { Hop, Plan } from "../planning/plan/types.js";

/**
 * Renders the route as a Mermaid flow chart; for a refusal: where routes end, and from where the target is reachable.
 */
export function renderMermaid(plan: Plan): string {
  const lines = plan.outcome === "refused" ? renderRefusedLines(plan) : renderRouteLines(plan);
  const classes = [
    "classDef installed stroke-width:3px",
    "classDef target fill:#d8f0d8,stroke:#2c7a2c,color:#000000",
    "classDef unreachable fill:#f6d8d8,stroke:#a02c2c,color:#000000",
    `class ${createNodeId(plan.from)} installed`,
    plan.from === plan.to
      ? ""
      : `class ${createNodeId(plan.to)} ${plan.outcome === "refused" ? "unreachable" : "target"}`,
  ];
  return `flowchart LR\n${[...lines, ...classes.filter(Boolean)].map((line) => `  ${line}`).join("\n")}\n`;
}

function renderRouteLines(plan: Plan): string[] {
  return [
    renderBox(plan.from, "installed"),
    ...plan.hops.flatMap((hop) => [renderBox(hop.to, hop.to === plan.to ? "target" : ""), renderEdge(hop)]),
  ];
}

function renderEdge(hop: Hop): string {
  const acts = hop.acts.filter((act) => act.irreversible).map((act) => `${act.name} (irreversible)`);
  const skips = hop.skips.map((minor) => `skips ${minor}`);
  const own = hop.ownRow === undefined ? [] : ["own row of this site"];
  return `${createNodeId(hop.from)} -->|"${quote([hop.change, ...own, ...skips, ...acts].join("<br>"))}"| ${createNodeId(hop.to)}`;
}

function renderRefusedLines(plan: Plan): string[] {
  const refusal = plan.refusal!;
  const ends = refusal.frontier.filter((version) => version !== plan.from);
  return [
    renderBox(plan.from, "installed"),
    renderBox(plan.to, "target"),
    `${createNodeId(plan.from)} -.-x|"${quote(refusal.code)}"| ${createNodeId(plan.to)}`,
    ...ends.flatMap((version) => [
      renderBox(version, "routes end here"),
      `${createNodeId(plan.from)} -.-> ${createNodeId(version)}`,
    ]),
    ...refusal.nearest.flatMap((version) => [
      renderBox(version, "reaches the target"),
      `${createNodeId(version)} -.->|"by a route of its own"| ${createNodeId(plan.to)}`,
    ]),
  ];
}

function renderBox(version: string, caption: string): string {
  return `${createNodeId(version)}["${quote(caption === "" ? version : `${version}<br>${caption}`)}"]`;
}

/** Creates a node id: letters, digits and underscores only, unique for each text. */
function createNodeId(text: string): string {
  return `v${text.replace(/[^A-Za-z0-9]/g, (sign) => (sign === "." ? "_" : `_${sign.charCodeAt(0)}_`))}`;
}

/** Keeps line breaks; quotes and angle brackets in the data become entities. */
function quote(text: string): string {
  return text
    .split("<br>")
    .map((part) => part.replace(/#/g, "#35;").replace(/"/g, "#quot;").replace(/</g, "#lt;").replace(/>/g, "#gt;"))
    .join("<br>");
}
