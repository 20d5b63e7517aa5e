/** Marks a secret in Pulumi's stored state (`sdk/go/common/resource/properties.go`). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const releaseType = "kubernetes:helm.sh/v3:Release";

type Json = Record<string, unknown>;

/** Lists the releases with clear-text Helm values in a stored state, checkpoint or history entry, sorted. Pure. */
export function listClearReleases(state: unknown): string[] {
  const names = listReleaseResources(state)
    .filter((resource) => findClearValues(resource).length > 0)
    .map(getResourceName);
  return [...new Set(names)].sort();
}

/** Returns the state with those values marked as secrets, which the engine encrypts on import. Pure. */
export function sealValues<T>(state: T): T {
  const copy = structuredClone(state);
  for (const resource of listReleaseResources(copy)) {
    for (const holder of findClearValues(resource)) {
      holder.values = { [signatureKey]: secretSignature, plaintext: JSON.stringify(holder.values) };
    }
  }
  return copy;
}

/** Lists every Release in any list called `resources`, in a state, a checkpoint or a history entry. */
function listReleaseResources(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(listReleaseResources);
  if (!isObject(value)) return [];
  const own = Array.isArray(value.resources)
    ? value.resources.filter((item): item is Json => isObject(item) && item.type === releaseType)
    : [];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    key === "resources" ? [] : listReleaseResources(inner),
  );
  return [...own, ...below];
}

/** Finds the objects in a resource whose `values` are not empty and not secret. */
function findClearValues(resource: Json): (Json & { values: unknown })[] {
  return [resource.inputs, resource.outputs].flatMap(findValueHolders);
}

function findValueHolders(value: unknown): (Json & { values: unknown })[] {
  if (!isObject(value) || signatureKey in value) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => (key === "values" ? [] : findValueHolders(child)));
  const isClear = isObject(value.values) && !(signatureKey in value.values) && Object.keys(value.values).length > 0;
  return isClear ? [value as Json & { values: unknown }, ...inner] : inner;
}

function getResourceName({ urn }: Json): string {
  return String(urn).split("::").at(-1)!;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
