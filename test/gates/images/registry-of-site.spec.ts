import assert from "node:assert/strict";
import { collectImages } from "../../../lib/gates/images/images-in-manifests.js";
import {
  parseImage,
  locateImage,
  parseSiteRegistry,
  type SiteRegistry,
} from "../../../lib/gates/images/registry-of-site.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const pem = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";
const registryOf = (section: Record<string, unknown>): SiteRegistry | null =>
  parseSiteRegistry({ config: { ociImageRegistry: section } });

describe("the registry an installation names", () => {
  it("host, path, credentials, CA and mirrors", () => {
    assert.deepEqual(
      registryOf({
        endpoint: "https://Harbor.example.com/",
        baseContentPath: "/spectro-images/",
        username: "robot$palette",
        password: base64("pl4nted"),
        caCert: base64(pem),
        mirrorRegistries: "docker.io::harbor.example.com/v2/hub, gcr.io::harbor.example.com/gcr",
      }),
      {
        host: "harbor.example.com",
        base: "spectro-images",
        user: "robot$palette",
        password: "pl4nted",
        ca: pem,
        mirrors: [
          ["docker.io", "harbor.example.com/v2/hub"],
          ["gcr.io", "harbor.example.com/gcr"],
        ],
      },
    );
  });
  it("a password that is not base64 is taken as it is", () =>
    assert.equal(registryOf({ endpoint: "h.example", password: "not*base64" })?.password, "not*base64"));
  for (const [title, section] of [
    ["no endpoint", { endpoint: "" }],
    ["no section", {}],
  ] as const) {
    it(`${title}: none`, () => assert.equal(registryOf(section), null));
  }
});

describe("where an image is looked for", () => {
  const registry: SiteRegistry = {
    host: "harbor.example.com",
    base: "base",
    user: "",
    password: "",
    ca: undefined,
    mirrors: [["docker.io", "harbor.example.com/v2/hub"]],
  };
  const digest = `sha256:${"a".repeat(64)}`;
  for (const [image, expected] of [
    ["harbor.example.com/base/web:1", "harbor.example.com base/web 1"],
    ["us-docker.pkg.dev/palette/web:1", "harbor.example.com base/us-docker.pkg.dev/palette/web 1"],
    ["docker.io/grafana/grafana:9", "harbor.example.com hub/grafana/grafana 9"],
    ["grafana/grafana:9", "harbor.example.com hub/grafana/grafana 9"],
    ["nginx", "harbor.example.com hub/library/nginx latest"],
    [`gcr.io/web:1@${digest}`, `harbor.example.com base/gcr.io/web ${digest}`],
    [`gcr.io/web@sha512:${"b".repeat(128)}`, `harbor.example.com base/gcr.io/web sha512:${"b".repeat(128)}`],
    [`gcr.io/web@blake3:${"c".repeat(64)}`, `harbor.example.com base/gcr.io/web blake3:${"c".repeat(64)}`],
    ["localhost:5000/web:1", "harbor.example.com base/localhost:5000/web 1"],
  ]) {
    it(image!, () => {
      const { host, repository, reference } = locateImage(image!, registry)!;
      assert.equal(`${host} ${repository} ${reference}`, expected);
    });
  }
  for (const text of ["", "{{ image }}", "a b:1", ":1"]) {
    it(`"${text}" is no image`, () => assert.equal(parseImage(text), null));
  }
});

describe("images in manifests", () => {
  const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: [{name: init, image: "r/init:1"}]
      containers:
        - {name: web, image: "r/web:1", env: [{name: JOB_IMAGE, value: r/not-seen:1}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: sync}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: "r/web:1"}]}}}}}
---
apiVersion: x.example/v1
kind: Agent
metadata: {name: a}
spec: {image: "r/agent:2", driverImage: "r/driver:3", imagePullPolicy: Always, icon: {image: plain}}
---
`;
  it("of pods, init containers, jobs and fields of custom resources, with who names them", () => {
    assert.deepEqual(
      [...collectImages(manifests)],
      [
        ["r/agent:2", ["Agent/a"]],
        ["r/driver:3", ["Agent/a"]],
        ["r/init:1", ["Deployment/web"]],
        ["r/web:1", ["Deployment/web", "CronJob/sync"]],
      ],
    );
  });
  it("what is no YAML is no empty list", () => assert.throws(() => collectImages("a: [1"), /no YAML/));
});
