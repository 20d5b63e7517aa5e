import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { openRegistry } from "../../lib/site/registry/client.js";
import { createImagesGate } from "../../lib/gates/images/gate.js";
import { createHelmRenderer } from "../../lib/gates/images/render.js";
import { type Gate } from "../../lib/gates/verdict/types.js";
import { type FaultName } from "../../packages/rehearsal/lib/types.js";
import { defaultGateSettings, type GateSettings } from "../../lib/settings/gate-settings.js";
import { registryStandIn, type RegistryStandIn } from "../site/charts/registry-stand-in.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { judged, sentences, verdictWords } from "./support/gate-runner.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { type Tools } from "./support/tool-names.js";

const from = "4.6.41";
const to = "4.7.20";
const registryPassword = "pl4nted-registry";

describe("gates of charts, images, checks and gateways on a real API server", function () {
  this.timeout(600_000);
  let rig: ClusterRig;
  let tools: Tools;
  let settings: Partial<GateSettings>;
  let images: Gate;

  before(async function () {
    tools = ownToolsOrSkip(this, "releases are changed by hand here");
    rig = await clusterRig({ tools, from, to });
    const location = join(rig.palette.workspace.folder, "charts", "release-{version}");
    settings = { charts: { ...defaultGateSettings.charts, location: relative(process.cwd(), location) } };
    images = createImagesGate({ renderer: createHelmRenderer({ PATH: dirname(tools.helm), HOME: "/" }), openRegistry });
  });
  after(async () => rig?.dispose());

  describe("values", () => {
    const valuesFile = (): string => join(rig.palette.chartOf(to, "hubble"), "values.yaml");
    const template = (): string => join(rig.palette.chartOf(to, "hubble"), "templates", "another.yaml");
    let defaults: string;
    beforeEach(() => (defaults = readFileSync(valuesFile(), "utf8")));
    afterEach(() => {
      writeFileSync(valuesFile(), defaults);
      rmSync(template(), { force: true });
    });

    it("what is stored and the next chart's own agree", async () => {
      const report = await judged(rig, "values", { to, settings });
      assert.equal(verdictWords(report), "pass", sentences(report));
    });

    it("a key that the next chart asks for and nobody sets is named", async () => {
      writeFileSync(template(), '# {{ required "config.newKey" .Values.config.newKey }}\n');
      const report = await judged(rig, "values", { to, settings });
      assert.equal(verdictWords(report), "fail REQUIRED_KEY", sentences(report));
      assert.match(sentences(report), /^Chart 4\.7\.20 requires config\.newKey, which neither/m);
    });

    it("a key that the site set and the next chart dropped is named, and never its value", async () => {
      const next = parse(defaults) as { mongo?: unknown };
      delete next.mongo;
      writeFileSync(valuesFile(), stringify(next));
      const objects = join(rig.palette.chartOf(to, "hubble"), "templates", "objects.yaml");
      const whole = readFileSync(objects, "utf8");
      writeFileSync(objects, whole.replaceAll(".Values.mongo.databasePassword", ".Values.config.databasePassword"));
      const report = await judged(rig, "values", { to, settings });
      writeFileSync(objects, whole);
      assert.match(verdictWords(report), /^fail LOST_KEY/);
      assert.match(sentences(report), /the site sets mongo\.databasePassword itself/);
      assert.doesNotMatch(JSON.stringify(report), /pl4nted/);
    });
  });

  describe("images", () => {
    let registry: RegistryStandIn;
    before(async () => (registry = await registryStandIn({ auth: "bearer", password: registryPassword })));
    after(() => registry.close());

    it("an installation without a registry of its own needs none", async () => {
      const report = await judged(rig, images, { to, settings });
      assert.equal(verdictWords(report), "pass NOT_APPLICABLE", sentences(report));
    });

    it("each image of the rendered charts is looked for in the site's registry: missing ones are named, then all there", async () => {
      const section = { endpoint: registry.host, baseContentPath: "base", username: "robot" };
      const password = Buffer.from(registryPassword).toString("base64");
      const values = { config: { ociImageRegistry: { ...section, password } } };
      const args = ["upgrade", "hubble", rig.palette.chartOf(from, "hubble"), "--reuse-values", "--values", "-"];
      await rig.palette.helm([...args, "--namespace", "default"], JSON.stringify(values));
      const missing = await judged(rig, images, { to, settings });
      assert.equal(verdictWords(missing), "fail IMAGE_MISSING", sentences(missing));
      assert.match(
        sentences(missing),
        new RegExp(`^${registry.host}/base/\\S+:4\\.7\\.20 is not in the registry`, "m"),
      );
      assert.doesNotMatch(JSON.stringify(missing), /pl4nted/);
      const { missing: places } = missing.observed as { missing: string[] };
      assert.ok(places.length > 5, places.join(", "));
      for (const place of places) {
        const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(place) ?? [];
        registry.push(repository, tag, Buffer.from("an image's"));
      }
      const good = await judged(rig, images, { to, settings });
      assert.equal(verdictWords(good), "pass", sentences(good));
    });

    it("charts that cannot be rendered are unknown, without a word of the values", async () => {
      const template = join(rig.palette.chartOf(to, "hubble"), "templates", "another.yaml");
      writeFileSync(template, "x: {{ fail .Values.mongo.databasePassword }}\n");
      const report = await judged(rig, images, { to, settings });
      rmSync(template);
      assert.equal(verdictWords(report), "unknown RENDER_FAILED", sentences(report));
      assert.match(sentences(report), /templates\/another\.yaml/);
      assert.doesNotMatch(JSON.stringify(report), /pl4nted/);
    });
  });

  describe("own-check", () => {
    const ask = (script: string): ReturnType<typeof judged> => {
      const check = { name: "site", when: "before" as const, command: ["sh", "-c", script], timeoutSeconds: 30 };
      return judged(rig, "own-check", { to, settings: { ...settings, checks: [check] } });
    };
    // With the kubeconfig that the gate has.
    const kubectl = (): string => `"${tools.kubectl}" get statefulset mongo -n hubble-system -o name`;

    it("reaches the cluster that the gate reaches", async () => {
      const report = await ask(kubectl());
      assert.equal(verdictWords(report), "pass", sentences(report));
      assert.match(sentences(report), /^Own check site passed; it said: statefulset\.apps\/mongo$/);
    });

    it("that fails is told with its last line", async () => {
      const report = await ask(`${kubectl()}-none`);
      assert.equal(verdictWords(report), "fail CHECK_FAILED", sentences(report));
    });
  });

  describe("gateways", () => {
    // As much faster as these gateways live.
    const pcg = { ...defaultGateSettings.pcg, heartbeatMaxAgeSeconds: 2 };
    const faults: [FaultName, string][] = [
      ["pcg-paused", "fail PCG_PAUSED"],
      ["pcg-agent-stale", "fail DEADLINE PCG_HEARTBEAT_STALE"],
      ["pcg-profile-update-waiting", "fail PCG_PROFILE_UPDATE_PENDING"],
      ["tenant-not-covered", "unknown PCG_NOT_LISTED"],
    ];
    for (const [name, code] of faults) {
      it(`readiness: ${name} is ${code}`, async () => {
        await rig.site.changeFaults({ add: [{ name }] });
        const report = await judged(rig, "pcg-readiness", { to, settings: { pcg } });
        await rig.site.changeFaults({ clear: [name] });
        assert.equal(verdictWords(report), code, sentences(report));
      });
    }
  });
});
