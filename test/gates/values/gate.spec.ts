import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type ChartContents } from "../../../lib/site/charts/chart-contents.js";
import { type ChartSource } from "../../../lib/site/charts/types.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { valuesGate } from "../../../lib/gates/values/gate.js";
import { type HelmRevision, type KubernetesSite, type RecordedChart, type Site } from "../../../lib/site/types.js";
import { arrived, fakeSite, inputFor, revision } from "../fake-site.js";

const contents = (defaults: Record<string, unknown>): ChartContents => ({
  name: "spectro-mgmt-plane",
  version: "4.7.20",
  appVersion: "4.7.20",
  defaults,
  schema: null,
  templates: [],
});

/** A site whose records and charts are as given. */
function siteWith(
  facts: {
    stored?: Record<string, unknown>;
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
    revisions?: HelmRevision[];
    charts?: Partial<ChartSource>;
  },
  throws: Partial<Record<keyof KubernetesSite, () => Error>> = {},
): Site & { asked: string[] } {
  const site = fakeSite({ revisions: facts.revisions ?? arrived("4.5.23", "4.6.41") }, throws);
  const asked: string[] = [];
  const old: RecordedChart = { defaults: facts.before ?? {}, schema: null, templates: [] };
  return {
    ...site,
    asked,
    kubernetes: {
      ...site.kubernetes,
      ...(throws.helmValues
        ? {}
        : {
            helmValues: (_namespace, name, number) => {
              asked.push(`${name} ${number}`);
              return Promise.resolve(facts.stored ?? {});
            },
          }),
      helmChart: () => Promise.resolve(old),
    },
    charts: () => ({
      find: (version, { role }) =>
        Promise.resolve({ path: `${version}/${role}`, version: "1", sha256: "s", archiveValues: {} }),
      getDefaults: () => Promise.resolve(facts.after ?? {}),
      getContents: () => Promise.resolve(contents(facts.after ?? {})),
      ...facts.charts,
    }),
  };
}

const sample = (site: Site): Promise<Verdict> => valuesGate.sample(inputFor({ site }), new AbortController().signal);
const codes = ({ outcome, reasons }: Verdict): string[] => [outcome, ...reasons.map(({ code }) => code)];

describe("gate values", () => {
  it("compares the deployed revision's values and chart with the next chart", async () => {
    const site = siteWith({ stored: { a: 2, b: 1 }, before: { a: 1, b: 1 }, after: { b: 1 } });
    const verdict = await sample(site);
    assert.deepEqual(codes(verdict), ["fail", "LOST_KEY"]);
    assert.deepEqual(verdict.reasons[0]!.member, "a");
    assert.deepEqual(site.asked, ["hubble 2"]);
    assert.deepEqual(verdict.observed, {
      releases: {
        "cert-manager": { nextChart: "4.7.20", takes: "stored values", storedKeys: 0, overriddenKeys: 0 },
        hubble: { nextChart: "4.7.20", takes: "stored values", storedKeys: 2, overriddenKeys: 0 },
      },
    });
  });

  it("passes where everything stored still means something", async () => {
    assert.deepEqual(codes(await sample(siteWith({ stored: { b: 2 }, before: { b: 1 }, after: { b: 1 } }))), ["pass"]);
  });

  it("says that stand-in charts without defaults gave nothing to compare", async () => {
    const verdict = await sample(siteWith({ stored: { mongo: { databasePassword: "pl4nted" } } }));
    assert.deepEqual(codes(verdict), ["pass", "NOTE"]);
    assert.equal(
      verdict.reasons[0]!.message,
      'Release "hubble": neither the installed chart nor the next one brings defaults; there was nothing to compare the stored values with.',
    );
    assert.doesNotMatch(JSON.stringify(verdict), /pl4nted/);
  });

  it("judges every release of the set that is installed", async () => {
    const others = ["image-swap", "reach-system", "cert-manager"].map((name) =>
      revision({ name, chart: name, revision: 3, chartVersion: "1.0.0" }),
    );
    const site = siteWith({ revisions: [...arrived("4.5.23", "4.6.41"), ...others], stored: {}, after: { a: 1 } });
    await sample(site);
    assert.deepEqual(site.asked.sort(), ["cert-manager 3", "hubble 2", "image-swap 3", "reach-system 3"]);
  });

  it("a chart of a release that is not there is unknown, with what to do", async () => {
    const missing = new InvalidInputError("CHART_MISSING", "Palette 4.7.20 needs x, which is not there.", {
      next: "Fetch it.",
    });
    const verdict = await sample(siteWith({ charts: { find: () => Promise.reject(missing) } }));
    assert.deepEqual(codes(verdict), ["unknown", "CHART_MISSING", "CHART_MISSING"]);
    assert.equal(verdict.reasons[0]!.message, "Palette 4.7.20 needs x, which is not there. Fetch it.");
    assert.equal(verdict.transient, undefined);
  });

  it("a registry that does not answer is asked again", async () => {
    const silent = new InvalidInputError("CHARTS_UNREACHABLE", "no answer");
    const verdict = await sample(siteWith({ charts: { find: () => Promise.reject(silent) } }));
    assert.deepEqual(
      [codes(verdict), verdict.transient],
      [["unknown", "CHARTS_UNREACHABLE", "CHARTS_UNREACHABLE"], true],
    );
  });

  it("records that cannot be read are unknown", async () => {
    const forbidden = (): Error => new SiteError("forbidden", "secrets may not be read");
    assert.deepEqual(codes(await sample(siteWith({}, { helmValues: forbidden }))), ["unknown", "FORBIDDEN"]);
    assert.deepEqual(codes(await sample(siteWith({}, { helmRevisions: forbidden }))), ["unknown", "FORBIDDEN"]);
  });

  it("a site without charts is unknown, never a pass", async () => {
    assert.deepEqual(codes(await sample({ ...siteWith({}), charts: undefined })), [
      "unknown",
      "CHARTS_LOCATION",
      "CHARTS_LOCATION",
    ]);
  });
});
