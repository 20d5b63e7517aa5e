import assert from "node:assert/strict";
import { type ChartContents } from "../../../lib/site/charts/chart-contents.js";
import { type ChartsByVersion } from "../../../lib/site/charts/check-charts.js";
import { type FoundChart } from "../../../lib/site/charts/types.js";
import { refuseIncompleteValues } from "../../../lib/program/step/releases/declared-releases.js";

const chart: FoundChart = { path: "charts/hubble.tgz", version: "4.7.20", sha256: "", archiveValues: {} };

const contents: ChartContents = {
  name: "spectro-mgmt-plane",
  version: "4.7.20",
  appVersion: "4.7.20",
  defaults: { mongo: { replicas: 3 }, env: { rootDomain: "" } },
  schema: {
    required: ["mongo"],
    properties: { mongo: { required: ["databasePassword"], properties: {} } },
  },
  templates: [{ path: "templates/a.yaml", below: "", text: '{{ required "needed" .Values.env.rootDomain }}' }],
};

async function judge(values: Record<string, unknown>): Promise<void> {
  const charts: ChartsByVersion = new Map([["4.7.20", { hubble: chart }]]);
  await refuseIncompleteValues({
    destination: "4.7.20",
    releases: [{ role: "hubble", values }] as never,
    charts,
    source: { getContents: () => Promise.resolve(contents) },
  });
}

describe("values of a fresh install", () => {
  it("all that the charts require is given", async () => {
    await judge({ mongo: { databasePassword: "planted" }, env: { rootDomain: "palette.example.com" } });
  });

  it("each key that is missing is named by its path, by schema and by template, and no value shows", async () => {
    await assert.rejects(judge({ mongo: { other: "planted" } }), (error: Error & { code: string; next: string }) => {
      assert.deepEqual(
        [error.code, error.message],
        [
          "VALUES_INCOMPLETE",
          "The charts of 4.7.20 require values that are not set:\n  - palette:values.hubble.mongo.databasePassword\n  - palette:values.hubble.env.rootDomain",
        ],
      );
      assert.match(error.next, /^Set each: pulumi config set --path 'palette:values\.hubble\.mongo\.databasePassword'/);
      assert.ok(!`${error.message}${error.next}`.includes("planted"));
      return true;
    });
  });

  it("an empty text is not given where a template requires it; a default of the chart is", async () => {
    await assert.rejects(judge({ mongo: { databasePassword: "planted" }, env: { rootDomain: "" } }), {
      message: /require values that are not set:\n {2}- palette:values\.hubble\.env\.rootDomain$/,
    });
  });
});
