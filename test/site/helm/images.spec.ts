import assert from "node:assert/strict";
import { listManifestImages, type HelmRecord } from "../../../lib/site/helm/records.js";

function record(manifest: string, hooks: { manifest?: string }[] = []): HelmRecord {
  return {
    name: "hubble",
    namespace: "default",
    version: 1,
    info: { status: "deployed", last_deployed: "2026-01-01T00:00:00Z" },
    chart: { metadata: { name: "spectro-mgmt-plane", version: "4.6.41" } },
    manifest,
    hooks,
  };
}

const podSpec = "{initContainers: [{image: init:1}], containers: [{image: main:1}]}";
const deployment = `kind: Deployment\nspec: {template: {spec: ${podSpec}}}\n`;
const cronJob = "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: sync:1}]}}}}}\n";
const hook = { manifest: "kind: Job\nspec: {template: {spec: {containers: [{image: migrate:2}]}}}\n" };

describe("the images of a release record", () => {
  const cases: [title: string, given: HelmRecord, images: string[]][] = [
    [
      "of all kinds of workload, init containers too",
      record(`${deployment}---\n${cronJob}`),
      ["init:1", "main:1", "sync:1"],
    ],
    ["of hooks too", record(deployment, [hook]), ["init:1", "main:1", "migrate:2"]],
    ["each once", record(`${deployment}---\n${deployment}`), ["init:1", "main:1"]],
    ["an image elsewhere, as in a ConfigMap, is none", record("kind: ConfigMap\ndata: {image: planted}\n"), []],
    ["no manifest: none", record(""), []],
    ["documents that are empty are passed over", record(`---\n---\n${deployment}`), ["init:1", "main:1"]],
  ];
  for (const [title, given, images] of cases) {
    it(title, () => assert.deepEqual(listManifestImages(given), images));
  }

  it("a manifest of which a part cannot be read is none to tell by, and is not repeated", () => {
    assert.throws(() => listManifestImages(record(`${deployment}---\n"planted`)), {
      kind: "malformed",
      message: "The manifest of Helm release default/hubble, revision 1, cannot be read as YAML.",
    });
  });
});
