import { InvalidInputError } from "../../base/errors/errors.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";

const booleanFacts = ["pcgs", "reachSystem", "imageSwap", "airgap", "ipBased", "externalMongo"] as const;
const clouds = ["eks", "gke", "aks", "other"] as const;

/** Parses facts of the command line, e.g. `airgap=true` or `cloud=gke`. @throws InvalidInputError `FACT_INVALID`. */
export function parseFacts(values: readonly string[]): SiteFacts {
  return Object.fromEntries(values.map(parseFact));
}

function parseFact(text: string): [name: string, value: boolean | string] {
  const [name = "", value = "", ...more] = text.split("=");
  if (more.length === 0) {
    if (booleanFacts.some((fact) => fact === name) && /^(true|false)$/.test(value)) return [name, value === "true"];
    if (name === "cloud" && clouds.some((cloud) => cloud === value)) return [name, value];
  }
  throw new InvalidInputError("FACT_INVALID", `fact: "${text}" is nothing that can be known of a site.`, {
    next: `Write ${booleanFacts.join(", ")} with =true or =false, or cloud= with ${clouds.join(", ")}.`,
  });
}
