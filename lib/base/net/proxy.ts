import { BlockList, isIP } from "node:net";
import { InvalidInputError } from "../errors/errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the proxy that the environment names for a URL, as kubectl, helm and Pulumi's provider find it (Go,
 * golang.org/x/net/http/httpproxy): HTTPS_PROXY or HTTP_PROXY by the URL's scheme, each also in lower case, except for
 * the hosts in NO_PROXY; null for none. Go never proxies localhost and loopback addresses (`useProxy` there); this differs in
 * one case: TLS to this machine goes through a proxy that is on this machine too, as an API server behind a tunnel needs it
 * (docs/airgap.md). Pure.
 * @throws InvalidInputError `PROXY_INVALID` naming the variable, never its credentials.
 */
export function findProxy(url: URL, environment: Environment): URL | null {
  const names = url.protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const name = names.find((candidate) => (environment[candidate] ?? "") !== "");
  if (name === undefined) return null;
  const host = getHostname(url);
  if (isLocalHost(host) && url.protocol === "http:") return null;
  if (isExcluded(host, getPort(url), environment["NO_PROXY"] || environment["no_proxy"] || "")) return null;
  const proxy = parseProxy(environment[name]!.trim(), name);
  return isLocalHost(host) && !isLocalHost(getHostname(proxy)) ? null : proxy;
}

/** Returns whether a host is this machine. Pure. */
function isLocalHost(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "::1" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** Formats a proxy for messages, without its credentials. */
export function formatProxy(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

/** A proxy without a scheme is plain HTTP. */
function parseProxy(text: string, name: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url !== null && url.hostname !== "" && (url.protocol === "http:" || url.protocol === "https:")) return url;
  const found = url === null || url.hostname === "" ? "no proxy's address" : `a ${url.protocol}// proxy`;
  throw new InvalidInputError(
    "PROXY_INVALID",
    `${name} names ${found}; expected http://host:port or https://host:port.`,
    {
      next: `Correct ${name}, or exclude the host in NO_PROXY. (Only proxy-url in a kubeconfig may be socks5://.)`,
    },
  );
}

function isExcluded(host: string, port: string, list: string): boolean {
  return list
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => matchesEntry(host, port, entry.toLowerCase()));
}

/** An entry is `*`, an address, a CIDR block, or a domain, which includes those below it; a port may follow. */
function matchesEntry(host: string, port: string, entry: string): boolean {
  if (entry === "*") return true;
  const isBareAddress = entry.split(":").length > 2 && !entry.startsWith("[");
  const [, bracketed, bare = "", entryPort] = /^(?:\[([^\]]*)\]|([^:[]*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = isBareAddress ? entry : (bracketed ?? bare);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(host) !== 0) return matchesAddress(host, name);
  const domain = name.replace(/^\*?\./, "");
  return domain !== "" && (host.endsWith(`.${domain}`) || (host === domain && !/^\*?\./.test(name)));
}

function matchesAddress(host: string, name: string): boolean {
  const [address = "", bits] = name.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || isIP(host) !== isIP(address)) return false;
  const width = Number(bits ?? (family === "ipv6" ? 128 : 32));
  if (!Number.isInteger(width) || width < 0 || width > (family === "ipv6" ? 128 : 32)) return false;
  const block = new BlockList();
  block.addSubnet(address, width, family);
  return block.check(host, family);
}

function getHostname(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

function getPort(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}
