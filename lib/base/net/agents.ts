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
    ...(isTls ? extraFiles.map((name) => options.environment[name] ?? "") : []),
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

/** Variables that name a file of further certificates: Node's own, and the one of OpenSSL and Go (kubectl, helm). */
const extraFiles = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"] as const;

/**
 * Lists the certificates to trust; undefined for Node's own defaults. Node from 22.15 on reads the operating system's
 * trust store; an older one knows only its own list and the files that the environment names.
 */
export function listTrustedCertificates(ca: string | undefined, environment: Environment): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default" | "system") => string[] };
  const further = [...readExtraCertificates(environment), ...(ca === undefined ? [] : [ca])];
  if (getCACertificates !== undefined)
    return [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...further])];
  return further.length === 0 ? undefined : [...rootCertificates, ...further];
}

/** As of Node, a file that cannot be read is left out. */
function readExtraCertificates(environment: Environment): string[] {
  return extraFiles.flatMap((name) => {
    const file = environment[name] ?? "";
    if (file === "") return [];
    try {
      const text = readFileSync(file, "utf8");
      return text.includes("-----BEGIN CERTIFICATE-----") ? [text] : [];
    } catch {
      return [];
    }
  });
}
