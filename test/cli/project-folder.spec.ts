import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readCaFile } from "../../lib/base/net/ca-file.js";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { createStackShell } from "../../lib/cli/stack-session.js";
import { createPromotionGate } from "../../lib/gates/promotion/gate.js";
import { openJournalStore } from "../../lib/journal/open.js";
import { loadMatrix, loadStackMatrix } from "../../lib/planning/matrix/load.js";
import { openChartSource } from "../../lib/site/charts/open-chart-source.js";
import { formatPins, readPins } from "../../lib/site/charts/pins.js";
import { findKubeconfig } from "../../lib/site/kubernetes/kubeconfig.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { FakeClock, inputFor, neverAborted, settingsFor } from "../gates/fake-site.js";
import { folderOfTest } from "../journal/folder-of-test.js";
import { smallMatrix } from "../planning/matrix/matrix-texts.js";
import { chartYaml, hubbleChart, rowOf } from "../site/charts/fixtures.js";

const openStack = createStackShell({ PATH: "/nowhere", PULUMI_HOME: "/nowhere" }).openStack;

const kubeconfig = `apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://k.example:6443"}}]
users: [{name: u, user: {token: t}}]
`;
const pem = "-----BEGIN CERTIFICATE-----\n";
const publicKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

const readCa = (setting: string) => (): unknown => readCaFile("own/file", setting);
const readKubeconfig = (): unknown => findKubeconfig({ kubeconfig: "own/file", context: null }, {});

/** Fails if the promotion gate does not find one of its two files. */
async function judgePromotionFiles(names: { file: string; key: string }): Promise<void> {
  const { promotion } = defaultGateSettings;
  const settings = settingsFor({ promotion: { ...promotion, ...names, stage: "acme/palette/staging" } });
  const gate = createPromotionGate(() => Promise.resolve({}));
  const verdict = await gate.sample(inputFor({ settings, clock: new FakeClock() }), neverAborted);
  const text = JSON.stringify(verdict.reasons);
  if (text.includes("is not there")) throw new Error(text);
}

/** Every setting that is a path: what the file holds, and who reads it as the program does. */
const pathSettings: Record<string, [content: string, read: (elsewhere: string) => unknown]> = {
  matrix: [JSON.stringify(smallMatrix()), () => loadStackMatrix("own/file", process.cwd())],
  "kubernetes.kubeconfig": [kubeconfig, readKubeconfig],
  "pcg.clusters.[].kubeconfig": [kubeconfig, readKubeconfig],
  "site.apiCaFile": [pem, readCa("palette:site.apiCaFile")],
  "site.imageRegistryCaFile": [pem, readCa("palette:site.imageRegistryCaFile")],
  "mongo.caFile": [pem, readCa("palette:mongo.caFile")],
  "charts.caFile": [pem, readCa("palette:charts.caFile")],
  "charts.pins": [formatPins(new Map()), () => readPins("own/file", process.cwd())],
  "promotion.file": ["{}", (elsewhere) => judgePromotionFiles({ file: "own/file", key: join(elsewhere, "key") })],
  "promotion.key": [publicKey, (elsewhere) => judgePromotionFiles({ file: join(elsewhere, "key"), key: "own/file" })],
};

/** Keys of the stack's configuration whose description says that they are a path. */
function listPathKeys(): string[] {
  const schema: unknown = JSON.parse(readFileSync(join(findPackageRoot(), "data/schemas/stack.schema.json"), "utf8"));
  const words =
    /^(?:Id of a shipped matrix|Path of|(?:PEM |Signed )?[Ff]ile (?!as )|PEM file|Folder of|Where the journal)/;
  const walk = (node: unknown, path: string[]): string[] => {
    if (typeof node !== "object" || node === null) return [];
    const {
      properties = {},
      items,
      description,
    } = node as { properties?: Record<string, unknown>; items?: unknown; description?: unknown };
    const own =
      typeof description === "string" && words.test(description) ? [path.join(".").replace("config.palette:", "")] : [];
    const below = Object.entries(properties).flatMap(([key, child]) => walk(child, [...path, key]));
    return [...own, ...below, ...walk(items, [...path, "[]"])];
  };
  return walk(schema, []).sort();
}

describe("paths in a stack's settings begin at the project's folder", () => {
  const folder = folderOfTest();
  const workingDir = process.cwd();
  let project = "";
  let elsewhere = "";

  beforeEach(() => {
    [project, elsewhere] = [folder.path("project"), folder.path("project/deep/er")];
    for (const each of [elsewhere, join(project, "own")]) mkdirSync(each, { recursive: true });
    writeFileSync(join(project, "Pulumi.yaml"), "name: palette\nruntime: nodejs\n");
    writeFileSync(join(elsewhere, "key"), publicKey);
    process.chdir(elsewhere);
  });
  afterEach(() => process.chdir(workingDir));

  const open = (): Promise<void> => assert.rejects(openStack("prod"), { code: "ENGINE_MISSING" });

  for (const [where, from] of [
    ["the project itself", "project"],
    ["a folder below it", "project/deep/er"],
  ] as const) {
    it(`a command about a stack, run in ${where}, works in the project`, async () => {
      process.chdir(folder.path(from));
      await open();
      assert.equal(process.cwd(), realpathSync(project));
    });
  }

  it("negative twin: below no project of this tool it works in the tool's own", async () => {
    writeFileSync(join(project, "Pulumi.yaml"), "name: another\nruntime: nodejs\n");
    await open();
    assert.equal(process.cwd(), realpathSync(findPackageRoot()));
  });

  it("the table has every key that is a path", () => {
    const others = ["charts.location", "journal"];
    assert.deepEqual(listPathKeys(), [...Object.keys(pathSettings), ...others].sort());
  });

  for (const [key, [content, read]] of Object.entries(pathSettings)) {
    it(`palette:${key}`, async () => {
      writeFileSync(join(project, "own/file"), content);
      const attempt = Promise.resolve(elsewhere).then(read);
      await assert.rejects(attempt, "found where the command was typed");
      await open();
      await read(elsewhere);
    });
  }

  it("palette:charts.location", async () => {
    const chart = join(project, "own/release-4.7.20/palette/spectro-mgmt-plane-4.7.20/Chart.yaml");
    mkdirSync(dirname(chart), { recursive: true });
    writeFileSync(chart, chartYaml(hubbleChart("4.7.20")));
    const find = async (): Promise<string> => {
      const access = { user: "", password: "", caFile: null };
      const source = openChartSource({ location: "own", pins: null, projectDir: process.cwd(), ...access });
      return (await source.find("4.7.20", rowOf("hubble"))).version;
    };
    await assert.rejects(find, { code: "CHART_MISSING" });
    await open();
    assert.equal(await find(), "4.7.20");
  });

  it("palette:journal", async () => {
    await open();
    const store = await openJournalStore("own/journal", { stack: "prod", projectDir: process.cwd() });
    await store.put(0, "{}");
    assert.ok(existsSync(join(project, "own/journal/prod.jsonl")));
  });

  it("a matrix file keeps its path as id, wherever the project is; its checksum is that of the file", () => {
    writeFileSync(join(project, "own/mine.json"), JSON.stringify(smallMatrix()));
    const relative = loadStackMatrix("own/mine.json", project);
    const absolute = loadMatrix(join(project, "own/mine.json"));
    assert.deepEqual(relative, { ...absolute, id: "own/mine.json" });
    assert.throws(() => loadStackMatrix("own/mine.json", elsewhere), {
      code: "MATRIX_FILE_MISSING",
      message: `There is no matrix file ${join(elsewhere, "own/mine.json")}.`,
    });
  });
});
