import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";

/** Writes the kubeconfig that leads to a site on loopback; returns its path. It holds no credentials but the URL's. */
export function writeKubeconfig(directory: string, url: string): string {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, "kubeconfig");
  const name = "rehearsal";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    // Plain HTTP on loopback: client-node only speaks it where TLS is not to be verified.
    clusters: [{ name, cluster: { server: url, "insecure-skip-tls-verify": true } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
