import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import {
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { type RawConfig } from "../../../lib/settings/settings.js";
import { type ResourceState } from "../../../packages/rehearsal/lib/engine/state.js";

const runPack = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");

/** A checkout of its own that holds what the policy pack needs, compiled; its folder is the caller's to remove. */
export function makePackCheckout(): string {
  const root = findPackageRoot();
  const checkout = mkdtempSync(join(tmpdir(), "palette-policy-"));
  // Copied: Node follows a link to the file itself, and the pack would then find this checkout.
  for (const path of ["package.json", "policy", "data", join("dist", "lib")])
    cpSync(join(root, path), join(checkout, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  return checkout;
}

/**
 * Violations that a checkout's policy pack reports of a whole stack, as `POLICY: message`. The pack runs as the engine
 * runs it: a process of its own in the pack's folder, asked over gRPC, with the stack's configuration in its environment.
 */
export async function askPolicyPack(
  checkout: string,
  resources: readonly ResourceState[],
  config: RawConfig,
): Promise<string[]> {
  const folder = join(checkout, "policy");
  // No call of the pack leads to the engine; its address is only passed on.
  const child = spawn(process.execPath, [runPack, "127.0.0.1:1", folder], {
    cwd: folder,
    env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}`)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const request = new AnalyzeStackRequest().setResourcesList(resources.map(toAnalyzerResource));
    const answer = await new Promise<AnalyzeResponse>((resolve, reject) =>
      client.analyzeStack(request, (error, response) => (error === null ? resolve(response) : reject(error))),
    );
    client.close();
    // The policy's description stands on a line before the message.
    return answer.getDiagnosticsList().map((found) => `${found.getPolicyname()}: ${found.getMessage().split("\n")[1]}`);
  } finally {
    child.kill();
  }
}

function toAnalyzerResource({ type, urn, outputs, protect, parent, dependencies }: ResourceState): AnalyzerResource {
  return new AnalyzerResource()
    .setType(type)
    .setUrn(urn)
    .setName(urn.split("::").at(-1)!)
    .setProperties(Struct.fromJavaScript(outputs))
    .setOptions(new AnalyzerResourceOptions().setProtect(protect))
    .setParent(parent)
    .setDependenciesList(dependencies);
}
