import { gateNames, type GateName } from "../gates/gate-names.js";
import { gateCommandText } from "../stack/gate-command-text.js";

/** What a policy is shown of a resource, as far as the rules need it. */
export interface ShownResource {
  type: string;
  name: string;
  urn: string;
  /** Reading a value that a preview cannot know yet may throw. */
  props: Record<string, unknown>;
  opts: { protect: boolean };
  dependencies: readonly { urn: string }[];
}

/** The outputs of a PaletteInstallation; null where one cannot be read. */
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
export interface DeclaredGate {
  urn: string;
  name: string;
  gate: GateName;
  phase: string | null;
  /** The version it judges for; null where it cannot be read. */
  destination: string | null;
}

/** A stack as the rules see it: plain data. */
export interface DeclaredStack {
  installations: DeclaredInstallation[];
  releases: DeclaredHelmRelease[];
  gates: DeclaredGate[];
  /** Direct dependencies by URN. */
  dependencies: ReadonlyMap<string, readonly string[]>;
}

export const installationType = "palette:index:PaletteInstallation";
export const releaseType = "kubernetes:helm.sh/v3:Release";
const commandType = "command:local:Command";

/**
 * Reads what the rules need out of the resources of a stack. Other resources count only as links between those.
 * An engine shows them in any order, so they are sorted. */
export function declaredStack(resources: readonly ShownResource[]): DeclaredStack {
  const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const ofType = (type: string): ShownResource[] => sorted.filter((resource) => resource.type === type);
  return {
    installations: ofType(installationType).map(({ urn, props }) => ({
      urn,
      from: textOf(() => props.from),
      to: textOf(() => props.to),
      edition: textOf(() => props.edition),
      matrix: textOf(() => props.matrix),
    })),
    releases: ofType(releaseType).map(({ urn, name, props, opts }) => ({
      urn,
      name,
      version: textOf(() => props.version),
      isProtected: opts.protect,
    })),
    gates: ofType(commandType).flatMap(declaredGate),
    dependencies: new Map(resources.map(({ urn, dependencies }) => [urn, dependencies.map((other) => other.urn)])),
  };
}

/** Only the exact text of a gate counts as that gate: whatever else a Command does proves nothing. */
function declaredGate({ urn, name, props }: ShownResource): DeclaredGate[] {
  const text = textOf(() => props.create);
  const gate = gateNames.find((known) => gateCommandText(known) === text);
  if (gate === undefined) return [];
  const entry = (key: string): string | null => textOf(() => (props.environment as Record<string, unknown>)[key]);
  return [{ urn, name, gate, phase: entry("PHASE"), destination: entry("TO") }];
}

function textOf(value: () => unknown): string | null {
  try {
    const found = value();
    return typeof found === "string" && found !== "" ? found : null;
  } catch {
    return null;
  }
}
