import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeGateRequest,
  encodeGateRequest,
  type GateEntries,
  type GateRequest,
  readMaxWaitSeconds,
} from "../../../lib/gates/run/codec.js";
import { roles } from "../../../lib/planning/rules/types.js";
import { changes } from "../../../lib/planning/version/version.js";
import { formatGateSettings } from "../../../lib/settings/gate-settings.js";
import { settingsFor } from "../fake-site.js";

const settings = settingsFor({ tenants: [{ name: "acme", pcgs: ["pcg-1"] }] });
const secrets = { apiKeys: ["key-of-acme"], mongoUri: "", chartsPassword: "" };
const least: GateRequest = { to: "4.7.20", when: "before", settings, secrets };
/** Entries of what a request does not give. */
const absent = Object.fromEntries(
  ["INSTALL", "PCG", "CHECK", "BASELINE", "HELD", "PROMOTED", "AHEAD", "MEASURED", "ACCEPT", "READINESS"]
    .concat("INGRESS_PROVED_AT", "PALETTE_MONGO_URI", "PALETTE_CHARTS_PASSWORD")
    .map((entry) => [entry, ""]),
);
const leastPlain = { TO: "4.7.20", PHASE: "before", PALETTE_GATE_SETTINGS: formatGateSettings(settings) };

describe("encode a gate's request", () => {
  const cases: [title: string, given: Partial<GateRequest>, plain: Record<string, string>][] = [
    ["what is absent is an empty entry", {}, {}],
    ["no fresh install", { install: false }, {}],
    ["a fresh install", { install: true }, { INSTALL: "yes" }],
    ["one gateway", { only: "acme/pcg-1" }, { PCG: "acme/pcg-1" }],
    ["one own check", { only: "dns" }, { CHECK: "dns" }],
    ["agents, none recorded", { baseline: {} }, { BASELINE: "{}" }],
    ["no settled revision", { settledRevisions: [] }, { HELD: "[]" }],
    [
      "a readiness record",
      { readiness: { live: "4.6.41", agents: { "acme/pcg-1": "4.5.3" }, profiles: {} } },
      { READINESS: '{"observed":{"live":"4.6.41","agents":{"acme/pcg-1":"4.5.3"},"profiles":{}}}' },
    ],
    ["timed hops", { measured: [{ change: "minor", minutes: 56 }] }, { MEASURED: '[{"change":"minor","minutes":56}]' }],
    [
      "the time of the ingress proof",
      { ingressProvedAt: "2026-01-31T12:00:00Z" },
      { INGRESS_PROVED_AT: "2026-01-31T12:00:00Z" },
    ],
  ];
  for (const [title, given, plain] of cases) {
    it(title, () =>
      assert.deepEqual(encodeGateRequest({ ...least, ...given }), {
        plain: { ...absent, ...leastPlain, ...plain },
        secret: { PALETTE_API_KEY_0: "key-of-acme" },
      } satisfies GateEntries),
    );
  }

  it("nothing in the environment of whoever runs the update takes the place of what is absent", () => {
    const planted = Object.fromEntries(
      [...Object.keys(absent), "PALETTE_API_KEY_0", "TO", "PHASE", "PALETTE_GATE_SETTINGS"].map((entry) => [
        entry,
        "x",
      ]),
    );
    const keyless = { ...least, secrets: { apiKeys: [""], mongoUri: "", chartsPassword: "" } };
    const { plain, secret } = encodeGateRequest(keyless);
    const decoded = Object.entries(decodeGateRequest({ ...planted, ...plain, ...secret }));
    assert.deepEqual(Object.fromEntries(decoded.filter(([, value]) => value !== undefined)), keyless);
  });

  it("the destination is the first entry, and no plain entry holds a secret", () => {
    const planted = { apiKeys: ["planted-key"], mongoUri: "mongodb://u:planted-uri@h/", chartsPassword: "planted-pw" };
    const { plain, secret } = encodeGateRequest({ ...least, secrets: planted });

    assert.equal(Object.keys(plain)[0], "TO");
    assert.equal(JSON.stringify(plain).includes("planted"), false);
    assert.deepEqual(secret, {
      PALETTE_API_KEY_0: "planted-key",
      PALETTE_MONGO_URI: "mongodb://u:planted-uri@h/",
      PALETTE_CHARTS_PASSWORD: "planted-pw",
    });
  });
});

