import { SiteError } from "../../base/errors/site-error.js";
import { formatUrl } from "../../base/net/http.js";
import { matchesDigest, parseDigest } from "./digest.js";
import { createNoRegistryError, isManifestHead, parseJsonObject, readManifest, readNotFound } from "./manifests.js";
import { type RegistryAccess, RegistrySession } from "./session.js";

export { type RegistryAccess } from "./session.js";

/** One registry, by the OCI distribution API. Each call throws SiteError; no message holds a credential or a query. */
export interface Registry {
  host: string;
  /** Lists the tags of a repository, in the registry's order; null where the repository does not exist. */
  listTags(repository: string, signal?: AbortSignal): Promise<string[] | null>;
  /** Fetches the manifest of a tag or digest; null where it does not exist. */
  fetchManifest(repository: string, reference: string, signal?: AbortSignal): Promise<Buffer | null>;
  /** Returns whether the manifest exists. */
  hasManifest(repository: string, reference: string, signal?: AbortSignal): Promise<boolean>;
  /** Fetches a blob and verifies it against its digest. */
  fetchBlob(repository: string, digest: string, signal?: AbortSignal): Promise<Buffer>;
}

const limits = { manifest: 4_000_000, tags: 4_000_000, blob: 256_000_000 } as const;
const mostTagPages = 100;

/** Creates the client of a registry without a network request. @throws InvalidInputError `CA_FILE_UNREADABLE`. */
export function openRegistry(host: string, access: RegistryAccess): Registry {
  const session = new RegistrySession(host, access);
  const fetchManifest = async (
    repository: string,
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<Buffer | null> => {
    const path = `/v2/${repository}/manifests/${reference}`;
    return readManifest(
      await session.send({ method: "GET", path, repository, maxBytes: limits.manifest, signal }),
      reference,
    );
  };
  return {
    host,
    listTags: (repository, signal) => listAllTags(session, repository, signal),
    fetchManifest,
    async hasManifest(repository, reference, signal) {
      const path = `/v2/${repository}/manifests/${reference}`;
      const head = await session.send({ method: "HEAD", path, repository, maxBytes: limits.manifest, signal });
      if (isManifestHead(head, reference)) return true;
      // The headers prove nothing, so the bytes have to. A proxy may answer HEAD by its cache, and fetch for GET only.
      return (await fetchManifest(repository, reference, signal)) !== null;
    },
    async fetchBlob(repository, text, signal) {
      const path = `/v2/${repository}/blobs/${text}`;
      const digest = parseDigest(text);
      if (digest === null) throw new SiteError("malformed", `"${text}" is no sha256 or sha512 digest.`);
      const answer = await session.send({ method: "GET", path, repository, maxBytes: limits.blob, signal });
      if (answer.status === 404) throw new SiteError("not-found", `${host}${path} is not there.`);
      if (matchesDigest(answer.body, digest)) return answer.body;
      throw new SiteError("malformed", `${host}${path} came with another content than its digest (${text}).`);
    },
  };
}

async function listAllTags(
  session: RegistrySession,
  repository: string,
  signal?: AbortSignal,
): Promise<string[] | null> {
  const tags: string[] = [];
  const read = new Set<string>();
  for (let path: string | null = `/v2/${repository}/tags/list?n=1000`; path !== null;) {
    if (read.has(path) || read.size >= mostTagPages) throw createEndlessListError(session, repository, read.has(path));
    read.add(path);
    const answer = await session.send({ method: "GET", path, repository, maxBytes: limits.tags, signal });
    if (answer.status === 404) return readNotFound(answer);
    const page = parseJsonObject(answer.body);
    if (page === null) throw createNoRegistryError(answer);
    const listed = page["tags"] ?? [];
    if (!Array.isArray(listed)) throw new SiteError("malformed", `${session.host} answered no list of tags.`);
    tags.push(...listed.map((tag: unknown) => parseTag(tag, formatUrl(answer.url))));
    path = findNextPage(answer.headers.link, answer.url);
  }
  return tags;
}

/** Checks a tag as the distribution specification defines it: so it holds no separator. */
function parseTag(tag: unknown, where: string): string {
  if (typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag)) return tag;
  throw new SiteError("malformed", `${where} lists ${JSON.stringify(tag).slice(0, 60)} as a tag, which is none.`);
}

/** Finds path and query of the next page; a full URL is followed on the same host only. */
function findNextPage(header: string | string[] | undefined, url: URL): string | null {
  for (const [, target = "", parameters = ""] of String(header ?? "").matchAll(/<([^<>]*)>([^<>]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(parameters) || !URL.canParse(target, url.href)) continue;
    const next = new URL(target, url);
    return `${next.pathname}${next.search}`;
  }
  return null;
}

function createEndlessListError({ host }: RegistrySession, repository: string, again: boolean): SiteError {
  const what = again
    ? "names a page of tags again that was read already"
    : `lists more than ${mostTagPages} pages of tags`;
  return new SiteError("malformed", `${host}/v2/${repository}/tags/list ${what}.`);
}
