import type { Registration } from "./registration.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { listAliasUrns, makeUrn, parseUrn } from "./values/urn.js";
import { revealAll, unknownValue, type Properties } from "./values/values.js";
import type { ProviderContext, ResourceProvider } from "./providers/provider.js";

/** A declared resource with everything that determines its step. */
export interface Goal {
  registration: Registration;
  urn: string;
  old: ResourceState | undefined;
  /** null for components. */
  provider: ResourceProvider | null;
  context: ProviderContext;
  /** `<urn>::<id>`; empty: the default provider. */
  providerRef: string;
  protect: boolean;
  retainOnDelete: boolean;
  /** As the program gave them, with secret marks; the provider's check may have added defaults. */
  inputs: Properties;
}

/** What the resources declared so far pass on to later ones. */
export interface DeclaredResources {
  options: Map<
    string,
    {
      protect: boolean | undefined;
      retainOnDelete: boolean | undefined;
      provider: string;
      providers: Map<string, string>;
    }
  >;
  /** Old URN by new one, for resources that were found by an alias. */
  renamed: Map<string, string>;
  /** Inputs of provider resources by URN, without marks. */
  providerInputs: Map<string, Properties>;
}

export function createDeclaredResources(): DeclaredResources {
  return { options: new Map(), renamed: new Map(), providerInputs: new Map() };
}

/** Builds the goal of a resource. Throws the message to report when the resource cannot be accepted at all. */
export function resolveGoal(run: Run, declared: DeclaredResources, registration: Registration): Goal {
  const { type, name, parent, custom, inputs } = registration;
  const urn = makeUrn(run.stack, run.project, parent, type, name);
  if (declared.options.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
  if (registration.deleteBeforeReplace)
    throw new Error(
      `resource '${urn}' has deleteBeforeReplace, which the embedded engine does not do: take it out, or use the real engine`,
    );
  const inherited = declared.options.get(parent);
  const providerRef = custom ? selectProviderRef(registration, inherited) : "";
  const providers = new Map([...(custom ? [] : (inherited?.providers ?? [])), ...registration.providers]);
  const protect = registration.protect ?? inherited?.protect;
  const retainOnDelete = registration.retainOnDelete ?? inherited?.retainOnDelete;
  const provider = custom ? findProvider(run, type) : null;
  const old = findOldState(run, declared, registration, urn);
  declared.options.set(urn, { protect, retainOnDelete, provider: registration.provider, providers });
  const configuration = declared.providerInputs.get(parseProviderUrn(providerRef)) ?? {};
  return {
    registration,
    urn,
    old,
    provider,
    context: createProviderContext(run, urn, configuration),
    providerRef,
    protect: protect ?? false,
    retainOnDelete: retainOnDelete ?? false,
    inputs,
  };
}

export function createProviderContext(run: Run, urn: string, configuration: Properties): ProviderContext {
  const { name, qualifiedType } = parseUrn(urn);
  return {
    urn,
    name,
    type: qualifiedType.split("$").at(-1)!,
    signal: run.signal,
    cwd: run.programDirectory,
    environment: run.environment,
    configuration,
    log: (line) => run.journal.reportProgress(urn, line),
  };
}

export function findProvider(run: Run, type: string): ResourceProvider {
  const provider =
    run.providers.get(type) ??
    (type.startsWith("pulumi:providers:") ? run.providers.get("pulumi:providers:*") : undefined);
  if (provider !== undefined) return provider;
  throw new Error(
    `the embedded engine has no provider for resource type ${type}; it knows ${[...run.providers.keys()].sort().join(", ")}`,
  );
}

/** True when a resource moves to another provider, for which Pulumi replaces it. */
export function hasProviderChanged(goal: Goal): boolean {
  if (goal.old === undefined || goal.provider === null || goal.old.provider === goal.providerRef) return false;
  return (
    !goal.providerRef.endsWith(`::${unknownValue}`) ||
    parseProviderUrn(goal.old.provider) !== parseProviderUrn(goal.providerRef)
  );
}

export function parseProviderUrn(reference: string): string {
  return reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));
}

function selectProviderRef(
  { type, provider, providers }: Registration,
  parent: { provider: string; providers: Map<string, string> } | undefined,
): string {
  const [pack = ""] = type.split(":");
  if (provider !== "") return provider;
  const inherited = parent?.providers.get(pack) ?? parent?.provider ?? "";
  return (
    providers.get(pack) ??
    (parseUrn(parseProviderUrn(inherited)).qualifiedType === `pulumi:providers:${pack}` ? inherited : "")
  );
}

function findOldState(
  run: Run,
  declared: DeclaredResources,
  registration: Registration,
  urn: string,
): ResourceState | undefined {
  const { parent, type, name, aliases } = registration;
  const own = run.snapshot.getOld(urn);
  if (own !== undefined) return own;
  const former = listAliasUrns(
    { stack: run.stack, project: run.project, parent, type, name },
    aliases,
    declared.renamed,
  );
  const found = former.find((alias) => run.snapshot.getOld(alias) !== undefined);
  if (found === undefined) return undefined;
  const claimed = [...declared.renamed].find(([, old]) => old === found)?.[0];
  if (claimed !== undefined || declared.options.has(found)) {
    throw new Error(
      `Duplicate resource alias '${found}' applied to resource with URN '${urn}' conflicting with resource with URN '${claimed ?? found}'`,
    );
  }
  declared.renamed.set(urn, found);
  return run.snapshot.getOld(found);
}

/** Records the inputs of a provider resource for the resources that use it. */
export function recordProviderInputs(declared: DeclaredResources, goal: Goal): void {
  if (goal.registration.type.startsWith("pulumi:providers:"))
    declared.providerInputs.set(goal.urn, revealAll(goal.inputs));
}
