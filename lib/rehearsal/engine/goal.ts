import type { Registration } from "./registration.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { aliasUrns, makeUrn, parseUrn } from "./urn.js";
import { revealAll, unknownValue, type Properties } from "./values.js";
import type { ProviderContext, ResourceProvider } from "./providers/provider.js";

/** A declared resource with everything that decides its step. */
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
  /** As the program gave them, with secret marks; providers may have filled in what was left open. */
  inputs: Properties;
}

/** What the resources declared so far mean for those to come. */
export interface Declared {
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

export function createDeclared(): Declared {
  return { options: new Map(), renamed: new Map(), providerInputs: new Map() };
}

/** Throws with the sentence to report when the resource cannot be taken on at all. */
export function resolveGoal(run: Run, declared: Declared, registration: Registration): Goal {
  const { type, name, parent, custom, inputs } = registration;
  const urn = makeUrn(run.stack, run.project, parent, type, name);
  if (declared.options.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
  const inherited = declared.options.get(parent);
  const providerRef = custom ? providerOf(registration, inherited) : "";
  const providers = new Map([...(custom ? [] : (inherited?.providers ?? [])), ...registration.providers]);
  const protect = registration.protect ?? inherited?.protect;
  const retainOnDelete = registration.retainOnDelete ?? inherited?.retainOnDelete;
  const provider = custom ? providerFor(run, type) : null;
  const old = findOld(run, declared, registration, urn);
  declared.options.set(urn, { protect, retainOnDelete, provider: registration.provider, providers });
  const configuration = declared.providerInputs.get(providerUrn(providerRef)) ?? {};
  return {
    registration,
    urn,
    old,
    provider,
    context: contextOf(run, urn, configuration),
    providerRef,
    protect: protect ?? false,
    retainOnDelete: retainOnDelete ?? false,
    inputs,
  };
}

export function contextOf(run: Run, urn: string, configuration: Properties): ProviderContext {
  const { name, qualifiedType } = parseUrn(urn);
  return {
    urn,
    name,
    type: qualifiedType.split("$").at(-1)!,
    signal: run.signal,
    cwd: run.programDirectory,
    environment: run.environment,
    configuration,
    log: (line) => run.journal.progress(urn, line),
  };
}

export function providerFor(run: Run, type: string): ResourceProvider {
  const provider =
    run.providers.get(type) ??
    (type.startsWith("pulumi:providers:") ? run.providers.get("pulumi:providers:*") : undefined);
  if (provider !== undefined) return provider;
  throw new Error(
    `the embedded engine has no provider for resource type ${type}; it knows ${[...run.providers.keys()].sort().join(", ")}`,
  );
}

/** True when a resource is to be moved to another provider, which Pulumi answers with a replacement. */
export function providerChanged(goal: Goal): boolean {
  if (goal.old === undefined || goal.provider === null || goal.old.provider === goal.providerRef) return false;
  return (
    !goal.providerRef.endsWith(`::${unknownValue}`) || providerUrn(goal.old.provider) !== providerUrn(goal.providerRef)
  );
}

export function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));
}

function providerOf(
  { type, provider, providers }: Registration,
  parent: { provider: string; providers: Map<string, string> } | undefined,
): string {
  const [pack = ""] = type.split(":");
  if (provider !== "") return provider;
  const inherited = parent?.providers.get(pack) ?? parent?.provider ?? "";
  return (
    providers.get(pack) ??
    (parseUrn(providerUrn(inherited)).qualifiedType === `pulumi:providers:${pack}` ? inherited : "")
  );
}

function findOld(run: Run, declared: Declared, registration: Registration, urn: string): ResourceState | undefined {
  const { parent, type, name, aliases } = registration;
  const own = run.snapshot.old(urn);
  if (own !== undefined) return own;
  const former = aliasUrns({ stack: run.stack, project: run.project, parent, type, name }, aliases, declared.renamed);
  const found = former.find((alias) => run.snapshot.old(alias) !== undefined);
  if (found === undefined) return undefined;
  const claimed = [...declared.renamed].find(([, old]) => old === found)?.[0];
  if (claimed !== undefined || declared.options.has(found)) {
    throw new Error(
      `Duplicate resource alias '${found}' applied to resource with URN '${urn}' conflicting with resource with URN '${claimed ?? found}'`,
    );
  }
  declared.renamed.set(urn, found);
  return run.snapshot.old(found);
}

/** Inputs of a provider resource, remembered for those that name it. */
export function rememberProvider(declared: Declared, goal: Goal): void {
  if (goal.registration.type.startsWith("pulumi:providers:"))
    declared.providerInputs.set(goal.urn, revealAll(goal.inputs));
}
