import { trimCharacter } from "../../base/text/trim-character.js";
type Values = Record<string, unknown>;

/**
 * Adds the registry prefix to cert-manager's images. At an air-gapped site these images (`image.controllerImage` and
 * similar) have the registry's path before the vendor's, and the archive's values of the next version need it too. The
 * prefix is what precedes the archive's repository in the stored values, or the registry's documented path where all
 * stored images start with it.
 *
 * @param registryBase `<endpoint>/<baseContentPath>/` of the installation's image registry; null where it has none.
 * @returns `archive` with the prefix before every image of `image.*`; unchanged where the site has no prefix. Pure;
 * copies.
 */
export function addImagePrefix(archive: Values, stored: Values, registryBase: string | null): Values {
  const archiveImages = collectImages(archive);
  const storedImages = collectImages(stored);
  const prefix = findDocumentedPrefix(storedImages, registryBase) ?? findCommonPrefix(archiveImages, storedImages);
  if (prefix === null) return archive;
  const image = Object.fromEntries(
    Object.entries(toMap(archive.image)).map(([key, value]) => [
      key,
      archiveImages.has(key) && typeof value === "string" && !value.startsWith(prefix) ? `${prefix}${value}` : value,
    ]),
  );
  return { ...archive, image };
}

function findDocumentedPrefix(stored: Map<string, string>, registryBase: string | null): string | null {
  const all = registryBase !== null && [...stored.values()].every((reference) => reference.startsWith(registryBase));
  return all && stored.size > 0 ? registryBase : null;
}

/** Returns `<endpoint>/<baseContentPath>/` of `config.ociImageRegistry` in the product's values; null where not set. */
export function getImageRegistryBase(hubbleValues: Values): string | null {
  const { endpoint, baseContentPath } = toMap(toMap(hubbleValues.config).ociImageRegistry);
  if (typeof endpoint !== "string" || endpoint === "") return null;
  const path = typeof baseContentPath === "string" ? baseContentPath : "";
  const parts = [endpoint.replace(/^https?:\/\//, ""), path].map((part) => trimCharacter(part, "/"));
  return `${parts.filter((part) => part !== "").join("/")}/`;
}

/** Finds the single prefix before the archive's repository in all images that both name; null for none or several. */
function findCommonPrefix(archive: Map<string, string>, stored: Map<string, string>): string | null {
  const prefixes = new Set<string>();
  for (const [key, reference] of archive) {
    const other = stored.get(key);
    if (other === undefined) continue;
    const repository = parseRepository(reference);
    const storedRepository = parseRepository(other);
    if (storedRepository === repository) prefixes.add("");
    else if (storedRepository.endsWith(`/${repository}`)) prefixes.add(storedRepository.slice(0, -repository.length));
  }
  const [only] = prefixes;
  return prefixes.size === 1 && only !== "" ? (only ?? null) : null;
}

/** Collects the image references under `image`, by key: strings with a repository and a tag. */
function collectImages(values: Values): Map<string, string> {
  return new Map(
    Object.entries(toMap(values.image)).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" && /^[^\s/]\S{0,1023}\/[^\s/:]{1,255}:[^/\s]{1,255}$/.test(entry[1]),
    ),
  );
}

function parseRepository(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[^/:]+$/, "");
}

function toMap(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}
