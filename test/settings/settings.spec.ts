import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseSettings } from "../../lib/settings/settings.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { InvalidInputError } from "../../lib/base/errors/errors.js";

const good = {
  "palette:target": "4.7.20",
  "palette:matrix": "palette-kubernetes-4.7.20",
  "palette:clusterIdentifier": "palette-dev",
};

function faultsOf(raw: Record<string, string>, file: string | null = null): string[] {
  try {
    parseSettings(raw, file);
  } catch (error) {
    assert.ok(error instanceof InvalidInputError);
    assert.equal(error.code, "SETTINGS_INVALID");
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/^ {2}- /, ""));
  }
  return [];
}

describe("settings", () => {
  it("three keys are enough; the rest has defaults", () => {
    const settings = parseSettings(good, null);
    assert.equal(settings.edition, "palette");
    assert.equal(settings.releaseNamespace, "default");
    assert.deepEqual(settings.tenants, []);
  });

  const cases: [string, Record<string, string>, RegExp][] = [
    ["a missing key", { "palette:target": "" }, /^palette:target: found ""/],
    [
      "an unknown key, with the name that was meant",
      { "palette:targt": "4.7.20" },
      /palette:targt: this key is not known \(did you mean palette:target\?\)/,
    ],
    ["an edition that does not exist", { "palette:edition": "verteX" }, /^palette:edition: found "verteX"/],
    [
      "a boolean written as a word",
      { "palette:airgap": "yes" },
      /^palette:airgap: found "yes"; write true or false\.$/,
    ],
    ["a list that is none", { "palette:via": "4.6.41" }, /^palette:via: found "4\.6\.41"; write a list\.$/],
    [
      "a version that is none, by its place",
      { "palette:via": '["4.6"]' },
      /^palette:via\[0\]: found "4.6"; "4.6" is not a Palette version/,
    ],
    [
      "an own row without who approved it",
      { "palette:extraRows": '[{"from":"4.7.26","to":"4.7.27","link":"https://t.example/1","because":"Called."}]' },
      /^palette:extraRows\[0\]\.?approvedBy: missing/,
    ],
    [
      "an own row with a wildcard",
      {
        "palette:extraRows":
          '[{"from":"4.7.x","to":"4.7.27","approvedBy":"Ada","link":"https://t.example/1","because":"Called."}]',
      },
      /^palette:extraRows\[0\]\.?from: found "4.7.x"; "4.7.x" is not a Palette version/,
    ],
    ["a negative duration", { "palette:mongoMaxLagSeconds": "-1" }, /^palette:mongoMaxLagSeconds: found -1/],
    [
      "PCGs named and denied",
      {
        "palette:pcgs": "none",
        "palette:apiUrl": "https://p.example",
        "palette:tenants": '[{"name":"a","apiKey":"k","pcgs":[]}]',
      },
      /^palette:pcgs: found "none" beside 1 palette:tenants/,
    ],
    [
      "tenants without the API's address",
      { "palette:tenants": '[{"name":"a","apiKey":"k","pcgs":[]}]' },
      /^palette:apiUrl: missing/,
    ],
    [
      "a tenant without a key that the API is to be asked with",
      { "palette:apiUrl": "https://p.example", "palette:tenants": '[{"name":"a","pcgs":["p"]}]' },
      /^palette:tenants\[0\]\.apiKey: missing; set the key of tenant "a" as a secret, or name a kubeconfig of each of its PCGs/,
    ],
    [
      "a gateway's cluster that no tenant lists",
      {
        "palette:apiUrl": "https://p.example",
        "palette:tenants": '[{"name":"a","apiKey":"k","pcgs":["p"]}]',
        "palette:pcgClusters": '[{"pcg":"a/q","kubeconfig":"q.yaml"}]',
      },
      /^palette:pcgClusters: "a\/q" is not among the PCGs of palette:tenants/,
    ],
    [
      "a tenant twice",
      {
        "palette:apiUrl": "https://p.example",
        "palette:tenants": '[{"name":"a","apiKey":"k","pcgs":[]},{"name":"a","apiKey":"l","pcgs":[]}]',
      },
      /tenant "a" stands there twice/,
    ],
    [
      "a name that is none of them",
      { "palette:cloud": "azure" },
      /: found "azure"; write one of "eks", "gke", "aks", "other", or leave it out\.$/,
    ],
    ["a word of its own", { "palette:pcgs": "all" }, /^palette:pcgs: found "all"; write "none", or leave it out\.$/],
    ["a number that is none", { "palette:mongoMaxLagSeconds": "ten" }, /: found "ten"; write a number\.$/],
    ["half a look", { "palette:mongoSamples": "1.5" }, /: found 1\.5; write a whole number\.$/],
    ["no look at all", { "palette:mongoSamples": "0" }, /: found 0; write more than 0\.$/],
    [
      "an address without its scheme",
      { "palette:apiUrl": "p.example" },
      /: found "p\.example"; write an address, e\.g\. "https:\/\/palette\.example\.com"\.$/,
    ],
    [
      "values that are no map, not shown",
      { "palette:values": '{"hubble":"planted"}' },
      /^palette:values\.hubble: found a value \(not shown\); write keys with values\.$/,
    ],
    [
      "an own check without a command",
      { "palette:checks": '[{"name":"a","when":"before","command":[],"timeoutSeconds":5}]' },
      /^palette:checks\[0\]\.?command: found \[\]; it must not be empty\.$/,
    ],
    [
      "PCGs of a Palette that is only to be installed",
      {
        "palette:install": "true",
        "palette:apiUrl": "https://p.example",
        "palette:tenants": '[{"name":"a","apiKey":"k","pcgs":["p"]}]',
      },
      /^palette:install: found true beside PCGs in palette:tenants; there are none before Palette is installed: set palette:pcgs to "none" and add the tenants afterwards\.$/,
    ],
    ["a key that is needed", { "palette:matrix": undefined as never }, /^palette:matrix: missing; write a text\.$/],
    [
      "an acknowledgement of an act that does not exist",
      { "palette:acknowledge": '[{"act":"breaking-change","hop":"4.6.41->4.7.20","by":"me","because":"done"}]' },
      /^palette:acknowledge\[0\]\.act: found "breaking-change", which is no act; the acts are .*\bbreaking-changes\b/,
    ],
    ...["Europe/Atlantis", "+01:00", "", "Berlin"].map((zone): [string, Record<string, string>, RegExp] => [
      `a window in the zone "${zone}"`,
      { "palette:windows": JSON.stringify([{ days: ["sunday"], from: "22:00", to: "02:00", zone }]) },
      new RegExp(
        `^palette:windows\\[0\\]\\.zone: found "${zone.replace("+", "\\+")}"; this zone is not known here; write an IANA name, e\\.g\\. "Europe/Berlin"\\.$`,
      ),
    ]),
    [
      "an acknowledgement of no hop",
      { "palette:acknowledge": '[{"act":"backup","hop":"4.7.20","by":"me","because":"done"}]' },
      /^palette:acknowledge\[0\]\.hop: found "4\.7\.20"; write the hop as/,
    ],
  ];
  for (const [title, change, expected] of cases) {
    it(`refuses ${title}`, () => {
      const faults = faultsOf({ ...good, ...change });
      assert.equal(faults.length, 1, faults.join(" | "));
      assert.match(faults[0]!, expected);
    });
  }

  const accepted = (until: string): Record<string, string> => ({
    "palette:acknowledge": JSON.stringify([{ act: "backup", hop: "4.6.41->4.7.20", by: "me", because: "done", until }]),
  });
  it("takes a day without quotes, as the engine hands it on", () => {
    assert.deepEqual(faultsOf({ ...good, ...accepted("2026-12-01 00:00:00 +0000 UTC") }), []);
    assert.deepEqual(faultsOf({ ...good, ...accepted("1.12.2026") }), [
      'palette:acknowledge[0].until: found "1.12.2026"; write the day in quotes, e.g. "2026-12-31".',
    ]);
  });

  it("takes a tenant without key and API address where each of its PCGs has a kubeconfig", () => {
    assert.deepEqual(
      faultsOf({
        ...good,
        "palette:tenants": '[{"name":"a","pcgs":["p"]}]',
        "palette:pcgClusters": '[{"pcg":"a/p","kubeconfig":"p.yaml"}]',
      }),
      [],
    );
  });

  for (const zone of ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC", "Asia/Kolkata"]) {
    it(`takes a window in the zone ${zone}`, () => {
      const windows = JSON.stringify([{ days: ["sunday"], from: "22:00", to: "02:00", zone }]);
      assert.deepEqual(faultsOf({ ...good, "palette:windows": windows }), []);
    });
  }

  it("lists all faults at once", () => {
    assert.equal(faultsOf({ "palette:edition": "x", "palette:nonsense": "1" }).length, 5);
  });

  const withKeys: [title: string, tenants: string, path: string][] = [
    ["that is a number", '[{"name":"a","apiKey":12345678,"pcgs":[]}]', "palette:tenants[0].apiKey"],
    ["in a list that is not JSON", '[{"name":"a","apiKey":"12345678"', "palette:tenants"],
    ["in the place of the list", '"12345678"', "palette:tenants"],
    ["in the place of a tenant", '["12345678"]', "palette:tenants[0]"],
  ];
  for (const [title, tenants, path] of withKeys) {
    it(`never shows an API key ${title}`, () => {
      const faults = faultsOf({ ...good, "palette:apiUrl": "https://p.example", "palette:tenants": tenants });
      assert.ok(faults[0]!.startsWith(`${path}: found a value (not shown); `), faults.join());
      assert.ok(!faults.join().includes("12345678"));
    });
  }

  it("an unquoted 4.10, which YAML reads as 4.1, is named with what to write", () => {
    const file = "config:\n  palette:target: 4.10\n  palette:via:\n    - 4.6\n";
    const faults = faultsOf({ ...good, "palette:target": "4.1" }, file);
    assert.deepEqual(faults, [
      'palette:target: found 4.10 without quotes, which YAML reads as the number 4.1; write "4.10".',
      'palette:via: found 4.6 without quotes, which YAML reads as the number 4.6; write "4.6".',
    ]);
  });

  it("a quoted 4.10 is what it says", () => {
    assert.equal(
      parseSettings({ ...good, "palette:target": "4.10" }, 'config:\n  palette:target: "4.10"\n').target,
      "4.10",
    );
  });

  it("a stack file that is no YAML is said so", () => {
    assert.match(faultsOf(good, "config: [unclosed")[0]!, /^Pulumi stack file: not valid YAML/);
  });

  it("Pulumi.yaml describes exactly the keys that are read, with the same defaults", () => {
    const project = parse(readFileSync(`${__dirname}/../../Pulumi.yaml`, "utf8")) as {
      config: Record<string, { default?: unknown; description: string }>;
    };
    assert.deepEqual(Object.keys(project.config).sort(), Object.keys(settingsSchema.shape).sort());
    const defaults: Record<string, unknown> = settingsSchema.parse({
      target: "t",
      matrix: "m",
      clusterIdentifier: "c",
    });
    for (const [key, row] of Object.entries(project.config)) {
      assert.ok(row.description.length > 10, key);
      if (!["target", "matrix", "clusterIdentifier"].includes(key)) assert.deepEqual(row.default, defaults[key], key);
    }
  });
});
