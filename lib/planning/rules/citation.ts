import { type Source } from "./types.js";

/** Links a page at the commit it was read at; at its newest state where the commit is not known. */
export function linkSource({
  repository,
  path,
  commit = "HEAD",
}: Pick<Source, "repository" | "path" | "commit">): string {
  const parts = `${repository}/blob/${commit}/${path}`.split("/");
  return `https://github.com/${parts.map(encodeStrictly).join("/")}`;
}

/** Cites a source: its section, a link to the page and, where the commit is not known, what the page was seen in. */
export function citeSource(source: Source): string {
  const seen = source.seenIn === undefined ? "" : ` (seen in ${source.seenIn}; its commit is not known)`;
  return `${source.section}: ${linkSource(source)}${seen}`;
}

/** Encodes also what `encodeURIComponent` leaves: a link is one word without brackets or quotes wherever it is shown. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
