import assert from "node:assert/strict";
import { getKeySchema, type KeySchema } from "../../lib/settings/known-keys.js";
import { oldKeys } from "../../lib/settings/old-keys.js";
import { parseSettings, type RawConfig } from "../../lib/settings/settings.js";

const good = { "palette:target": "4.7.20", "palette:matrix": "m", "palette:clusterIdentifier": "c" };

function listFaults(change: RawConfig): string[] {
  try {
    parseSettings({ ...good, ...change }, null);
    return [];
  } catch (error) {
    assert.equal((error as { exitCode?: unknown }).exitCode, 2);
    return (error as Error).message.split("\n  - ").slice(1);
  }
}

/** The 65 keys of the flat form, each with a value that was right. */
const flat: Record<string, string> = {
  target: "4.7.20",
  matrix: "m",
  clusterIdentifier: "c",
  edition: "palette",
  strategy: "guideline",
  via: '["4.6.41"]',
  avoid: '["4.6.41"]',
  extraRows: "[]",
  releaseNamespace: "default",
  kubeconfig: "./kubeconfig",
  context: "prod",
  charts: "charts/release-{version}",
  rootDomain: "p.example",
  apiUrl: "https://p.example",
  apiCaFile: "ca.pem",
  tenants: "[]",
  pcgs: "none",
  expectedVersion: "4.6.41",
  acceptVersion: "4.6.41",
  airgap: "true",
  ipBased: "true",
  externalMongo: "true",
  cloud: "eks",
  values: "{}",
  acknowledge: "[]",
  mongoMaxLagSeconds: "10",
  mongoDeadlineSeconds: "900",
  mongoIntervalSeconds: "10",
  pcgDeadlineSeconds: "3600",
  pcgIntervalSeconds: "60",
  pcgSamples: "1",
  rolloutDeadlineSeconds: "1800",
  rolloutIntervalSeconds: "10",
  rolloutSamples: "2",
  gateDeadlineSeconds: "0",
  gateIntervalSeconds: "0",
  gateSamples: "0",
  releaseTimeoutSeconds: "3600",
  mongoSamples: "3",
  mongoStrict: "false",
  mongoDowntimeSeconds: "3600",
  mongoUri: "mongodb://planted",
  mongoCaFile: "ca.pem",
  pcgClusters: "[]",
  chartsUser: "robot",
  chartsPassword: "planted",
  chartsCaFile: "ca.pem",
  chartPins: "pins.json",
  imageRegistryCaFile: "ca.pem",
  install: "false",
  checks: "[]",
  backupMaxAgeHours: "24",
  backupCommand: '["backups"]',
  backupTimeoutSeconds: "120",
  windows: "[]",
  promotionStack: "o/p/s",
  promotionFile: "hops.json",
  promotionKey: "key.pem",
  promotionHours: "24",
  accept: "[]",
  fourEyes: "true",
  requireApproval: "true",
  journal: "s3://b/p",
  rehearsal: "true",
  rehearsalPace: "150",
};

const kept = [
  ...["target", "matrix", "clusterIdentifier", "edition", "tenants", "values", "acknowledge", "install", "checks"],
  ...["windows", "accept", "journal"],
];
const groups: Record<string, string> = { charts: "charts.location", rehearsal: "rehearsal.simulated" };

/** What is to be done, for keys of which more is to be said than where they stand. */
const advice: Record<string, string> = {
  pcgs: 'write "none: true" below palette:pcg in the place of "none"',
  mongoUri: "set it with pulumi config set --secret --path 'palette:secrets.mongoUri'",
  chartsPassword: "set it with pulumi config set --secret --path 'palette:secrets.chartsPassword'",
  mongoMaxLagSeconds: 'write "maxLag" below palette:mongo, with its unit, e.g. "90s"',
  backupMaxAgeHours: 'write "maxAge" below palette:backup, with its unit, e.g. "24h"',
  kubeconfig: 'write "kubeconfig" below palette:kubernetes',
};

describe("keys of the flat form", () => {
  it("the table has each of the 65", () => {
    assert.equal(Object.keys(flat).length, 65);
    assert.deepEqual([...Object.keys(oldKeys), ...Object.keys(groups), ...kept].sort(), Object.keys(flat).sort());
  });

  for (const [key, value] of Object.entries(flat)) {
    const moved = oldKeys[key];
    if (moved !== undefined) {
      it(`palette:${key} is an error that names palette:${moved}`, () => {
        const [fault, ...more] = listFaults({ [`palette:${key}`]: value });
        assert.deepEqual(more, []);
        const start = `palette:${key}: this key is palette:${moved} now; `;
        assert.equal(fault!.slice(0, start.length), start);
        if (advice[key] !== undefined) assert.equal(fault, `${start}${advice[key]}.`);
        assert.ok(!fault!.includes("planted"));
        assert.ok(findKey(moved.split(".")) !== undefined, `palette:${moved} is no key`);
      });
    } else if (groups[key] !== undefined) {
      it(`palette:${key} with its old value is an error that names palette:${groups[key]}`, () => {
        assert.deepEqual(listFaults({ [`palette:${key}`]: value }), [
          `palette:${key}: its value stands in palette:${groups[key]} now; write keys with values.`,
        ]);
        assert.ok(findKey(groups[key]!.split(".")) !== undefined);
      });
    } else {
      it(`palette:${key} is as it was`, () => assert.deepEqual(listFaults({ [`palette:${key}`]: value }), []));
    }
  }

  const entries: [title: string, change: RawConfig, fault: string][] = [
    [
      "an API key in a tenant",
      { "palette:pcg": "{}", "palette:tenants": '[{"name":"a","apiKey":"planted","pcgs":[]}]' },
      "palette:tenants[0].apiKey: this key is no longer read; write palette:secrets.apiKeys.<name of the tenant>, as a secret.",
    ],
    [
      "seconds in a check",
      { "palette:checks": '[{"name":"a","when":"both","command":["a"],"timeout":"5s","timeoutSeconds":5}]' },
      "palette:checks[0].timeoutSeconds: this key is no longer read; write timeout, with its unit.",
    ],
  ];
  for (const [title, change, fault] of entries) {
    it(`${title} is an error that names the new place`, () => assert.deepEqual(listFaults(change), [fault]));
  }
});

function findKey(path: string[]): KeySchema | undefined {
  return path.reduce<KeySchema | undefined>((schema, name) => schema?.properties?.[name], getKeySchema());
}
