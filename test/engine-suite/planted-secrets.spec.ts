import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { hubbleChart, packed, rowOf } from "../site/charts/fixtures.js";
import { formsOfSecret, searchFor } from "../support/secret-forms.js";
import { onEachEngine } from "./driver/disturbed-rig.js";
import { entries, isDesigned, isNamedCopy, isPluginsCopy, isTheSites } from "./support/planted-expectations.js";
import { drivePlanted, runNode, runPlanted, type PlantedRun } from "./support/planted-run.js";
import { plantedSite, route, type PlantedSite } from "./support/planted-site.js";
import { sightingsBelow } from "./support/planted-watch.js";

const hop = `${route.from}->${route.to}`;

onEachEngine("planted secrets", 1500, (engineName) => {
  let site: PlantedSite;
  /** All that was told to the person who runs it. */
  let reported = "";
  before(async () => {
    site = await plantedSite(engineName);
  });
  after(async () => site?.dispose());

  it("enrol, a refusal, acts, a failed release and a hop show them nowhere", async () => {
    const enrol = await drivePlanted(site, route.from);
    nothingShown("enrol", enrol, 0);
    wasSeen(enrol);

    await site.rig.site.changeFaults({ add: [{ name: "pcg-paused" }] });
    const fix = breakMember();
    const refused = await drivePlanted(site);
    nothingShown("refused", refused, 3);
    // The first gate that fails may end the others.
    assert.match(refused.reported, /PCG_PAUSED|FCV_TOO_LOW|COMMAND_FAILED/);
    const gate = await runPlanted(site, gateByHand(), entries(site));
    nothingShown("gate", gate, 3);
    assert.match(gate.reported, /COMMAND_FAILED/);
    fix();

    await act("backup", ["id=snap-17", "location=s3://backups/palette", `taken-at=${siteTime()}`]);
    await act("pcg-resume", ["pcg=acme/pcg-vsphere"]);
    await act("fcv-raise", []);
    assert.deepEqual([site.mongo.compatibility, site.mongo.raised.length], ["7.0", 1]);

    const fixRelease = await breakRelease();
    nothingShown("failed release", await drivePlanted(site), 1);
    const leftInClear = stored().length;
    assert.equal(leftInClear > 0, engineName === "pulumi", "an import leaves values in clear in copies of the state");
    await fixRelease();
    nothingShown("hop", await drivePlanted(site), 0);
    assert.deepEqual((await site.rig.history()).at(-1)?.split(" ").slice(1), ["deployed", route.to]);
    for (const words of [["status"], ["journal", "report"], ["preview"]]) {
      if (engineName === "pulumi")
        nothingShown(words.join(" "), await runPlanted(site, [...words, "--stack", "dev"]), 0);
    }
  });

  /** Nothing shown, nothing stored, nothing on a list but what the design puts into an environment. */
  function nothingShown(what: string, run: PlantedRun, exitCode: number): void {
    const { watch } = run;
    assert.equal(run.exitCode, exitCode, `${what}: ${run.reported}${run.errors}`);
    reported += run.reported;
    const search = searchFor(site.planted);
    assert.deepEqual({ stdout: search(run.reported), stderr: search(run.errors) }, { stdout: [], stderr: [] }, what);
    assert.deepEqual([...watch.commandLines], [], `${what}: on a command line`);
    const passing = [...watch.passing].filter((sighting) => !isPluginsCopy(sighting));
    assert.deepEqual(passing, [], `${what}: in a file that the run keeps for itself`);
    const wrong = watch.held.filter((held) => !isDesigned(held, site));
    assert.deepEqual(
      wrong.map(({ argv, entry }) => `${argv.join(" ")}: ${entry}`),
      [],
      `${what}: in an environment`,
    );
    assert.deepEqual(
      stored().filter((sighting) => !isNamedCopy(sighting, reported)),
      [],
      `${what}: in a file`,
    );
  }

  /** Project, backend with backups and history, journal, chart cache, engine's home. */
  function stored(): string[] {
    return sightingsBelow(site.rig.projectDir, searchFor(site.planted)).filter((sighting) => !isTheSites(sighting));
  }

  /** Looks that see nothing would prove nothing. */
  function wasSeen({ watch }: PlantedRun): void {
    const lines = [...watch.family];
    assert.ok(
      lines.some((line) => line.includes("/@pulumi/pulumi/cmd/run")),
      "the program",
    );
    for (const gate of ["mongo-replica-set", "pcg-readiness", "values"])
      assert.ok(lines.includes(`node bin/palette-upgrade gate ${gate}`), gate);
    assert.ok(
      lines.some((line) => /(^|palette-check )sleep 0\.3$/.test(line)),
      "the installation's own check",
    );
    for (const name of ["preview.json", "progress.log"]) assert.ok(watch.files.has(name), name);
    const held = new Set(watch.held.map(({ entry }) => entry));
    assert.deepEqual([...held].sort(), [...Object.keys(entries(site)), "PULUMI_CONFIG"].sort());
  }

  /** A server that repeats the login it was given. */
  function breakMember(): () => void {
    const { answers } = site.mongo.members[2]!;
    const before = answers["replsetgetstatus"]!;
    const errmsg = `no status for ${site.mongoUri}, nor for ${site.mongo.password}`;
    answers["replsetgetstatus"] = { ok: 0, code: 94, codeName: "NotYetInitialized", errmsg };
    return () => (answers["replsetgetstatus"] = before);
  }

  function gateByHand(): string[] {
    return ["gate", "mongo", "--settings", settingsFile(), "--to", route.to, "--record", "record", "--output", "json"];
  }

  async function act(name: string, options: string[]): Promise<void> {
    const byHand = engineName === "embedded";
    const about = byHand ? ["--settings", settingsFile()] : ["--stack", "dev"];
    const words = ["act", name, ...about, "--hop", hop, "--because", "in a test", "--confirm", hop];
    const given = options.flatMap((option) => ["--option", option]);
    nothingShown(`act ${name}`, await runPlanted(site, [...words, ...given], byHand ? entries(site) : {}), 0);
  }

  function settingsFile(): string {
    const { rig } = site;
    const file = join(rig.projectDir, "settings.json");
    const tenants = [{ name: "acme", pcgs: ["pcg-vsphere"] }];
    const mongo = { external: true, deadline: "20s" };
    writeFileSync(
      file,
      JSON.stringify({ kubernetes: { kubeconfig: "r/kubeconfig" }, site: { apiUrl: rig.site.url }, tenants, mongo }),
    );
    return file;
  }

  function siteTime(): string {
    return new Date(site.rig.model().now).toISOString();
  }

  /** After the import, before anything moves. */
  async function breakRelease(): Promise<() => Promise<void>> {
    if (engineName === "embedded") {
      await site.rig.site.changeFaults({ add: [{ name: "release-fails" }] });
      return () => site.rig.site.changeFaults({ clear: ["release-fails"] });
    }
    const push = async (files: Record<string, string>): Promise<void> =>
      site.registry.push(
        `charts-${route.to}/${rowOf("hubble", route.to).chart}`,
        route.to,
        await packed(hubbleChart(route.to, files)),
      );
    await push({ "templates/broken.yaml": '{{ fail "planted failure" }}\n' });
    return () => push({});
  }

  describe("the same looks find what is there", () => {
    it("on a command line, in an environment, in what is printed, in a file that comes and goes", async () => {
      const { name, value } = site.planted.find((planted) => planted.name === "MongoDB password")!;
      const forms = formsOfSecret(value);
      const file = join(site.rig.projectDir, "tmp", "passing.json");
      const script = `
        const { writeFileSync, rmSync } = require("node:fs");
        writeFileSync(${JSON.stringify(file)}, process.env.INTO_FILE);
        process.stdout.write(process.env.TO_STDOUT);
        process.stderr.write(process.env.TO_STDERR);
        setTimeout(() => rmSync(${JSON.stringify(file)}), 600);`;
      const { watch, ...run } = await runNode(site, ["-e", script, "--", forms["base64 at byte 2"]![0]!], {
        INTO_FILE: forms["JSON-escaped"]![0]!,
        TO_STDOUT: forms["base64 at byte 1"]![0]!,
        TO_STDERR: forms["URL-encoded"]![0]!,
      });
      const search = searchFor(site.planted);
      assert.match([...watch.commandLines].join("\n"), new RegExp(`: ${name} \\(base64 at byte 2\\)`));
      assert.deepEqual(search(run.reported), [`${name} (base64 at byte 1)`]);
      assert.ok(search(run.errors).includes(`${name} (URL-encoded)`));
      assert.deepEqual([...watch.passing], [`passing.json: ${name} (JSON-escaped)`]);
      const held = new Set(watch.held.map(({ entry }) => entry));
      assert.deepEqual([...held].sort(), ["INTO_FILE", "TO_STDERR", "TO_STDOUT"]);
    });

    const places = [
      "backend/state.json",
      "backend/.pulumi/stacks/palette/dev.json",
      "backend/.pulumi/stacks/palette/dev.json.bak",
      "backend/.pulumi/history/palette/dev/dev-1.history.json.gz",
      "backend/.pulumi/backups/palette/dev/dev.1.json",
      ".palette/journal/dev.jsonl",
      ".palette/charts/release-4.8.8/note.txt",
      "home/logs/engine.log",
      "preview.json",
    ];
    it("in every file, in every form", () => {
      const folder = mkdtempSync(join(tmpdir(), "planted-"));
      try {
        for (const { name, value } of site.planted) {
          for (const [form, [text]] of Object.entries(formsOfSecret(value))) {
            for (const place of places) {
              const bytes = Buffer.from(`{"before":1,"it":"${text}","after":2}`);
              mkdirSync(dirname(join(folder, place)), { recursive: true });
              writeFileSync(join(folder, place), place.endsWith(".gz") ? gzipSync(bytes) : bytes);
            }
            const found = sightingsBelow(folder, searchFor(site.planted));
            for (const place of places) assert.ok(found.includes(`${place}: ${name} (${form})`), `${place}: ${form}`);
          }
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("and only what the design says is let pass", () => {
      const { PALETTE_API_KEY_0: key = "" } = entries(site);
      const gate = ["node", "bin/palette-upgrade", "gate", "values"];
      const table: [allowed: boolean, argv: string[], entry: string, value: string][] = [
        [true, gate, "PALETTE_API_KEY_0", key],
        [true, ["/bin/sh", "-c", `exec ${gate.join(" ")}`], "PALETTE_API_KEY_0", key],
        [false, gate, "PALETTE_GATE_SETTINGS", key],
        [false, gate, "PALETTE_API_KEY_0", `${key} `],
        [false, ["sleep", "0.3"], "PALETTE_API_KEY_0", key],
        [false, ["sh", "-c", "leash", "palette-check", "sleep"], "PALETTE_API_KEY_0", key],
        [false, ["pulumi", "up"], "PULUMI_CONFIG", key],
      ];
      for (const [allowed, argv, entry, value] of table)
        assert.equal(isDesigned({ argv, entry, value }, site), allowed, `${argv.join(" ")} ${entry}`);
      const copy = "backend/.pulumi/stacks/palette/dev.json.bak: stored Helm value (plain)";
      assert.ok(isNamedCopy(copy, "still hold them: .pulumi/stacks/palette/dev.json.bak"));
      assert.ok(!isNamedCopy(copy, "nothing is named"));
      assert.ok(!isNamedCopy(copy.replace("stored Helm value", "API key"), copy));
      assert.ok(!isNamedCopy(copy.replace(".bak", ""), copy.replace(".bak", "")));
      assert.ok(!isTheSites("r/kubeconfig: API key (plain)"));
      assert.ok(isPluginsCopy("palette-upgrade-a1/tmp/kubeconfig17: kubeconfig token (plain)"));
      assert.ok(!isPluginsCopy("kubeconfig17: kubeconfig token (plain)"));
      assert.ok(!isPluginsCopy("palette-upgrade-a1/tmp/kubeconfig17: API key (plain)"));
    });
  });
});
