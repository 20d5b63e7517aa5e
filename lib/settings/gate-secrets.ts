import { parseMongoUri, listSecrets } from "../base/net/mongo-uri.js";

/** Secrets that gates need. Each is passed in an environment variable of its own, never in arguments or settings. */
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
function formatApiKeyVariable(index: number): string {
  return `PALETTE_API_KEY_${index}`;
}

/** The environment variables of a gate's process; one that it does not get is empty. */
export function toSecretEntries({ apiKeys, mongoUri, chartsPassword }: GateSecrets): Record<string, string> {
  return {
    ...Object.fromEntries(apiKeys.map((key, index) => [formatApiKeyVariable(index), key])),
    [mongoVariable]: mongoUri,
    [chartsVariable]: chartsPassword,
  };
}

/** Reads the secrets back from the environment, for as many tenants as the settings list. */
export function readGateSecrets(environment: NodeJS.ProcessEnv, tenants: number): GateSecrets {
  return {
    apiKeys: Array.from({ length: tenants }, (_, index) => environment[formatApiKeyVariable(index)] ?? ""),
    mongoUri: environment[mongoVariable] ?? "",
    chartsPassword: environment[chartsVariable] ?? "",
  };
}

/** Lists every text that must be redacted. */
export function listSecretTexts({ apiKeys, mongoUri, chartsPassword }: GateSecrets): string[] {
  return [...apiKeys, mongoUri, ...findPasswords(mongoUri), chartsPassword].filter((text) => text !== "");
}

/** Finds the password in a connection string, as written and decoded; in an invalid one, what stands in its place. */
function findPasswords(uri: string): string[] {
  try {
    return listSecrets(parseMongoUri(uri));
  } catch {
    return /^[a-z+]+:\/\/[^:/]*:(.+)@/.exec(uri)?.slice(1) ?? [];
  }
}
