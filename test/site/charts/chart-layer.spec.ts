import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openChartSource } from "../../../lib/site/charts/open-chart-source.js";
import { FakeClock } from "../../gates/fake-site.js";
import { cleanUp, serve } from "../servers.js";
import { hubbleChart, packed, rowOf, temporaryProject, type TemporaryProject } from "./fixtures.js";

const chartType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const hash = (bytes: Buffer | string, algorithm = "sha256"): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
const manifestOf = (layers: object[], more: object = {}): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers, ...more });

describe("a chart's manifest in a registry", () => {
  let project: TemporaryProject;
  let chart: Buffer;
  let host: string;
  let asked: string[];
  /** By tag or digest. */
  let manifests: Map<string, { type: string; text: string }>;

  beforeEach(async () => {
    project = temporaryProject();
    chart = await packed(hubbleChart("4.7.20"));
    asked = [];
    manifests = new Map();
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const [, kind = "", reference = ""] = /\/(manifests|blobs|tags)\/(.+)$/.exec(request.url!) ?? [];
      if (kind === "blobs") return void response.end(chart);
      const found = manifests.get(reference);
      if (found === undefined) return void response.writeHead(404).end('{"errors":[]}');
      response.writeHead(200, { "content-type": found.type }).end(found.text);
    });
    host = new URL(url).host;
  });
  afterEach(async () => {
    project.remove();
    await cleanUp();
  });

  const put = (text: string, type = manifestType, digest = hash(text)): { mediaType: string; digest: string } => {
    manifests.set(digest, { type, text });
    return { mediaType: type, digest };
  };
  const layerOf = (digest: unknown): object => ({ mediaType: chartType, digest });
  const image = (): { digest: string } => put(manifestOf([{ mediaType: "application/vnd.oci.image.layer.v1.tar" }]));
  const signature = (): { digest: string } =>
    put(manifestOf([{ mediaType: "application/vnd.dev.cosign.simplesigning.v1+json" }]));
  const find = (): Promise<{ sha256: string }> =>
    openChartSource({
      location: `oci://${host}/charts`,
      pins: null,
      projectDir: project.dir,
      user: "",
      password: "",
      caFile: null,
      clock: new FakeClock(),
    }).find("4.7.20", rowOf("hubble"));
  const tag = (text: string, type = manifestType): void => void manifests.set("4.7.20", { type, text });
  const index = (...entries: object[]): void =>
    tag(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: entries }), indexType);

  const readable: [title: string, put: () => void][] = [
    ["sha256", () => tag(manifestOf([layerOf(hash(chart))]))],
    ["sha512", () => tag(manifestOf([layerOf(hash(chart, "sha512"))]))],
    [
      "a README beside the chart",
      () => tag(manifestOf([{ mediaType: "text/markdown", digest: "md5:0" }, layerOf(hash(chart))])),
    ],
    [
      "what ORAS pushed, with an artifact type and an empty config",
      () =>
        tag(
          manifestOf([layerOf(hash(chart))], {
            artifactType: "application/vnd.cncf.helm.chart",
            config: { mediaType: "application/vnd.oci.empty.v1+json" },
          }),
        ),
    ],
    ["Helm's first media type", () => tag(manifestOf([{ mediaType: "application/tar+gzip", digest: hash(chart) }]))],
    ["an index of one", () => index(put(manifestOf([layerOf(hash(chart))])))],
    [
      "an index of one by sha512",
      () => {
        const text = manifestOf([layerOf(hash(chart))]);
        index(put(text, manifestType, hash(text, "sha512")));
      },
    ],
    ["an index with a signature beside it", () => index(signature(), put(manifestOf([layerOf(hash(chart))])))],
    [
      "Docker's list",
      () => {
        const list = { schemaVersion: 2, manifests: [put(manifestOf([layerOf(hash(chart))]))] };
        tag(JSON.stringify(list), "application/vnd.docker.distribution.manifest.list.v2+json");
      },
    ],
  ];
  for (const [title, prepare] of readable)
    it(`is read: ${title}`, async () => {
      prepare();
      assert.equal((await find()).sha256, createHash("sha256").update(chart).digest("hex"));
    });

  const refused: [title: string, put: () => void, says: string][] = [
    [
      "a digest of another algorithm, by its own name",
      () => tag(manifestOf([layerOf("blake3:abc")])),
      'names its chart by "blake3:abc", which is no sha256 or sha512 digest in lower case.',
    ],
    [
      "a digest in upper case",
      () => tag(manifestOf([layerOf(`sha256:${"A".repeat(64)}`)])),
      `names its chart by "sha256:${"A".repeat(64)}", which is no sha256 or sha512 digest in lower case.`,
    ],
    [
      "a digest of the wrong length",
      () => tag(manifestOf([layerOf("sha256:abc")])),
      'names its chart by "sha256:abc", which is no sha256 or sha512 digest in lower case.',
    ],
    [
      "no digest",
      () => tag(manifestOf([layerOf(undefined)])),
      "names its chart by null, which is no sha256 or sha512 digest in lower case.",
    ],
    [
      "an index with a digest of another algorithm",
      () => index({ digest: "sha384:abc" }),
      'names its chart by "sha384:abc", which is no sha256 or sha512 digest in lower case.',
    ],
    [
      "an image",
      () => tag(manifestOf([{ mediaType: "application/vnd.oci.image.layer.v1.tar" }])),
      "is no Helm chart: its manifest names no chart layer.",
    ],
    [
      "an index of images",
      () => index(image()),
      "is an image index of 1 manifests, none of them a chart's; expected one.",
    ],
    ["an empty index", () => index(), "is an image index of 0 manifests, none of them a chart's; expected one."],
    [
      "an index of two charts",
      () => index(put(manifestOf([layerOf(hash(chart))])), put(manifestOf([layerOf(hash(chart, "sha512"))]))),
      "is an image index of 2 manifests, 2 of them a chart's; expected one.",
    ],
    [
      "an index without end",
      () => index(...Array.from({ length: 21 }, () => ({ digest: hash("x") }))),
      "is an image index of 21 manifests; at most 20 are read.",
    ],
  ];
  for (const [title, prepare, says] of refused)
    it(`is refused: ${title}`, async () => {
      prepare();
      const shown = `oci://${host}/charts/spectro-mgmt-plane`;
      await assert.rejects(find(), {
        code: "CHARTS_INVALID",
        message: `Palette 4.7.20: ${shown} cannot be fetched: ${shown}:4.7.20 ${says}`,
      });
      assert.ok(!asked.some((line) => line.includes("/blobs/")));
    });
});
