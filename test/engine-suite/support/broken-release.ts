import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import type { Role } from "../../../lib/planning/rules/types.js";
import { toStubChart } from "../../../packages/rehearsal/lib/stub-chart.js";
import type { Version } from "../../../lib/planning/version/version.js";
import type { ProgramRig } from "./program-rig.js";

/** Of a kind that the simulated site lists, and takes from nobody. */
const refusedObject = `apiVersion: v1
kind: Service
metadata:
  name: planted
spec:
  ports:
    - port: 80
`;

/**
 * From now on Helm begins the platform's upgrade to a version, and the cluster refuses what it is to hold: a failed revision
 * stays behind. Resolves with what fixes it. The embedded engine's Helm fails once for each call.
 */
export async function breakRelease(rig: ProgramRig, version: Version): Promise<() => Promise<void>> {
  if (rig.engine.name === "pulumi") return breakChart(rig, version, "hubble");
  await rig.site.changeFaults({ clear: ["release-fails"], add: [{ name: "release-fails" }] });
  return () => rig.site.changeFaults({ clear: ["release-fails"] });
}

/** The same of any release of the set, by what its chart holds: for the real Helm only. */
export function breakChart(rig: ProgramRig, version: Version, role: Role): () => Promise<void> {
  const row = listExpectedReleases(version, {}).find((each) => each.role === role)!;
  const templates = join(rig.projectDir, `r/charts/release-${version}`, toStubChart(version, row).folder, "templates");
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(templates, "planted.yaml"), refusedObject);
  return () => rm(templates, { recursive: true });
}

/** Makes the platform's chart of a version another one; the returned function makes it the same again. */
export function repackage(rig: ProgramRig, version: Version): () => void {
  const row = listExpectedReleases(version, {}).find(({ role }) => role === "hubble")!;
  const file = join(rig.projectDir, `r/charts/release-${version}`, toStubChart(version, row).folder, "Chart.yaml");
  const before = readFileSync(file, "utf8");
  appendFileSync(file, "# repackaged\n");
  return () => writeFileSync(file, before);
}
