import assert from "node:assert/strict";
import fc from "fast-check";
import { redactDeclaredOutputs, applySecretMarks } from "../../../lib/engine/values/marks.js";
import { createRedactor } from "../../../lib/engine/values/redact.js";
import { createSealer, isLost, isSealed } from "../../../lib/engine/values/seal.js";
import { reveal, toSecret, type Properties } from "../../../lib/engine/values/values.js";

describe("A sealer", () => {
  const sealer = createSealer("salt");

  it("keeps no secret, tells equal ones and those of another state apart", () => {
    const sealed = sealer.seal({
      open: "word",
      key: toSecret("correct-horse"),
      deep: { list: [toSecret({ b: 1, a: 2 })] },
    });
    assert.doesNotMatch(JSON.stringify(sealed), /correct-horse/);
    assert.equal(sealed["open"], "word");
    assert.ok(isSealed(sealed["key"]));
    assert.deepEqual(sealer.seal({ key: toSecret("correct-horse") })["key"], sealed["key"]);
    assert.deepEqual(sealer.seal({ deep: { list: [toSecret({ a: 2, b: 1 })] } })["deep"], sealed["deep"]);
    assert.notDeepEqual(sealer.seal({ key: toSecret("battery-staple") })["key"], sealed["key"]);
    assert.notDeepEqual(createSealer("other").seal({ key: toSecret("correct-horse") })["key"], sealed["key"]);
  });

  it("gives back a secret that is still known, a word for one that is not", () => {
    const sealed = sealer.seal({ a: toSecret("known"), b: toSecret("lost") });
    const opened = sealer.open(sealed, { a: toSecret("known"), b: toSecret("another") });
    assert.deepEqual(opened["a"], toSecret("known"));
    assert.equal(reveal(opened["b"]!), "[secret]");
    assert.deepEqual([isLost(opened["a"]), isLost(opened["b"]!)], [false, true]);
  });

  it("seals what it opened to the same again, known or not", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.boolean(), (texts, known) => {
        const properties: Properties = Object.fromEntries(
          Object.entries(texts).map(([key, text]) => [key, toSecret(text)]),
        );
        const sealed = sealer.seal(properties);
        assert.deepEqual(sealer.seal(sealer.open(sealed, known ? properties : {})), sealed);
      }),
    );
  });
});

describe("A redactor", () => {
  it("takes out what it learned, the longest first, in JSON too", () => {
    const redactor = createRedactor();
    redactor.learn({ a: toSecret("horse"), b: toSecret('correct-horse "quoted"') });
    assert.equal(
      redactor.redact('horse, correct-horse "quoted", "correct-horse \\"quoted\\""'),
      '[secret], [secret], "[secret]"',
    );
  });

  it("leaves short words and the everyday words inside a secret object alone", () => {
    const redactor = createRedactor();
    redactor.learn({
      values: toSecret({
        enabled: true,
        port: 443,
        mode: "fast",
        namespace: "hubble-system",
        password: "correct-horse",
      }),
    });
    redactor.learn({ namespace: "hubble-system", tiny: toSecret("ab") });
    assert.equal(
      redactor.redact("fast 443 true ab hubble-system correct-horse"),
      "fast 443 true ab hubble-system [secret]",
    );
  });

  it("knows each long line of a secret text", () => {
    const redactor = createRedactor();
    redactor.learn(toSecret("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END KEY-----\n"));
    assert.equal(redactor.redact("at MIIEpAIBAAKCAQEA1234:"), "at [secret]:");
  });

  it("leaves no learned secret in a text made of them", () => {
    const word = fc.stringMatching(/^[a-f0-9]{8,20}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.constantFrom("", " ", "\n", "-"), (secrets, between) => {
        const redactor = createRedactor();
        for (const text of secrets) redactor.learn(toSecret(text));
        const shown = redactor.redact(secrets.join(between));
        for (const text of secrets) assert.ok(!shown.includes(text), shown);
      }),
    );
  });
});

describe("Outputs", () => {
  it("that are inputs keep their marks, those that are to be secret get one, others lose what they tell", () => {
    const redactor = createRedactor();
    const inputs = { environment: { KEY: toSecret("correct-horse"), TO: "1" }, stdin: toSecret("in") };
    redactor.learn(inputs);
    const outputs = {
      environment: { KEY: "correct-horse", TO: "1" },
      stdin: "changed",
      stdout: "it is correct-horse",
      stderr: "quiet",
    };
    const { forProgram, forState } = applySecretMarks(outputs, inputs, ["stderr"], redactor);
    const marked = { environment: inputs.environment, stdin: toSecret("changed"), stderr: toSecret("quiet") };
    assert.deepEqual(forProgram, { ...marked, stdout: "it is correct-horse" });
    assert.deepEqual(forState, { ...marked, stdout: "it is [secret]" });
  });

  it("of components lose only what is long enough to be no everyday word", () => {
    const redactor = createRedactor();
    redactor.learn([toSecret("correct-horse"), toSecret("palette")]);
    assert.deepEqual(redactDeclaredOutputs({ a: ["palette-kubernetes-4.7.20 correct-horse"] }, redactor), {
      a: ["palette-kubernetes-4.7.20 [secret]"],
    });
  });
});
