import { parseAllDocuments } from "yaml";
import { isMap } from "../../base/text/value-paths.js";
import { parseImage } from "./registry-of-site.js";

/** Images by name, each with the objects that name it. */
type ImagesFound = ReadonlyMap<string, string[]>;

const podLists: ReadonlySet<string> = new Set(["containers", "initContainers", "ephemeralContainers"]);
/** Names of fields that hold an image by convention, in custom resources and in maps of arguments. */
const imageField = /^(image|.*Image)$/;

/**
 * Collects every image that rendered manifests name: in the pods of workloads, jobs and hooks at any depth, and in
 * fields of custom resources that are named like an image. Pure.
 */
export function collectImages(manifests: string): ImagesFound {
  const found = new Map<string, string[]>();
  for (const document of parseAllDocuments(manifests)) {
    if (document.errors.length > 0) throw new Error("a rendered manifest is no YAML");
    const object: unknown = document.toJS();
    if (!isMap(object)) continue;
    const { name } = isMap(object.metadata) ? object.metadata : {};
    const who = `${String(object.kind)}/${String(name)}`;
    for (const image of collectNestedImages(object)) {
      const objects = found.get(image) ?? [];
      if (!objects.includes(who)) found.set(image, [...objects, who]);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collectNestedImages(value: unknown, key = ""): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => (podLists.has(key) ? collectContainerImages(item) : collectNestedImages(item)));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string"
      ? imageField.test(name) && isImage(inner)
        ? [inner]
        : []
      : collectNestedImages(inner, name),
  );
}

function collectContainerImages(container: unknown): string[] {
  if (!isMap(container)) return [];
  const { image, ...rest } = container;
  return [...(typeof image === "string" && image !== "" ? [image] : []), ...collectNestedImages(rest)];
}

/** True for an image name with a path and a tag, or with a digest; a single word may be anything. */
function isImage(text: string): boolean {
  return parseImage(text) !== null && /\/|@\w+:/.test(text) && /[:@]/.test(text.slice(text.lastIndexOf("/") + 1));
}
