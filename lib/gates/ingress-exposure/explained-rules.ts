import { loadRules } from "../../plan/rules.js";
import type { ExposureRow } from "../../plan/rules-types.js";
import type { RuleChapter } from "../rules.js";
import { carryOverInstructions, getRowName } from "./equivalents.js";

const providers: Record<ExposureRow["provider"], string> = {
  aws: "load balancers of AWS",
  gcp: "load balancers of Google Cloud",
  azure: "load balancers of Azure",
  metallb: "addresses of MetalLB",
  "kube-vip": "addresses of kube-vip",
  generic: "any Service",
};

/** Settings of the current ingress Service with a known equivalent, from data/exposure.json. */
export const exposureRules: readonly RuleChapter[] = Object.entries(providers).map(([provider, what]) => {
  const rows = loadRules("exposure").filter((row) => row.provider === provider);
  return {
    id: provider,
    demands: `${what}, and what carries over to Traefik's Service`,
    rules: [],
    known: rows.map((row) => ({
      name: getRowName(row),
      meaning: `${carryOverInstructions[row.carries]}: ${row.equivalent}`,
    })),
    sources: rows.flatMap(({ source }) => source ?? []),
  };
});
