import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createImagesGate } from "../../lib/gates/images/gate.js";
import { helmReleaseGate } from "../../lib/gates/helm-release/gate.js";
import type { Verdict } from "../../lib/gates/verdict/types.js";
import { openChartSource } from "../../lib/site/charts/open-chart-source.js";
import { decodeHelmRecord, type HelmRecord, toHelmRevision } from "../../lib/site/helm/records.js";
import { openRegistry } from "../../lib/site/registry/client.js";
import { sharedFile } from "../planning/matrix/shared-folder.js";
import { rowOf, temporaryProject } from "../site/charts/fixtures.js";
import { cleanUp, serve } from "../site/servers.js";
import { FakeClock, fakeSite, inputFor, neverAborted } from "./fake-site.js";
import { installationWith, pod, rendererOf } from "./images/installation.js";

interface StoredSecret {
  metadata: { name: string; namespace: string };
  data: { release: string };
}

/** The Helm records of a case's Secrets. */
function readRecords(file: string): HelmRecord[] {
  const { secrets } = JSON.parse(readFileSync(file, "utf8")) as { secrets: StoredSecret[] };
  return secrets.map(({ metadata, data }) => decodeHelmRecord({ ...metadata, release: data.release }));
}

function given(name: string, title: string, test: (file: string) => Promise<void>): void {
  const found = sharedFile("data", "field-cases", ...name.split("/"));
  if ("missing" in found) it.skip(`${name} (${found.missing})`);
  else it(`${name}: ${title}`, () => test(found.file));
}

const html = "<!doctype html><title>Log in</title>";
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const page =
  (status: number, type = "text/html"): Answer =>
  (request, response) =>
    void response.writeHead(status, { "content-type": type }).end(request.method === "HEAD" ? undefined : html);

describe("field cases: gates", () => {
  afterEach(cleanUp);

  const pages: [title: string, answer: Answer][] = [
    ["a login page with 200", page(200)],
    ["a login page with 404", page(404)],
    ["a page that says it is JSON", page(200, "application/json")],
    [
      "a redirect to a login page",
      (request, response) =>
        request.url === "/login"
          ? page(200)(request, response)
          : void response.writeHead(302, { location: "/login" }).end(),
    ],
  ];
  for (const [title, answer] of pages) {
    given("01-images-http200/scenario.json", `${title} is no registry: images`, async (file) => {
      const { host } = new URL(await serve(answer));
      const [record] = readRecords(file);
      const values = record!.config as { config: { ociImageRegistry: Record<string, string> } };
      values.config.ociImageRegistry["endpoint"] = host;
      const renderer = rendererOf(pod("us-docker.pkg.dev/palette/web:4.7.20"));
      const gate = createImagesGate({ renderer, openRegistry });
      const input = inputFor({ site: installationWith(values), clock: new FakeClock() });
      const { outcome, reasons } = await gate.sample(input, neverAborted);
      assert.deepEqual([outcome, reasons.map(({ code }) => code)], ["unknown", ["ANSWER_MALFORMED"]]);
      assert.match(reasons[0]!.message, /what answers there is no registry\.$/);
    });

    given("01-images-http200/settings.json", `${title} is no registry: charts`, async (file) => {
      const { location } = (JSON.parse(readFileSync(file, "utf8")) as { charts: { location: string } }).charts;
      const { host } = new URL(await serve(answer));
      const project = temporaryProject();
      try {
        const source = openChartSource({
          location: location.replace(/^oci:\/\/[^/]+/, `oci://${host}`),
          pins: null,
          projectDir: project.dir,
          user: "",
          password: "",
          caFile: null,
          clock: new FakeClock(),
        });
        await assert.rejects(source.find("4.7.20", rowOf("hubble")), {
          code: "CHARTS_INVALID",
          message: /: what answers there is no registry\.$/,
        });
      } finally {
        project.remove();
      }
    });
  }

  /** The gate on a case's records, before 4.6.41 -> 4.7.20, which brings cert-manager in this version. */
  function judge(file: string, brought: string): Promise<Verdict> {
    const records = readRecords(file);
    const fake = fakeSite({ revisions: records.map(toHelmRevision) });
    const site = {
      ...fake,
      kubernetes: {
        ...fake.kubernetes,
        helmValues: (_: string, name: string) =>
          Promise.resolve(records.find((record) => record.name === name)!.config!),
      },
      charts: () => ({
        find: () => Promise.resolve({ path: "c.tgz", version: brought, sha256: "", archiveValues: {} }),
        getDefaults: () => Promise.reject(new Error("not asked for")),
        getContents: () => Promise.reject(new Error("not asked for")),
      }),
    };
    return helmReleaseGate.sample(inputFor({ site }), neverAborted);
  }

  given("06-foreign-cert-manager/scenario.json", "refused, with the keys it would lose", async (file) => {
    const older = await judge(file, "1.14.5");
    assert.deepEqual([older.outcome, older.reasons.map(({ code }) => code)], ["fail", ["RELEASE_NEWER"]]);
    assert.match(older.reasons[0]!.message, /revision 1 for v1\.16\.3 is newer than the 1\.14\.5 that the hop brings/);
    assert.match(older.reasons[0]!.message, /would drop its values \(crds\.enabled, extraArgs\)/);
    const newer = await judge(file, "1.20.2");
    assert.deepEqual([newer.outcome, newer.reasons.map(({ code }) => code)], ["fail", ["RELEASE_FOREIGN"]]);
  });
});
