import { isDeepStrictEqual } from "node:util";
import { isNewerVersion } from "../../planning/version/loose-version.js";

/** The name and tag of an image. */
interface ImageReference {
  /** Last part of the repository. */
  name: string;
  tag: string;
}

const partOfImage = /^(tag|imageTag|image|registry|repository|imageRegistry|digest)$|(Image|Tag|ImageTag)$/;

/**
 * True for a stored image that keeps the old version: it repeats an old default that the next chart has changed, or
 * names the same image in another version than the next chart does. False where the chart's default stays the same.
 * `key` is the last part of the path.
 */
export function isStalePin(key: string, stored: unknown, oldDefault: unknown, newDefault: unknown): boolean {
  if (typeof stored !== "string" || stored === "" || newDefault === undefined) return false;
  if (stored === newDefault || isDeepStrictEqual(oldDefault, newDefault)) return false;
  const mine = parseImageReference(stored);
  if (mine === null && !partOfImage.test(key)) return false;
  if (stored === oldDefault) return true;
  if (typeof newDefault !== "string") return false;
  const next = parseImageReference(newDefault);
  if (mine !== null && next !== null) return mine.name === next.name && mine.tag !== next.tag;
  return /tag$/i.test(key) && isNewerVersion(newDefault, stored);
}

/**
 * True for a stored value that names a version of an image: a reference with a tag or digest, or a tag. `key` is the
 * last part of its path.
 */
export function isVersionedImage(key: string, stored: unknown): boolean {
  if (typeof stored !== "string" || stored === "") return false;
  return parseImageReference(stored) !== null || /^(tag|digest)$|(Tag|Digest)$/.test(key);
}

/** True where the next value is the same image, maybe in another version, or another tag of it. */
export function isSameImage(key: string, stored: unknown, next: unknown): boolean {
  if (!isVersionedImage(key, stored) || !isVersionedImage(key, next)) return false;
  return parseRepository(stored as string) === parseRepository(next as string);
}

/** Returns the repository of a reference with registry and path; empty for a tag alone. */
function parseRepository(text: string): string {
  return parseImageReference(text) === null ? "" : text.replace(/@sha256:[0-9a-f]{64}$/, "").replace(/:[^/:]*$/, "");
}

function parseImageReference(text: string): ImageReference | null {
  const lastPart = text.slice(text.lastIndexOf("/") + 1);
  const match = /^([^\s/:@]+)(?::(\w[\w.-]*))?(@sha256:[0-9a-f]{64})?$/.exec(lastPart);
  if (match === null || /\s/.test(text)) return null;
  const [, name = "", tag = "", digest = ""] = match;
  return (tag === "" && digest === "") || !text.includes("/") || text.includes("://")
    ? null
    : { name, tag: `${tag}${digest}` };
}
