/** What a registry asks for in `WWW-Authenticate` (RFC 7235; tokens as the distribution specification's reference has them). */
export type Challenge =
  { scheme: "basic" } | { scheme: "bearer"; realm: string; service: string | null; scope: string | null };

/** The challenge in a header, Bearer before Basic where both are offered; null for none that is understood. */
export function parseChallenge(header: string | undefined): Challenge | null {
  if (header === undefined) return null;
  const bearer = /(?:^|,\s*)bearer\s+(.*)$/is.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = parametersOf(bearer);
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

/** Where the token is asked for; null where that is no address a password may be sent to. */
export function tokenUrl({ realm, service, scope }: Extract<Challenge, { scheme: "bearer" }>): URL | null {
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

/** The value of an `Authorization` header. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Only this machine itself may be talked to in clear. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

function parametersOf(text: string): Map<string, string> {
  const found = text.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi);
  return new Map(
    [...found].map(([, name, quoted, bare]) => [name!.toLowerCase(), (quoted ?? bare)!.replace(/\\(.)/g, "$1")]),
  );
}
