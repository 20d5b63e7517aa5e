import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { listLeaves } from "../../../lib/base/text/value-paths.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import { listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import { createEmbeddedEngine } from "../../../packages/rehearsal/lib/engine/engine.js";
import { releaseProvider, releaseType } from "../../../packages/rehearsal/lib/engine/providers/release.js";
import { createRehearsalConfig } from "../../../packages/rehearsal/lib/rehearse.js";
import { changeSetting, parseValue } from "../../../packages/rehearsal/lib/stack-settings.js";
import { type SiteModel } from "../../../packages/rehearsal/lib/site/model.js";
import { readState } from "../../../packages/rehearsal/lib/site/state-file.js";
import { startSimulatedSite } from "../../../packages/rehearsal/lib/site/server.js";
import { type RunningSite, type SimulatedSiteOptions } from "../../../packages/rehearsal/lib/types.js";
import { RehearsalWorkspace } from "../../../packages/rehearsal/lib/workspace.js";
import { previewFileVariable, type PreviewReport } from "../../../lib/program/preview/report.js";
import { type RawConfig } from "../../../lib/settings/settings.js";
import { type Engine, type EngineRun } from "../../../lib/engine/engine.js";
import { createStackEngine } from "../../../lib/engine/pulumi-engine.js";

export type EngineName = Engine["name"];

/** The production program, compiled as users run it, on one of the engines against a simulated site of its own. */
export interface ProgramRig {
  stack: string;
  engine: Engine;
  /** State file of the embedded engine. */
  stateFile: string;
  beside: ProgramRig | null;
  /** What a process that works on the stack needs in its environment. */
  environment: Record<string, string>;
  site: RunningSite;
  up(): Promise<EngineRun>;
  preview(): Promise<EngineRun>;
  /** What the last preview told. */
  report(): PreviewReport;
  /** The folder the program runs in. */
  projectDir: string;
  /** What the program is configured with, as a person would have it. */
  config: RawConfig;
  /** Its keys that are kept as secrets. */
  secretKeys: readonly string[];
  /** Changes one plain setting (`palette:` left out), e.g. `promotion.stack`, as a person would. */
  set(key: string, value: string): void;
  /** All that the site remembers: what was done to it, and when. */
  model(): SiteModel;
  /** `revision status version description` of the release that is the product. */
  history(): Promise<string[]>;
  /** What must lie nowhere in clear: API keys, and the password among the stored Helm values. */
  secrets(): Promise<string[]>;
  /** Everything the engine has stored, backups and history included. */
  stored(): string;
  dispose(): Promise<void>;
}

export interface RigSite {
  /** Nothing is installed yet. */
  empty?: boolean;
  /** Told of each request that the site gets. */
  onRequest?: () => void;
  stack?: string;
  /** Of the same backend as this one, so that its outputs can be read. */
  beside?: ProgramRig;
  /** Versions beside the route's whose charts are there too. */
  charts?: readonly string[];
  /** Installed beside the two that every site has. */
  releases?: SimulatedSiteOptions["releases"];
}

export async function programRig(
  engineName: EngineName,
  route: { from: string; to: string; matrix?: string },
  /** Further settings (`palette:` left out), as texts; null takes one away. */
  settings: Record<string, string | null> = {},
  { empty = false, onRequest = () => undefined, stack = "dev", beside, charts = [], releases = [] }: RigSite = {},
): Promise<ProgramRig> {
  const projectDir = makeProject();
  const matrix = loadMatrix(route.matrix ?? "palette-kubernetes-4.7.20");
  const plan = planRoute({ from: route.from, to: route.to, matrix, facts: { pcgs: true } });
  const workspace = new RehearsalWorkspace(join(projectDir, "r"));
  mkdirSync(workspace.folder);
  for (const version of [plan.from, ...plan.hops.map(({ to }) => to), ...charts])
    workspace.writeCharts(version, listExpectedReleases(version, {}));
  const site = await startSimulatedSite({
    version: plan.from,
    empty,
    edition: "palette",
    releases,
    stateFile: workspace.siteFile,
    faults: [],
    directory: workspace.folder,
    onRequest,
    pcgs: [{ tenant: "acme", name: "pcg-vsphere", selfHosted: false }],
  });
  const config = Object.entries(settings).reduce(
    (changed, [path, value]) => changeSetting(changed, path, value),
    createRehearsalConfig({ plan, target: route.to, workspace, projectDir }, site),
  );
  const previewFile = join(projectDir, "preview.json");
  site.environment[previewFileVariable] = previewFile;
  const backend = join(beside?.projectDir ?? projectDir, "backend");
  mkdirSync(backend, { recursive: true });
  const stateFile = join(projectDir, "backend", "state.json");
  const engine =
    engineName === "embedded"
      ? createEmbeddedEngine({
          projectDir,
          stack,
          stateFile,
          ...(beside === undefined ? {} : { otherStacks: { [fullName(beside.stack)]: beside.stateFile } }),
          config,
          environment: site.environment,
          providers: { [releaseType]: releaseProvider },
        })
      : await realEngine(projectDir, backend, config, site, stack);
  const plain = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  return {
    stack,
    engine,
    stateFile,
    beside: beside ?? null,
    environment: engineName === "embedded" ? site.environment : realEnvironment(projectDir, backend, site),
    site,
    up: () => engine.up(),
    preview: () => engine.preview(),
    report: () => JSON.parse(readFileSync(previewFile, "utf8")) as PreviewReport,
    projectDir,
    config: plain,
    secretKeys: Object.keys(config).filter((key) => config[key]!.secret),
    set: (key, value) => {
      const name = `palette:${key.split(".")[0]}`;
      // The embedded engine reads this for every run.
      config[name] = changeSetting(config, key, value)[name]!;
      plain[name] = config[name].value;
      if (engineName === "pulumi") setInFile(join(projectDir, `Pulumi.${stack}.yaml`), name, plain[name]);
    },
    model: () => readState(workspace.siteFile)!,
    history: () => history(site),
    secrets: () => secretsOf(site),
    stored: () => textBelow(backend),
    dispose: async () => {
      // A hook runs after a skipped test too, with the rig of the test before it.
      if (!existsSync(projectDir)) return;
      await site.stop();
      rmSync(projectDir, { recursive: true, force: true });
    },
  };
}

