import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { type ClusterRig } from "./cluster-rig.js";
import { writeKubeconfig } from "./credentials.js";
import { type GivenTools } from "./tool-names.js";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** An object of a shipped role file. */
export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
  subjects?: { kind: string; name: string; apiGroup?: string; namespace?: string }[];
}

/** The objects of a file of deploy/. */
export function shipped(file: string): Manifest[] {
  const text = readFileSync(join(findPackageRoot(), "deploy", file), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** The same objects, bound to this group in place of the one that is shipped. */
export function boundTo(manifests: readonly Manifest[], group: string): Manifest[] {
  return manifests.map((manifest) => {
    const subjects = manifest.subjects?.map((each) => (each.kind === "Group" ? { ...each, name: group } : each));
    return subjects === undefined ? manifest : { ...manifest, subjects };
  });
}

/** The same object, with these verbs on this resource taken out of it. */
export function without(manifest: Manifest, taken: readonly string[], resource: string): Manifest {
  if (manifest.rules === undefined) return manifest;
  const rules = manifest.rules.flatMap((rule) => {
    if (!rule.resources.includes(resource)) return [rule];
    const verbs = rule.verbs.filter((each) => !taken.includes(each));
    const resources = rule.resources.filter((each) => each !== resource);
    return [
      ...(verbs.length > 0 ? [{ ...rule, resources: [resource], verbs }] : []),
      ...(resources.length > 0 ? [{ ...rule, resources }] : []),
    ];
  });
  return { ...manifest, rules };
}

/** `kubectl apply` of these objects, as an administrator does it. */
export function apply(rig: ClusterRig, tools: Pick<GivenTools, "kubectl">, objects: readonly Manifest[]): void {
  const text = objects.map((object) => stringify(object)).join("---\n");
  const args = ["--kubeconfig", rig.plane.kubeconfig, "apply", "-f", "-"];
  const done = spawnSync(tools.kubectl, args, { input: text, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

/** A kubeconfig of the ServiceAccount among these objects, good for an hour. */
export async function accountKubeconfig(rig: ClusterRig, objects: readonly Manifest[]): Promise<string> {
  const account = objects.find(({ kind }) => kind === "ServiceAccount")!;
  const { name, namespace = "default" } = account.metadata;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  const { status } = await rig.plane.api.create<{ status: { token: string } }>(path, request);
  return writeKubeconfig(join(rig.plane.folder, `${name}.kubeconfig`), { ...rig.plane.access, token: status.token });
}
