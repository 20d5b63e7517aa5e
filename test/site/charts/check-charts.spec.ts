import assert from "node:assert/strict";
import {
  checkCharts,
  collectChartDigests,
  collectVersionDigests,
  listReleaseRows,
} from "../../../lib/site/charts/check-charts.js";
import { type ChartSource, type FoundChart } from "../../../lib/site/charts/types.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";

const facts = { imageSwap: false, reachSystem: false };

/** Has every chart but those named `version role`. */
function source(missing: string[] = [], code = "CHART_MISSING"): ChartSource {
  return {
    find: (version, { role }) =>
      missing.includes(`${version} ${role}`)
        ? Promise.reject(
            new InvalidInputError(code, `Palette ${version} needs ${role}.tgz, which is not there.`, {
              next: "Fetch it.",
            }),
          )
        : Promise.resolve<FoundChart>({
            path: `${version}/${role}`,
            version: "1",
            sha256: `${version} ${role}`,
            archiveValues: {},
          }),
    getDefaults: () => Promise.reject(new Error("not asked for")),
    getContents: () => Promise.reject(new Error("not asked for")),
  };
}

describe("the charts of a route", () => {
  it("those of every hop, by role, with their checksums", async () => {
    const charts = await checkCharts({ versions: ["4.10.0", "4.6.41"], source: source(), facts, installed: [] });
    assert.deepEqual([...charts.keys()], ["4.6.41", "4.10.0"]);
    assert.deepEqual(collectChartDigests(charts), {
      "4.6.41/cert-manager": "4.6.41 cert-manager",
      "4.6.41/hubble": "4.6.41 hubble",
      "4.10.0/cert-manager": "4.10.0 cert-manager",
      "4.10.0/spectro-mgmt-crds": "4.10.0 spectro-mgmt-crds",
      "4.10.0/hubble": "4.10.0 hubble",
    });
    assert.deepEqual(collectVersionDigests(charts, "4.6.41"), {
      "cert-manager": "4.6.41 cert-manager",
      hubble: "4.6.41 hubble",
    });
  });

  const roles = (known: SiteFacts, installed: string[]): string[] =>
    listReleaseRows("4.7.20", { facts: known, installed }).map(({ role }) => role);

  it("a release that is installed is of the route, though no fact asks for it", () =>
    assert.deepEqual(roles({}, ["image-swap"]), ["cert-manager", "image-swap", "hubble"]));

  it("one that is not installed and that no fact asks for is not", () =>
    assert.deepEqual(roles({}, []), ["cert-manager", "hubble"]));

  it("one that the site is known not to have is not", () =>
    assert.deepEqual(roles(facts, ["image-swap"]), ["cert-manager", "hubble"]));

  it("everything that is missing is told at once", async () => {
    const missing = ["4.5.23 hubble", "4.7.20 cert-manager", "4.7.20 hubble"];
    const check = checkCharts({
      versions: ["4.5.23", "4.6.41", "4.7.20"],
      source: source(missing),
      facts,
      installed: [],
    });
    await assert.rejects(check, {
      code: "CHARTS_MISSING",
      message:
        "3 charts of the route (4.5.23, 4.6.41, 4.7.20) are not there as they should be; nothing was begun:\n" +
        "  - Palette 4.5.23 needs hubble.tgz, which is not there.\n" +
        "  - Palette 4.7.20 needs cert-manager.tgz, which is not there.\n" +
        "  - Palette 4.7.20 needs hubble.tgz, which is not there.",
      next: "Fetch it.",
    });
  });

  it("one that is missing keeps its own words", async () => {
    const check = checkCharts({
      versions: ["4.7.20"],
      source: source(["4.7.20 hubble"], "CHART_CHECKSUM"),
      facts,
      installed: [],
    });
    await assert.rejects(check, { code: "CHART_CHECKSUM" });
  });

  it("a fault of ours is no missing chart", async () => {
    const broken: ChartSource = { ...source(), find: () => Promise.reject(new TypeError("broken")) };
    await assert.rejects(checkCharts({ versions: ["4.7.20"], source: broken, facts, installed: [] }), TypeError);
  });
});
