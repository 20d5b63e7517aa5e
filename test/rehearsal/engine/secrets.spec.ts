import assert from "node:assert/strict";
import fc from "fast-check";
import { declaredOutputs, markOutputs } from "../../../lib/rehearsal/engine/marks.js";
import { createRedactor } from "../../../lib/rehearsal/engine/redact.js";
import { createSealer, isLost, isSealed } from "../../../lib/rehearsal/engine/seal.js";
import { reveal, secret, type Properties } from "../../../lib/rehearsal/engine/values.js";

describe("A sealer", () => {
  const sealer = createSealer("salt");

  it("keeps no secret, tells equal ones and those of another state apart", () => {
    const sealed = sealer.seal({
      open: "word",
      key: secret("correct-horse"),
      deep: { list: [secret({ b: 1, a: 2 })] },
    });
    assert.doesNotMatch(JSON.stringify(sealed), /correct-horse/);
    assert.equal(sealed["open"], "word");
    assert.ok(isSealed(sealed["key"]));
    assert.deepEqual(sealer.seal({ key: secret("correct-horse") })["key"], sealed["key"]);
    assert.deepEqual(sealer.seal({ deep: { list: [secret({ a: 2, b: 1 })] } })["deep"], sealed["deep"]);
    assert.notDeepEqual(sealer.seal({ key: secret("battery-staple") })["key"], sealed["key"]);
    assert.notDeepEqual(createSealer("other").seal({ key: secret("correct-horse") })["key"], sealed["key"]);
  });

  it("gives back a secret that is still known, a word for one that is not", () => {
    const sealed = sealer.seal({ a: secret("known"), b: secret("lost") });
    const opened = sealer.open(sealed, { a: secret("known"), b: secret("another") });
    assert.deepEqual(opened["a"], secret("known"));
    assert.equal(reveal(opened["b"]!), "[secret]");
    assert.deepEqual([isLost(opened["a"]), isLost(opened["b"]!)], [false, true]);
  });

  it("seals what it opened to the same again, known or not", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.boolean(), (texts, known) => {
        const properties: Properties = Object.fromEntries(
          Object.entries(texts).map(([key, text]) => [key, secret(text)]),
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
    redactor.learn({ a: secret("horse"), b: secret('correct-horse "quoted"') });
    assert.equal(
      redactor.text('horse, correct-horse "quoted", "correct-horse \\"quoted\\""'),
      '[secret], [secret], "[secret]"',
    );
  });

  it("leaves short words and the everyday words inside a secret object alone", () => {
    const redactor = createRedactor();
    redactor.learn({
      values: secret({ enabled: true, port: 443, mode: "fast", namespace: "hubble-system", password: "correct-horse" }),
    });
    redactor.learn({ namespace: "hubble-system", tiny: secret("ab") });
    assert.equal(
      redactor.text("fast 443 true ab hubble-system correct-horse"),
      "fast 443 true ab hubble-system [secret]",
    );
  });

  it("knows each long line of a secret text", () => {
    const redactor = createRedactor();
    redactor.learn(secret("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END KEY-----\n"));
    assert.equal(redactor.text("at MIIEpAIBAAKCAQEA1234:"), "at [secret]:");
  });

  it("leaves no learned secret in a text made of them", () => {
    const word = fc.stringMatching(/^[a-f0-9]{8,20}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.constantFrom("", " ", "\n", "-"), (secrets, between) => {
        const redactor = createRedactor();
        for (const text of secrets) redactor.learn(secret(text));
        const shown = redactor.text(secrets.join(between));
        for (const text of secrets) assert.ok(!shown.includes(text), shown);
      }),
    );
  });
});

describe("Outputs", () => {
  it("that are inputs keep their marks, those that are to be secret get one, others lose what they tell", () => {
    const redactor = createRedactor();
    const inputs = { environment: { KEY: secret("correct-horse"), TO: "1" }, stdin: secret("in") };
    redactor.learn(inputs);
    const outputs = {
      environment: { KEY: "correct-horse", TO: "1" },
      stdin: "changed",
      stdout: "it is correct-horse",
      stderr: "quiet",
    };
    const { forProgram, forState } = markOutputs(outputs, inputs, ["stderr"], redactor);
    const marked = { environment: inputs.environment, stdin: secret("changed"), stderr: secret("quiet") };
    assert.deepEqual(forProgram, { ...marked, stdout: "it is correct-horse" });
    assert.deepEqual(forState, { ...marked, stdout: "it is [secret]" });
  });

  it("of components lose only what is long enough to be no everyday word", () => {
    const redactor = createRedactor();
    redactor.learn([secret("correct-horse"), secret("palette")]);
    assert.deepEqual(declaredOutputs({ a: ["palette-kubernetes-4.7.20 correct-horse"] }, redactor), {
      a: ["palette-kubernetes-4.7.20 [secret]"],
    });
  });
});
