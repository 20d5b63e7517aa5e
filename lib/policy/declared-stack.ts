import { type GateName } from "../planning/rules/types.js";
import { parseGateCommand } from "../program/stack/gate-command-text.js";
import { type OwnRow } from "../planning/plan/types.js";
import { parseSettingsGroup } from "../settings/settings.js";

/** A resource as the engine passes it to a policy, reduced to what the rules need. */
export interface PolicyResource {
  type: string;
  name: string;
  urn: string;
  /** Reading a value that is unknown during a preview may throw. */
  props: Record<string, unknown>;
  opts: { protect: boolean };
  dependencies: readonly { urn: string }[];
}

/** The outputs of a PaletteInstallation; an output that cannot be read is null. */
export interface DeclaredInstallation {
  urn: string;
  from: string | null;
  to: string | null;
  edition: string | null;
  matrix: string | null;
}

export interface DeclaredHelmRelease {
  urn: string;
  name: string;
  /** Version of its chart; null where it cannot be read. */
  version: string | null;
  isProtected: boolean;
}

/** A Command that runs one of the project's gates. */
interface DeclaredGate {
  urn: string;
  name: string;
  gate: GateName;
  phase: string | null;
  /** The version it judges for; null where it cannot be read. */
  destination: string | null;
}

/** The part of a stack that the rules judge, as plain data. */
export interface DeclaredStack {
  installations: DeclaredInstallation[];
  releases: DeclaredHelmRelease[];
  gates: DeclaredGate[];
  /** Direct dependencies by URN. */
  dependencies: ReadonlyMap<string, readonly string[]>;
}

const installationType = "palette:index:PaletteInstallation";
export const releaseType = "kubernetes:helm.sh/v3:Release";
const commandType = "command:local:Command";

/**
 * Reads what the rules need from the resources of a stack. Other resources matter only as links between those.
 * Sorted by URN, because the engine passes resources in any order. */
export function readDeclaredStack(resources: readonly PolicyResource[]): DeclaredStack {
  const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const selectByType = (type: string): PolicyResource[] => sorted.filter((resource) => resource.type === type);
  return {
    installations: selectByType(installationType).map(({ urn, props }) => ({
      urn,
      from: readText(() => props.from),
      to: readText(() => props.to),
      edition: readText(() => props.edition),
      matrix: readText(() => props.matrix),
    })),
    releases: selectByType(releaseType).map(({ urn, name, props, opts }) => ({
      urn,
      name,
      version: readText(() => props.version),
      isProtected: opts.protect,
    })),
    gates: selectByType(commandType).flatMap(findDeclaredGate),
    dependencies: new Map(resources.map(({ urn, dependencies }) => [urn, dependencies.map((other) => other.urn)])),
  };
}

/** Returns the gate that a Command runs, if any. Only the exact command text of a gate counts. */
function findDeclaredGate({ urn, name, props }: PolicyResource): DeclaredGate[] {
  const text = readText(() => props.create);
  const gate = text === null ? undefined : parseGateCommand(text);
  if (gate === undefined) return [];
  const readEnvironment = (key: string): string | null =>
    readText(() => (props.environment as Record<string, unknown>)[key]);
  return [{ urn, name, gate, phase: readEnvironment("PHASE"), destination: readEnvironment("TO") }];
}

function readText(value: () => unknown): string | null {
  try {
    const found = value();
    return typeof found === "string" && found !== "" ? found : null;
  } catch {
    return null;
  }
}

/** One violation of a rule by a stack. */
export interface Violation {
  /** The resource at fault; null for the stack as a whole. */
  urn: string | null;
  /** What was seen, what is expected, what to do. */
  message: string;
}

/** The few settings that the rules need. */
export interface PolicySettings {
  ownRows: OwnRow[];
  /** False only if `palette:pcg.none` is true. */
  hasGateways: boolean;
}

/** Parses the settings from the configuration of a stack. @throws InvalidInputError `SETTINGS_INVALID`. */
export function parsePolicySettings(config: Record<string, string>): PolicySettings {
  const route = parseSettingsGroup("route", parseJson(config["palette:route"]));
  const pcg = parseSettingsGroup("pcg", parseJson(config["palette:pcg"]));
  return { ownRows: route.extraRows, hasGateways: !pcg.none };
}

/** Text that is no JSON stays text, which no group is. */
function parseJson(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
