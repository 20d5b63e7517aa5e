/** Marks a secret in Pulumi's stored state (`sdk/go/common/resource/properties.go`). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const releaseType = "kubernetes:helm.sh/v3:Release";

type Json = Record<string, unknown>;

/** Names of releases whose Helm values lie in clear in a stored state, checkpoint or history entry, sorted. Pure. */
export function releasesInClear(state: unknown): string[] {
  const names = releaseResources(state)
    .filter((resource) => clearValues(resource).length > 0)
    .map(nameOf);
  return [...new Set(names)].sort();
}

/** The same state with those values marked as secrets, for the engine to encrypt when it takes the state in. Pure. */
export function withValuesSealed<T>(state: T): T {
  const copy = structuredClone(state);
  for (const resource of releaseResources(copy)) {
    for (const holder of clearValues(resource)) {
      holder.values = { [signatureKey]: secretSignature, plaintext: JSON.stringify(holder.values) };
    }
  }
  return copy;
}

/** Every Release below any list called `resources`, whatever wraps it: a state, a checkpoint, a history entry. */
function releaseResources(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(releaseResources);
  if (!isObject(value)) return [];
  const own = Array.isArray(value.resources)
    ? value.resources.filter((item): item is Json => isObject(item) && item.type === releaseType)
    : [];
  const below = Object.entries(value).flatMap(([key, inner]) => (key === "resources" ? [] : releaseResources(inner)));
  return [...own, ...below];
}

/** Objects inside a resource whose `values` are something and no secret. */
function clearValues(resource: Json): (Json & { values: unknown })[] {
  return [resource.inputs, resource.outputs].flatMap(holders);
}

function holders(value: unknown): (Json & { values: unknown })[] {
  if (!isObject(value) || signatureKey in value) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => (key === "values" ? [] : holders(child)));
  const isClear = isObject(value.values) && !(signatureKey in value.values) && Object.keys(value.values).length > 0;
  return isClear ? [value as Json & { values: unknown }, ...inner] : inner;
}

function nameOf({ urn }: Json): string {
  return String(urn).split("::").at(-1)!;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
