import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";

/** Writes the kubeconfig of a site on loopback; returns its path. It holds no credentials except those in the URL. */
export function writeKubeconfig(directory: string, url: string): string {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, "kubeconfig");
  const name = "rehearsal";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    // Plain HTTP on loopback: client-node accepts it only when TLS verification is off.
    clusters: [{ name, cluster: { server: url, "insecure-skip-tls-verify": true } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}
