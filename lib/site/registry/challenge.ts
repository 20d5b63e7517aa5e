/** One challenge of `WWW-Authenticate` (RFC 9110, 11.6.1): its scheme and parameters, in lower case by name. */
interface Challenge {
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

/** What a registry asks for: a token from `realm`, or user and password themselves. */
export type Demand =
  { scheme: "basic" } | { scheme: "bearer"; realm: string; service: string | null; scope: string | null };

const parameterPattern = /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
const schemePattern = /([\w!#$%&'*+.^`|~-]+)(?:[ \t]+[\w.~+/-]+=*(?=[ \t]*(?:,|$)))?/y;

/**
 * Parses the challenges of one or more headers, which Node joins by commas; each parameter belongs to the scheme before
 * it. What follows a part that is no challenge is not read.
 */
function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (let at = skipSeparators(header, 0); at < header.length;) {
    const parameter = matchAt(parameterPattern, header, at);
    const scheme = parameter === null ? matchAt(schemePattern, header, at) : null;
    if (parameter !== null && challenges.length > 0) {
      const [, name = "", quoted, bare = ""] = parameter;
      const { parameters } = challenges.at(-1)!;
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? bare);
    } else if (scheme !== null) challenges.push({ scheme: scheme[1]!.toLowerCase(), parameters: new Map() });
    else if (parameter === null) break;
    at = skipSeparators(header, at + (parameter ?? scheme)![0].length);
  }
  return challenges;
}

/** Selects what is answered: Bearer before Basic where both are offered; null where neither is. */
export function parseDemand(header: string | undefined): Demand | null {
  const challenges = parseChallenges(header ?? "");
  for (const { scheme, parameters } of challenges) {
    const realm = parameters.get("realm");
    if (scheme !== "bearer" || realm === undefined) continue;
    return { scheme, realm, service: parameters.get("service") ?? null, scope: parameters.get("scope") ?? null };
  }
  return challenges.some(({ scheme }) => scheme === "basic") ? { scheme: "basic" } : null;
}

/**
 * Creates the address of the token endpoint; null where no password may be sent to it. The distribution specification
 * lets a registry name an endpoint on any host. The rule here: credentials go there only where the origin that the user
 * named has named it itself, never after a redirect, and over https; over plain HTTP only on this machine, for a registry
 * that is there too.
 *
 * @param asked the address that was asked, from which a relative realm starts.
 */
export function createTokenUrl({ realm }: Extract<Demand, { scheme: "bearer" }>, asked: URL): URL | null {
  if (!URL.canParse(realm, asked.href)) return null;
  const url = new URL(realm, asked);
  const isLocal = url.protocol === "http:" && isLoopback(url.hostname) && asked.protocol === "http:";
  return (url.protocol === "https:" || isLocal) && url.username === "" && url.password === "" ? url : null;
}

/** Formats the value of an `Authorization` header. */
export function formatBasicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Returns whether a host is this machine: only it may be reached without TLS. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n,".includes(text[at]!)) at += 1;
  return at;
}
