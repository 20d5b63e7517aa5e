import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import { toStubChart } from "../../../packages/rehearsal/lib/stub-chart.js";
import { packed } from "../../site/charts/fixtures.js";
import { registryStandIn, type RegistryStandIn } from "../../site/charts/registry-stand-in.js";
import { startWireSet, type WireSet } from "../../fixtures/mongo/wire/replica-set.js";
import type { Planted } from "../../support/secret-forms.js";
import { programRig, type EngineName, type ProgramRig } from "./program-rig.js";

export const route = { from: "4.7.27", to: "4.8.8", matrix: "palette-kubernetes-4.9.51" };

/** A stack that holds every kind of secret there is, on a site that asks for each of them. */
export interface PlantedSite {
  rig: ProgramRig;
  /** An external MongoDB behind a password; its feature compatibility version is too low for the hop. */
  mongo: WireSet;
  mongoUri: string;
  chartsPassword: string;
  registry: RegistryStandIn;
  planted: Planted[];
  dispose(): Promise<void>;
}

/** Characters that each form writes otherwise. */
function made(what: string): string {
  return `pl4nted "${what}" p@ss/w:rd%\\${randomBytes(9).toString("hex")}`;
}

export async function plantedSite(engineName: EngineName): Promise<PlantedSite> {
  const mongo = await startWireSet({ names: "address", user: "gate", password: made("mongo"), compatibility: "6.0" });
  const hosts = mongo.members.map(({ host, port }) => `${host}:${port}`).join(",");
  const mongoUri = `mongodb://gate:${encodeURIComponent(mongo.password)}@${hosts}/?authSource=admin`;
  const [chartsPassword, overriding, token] = [made("charts"), made("values"), randomBytes(20).toString("hex")];
  const registry = await registryStandIn({ auth: "bearer", user: "robot", password: chartsPassword });
  await pushCharts(registry);
  const rig = await programRig(engineName, route, {
    "mongo.external": "true",
    "secrets.mongoUri": mongoUri,
    // Site time: room for three passing samples on a slow machine, and not too many at what does not fix itself.
    "mongo.deadline": "60s",
    "charts.location": `oci://${registry.host}/charts-{version}`,
    "charts.user": "robot",
    "secrets.chartsPassword": chartsPassword,
    values: JSON.stringify({ hubble: { mongo: { rootPassword: overriding } } }),
    checks: JSON.stringify([{ name: "own", when: "both", command: ["sleep", "0.3"], timeout: "30s" }]),
  });
  addToken(rig, token);
  const [apiKey, stored] = (await rig.secrets()) as [string, string];
  return {
    rig,
    mongo,
    mongoUri,
    chartsPassword,
    registry,
    planted: [
      { name: "API key", value: apiKey },
      { name: "stored Helm value", value: stored },
      { name: "overriding Helm value", value: overriding },
      { name: "MongoDB password", value: mongo.password },
      { name: "MongoDB connection string", value: mongoUri },
      { name: "registry password", value: chartsPassword },
      { name: "kubeconfig token", value: token },
    ],
    dispose: async () => {
      await Promise.all([rig.dispose(), mongo.close(), registry.close()]);
    },
  };
}

async function pushCharts(registry: RegistryStandIn): Promise<void> {
  for (const version of [route.from, route.to]) {
    for (const row of listExpectedReleases(version, {})) {
      const { name, version: own, appVersion } = toStubChart(version, row);
      registry.push(`charts-${version}/${row.chart}`, own, await packed({ name, version: own, appVersion }));
    }
  }
}

/** As kubeconfigs of service accounts have it. The simulated site does not ask for it. */
function addToken(rig: ProgramRig, token: string): void {
  const file = join(rig.projectDir, "r/kubeconfig");
  const kubeconfig = parse(readFileSync(file, "utf8")) as { users: { user: Record<string, string> }[] };
  for (const { user } of kubeconfig.users) user.token = token;
  writeFileSync(file, stringify(kubeconfig));
}
