import { type z } from "zod";
import { InvalidInputError } from "../base/errors/errors.js";
import { loadRules } from "../planning/rules/rules.js";
import { isTextKey } from "./known-keys.js";
import { findPlaceholders } from "./placeholders.js";
import { isSeenByClusters } from "./seen-by-clusters.js";
import { adviseOnIssue, describeFault, formatPath } from "./settings-faults.js";
import { settingsSchema, type Settings } from "./schema.js";
import { type StackFile } from "./stack-file.js";
import { findUnquotedVersions } from "./unquoted-versions.js";

const namespace = "palette:";
const howToWrite =
  "Correct the keys named above in the stack's configuration file; Pulumi.yaml describes each of them.";

/** Maps a qualified key (`palette:target`) to the text the engine passes: strings as they are, the rest as JSON. */
export type RawConfig = Record<string, string>;

/**
 * Parses a stack's configuration once.
 *
 * @param raw all configuration of the program; keys of other namespaces are left alone.
 * @param stackFile only its text shows how a version was written.
 * @throws InvalidInputError `SETTINGS_INVALID` listing every fault: key, what was found, what to write.
 */
export function parseSettings(raw: RawConfig, stackFile: StackFile | null): Settings {
  const faults = findUnquotedVersions(raw, stackFile);
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(raw)) {
    if (key.startsWith(namespace)) values[key.slice(namespace.length)] = decodeValue(key.slice(namespace.length), text);
  }
  const placeholders = findPlaceholders(values);
  faults.push(...placeholders.map(({ fault }) => fault));
  const isFilled = (path: readonly PropertyKey[]): boolean =>
    !placeholders.some((placeholder) => placeholder.path === formatPath(path));
  const parsed = settingsSchema.safeParse(values, { error: adviseOnIssue });
  if (!parsed.success) {
    const issues = parsed.error.issues.filter(({ path }) => isFilled(path));
    faults.push(...issues.flatMap((issue) => describeFault(issue, values)));
  } else faults.push(...findContradictions(parsed.data));
  if (faults.length > 0 || !parsed.success) throw createSettingsError(faults);
  return parsed.data;
}

type Group = "charts" | "route" | "pcg";
const groups: { [K in Group]: z.ZodType<Settings[K]> } = settingsSchema.shape;

/**
 * Refuses keys of a stack file that no setting has: old ones and mistyped ones. For commands that read single groups.
 *
 * @throws InvalidInputError `SETTINGS_INVALID` naming each.
 */
export function refuseUnknownKeys(written: Record<string, unknown>): void {
  const keys = Object.keys(written).flatMap((key) => (key.startsWith(namespace) ? key.slice(namespace.length) : []));
  const unknown = keys.filter((key) => !(key in settingsSchema.shape));
  const issue = { code: "unrecognized_keys" as const, keys: unknown, path: [], message: "" };
  if (unknown.length > 0) throw createSettingsError(describeFault(issue, written));
}

/**
 * Parses one group as it stands in a stack file; left out, it has its defaults.
 *
 * @throws InvalidInputError `SETTINGS_INVALID`.
 */
export function parseSettingsGroup<K extends Group>(key: K, value: unknown): Settings[K] {
  const parsed = groups[key].safeParse(value, { error: adviseOnIssue });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [key, ...issue.path] }));
  throw createSettingsError(issues.flatMap((issue) => describeFault(issue, { [key]: value })));
}

function createSettingsError(faults: readonly string[]): InvalidInputError {
  const list = [...new Set(faults)].map((fault) => `  - ${fault}`).join("\n");
  return new InvalidInputError("SETTINGS_INVALID", `The stack's configuration is not valid:\n${list}`, {
    next: howToWrite,
  });
}

/** Texts stay texts; every other type arrives as JSON. */
function decodeValue(key: string, text: string): unknown {
  if (isTextKey(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function findContradictions(settings: Settings): string[] {
  const { tenants, secrets, pcg, site, install } = settings;
  const faults: string[] = [];
  faults.push(...findDeniedGateways(settings));
  if (install && tenants.some(({ pcgs }) => pcgs.length > 0)) {
    faults.push(
      "palette:install: found true beside PCGs in palette:tenants; there are none before Palette is installed: set palette:pcg.none to true and add the tenants afterwards.",
    );
  }
  faults.push(...findUnknownActs(settings));
  const unseen = tenants.filter((tenant) => !isSeenByClusters(tenant, pcg.clusters));
  for (const { name } of unseen.filter((tenant) => (secrets.apiKeys[tenant.name] ?? "") === "")) {
    faults.push(
      `${formatPath(["secrets", "apiKeys", name])}: missing; set the key of tenant "${name}" as a secret, or name a kubeconfig of each of its PCGs in palette:pcg.clusters.`,
    );
  }
  const names = tenants.map((tenant) => tenant.name);
  for (const name of Object.keys(secrets.apiKeys).filter((name) => !names.includes(name))) {
    faults.push(
      `${formatPath(["secrets", "apiKeys", name])}: palette:tenants has no tenant "${name}"; list it there too.`,
    );
  }
  const unlisted = pcg.clusters.map((cluster) => cluster.pcg).filter((name) => !isListed(name, settings));
  for (const subject of pcg.none ? [] : unlisted) {
    faults.push(`palette:pcg.clusters: "${subject}" is not among the PCGs of palette:tenants; list it there too.`);
  }
  if (unseen.length > 0 && site.apiUrl === null) {
    faults.push(
      `palette:site.apiUrl: missing; palette:tenants needs the address of the Palette API, e.g. "https://palette.example.com".`,
    );
  }
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    faults.push(`palette:tenants: tenant "${name}" stands there twice; list its PCGs under one entry.`);
  }
  return faults;
}

/** A gateway that the settings themselves name contradicts `palette:pcg.none`. */
function findDeniedGateways({ pcg, tenants }: Settings): string[] {
  if (!pcg.none) return [];
  const listed = tenants.flatMap(({ name, pcgs }) => pcgs.map((gateway) => `${name}/${gateway}`));
  const places = [
    { key: "palette:tenants", names: listed },
    { key: "palette:pcg.clusters", names: pcg.clusters.map((cluster) => cluster.pcg) },
  ];
  return places
    .filter(({ names }) => names.length > 0)
    .map(
      ({ key, names }) => `palette:pcg.none: found true, but ${key} names ${names.join(", ")}; keep one of the two.`,
    );
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
