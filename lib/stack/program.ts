import * as pulumi from "@pulumi/pulumi";
import { chartDigests } from "../charts/check-charts.js";
import { InvalidInputError, RefusedError } from "../errors.js";
import { adviseStuck } from "../gates/helm-release/gate.js";
import { type Matrix } from "../matrix/types.js";
import { edgesOf, versions } from "../matrix/lookup.js";
import { loadMatrix } from "../matrix/load.js";
import { planRoute } from "../plan/plan.js";
import { checkOwnRows, withOwnRows } from "../plan/own-rows.js";
import { expandHop } from "../plan/expand.js";
import { type Plan, type SiteFacts } from "../plan/types.js";
import { clockFromEnvironment, connectSite } from "../site/connect.js";
import { observeInstallation } from "../site/observe.js";
import { type Observation, type Site } from "../site/types.js";
import { compareVersions, type Version } from "../version/version.js";
import { chartsOfRoad, chartSourceOf } from "./chart-road.js";
import { openActs, refuseOpenActs } from "./acknowledged.js";
import { announcement } from "./announce.js";
import { declare } from "./declare.js";
import { gateSecretsOf, gateSettingsOf } from "./gate-environment.js";
import { readOwnOutputs } from "./own-outputs.js";
import { prepare, type Prepared } from "./prepare.js";
import { readSettings } from "./read-settings.js";
import { parseRecorded } from "./recorded.js";
import { StuckReleaseError } from "./step.js";
import { type Settings } from "./settings-schema.js";

/** The program as one sentence: settings, observe, plan, declare, outputs. */
export async function runProgram(projectDir: string): Promise<Record<string, unknown>> {
  const settings = readSettings(projectDir);
  const vendor = pinnedMatrix(settings);
  const matrix = withOwnRows(vendor, settings.extraRows);
  const recorded = parseRecorded(await readOwnOutputs());
  const clock = clockFromEnvironment(process.env);
  const secrets = gateSecretsOf(settings);
  // Connected when first asked for: a preview goes on without a kubeconfig.
  let connected: Site | undefined;
  const site = (): Site =>
    (connected ??= connectSite(gateSettingsOf(settings, recorded.clusterUid ?? null), secrets, { clock }));
  const observe = async (): Promise<Observation> =>
    observeInstallation(site().kubernetes, { releaseNamespace: settings.releaseNamespace, edition: settings.edition });
  const today = (await clock.now()).toISOString().slice(0, 10);
  const planFrom = (from: Version, facts: SiteFacts, digests: Record<string, string> = {}): Plan =>
    planRoute({
      from,
      to: settings.target,
      matrix: vendor,
      extraRows: settings.extraRows,
      strategy: settings.strategy,
      // Stops that lie behind are passed.
      via: settings.via.filter((stop) => compareVersions(stop, from) > 0),
      avoid: settings.avoid,
      facts,
      today,
      chartDigests: digests,
    });
  const decided = await prepare(settings, {
    recorded,
    observe,
    matrix,
    planFrom,
    expandHop: (from, to, facts) =>
      expandHop(from, to, { edition: matrix.edition, method: matrix.method, facts, matrixVersions: versions(matrix) }),
    isPreview: pulumi.runtime.isDryRun(),
    now: () => clock.now(),
  }).catch(async (error: unknown) => {
    if (!(error instanceof StuckReleaseError)) throw error;
    const { observedVersion } = await observe();
    const remedy = await adviseStuck(site().kubernetes, error.revision, observedVersion);
    throw new StuckReleaseError(error.message, error.revision, remedy);
  });
  const charts = chartSourceOf(settings, projectDir);
  const digests = chartDigests(await chartsOfRoad(decided, charts));
  const plan = decided.plan === null ? null : planFrom(decided.plan.from, decided.facts, digests);
  const prepared: Prepared = { ...decided, plan };
  await pulumi.log.info(announcement(prepared).join("\n"));
  await heedActs(settings, prepared, today);
  const isSupported = (from: Version, to: Version): boolean => edgesOf(matrix).has(from, to);
  return declare({ settings, matrix, recorded, prepared, site, clock, secrets, observe, isSupported, charts });
}

/** An act nobody has acknowledged refuses the update; the preview says that it will. */
async function heedActs(settings: Settings, { hop, step }: Prepared, today: string): Promise<void> {
  if (hop === null || (step.kind === "hop" && step.resuming)) return;
  try {
    refuseOpenActs(hop, openActs(hop, settings.acknowledge, today));
  } catch (error) {
    if (!pulumi.runtime.isDryRun() || !(error instanceof RefusedError)) throw error;
    await pulumi.log.warn(`The update will refuse. ${error.code}: ${error.message}\n${error.next ?? ""}`);
  }
}

function pinnedMatrix(settings: Settings): Matrix {
  const matrix = loadMatrix(settings.matrix);
  if (matrix.edition !== settings.edition || matrix.method !== "kubernetes") {
    throw new InvalidInputError(
      "MATRIX_MISMATCH",
      `palette:matrix is ${matrix.id} (${matrix.edition}, ${matrix.method}); this stack upgrades ${settings.edition} with Helm on Kubernetes.`,
      { next: `Pin one of "palette-upgrade matrix list" for ${settings.edition} and kubernetes.` },
    );
  }
  checkOwnRows(settings.extraRows, matrix);
  return matrix;
}
