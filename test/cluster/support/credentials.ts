import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Access } from "./api-client.js";

/** Who the parts of the control plane are; all are `system:masters`, on loopback and for as long as the test runs. */
const users = ["admin", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type ControlUser = (typeof users)[number];

export interface Credentials {
  tokensFile: string;
  serviceAccountKey: string;
  tokens: Record<ControlUser, string>;
}

/** Made anew for every control plane. */
export function makeCredentials(folder: string): Credentials {
  const tokens = Object.fromEntries(
    users.map((user) => [user, randomBytes(24).toString("hex")]),
  ) as Credentials["tokens"];
  const tokensFile = join(folder, "tokens.csv");
  const lines = users.map((user) => `${tokens[user]},${user},${user},"system:masters"`);
  writeFileSync(tokensFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  const serviceAccountKey = join(folder, "service-account.pem");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(serviceAccountKey, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  return { tokensFile, serviceAccountKey, tokens };
}

/** Writes a kubeconfig as a person has it; returns its path. */
export function writeKubeconfig(file: string, { server, ca, token }: Access, namespace = "default"): string {
  const name = "palette-upgrade-test";
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    "current-context": name,
  };
  writeFileSync(file, stringify(document), { mode: 0o600 });
  return file;
}
