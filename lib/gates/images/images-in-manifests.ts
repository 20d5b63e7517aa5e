import { parseAllDocuments } from "yaml";
import { isMap } from "../../charts/value-paths.js";
import { parseImage } from "./registry-of-site.js";

/** Images by name, each with the objects that name it. */
export type ImagesFound = ReadonlyMap<string, string[]>;

const podLists: ReadonlySet<string> = new Set(["containers", "initContainers", "ephemeralContainers"]);
/** Fields of custom resources and of arguments' maps that hold an image by the vendors' habits. */
const imageField = /^(image|.*Image)$/;

/**
 * Every image that rendered manifests name: of the pods of workloads, jobs and hooks wherever they lie, and of fields
 * called so in custom resources. Pure.
 */
export function imagesIn(manifests: string): ImagesFound {
  const found = new Map<string, string[]>();
  for (const document of parseAllDocuments(manifests)) {
    if (document.errors.length > 0) throw new Error("a rendered manifest is no YAML");
    const object: unknown = document.toJS();
    if (!isMap(object)) continue;
    const { name } = isMap(object.metadata) ? object.metadata : {};
    const who = `${String(object.kind)}/${String(name)}`;
    for (const image of imagesBelow(object)) {
      const objects = found.get(image) ?? [];
      if (!objects.includes(who)) found.set(image, [...objects, who]);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function imagesBelow(value: unknown, key = ""): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => (podLists.has(key) ? imagesOfContainer(item) : imagesBelow(item)));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" ? (imageField.test(name) && isImage(inner) ? [inner] : []) : imagesBelow(inner, name),
  );
}

function imagesOfContainer(container: unknown): string[] {
  if (!isMap(container)) return [];
  const { image, ...rest } = container;
  return [...(typeof image === "string" && image !== "" ? [image] : []), ...imagesBelow(rest)];
}

/** A text with a tag or a digest that a container runtime would take; a bare word may be anything. */
function isImage(text: string): boolean {
  return parseImage(text) !== null && /\/|@sha256:/.test(text) && /[:@]/.test(text.slice(text.lastIndexOf("/") + 1));
}
