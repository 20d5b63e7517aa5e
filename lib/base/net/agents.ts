import http from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";
import tls, { rootCertificates } from "node:tls";
import { HttpProxyAgent, HttpsProxyAgent } from "hpagent";
import { findProxy } from "./proxy.js";

type Environment = Readonly<Record<string, string | undefined>>;

interface AgentOptions {
  /** PEM text of a private CA, trusted in addition to the machine's. */
  ca: string | undefined;
  verifyCertificate: boolean;
  environment: Environment;
}

/** Longest silence of an idle connection; of a proxy, also while it connects. */
const silenceMs = { direct: 5000, proxy: 30_000 } as const;
const agents = new Map<string, http.Agent>();

/**
 * Returns the agent for a URL: one for each combination of trust and proxy, so that a connection is never reused under
 * another trust. Connections are kept open.
 * @throws InvalidInputError `PROXY_INVALID`.
 */
export function selectAgent(url: URL, options: AgentOptions): http.Agent {
  const proxy = findProxy(url, options.environment);
  const isTls = url.protocol === "https:";
  const key = JSON.stringify([
    isTls,
    proxy?.href ?? null,
    isTls ? (options.ca ?? null) : null,
    options.verifyCertificate,
  ]);
  const agent = agents.get(key) ?? createAgent(isTls, proxy, options);
  agents.set(key, agent);
  return agent;
}

function createAgent(
  isTls: boolean,
  proxy: URL | null,
  { ca, verifyCertificate, environment }: AgentOptions,
): http.Agent {
  const plain = { keepAlive: true, timeout: proxy === null ? silenceMs.direct : silenceMs.proxy };
  if (!isTls) return proxy === null ? new http.Agent(plain) : new HttpProxyAgent({ ...plain, proxy });
  const trusted = listTrustedCertificates(ca, environment);
  const secure = {
    ...plain,
    ...(trusted === undefined ? {} : { secureContext: tls.createSecureContext({ ca: trusted }) }),
    ...(verifyCertificate ? {} : { rejectUnauthorized: false }),
  };
  return proxy === null ? new https.Agent(secure) : new HttpsProxyAgent({ ...secure, proxy });
}

/**
 * Lists the certificates to trust; undefined for Node's own defaults. Node from 22.15 on reads the operating system's
 * trust store; an older one knows only its own list and NODE_EXTRA_CA_CERTS.
 */
function listTrustedCertificates(ca: string | undefined, environment: Environment): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default" | "system") => string[] };
  if (getCACertificates !== undefined) {
    return [
      ...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...(ca === undefined ? [] : [ca])]),
    ];
  }
  return ca === undefined ? undefined : [...rootCertificates, ...readExtraCertificates(environment), ca];
}

/** Node itself only warns of a file that it cannot read. */
function readExtraCertificates(environment: Environment): string[] {
  const file = environment["NODE_EXTRA_CA_CERTS"] ?? "";
  if (file === "") return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
