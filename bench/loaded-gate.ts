/** One gate on a loaded site: the site in this process, the gate in one of its own. */
import { fork } from "node:child_process";
import { join } from "node:path";
import type { LoadRequest, LoadResult } from "./load-case.js";
import { type Load, startLoadedSite } from "./load-site.js";

const small: Load = { helmSecrets: 1, tenants: 0, gatewaysEach: 4, pods: 0, delay: 0, silent: "nothing" };

export interface LoadedGate {
  gate: string;
  when: LoadRequest["when"];
  load: Partial<Load>;
  deadlineSeconds: number;
}

/** @throws Error if the gate's process ends without a result. */
export async function runLoadedGate(asked: LoadedGate): Promise<LoadResult & { requests: number }> {
  const { gate, when, load, deadlineSeconds } = asked;
  const whole = { ...small, ...load };
  const site = await startLoadedSite(whole);
  const pcgs = Array.from({ length: whole.gatewaysEach }, (_, i) => `p${i}`);
  const tenants = Array.from({ length: whole.tenants }, (_, i) => ({ name: `t${i}`, pcgs }));
  const request: LoadRequest = { gate, when, url: site.url, tenants, deadlineSeconds };
  const child = fork(join(__dirname, "load-case.ts"), { execArgv: ["--import", "tsx"] });
  try {
    const result = await new Promise<LoadResult>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (status) => reject(new Error(`gate ${gate}: its process ended with ${String(status)}`)));
      child.send(request);
    });
    return { ...result, requests: site.requests() };
  } finally {
    child.kill();
    await site.close();
  }
}
