import { isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { type z } from "zod";
import { InvalidInputError } from "../base/errors/errors.js";
import { loadRules } from "../planning/rules/rules.js";
import { isSeenByClusters } from "./seen-by-clusters.js";
import { describeFault } from "./settings-faults.js";
import { settingsSchema, versionKeys, type Settings } from "./schema.js";

const namespace = "palette:";
const howToWrite =
  "Correct the keys named above in the stack's configuration file; Pulumi.yaml describes each of them.";

/** Maps a qualified key (`palette:target`) to the text the engine passes: strings as they are, the rest as JSON. */
export type RawConfig = Record<string, string>;

/**
 * Parses a stack's configuration once.
 *
 * @param raw all configuration of the program; keys of other namespaces are left alone.
 * @param stackFile text of `Pulumi.<stack>.yaml` where it can be read: only it shows an unquoted version.
 * @throws InvalidInputError `SETTINGS_INVALID` listing every fault: key, what was found, what to write.
 */
export function parseSettings(raw: RawConfig, stackFile: string | null): Settings {
  const faults = stackFile === null ? [] : findUnquotedVersions(stackFile);
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(raw)) {
    if (key.startsWith(namespace)) values[key.slice(namespace.length)] = decodeValue(key.slice(namespace.length), text);
  }
  const parsed = settingsSchema.safeParse(values);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => describeFault(issue, values)));
  else faults.push(...findContradictions(parsed.data));
  if (faults.length > 0 || !parsed.success) {
    const list = [...new Set(faults)].map((fault) => `  - ${fault}`).join("\n");
    throw new InvalidInputError("SETTINGS_INVALID", `The stack's configuration is not valid:\n${list}`, {
      next: howToWrite,
    });
  }
  return parsed.data;
}

/** Strings stay strings; every other type arrives as JSON text. */
function decodeValue(key: string, text: string): unknown {
  const kind = getKind(key);
  if (kind === undefined || kind === "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function getKind(key: string): string | undefined {
  const field = (settingsSchema.shape as Record<string, z.ZodType>)[key];
  if (field === undefined) return undefined;
  const type = (field.def as { type: string; innerType?: z.ZodType }).type;
  const inner = type === "default" ? (field.def as unknown as { innerType: z.ZodType }).innerType : field;
  return ["array", "boolean", "number", "record", "object"].includes(inner.def.type) ? inner.def.type : "string";
}

function findContradictions(settings: Settings): string[] {
  const faults: string[] = [];
  if (settings.pcgs === "none" && settings.tenants.length > 0) {
    faults.push(`palette:pcgs: found "none" beside ${settings.tenants.length} palette:tenants; keep one of the two.`);
  }
  if (settings.install && settings.tenants.some(({ pcgs }) => pcgs.length > 0)) {
    faults.push(
      'palette:install: found true beside PCGs in palette:tenants; there are none before Palette is installed: set palette:pcgs to "none" and add the tenants afterwards.',
    );
  }
  faults.push(...findUnknownActs(settings));
  const unseen = settings.tenants.filter((tenant) => !isSeenByClusters(tenant, settings.pcgClusters));
  for (const { name, apiKey } of unseen.filter((tenant) => tenant.apiKey === "")) {
    const at = settings.tenants.findIndex((tenant) => tenant.name === name && tenant.apiKey === apiKey);
    faults.push(
      `palette:tenants[${at}].apiKey: missing; set the key of tenant "${name}" as a secret, or name a kubeconfig of each of its PCGs in palette:pcgClusters.`,
    );
  }
  for (const pcg of settings.pcgClusters.map((cluster) => cluster.pcg).filter((pcg) => !isListed(pcg, settings))) {
    faults.push(`palette:pcgClusters: "${pcg}" is not among the PCGs of palette:tenants; list it there too.`);
  }
  if (unseen.length > 0 && settings.apiUrl === "") {
    faults.push(
      `palette:apiUrl: missing; palette:tenants needs the address of the Palette API, e.g. "https://palette.example.com".`,
    );
  }
  const names = settings.tenants.map((tenant) => tenant.name);
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    faults.push(`palette:tenants: tenant "${name}" stands there twice; list its PCGs under one entry.`);
  }
  return faults;
}

function findUnknownActs({ acknowledge }: Settings): string[] {
  const known = [...new Set(loadRules("acts").map(({ name }) => name))].sort();
  return acknowledge.flatMap(({ act }, i) =>
    known.includes(act)
      ? []
      : [`palette:acknowledge[${i}].act: found "${act}", which is no act; the acts are ${known.join(", ")}.`],
  );
}

function isListed(subject: string, { tenants }: Settings): boolean {
  return tenants.some(({ name, pcgs }) => pcgs.some((pcg) => `${name}/${pcg}` === subject));
}

/** YAML reads an unquoted 4.10 as the number 4.1: only the file's own text shows it. */
function findUnquotedVersions(stackFile: string): string[] {
  const document = parseDocument(stackFile);
  if (document.errors.length > 0) {
    return [`Pulumi stack file: not valid YAML: ${document.errors[0]!.message.split("\n")[0]}`];
  }
  const config = document.get("config");
  if (!isMap(config)) return [];
  return versionKeys.flatMap((key) => {
    const node = (config.get(`${namespace}${key}`, true) ?? config.get(key, true)) as Node | undefined;
    const scalars = isSeq(node) ? node.items : [node];
    return scalars.flatMap((scalar) => {
      if (!isScalar(scalar) || typeof scalar.value !== "number") return [];
      const written = String(scalar.source ?? scalar.value);
      return [
        `${namespace}${key}: found ${written} without quotes, which YAML reads as the number ${scalar.value}; write "${written}".`,
      ];
    });
  });
}
