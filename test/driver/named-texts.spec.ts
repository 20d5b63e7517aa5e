import assert from "node:assert/strict";
import { hideTexts, listValueTexts } from "../../lib/driver/named-texts.js";

const certificate = "-----BEGIN CERTIFICATE-----\nMIIBplantedplantedplanted\n-----END CERTIFICATE-----";
const values = {
  env: { rootDomain: "palette.example.com", debug: "true" },
  mongo: { databasePassword: 'pa"ss/word 1', replicas: 3 },
  pullSecrets: [{ password: "registry-planted" }],
  tls: { certificate },
};
const known = listValueTexts("hubble", values);
const hide = (text: string, spared: string[] = []): string => hideTexts(text, known, new Set(spared));

describe("texts of Helm values in errors", () => {
  const table: [title: string, text: string, shown: string][] = [
    ["in clear", 'bad value pa"ss/word 1 here', "bad value <hubble mongo.databasePassword> here"],
    [
      "URL-encoded",
      `mongodb://u:${encodeURIComponent('pa"ss/word 1')}@m`,
      "mongodb://u:<hubble mongo.databasePassword>@m",
    ],
    ["JSON-escaped", JSON.stringify({ a: 'pa"ss/word 1' }), '{"a":"<hubble mongo.databasePassword>"}'],
    [
      "as a Secret holds it",
      `data: ${Buffer.from('pa"ss/word 1').toString("base64")}`,
      "data: <hubble mongo.databasePassword>",
    ],
    ["within a list", "login with registry-planted failed", "login with <hubble pullSecrets.0.password> failed"],
    ["a whole certificate", `parse ${certificate}`, "parse <hubble tls.certificate>"],
    ["one line of it", "line 2: MIIBplantedplantedplanted", "line 2: <hubble tls.certificate>"],
    ["a word as short as `true` is left", "debug: true", "debug: true"],
    ["what is no value is left", "webhook denied the request", "webhook denied the request"],
  ];
  for (const [title, text, shown] of table) it(title, () => assert.equal(hide(text), shown));

  it("a name that everybody knows is spared, and only where it is all of the value", () => {
    assert.equal(hide("https://palette.example.com", ["palette.example.com"]), "https://palette.example.com");
    assert.equal(hide("https://palette.example.com"), "https://<hubble env.rootDomain>");
    assert.equal(hide("registry-planted", ["registry"]), "<hubble pullSecrets.0.password>");
  });

  it("two values of one text have the first one's name, and texts that overlap are one", () => {
    const two = [
      { text: "abcdefgh", name: "a x" },
      { text: "abcdefgh", name: "b y" },
      { text: "fghijk", name: "c z" },
    ];
    assert.equal(hideTexts("-abcdefgh-fghijk-abcdefghijk-", two, new Set()), "-<a x>-<c z>-<a x>-");
  });

  it("400 kB with 2,000 values take no longer than their length asks for", () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ text: `planted-${i}-value`, name: `hubble key.${i}` }));
    const text = Array.from({ length: 22_000 }, (_, i) => `x planted-${i % 2500}-value`).join(" ");
    assert.ok(text.length > 400_000);
    const start = performance.now();
    const clean = hideTexts(text, many, new Set());
    assert.ok(performance.now() - start < 5_000);
    assert.ok(clean.includes("<hubble key.1999>") && clean.includes("planted-2000-value"));
    assert.doesNotMatch(clean, /planted-1?\d{1,3}-value/);
  });
});
