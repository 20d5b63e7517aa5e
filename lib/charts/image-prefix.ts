type Values = Record<string, unknown>;

/**
 * cert-manager's images of an air-gapped site bear the registry's path before the vendor's (`image.controllerImage` and
 * its like). The archive's values of the next version have to get it too: the prefix is what the stored values have
 * before the archive's own repository, or the registry's documented path where all stored images lie below it.
 *
 * @param registryBase `<endpoint>/<baseContentPath>/` of the installation's image registry; null where it has none.
 * @returns `archive` with the prefix before every image of `image.*`; as it is where the site has none. Pure; copies.
 */
export function withImagePrefix(archive: Values, stored: Values, registryBase: string | null): Values {
  const ours = imagesOf(archive);
  const theirs = imagesOf(stored);
  const prefix = documented(theirs, registryBase) ?? prefixOf(ours, theirs);
  if (prefix === null) return archive;
  const image = Object.fromEntries(
    Object.entries(mapOf(archive.image)).map(([key, value]) => [
      key,
      ours.has(key) && typeof value === "string" && !value.startsWith(prefix) ? `${prefix}${value}` : value,
    ]),
  );
  return { ...archive, image };
}

function documented(stored: Map<string, string>, registryBase: string | null): string | null {
  const all = registryBase !== null && [...stored.values()].every((reference) => reference.startsWith(registryBase));
  return all && stored.size > 0 ? registryBase : null;
}

/** `<endpoint>/<baseContentPath>/` of `config.ociImageRegistry` in the product's values; null where none is set. */
export function imageRegistryBase(hubbleValues: Values): string | null {
  const { endpoint, baseContentPath } = mapOf(mapOf(hubbleValues.config).ociImageRegistry);
  if (typeof endpoint !== "string" || endpoint === "") return null;
  const path = typeof baseContentPath === "string" ? baseContentPath : "";
  const parts = [endpoint.replace(/^https?:\/\//, ""), path].map((part) => part.replace(/^\/+|\/+$/g, ""));
  return `${parts.filter((part) => part !== "").join("/")}/`;
}

/** The one text that stands before the archive's repository wherever both name the same image; null for none or several. */
function prefixOf(archive: Map<string, string>, stored: Map<string, string>): string | null {
  const prefixes = new Set<string>();
  for (const [key, reference] of archive) {
    const other = stored.get(key);
    if (other === undefined) continue;
    const repository = repositoryOf(reference);
    const theirs = repositoryOf(other);
    if (theirs === repository) prefixes.add("");
    else if (theirs.endsWith(`/${repository}`)) prefixes.add(theirs.slice(0, -repository.length));
  }
  const [only] = prefixes;
  return prefixes.size === 1 && only !== "" ? (only ?? null) : null;
}

/** Image references below `image`, by key: texts with a repository and a tag. */
function imagesOf(values: Values): Map<string, string> {
  return new Map(
    Object.entries(mapOf(values.image)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && /^\S+\/\S+:[^/\s]+$/.test(entry[1]),
    ),
  );
}

function repositoryOf(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[^/:]+$/, "");
}

function mapOf(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}
