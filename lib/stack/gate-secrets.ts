import { parseMongoUri, secretsOf } from "../site/mongo-uri.js";

/** What gates need and must never show. Each travels in an environment entry of its own, never in argv or settings. */
export interface GateSecrets {
  /** In the order of `palette:tenants`. */
  apiKeys: string[];
  /** Connection string of an external MongoDB; empty where there is none. */
  mongoUri: string;
  /** Password or token of the chart registry; empty where there is none. */
  chartsPassword: string;
}

const mongoVariable = "PALETTE_MONGO_URI";
const chartsVariable = "PALETTE_CHARTS_PASSWORD";

/** Name of the environment entry with the API key of the tenant at `index`. */
export function apiKeyVariable(index: number): string {
  return `PALETTE_API_KEY_${index}`;
}

/** The environment entries of a gate's process; entries that would be empty are left out. */
export function secretEntries({ apiKeys, mongoUri, chartsPassword }: GateSecrets): Record<string, string> {
  return {
    ...Object.fromEntries(apiKeys.map((key, index) => [apiKeyVariable(index), key])),
    ...(mongoUri === "" ? {} : { [mongoVariable]: mongoUri }),
    ...(chartsPassword === "" ? {} : { [chartsVariable]: chartsPassword }),
  };
}

/** Reads them back for as many tenants as the settings list. */
export function secretsFrom(environment: NodeJS.ProcessEnv, tenants: number): GateSecrets {
  return {
    apiKeys: Array.from({ length: tenants }, (_, index) => environment[apiKeyVariable(index)] ?? ""),
    mongoUri: environment[mongoVariable] ?? "",
    chartsPassword: environment[chartsVariable] ?? "",
  };
}

/** Every text that must not leave, for redaction. */
export function secretTexts({ apiKeys, mongoUri, chartsPassword }: GateSecrets): string[] {
  return [...apiKeys, mongoUri, ...passwordsOf(mongoUri), chartsPassword].filter((text) => text !== "");
}

/** The password inside a connection string, as written and decoded; of a text that is none, what would be its login. */
function passwordsOf(uri: string): string[] {
  try {
    return secretsOf(parseMongoUri(uri));
  } catch {
    return /^[a-z+]+:\/\/[^:/]*:(.+)@/.exec(uri)?.slice(1) ?? [];
  }
}