describe("decode a gate's request", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const version = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join("."));
  const text = fc.string({ minLength: 1 });
  const gateway = fc.tuple(name, name).map((parts) => parts.join("/"));
  const texts = fc.dictionary(gateway, text, { maxKeys: 3, noNullPrototype: true });
  const day = fc.date({ min: new Date("2020-01-01"), max: new Date("2050-01-01"), noInvalidDate: true });
  const time = day.map((date) => date.toISOString());
  const row = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
    fc.record(model, { noNullPrototype: true });
  const acceptance = row({
    gate: fc.constantFrom("values" as const, "images" as const),
    subject: text,
    code: fc.stringMatching(/^[A-Z][A-Z0-9_]{0,9}$/),
    hop: fc.tuple(version, version).map((hop) => hop.join("->")),
    because: text,
    ticket: text,
    by: text,
    until: time.map((each) => each.slice(0, 10)),
  });
  const anyRequest: fc.Arbitrary<GateRequest> = fc
    .array(row({ name, pcgs: fc.array(name, { maxLength: 2 }) }), { maxLength: 3 })
    .chain((tenants) =>
      fc.record(
        {
          to: version,
          when: fc.constantFrom("before" as const, "after" as const),
          settings: fc.constant(settingsFor({ tenants })),
          secrets: row({
            apiKeys: fc.array(fc.string(), { minLength: tenants.length, maxLength: tenants.length }),
            mongoUri: fc.string(),
            chartsPassword: fc.string(),
          }),
          install: fc.constant(true),
          only: fc.oneof(gateway, name),
          baseline: texts,
          readiness: row({ live: version, agents: texts, profiles: texts }),
          settledRevisions: fc.array(row({ role: fc.constantFrom(...roles), revision: fc.nat(), valuesDigest: text }), {
            maxLength: 3,
          }),
          promoted: fc.array(row({ from: version, to: version, chartDigests: texts, verifiedAt: time }), {
            maxLength: 3,
          }),
          ahead: fc.array(row({ from: version, to: version }), { maxLength: 3 }),
          measured: fc.array(row({ change: fc.constantFrom(...changes), minutes: fc.nat(600) }), {
            maxLength: 3,
          }),
          acceptances: row({ fourEyes: fc.boolean(), entries: fc.array(acceptance, { maxLength: 2 }) }),
          ingressProvedAt: time,
        },
        { requiredKeys: ["to", "when", "settings", "secrets"], noNullPrototype: true },
      ),
    );

  it("returns every request that was encoded", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { plain, secret } = encodeGateRequest(request);
        const decoded = decodeGateRequest({ ...plain, ...secret });
        const given = Object.entries(decoded).filter(([, value]) => value !== undefined);
        assert.deepEqual(Object.fromEntries(given), request);
      }),
    );
  });

  const encoded = (change: Record<string, string>): GateRequest =>
    decodeGateRequest({ ...leastPlain, PALETTE_API_KEY_0: "key-of-acme", ...change });

  it("an empty entry is an absent one", () => {
    const names = ["CHECK", "PCG", "BASELINE", "READINESS", "HELD", "PROMOTED", "MEASURED", "ACCEPT"];
    const empty = Object.fromEntries([...names, "INSTALL", "INGRESS_PROVED_AT"].map((entry) => [entry, ""]));
    assert.deepEqual(encoded(empty), encoded({}));
  });

  it("a readiness report without a record of the gateways is no baseline", () => {
    for (const READINESS of ["{}", '{"observed":null}']) assert.equal(encoded({ READINESS }).readiness, undefined);
  });

  it("a readiness record without profiles has none", () => {
    const READINESS = '{"gate":"pcg-readiness","observed":{"live":"4.6.41","agents":{}}}';
    assert.deepEqual(encoded({ READINESS }).readiness, { live: "4.6.41", agents: {}, profiles: {} });
  });

  const settingsText = formatGateSettings(settings);
  const noRevisions = "HELD: it is not a list of revisions with the digests of their values.";
  const noHops = "PROMOTED: it is no list of verified hops.";
  const noAgents = 'BASELINE: it is not an object of agent versions by "tenant/name".';
  const noList = "ACCEPT: it is no list of acceptances.";
  const faults: [title: string, change: Record<string, string | undefined>, message: string][] = [
    ["TO is missing", { TO: undefined }, 'TO: "" is not a Palette version.'],
    ["TO is no version", { TO: "4.7" }, 'TO: "4.7" is not a Palette version.'],
    ["PHASE is missing", { PHASE: undefined }, 'PHASE: found nothing, expected "before" or "after".'],
    ["PHASE is another word", { PHASE: "during" }, 'PHASE: found "during", expected "before" or "after".'],
    ["settings are missing", { PALETTE_GATE_SETTINGS: undefined }, "PALETTE_GATE_SETTINGS: it is missing."],
    ["settings are no JSON", { PALETTE_GATE_SETTINGS: "{" }, "PALETTE_GATE_SETTINGS: it is not JSON."],
    [
      "settings hold a key too many",
      { PALETTE_GATE_SETTINGS: settingsText.replace("{", '{"x":1,') },
      "PALETTE_GATE_SETTINGS: its settings are not valid ((whole): not known here: x).",
    ],
    [
      "settings hold a wrong value, which is not shown",
      { PALETTE_GATE_SETTINGS: settingsText.replace('"none":false', '"none":"planted"') },
      "PALETTE_GATE_SETTINGS: its settings are not valid (pcg.none: write true or false).",
    ],
    ["BASELINE is no JSON", { BASELINE: "4.5.3" }, "BASELINE: it is not JSON."],
    ["BASELINE is a list", { BASELINE: "[]" }, noAgents],
    ["BASELINE holds a number", { BASELINE: '{"acme/pcg-1":4.5}' }, noAgents],
    ["READINESS is no JSON", { READINESS: "pass" }, "READINESS: it is not JSON."],
    ["HELD is of an unknown role", { HELD: '[{"role":"redis","revision":1,"valuesDigest":"d"}]' }, noRevisions],
    ["HELD is an object", { HELD: "{}" }, noRevisions],
    ["PROMOTED has no time", { PROMOTED: '[{"from":"4.6.41","to":"4.7.20"}]' }, noHops],
    ["PROMOTED is cut", { PROMOTED: "[{" }, "PROMOTED: it is not JSON."],
    ["MEASURED has no minutes", { MEASURED: '[{"change":"minor"}]' }, "MEASURED: it is no list of timed hops."],
    ["ACCEPT is no JSON", { ACCEPT: "{" }, "ACCEPT: it is not JSON."],
    ["ACCEPT is a list", { ACCEPT: "[]" }, noList],
    ["ACCEPT holds half an acceptance", { ACCEPT: '{"fourEyes":true,"entries":[{}]}' }, noList],
    ["PCG has no tenant", { PCG: "pcg-1" }, 'PCG: found "pcg-1", expected "tenant/name".'],
    [
      "INGRESS_PROVED_AT is no time",
      { INGRESS_PROVED_AT: "yesterday" },
      'INGRESS_PROVED_AT: found "yesterday", expected a time as in 2026-01-31T12:00:00Z.',
    ],
  ];
  for (const [title, change, message] of faults) {
    it(`is refused where ${title}`, () => {
      assert.throws(() => decodeGateRequest({ ...leastPlain, ...change }), { message, exitCode: 2 });
    });
  }
});

describe("the longest wait for other people", () => {
  const cases: [text: string | undefined, expected: number | null][] = [
    [undefined, null],
    ["", null],
    ["0", 0],
    ["1.5", 1.5],
  ];
  for (const [text, expected] of cases) {
    it(`${text ?? "absent"}: ${expected}`, () =>
      assert.equal(readMaxWaitSeconds({ PALETTE_PATIENCE_SECONDS: text }), expected));
  }

  it("a text that is no number is refused", () => {
    assert.throws(() => readMaxWaitSeconds({ PALETTE_PATIENCE_SECONDS: "soon" }), {
      code: "GATE_REQUEST",
      message: 'PALETTE_PATIENCE_SECONDS: found "soon", expected a number of seconds from 0 on.',
    });
  });
});
