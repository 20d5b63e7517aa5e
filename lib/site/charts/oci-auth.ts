/**
 * The challenge of a registry in `WWW-Authenticate` (RFC 7235; tokens as in the distribution specification's
 * reference).
 */
export type Challenge =
  { scheme: "basic" } | { scheme: "bearer"; realm: string; service: string | null; scope: string | null };

/** Parses the challenge in a header, Bearer before Basic where both are offered; null for none that is supported. */
export function parseChallenge(header: string | undefined): Challenge | null {
  if (header === undefined) return null;
  const bearer = /(?:^|,\s*)bearer\s+(.*)$/is.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = parseParameters(bearer);
    const realm = parameters.get("realm");
    if (realm !== undefined) {
      return {
        scheme: "bearer",
        realm,
        service: parameters.get("service") ?? null,
        scope: parameters.get("scope") ?? null,
      };
    }
  }
  return /(?:^|,\s*)basic\b/i.test(header) ? { scheme: "basic" } : null;
}

/** Creates the URL of the token request; null where no password may be sent to it. */
export function createTokenUrl({ realm, service, scope }: Extract<Challenge, { scheme: "bearer" }>): URL | null {
  let url: URL;
  try {
    url = new URL(realm);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) return null;
  if (service !== null) url.searchParams.set("service", service);
  if (scope !== null) url.searchParams.set("scope", scope);
  return url;
}

/** Formats the value of an `Authorization` header. */
export function formatBasicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Returns whether a host is this machine: only it may be reached without TLS. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

function parseParameters(text: string): Map<string, string> {
  const found = text.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi);
  return new Map(
    [...found].map(([, name, quoted, bare]) => [name!.toLowerCase(), (quoted ?? bare)!.replace(/\\(.)/g, "$1")]),
  );
}
