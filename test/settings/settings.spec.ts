import assert from "node:assert/strict";
import { parseSettings } from "../../lib/settings/settings.js";
import { InvalidInputError } from "../../lib/base/errors/errors.js";
import { good, watched } from "./good-settings.js";

function faultsOf(raw: Record<string, string>, file: string | null = null): string[] {
  try {
    parseSettings(raw, file === null ? null : { path: "Pulumi.dev.yaml", text: file });
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
    assert.deepEqual(settings.helm, { namespace: "default", timeoutSeconds: 3600 });
    assert.deepEqual(settings.kubernetes, { kubeconfig: null, context: null });
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
      { "palette:site": '{"airgap":"yes"}' },
      /^palette:site\.airgap: found "yes"; write true or false\.$/,
    ],
    [
      "a list that is none",
      { "palette:route": '{"via":"4.6.41"}' },
      /^palette:route\.via: found "4\.6\.41"; write a list\.$/,
    ],
    [
      "a version that is none, by its place",
      { "palette:route": '{"via":["4.6"]}' },
      /^palette:route\.via\[0\]: found "4.6"; "4.6" is not a Palette version/,
    ],
    [
      "an own row without who approved it",
      {
        "palette:route":
          '{"extraRows":[{"from":"4.7.26","to":"4.7.27","link":"https://t.example/1","because":"Called."}]}',
      },
      /^palette:route\.extraRows\[0\]\.approvedBy: missing/,
    ],
    [
      "an own row with a wildcard",
      {
        "palette:route":
          '{"extraRows":[{"from":"4.7.x","to":"4.7.27","approvedBy":"Ada","link":"https://t.example/1","because":"Called."}]}',
      },
      /^palette:route\.extraRows\[0\]\.from: found "4.7.x"; "4.7.x" is not a Palette version/,
    ],
    ...(
      [
        ["a negative duration", '"-1s"', 'found "-1s"; write a duration with its unit, e.g. "90s", "15m" or "1h30m"'],
        ["a duration without a unit", "10", 'found 10; write a duration with its unit, e.g. "90s", "15m" or "1h30m"'],
        ["a duration of zero", '"0s"', 'found "0s"; write a duration from 1s to 1m30s'],
        ["a duration of years", '"400d"', 'found "400d"; write a duration from 1s to 1m30s'],
        ["a limit that is none", '"1000000000s"', 'found "1000000000s"; write a duration from 1s to 1m30s'],
        ["a second over the bound", '"91s"', 'found "91s"; write a duration from 1s to 1m30s'],
      ] as const
    ).map(([title, value, fault]): [string, Record<string, string>, RegExp] => [
      title,
      { "palette:mongo": `{"maxLag":${value}}` },
      new RegExp(`^palette:mongo\\.maxLag: ${fault}\\.$`),
    ]),
    [
      "tenants without the API's address",
      { ...watched, "palette:site": "{}" },
      /^palette:site\.apiUrl: missing; palette:tenants needs the address of the Palette API, e\.g\. "https:\/\/palette\.example\.com"\.$/,
    ],
    [
      "a tenant without a key that the API is to be asked with",
      { ...watched, "palette:secrets": "{}" },
      /^palette:secrets\.apiKeys\.a: missing; set the key of tenant "a" as a secret, or name a kubeconfig of each of its PCGs in palette:pcg\.clusters\.$/,
    ],
    [
      "the key of a tenant that is not listed",
      { "palette:secrets": '{"apiKeys":{"a.b":"12345678"}}' },
      /^palette:secrets\.apiKeys\["a\.b"\]: palette:tenants has no tenant "a\.b"; list it there too\.$/,
    ],
    [
      "a gateway's cluster that no tenant lists",
      { ...watched, "palette:pcg": '{"clusters":[{"pcg":"a/q","kubeconfig":"q.yaml"}]}' },
      /^palette:pcg\.clusters: "a\/q" is not among the PCGs of palette:tenants; list it there too\.$/,
    ],
    [
      "a tenant twice",
      { ...watched, "palette:tenants": '[{"name":"a","pcgs":[]},{"name":"a","pcgs":[]}]' },
      /^palette:tenants: tenant "a" stands there twice; list its PCGs under one entry\.$/,
    ],
    [
      "a name that is none of them",
      { "palette:site": '{"cloud":"azure"}' },
      /^palette:site\.cloud: found "azure"; write one of "eks", "gke", "aks", "other"\.$/,
    ],
    [
      "a word for a truth",
      { "palette:pcg": '{"none":"all"}' },
      /^palette:pcg\.none: found "all"; write true or false\.$/,
    ],
    ["a number that is none", { "palette:mongo": '{"samples":"ten"}' }, /: found "ten"; write a number\.$/],
    ["half a sample", { "palette:mongo": '{"samples":1.5}' }, /: found 1\.5; write a whole number\.$/],
    ["no sample at all", { "palette:mongo": '{"samples":0}' }, /: found 0; write a whole number from 1 to 20\.$/],
    [
      "a text in the place of a group",
      { "palette:mongo": "10s" },
      /^palette:mongo: found "10s"; write keys with values\.$/,
    ],
    [
      "an unknown key in a group, with the name that was meant",
      { "palette:mongo": '{"maxlagg":"10s"}' },
      /^palette:mongo\.maxlagg: this key is not known \(did you mean palette:mongo\.maxLag\?\); remove it or correct its name\.$/,
    ],
    [
      "a key outside its group, with where it stands",
      { "palette:maxLag": "10s" },
      /^palette:maxLag: this key is not known \(did you mean palette:mongo\.maxLag\?\); remove it or correct its name\.$/,
    ],
    [
      "a key that more than one group has",
      { "palette:deadline": "10s" },
      /^palette:deadline: this key is not known; remove it or correct its name\.$/,
    ],
    [
      "a path that was set without --path",
      { "palette:mongo.maxLag": "10s" },
      /^palette:mongo\.maxLag: this key is not known; write "maxLag" below palette:mongo \(pulumi config set --path 'palette:mongo\.maxLag'\)\.$/,
    ],
    [
      "an address without its scheme",
      { "palette:site": '{"apiUrl":"p.example"}' },
      /^palette:site\.apiUrl: found "p\.example"; write an address, e\.g\. "https:\/\/palette\.example\.com"\.$/,
    ],
    [
      "values that are no map, not shown",
      { "palette:values": '{"hubble":"planted"}' },
      /^palette:values\.hubble: found a value \(not shown\); write keys with values\.$/,
    ],
    [
      "an own check without a command",
      { "palette:checks": '[{"name":"a","when":"before","command":[],"timeout":"5s"}]' },
      /^palette:checks\[0\]\.command: found \[\]; it must not be empty\.$/,
    ],
    [
      "PCGs of a Palette that is only to be installed",
      {
        "palette:install": "true",
        ...watched,
      },
      /^palette:install: found true beside PCGs in palette:tenants; there are none before Palette is installed: set palette:pcg\.none to true and add the tenants afterwards\.$/,
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
        "palette:pcg": '{"clusters":[{"pcg":"a/p","kubeconfig":"p.yaml"}]}',
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
    assert.deepEqual(faultsOf({ "palette:edition": "x", "palette:nonsense": "1" }), [
      "palette:target: missing; write a text.",
      "palette:matrix: missing; write a text.",
      'palette:edition: found "x"; write one of "palette", "vertex".',
      "palette:clusterIdentifier: missing; write a text.",
      "palette:nonsense: this key is not known; remove it or correct its name.",
    ]);
  });

  const withKeys: [title: string, key: string, value: string, path: string][] = [
    ["that is a number", "secrets", '{"apiKeys":{"a":12345678}}', "palette:secrets.apiKeys.a"],
    ["in a map that is not JSON", "secrets", '{"apiKeys":{"a":"12345678"', "palette:secrets"],
    ["in the place of the map", "secrets", '"12345678"', "palette:secrets"],
    ["in the place of the keys", "secrets", '{"apiKeys":"12345678"}', "palette:secrets.apiKeys"],
    ["in the place of the tenants", "tenants", '"12345678"', "palette:tenants"],
    ["in the place of a tenant", "tenants", '["12345678"]', "palette:tenants[0]"],
  ];
  for (const [title, key, value, path] of withKeys) {
    it(`never shows an API key ${title}`, () => {
      const faults = faultsOf({ ...good, [`palette:${key}`]: value });
      assert.ok(faults[0]!.startsWith(`${path}: found a value (not shown); `), faults.join());
      assert.ok(!faults.join().includes("12345678"));
    });
  }

  it("a stack file that is no YAML is said so", () => {
    assert.match(faultsOf(good, "config: [unclosed")[0]!, /^Pulumi\.dev\.yaml, line 1: it is not YAML\.$/);
  });
});
