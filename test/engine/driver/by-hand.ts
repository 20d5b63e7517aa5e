import { beginUpgrade, finish, releaseHistory, type HelmStorage } from "../../../lib/rehearsal/helm-storage.js";
import { patchManagementPlane } from "../../../lib/rehearsal/engine/providers/simulated-cluster.js";
import type { RunningSite } from "../../../lib/rehearsal/types.js";
import type { Version } from "../../../lib/version/version.js";
import { clockFromEnvironment } from "../../../lib/site/connect.js";

/** Somebody's own `helm upgrade` (or `helm rollback`, which is one to an older version) of the platform, past this tool. */
export async function moveByHand(site: RunningSite, version: Version): Promise<void> {
  const storage: HelmStorage = { url: site.url };
  const clock = clockFromEnvironment(site.environment);
  const now = async (): Promise<string> => (await clock.now()).toISOString();
  const last = (await releaseHistory(storage, "default", "hubble")).at(-1)!;
  const begun = await beginUpgrade(storage, {
    name: "hubble",
    namespace: "default",
    chart: { name: last.chart.metadata.name, version, appVersion: version },
    values: last.config ?? {},
    maxHistory: 10,
    now: await now(),
  });
  await patchManagementPlane(storage, version);
  await finish(storage, begun, { status: "deployed" }, await now());
}
