import { runPlanCommand, type PlanOptions } from "../../lib/cli/plan/plan-command.js";
import type { PlanFormat } from "../../lib/report/render.js";
import { matchGolden } from "./golden.js";

const endings: Record<PlanFormat, string> = { text: "txt", json: "json", markdown: "md", mermaid: "mmd", html: "html" };
const seed = "palette-kubernetes-4.7.20";
const newest = "palette-kubernetes-4.9.51";

const plans: [name: string, options: PlanOptions, formats: PlanFormat[]][] = [
  ["4.1.12-to-4.7.20", { from: "4.1.12", to: "4.7.20", matrix: seed }, ["text", "json", "markdown", "mermaid", "html"]],
  ["4.6.43-to-4.7.20-refused", { from: "4.6.43", to: "4.7.20", matrix: seed }, ["text", "json", "markdown", "mermaid"]],
  [
    "4.7.27-to-4.8.8-fcv",
    { from: "4.7.27", to: "4.8.8", matrix: newest, fact: ["pcgs=true", "airgap=false"] },
    ["text", "markdown"],
  ],
  [
    "4.8.35-to-4.9-traefik",
    { from: "4.8.35", to: "4.9", matrix: newest, fact: ["cloud=gke", "reachSystem=true"] },
    ["text", "mermaid"],
  ],
  ["4.4.24-to-4.7.20-skips", { from: "4.4.24", to: "4.7.20", matrix: seed, pcgs: false }, ["text", "mermaid"]],
  [
    "4.5.20-to-4.7.20-fewest",
    { from: "4.5.20", to: "4.7.20", matrix: seed, route: "fewest-hops", pcgs: false },
    ["text"],
  ],
  ["4.7.20-to-4.9.51-refused", { from: "4.7.20", to: "4.9.51" }, ["text"]],
  ["4.7.20-to-4.6.41-refused", { from: "4.7.20", to: "4.6.41", matrix: seed }, ["text"]],
  ["3.4.1-to-4.7.20-refused", { from: "3.4.1", to: "4.7.20", matrix: seed }, ["text"]],
  ["4.7.20-none-needed", { from: "4.7.20", to: "4.7.20", matrix: seed }, ["text", "json"]],
  ["vertex-appliance-4.8.52", { from: "4.8.52", to: "4.9", edition: "vertex", method: "appliance" }, ["text"]],
];

describe("golden plans", () => {
  for (const [name, options, formats] of plans) {
    for (const output of formats) {
      it(`${name} as ${output}`, async () => {
        const { text } = await runPlanCommand({ ...options, output, today: "2026-11-21" });
        matchGolden(`${name}.${endings[output]}`, text);
      });
    }
  }
});
