/** One gate on a loaded site, in a process of its own so that its memory is measured alone. Answers its parent once. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../lib/base/time/clock.js";
import { getGateByName } from "../lib/gates/registry.js";
import { runGateRequest } from "../lib/gates/run/request.js";
import { defaultGateSettings, type GateSettings } from "../lib/settings/gate-settings.js";
import { connectSite } from "../lib/site/connect.js";
import { installed, next } from "./load-site.js";

export interface LoadRequest {
  gate: string;
  when: "before" | "after";
  url: string;
  tenants: { name: string; pcgs: string[] }[];
  deadlineSeconds: number;
}

export interface LoadResult {
  outcome: string;
  /** Of the first reason. */
  code: string;
  seconds: number;
  /** The most that the process held, in MiB. */
  memory: number;
}

function createSettings({ url, tenants, deadlineSeconds }: LoadRequest, kubeconfig: string): GateSettings {
  const { site, mongo, pcg, rollout, helm, gates } = defaultGateSettings;
  const quick = { deadlineSeconds, intervalSeconds: 1 };
  return {
    ...defaultGateSettings,
    kubernetes: { kubeconfig, context: null },
    site: { ...site, apiUrl: url },
    tenants,
    mongo: { ...mongo, ...quick },
    pcg: { ...pcg, ...quick },
    rollout: { ...rollout, ...quick },
    helm: { ...helm, timeoutSeconds: deadlineSeconds },
    gates: { ...gates, ...quick },
  };
}

async function measure(request: LoadRequest): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), "palette-load-"));
  try {
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: request.url, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "load" } }],
        contexts: [{ name: "load", context: { cluster: "c", user: "u" } }],
        "current-context": "load",
      }),
    );
    const settings = createSettings(request, kubeconfig);
    const secrets = { apiKeys: request.tenants.map(({ name }) => name), mongoUri: "", chartsPassword: "" };
    const connect = () => connectSite(settings, secrets, { environment: {}, clock: systemClock });
    // Loading the Kubernetes library is no work of the load.
    await import("../lib/site/kubernetes/library.js");
    const started = performance.now();
    const to = request.when === "before" ? next : installed;
    const asked = { to, when: request.when, settings, secrets } as const;
    const { outcome, reasons } = await runGateRequest(
      getGateByName(request.gate),
      asked,
      { connect, clock: systemClock },
      { single: true },
    );
    const seconds = (performance.now() - started) / 1000;
    return { outcome, code: reasons[0]?.code ?? "", seconds, memory: process.resourceUsage().maxRSS / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.once("message", (request: LoadRequest) => {
  void measure(request).then((result) => process.send!(result, () => process.exit(0)));
});