/** A folder of its own with the checkout's program in it, so that no stack file or state lies in the checkout. */
export function makeProject(): string {
  const root = findPackageRoot();
  const projectDir = mkdtempSync(join(tmpdir(), "palette-program-"));
  copyFileSync(join(root, "Pulumi.yaml"), join(projectDir, "Pulumi.yaml"));
  writeFileSync(join(projectDir, "package.json"), JSON.stringify({ name: "program", main: "dist/index.js" }));
  for (const name of ["bin", "data", "dist", "node_modules"]) symlinkSync(join(root, name), join(projectDir, name));
  return projectDir;
}

/** What a process needs in its environment to work on a stack of the real engine. */
function realEnvironment(
  projectDir: string,
  backend: string,
  site: Pick<RunningSite, "environment">,
): Record<string, string> {
  return {
    ...site.environment,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_HOME: join(projectDir, "home"),
    PULUMI_CONFIG_PASSPHRASE: "in a test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** A new stack of the real engine, with a file backend and what a person would have written into its stack file. */
export async function realEngine(
  projectDir: string,
  backend: string,
  config: ReturnType<typeof createRehearsalConfig>,
  site: Pick<RunningSite, "environment">,
  stackName = "dev",
): Promise<Engine> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const environment = realEnvironment(projectDir, backend, site);
  const stack = await LocalWorkspace.createStack({ stackName, workDir: projectDir }, { envVars: environment });
  writeStackFile(join(projectDir, `Pulumi.${stackName}.yaml`), config);
  for (const [key, { value: text }] of Object.entries(config).filter(([, { secret }]) => secret)) {
    for (const { path, value } of listLeaves(JSON.parse(text) as Record<string, unknown>)) {
      await stack.setConfig([key, ...path].join("."), { value: String(value), secret: true }, true);
    }
  }
  return createStackEngine(stack);
}

/** As `palette:promotion.stack` names it. */
export function fullName(stack: string): string {
  return `organization/palette/${stack}`;
}

/** What a person would write; secrets are set by command. */
function writeStackFile(file: string, config: ReturnType<typeof createRehearsalConfig>): void {
  const document = existsSync(file)
    ? ((parse(readFileSync(file, "utf8")) as Record<string, unknown> | null) ?? {})
    : {};
  const plain = Object.entries(config).filter(([, { secret }]) => !secret);
  const values = Object.fromEntries(plain.map(([key, { value }]) => [key, parseValue(value)]));
  writeFileSync(file, stringify({ ...document, config: values }));
}

function setInFile(file: string, key: string, value: string): void {
  const document = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  writeFileSync(file, stringify({ ...document, config: { ...document.config, [key]: parseValue(value) } }));
}

async function history(site: RunningSite): Promise<string[]> {
  const { connectKubernetes } = await import("../../../lib/site/kubernetes/client.js");
  const revisions = await connectKubernetes({ kubeconfig: site.kubeconfig, context: null }).helmRevisions("default");
  return revisions
    .filter(({ chart }) => chart === "spectro-mgmt-plane")
    .map(({ revision, status, chartVersion }) => `${revision} ${status} ${chartVersion}`);
}

async function secretsOf(site: RunningSite): Promise<string[]> {
  const { connectKubernetes } = await import("../../../lib/site/kubernetes/client.js");
  const values = await connectKubernetes({ kubeconfig: site.kubeconfig, context: null }).helmValues(
    "default",
    "hubble",
    1,
  );
  const { databasePassword } = values.mongo as { databasePassword: string };
  return [...Object.values(site.apiKeys), databasePassword];
}

/** Everything written below a folder. */
export function textBelow(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? textBelow(path) : readFileSync(path, "utf8")))
    .join("\n");
}
