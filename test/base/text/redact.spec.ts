import fc from "fast-check";
import assert from "node:assert/strict";
import { listSecretForms, redact } from "../../../lib/base/text/redact.js";
import { redactObserved } from "../../../lib/gates/verdict/redact.js";

describe("redact", () => {
  const table: [string, string, readonly string[], string][] = [
    ["a listed secret", "key abc-123 used", ["abc-123"], "key <redacted> used"],
    ["a listed secret inside a word", "xabc-123y", ["abc-123"], "x<redacted>y"],
    ["one secret that is part of another", "abc-123-longer", ["abc", "abc-123-longer"], "<redacted>"],
    ["its base64", `Basic ${Buffer.from("abc-123").toString("base64")}`, ["abc-123"], "Basic <redacted>"],
    ["an empty secret hides nothing", "all of it", [""], "all of it"],
    [
      "credentials in a URI",
      "dial mongodb://root:pw@mongo-0:27017/admin",
      [],
      "dial mongodb://<redacted>@mongo-0:27017/admin",
    ],
    ["a bearer token", "Authorization: Bearer eyJhbGciOi.x.y", [], "Authorization: Bearer <redacted>"],
    [
      "a password in a log line",
      'level=error password="hunter2" user=x',
      [],
      'level=error password="<redacted>" user=x',
    ],
    ["an ApiKey header", "ApiKey: 0123456789", [], "ApiKey: <redacted>"],
    ["a URI without credentials", "https://palette.example.com/v1", [], "https://palette.example.com/v1"],
    ["a sentence about a password", "the password is asked by the shell", [], "the password is asked by the shell"],
  ];
  for (const [title, text, secrets, expected] of table) {
    it(title, () => assert.equal(redact(text, secrets), expected));
  }

  it("leaves no listed secret in any text, whatever stands around it", () => {
    const word = fc.string({ minLength: 6, maxLength: 24 });
    fc.assert(
      fc.property(word, word, fc.string(), (secret, other, around) => {
        fc.pre(!"<redacted>".includes(secret) && !secret.includes("<redacted>"));
        assert.equal(redact(`${around}${secret}${around}`, [other, secret]).includes(secret), false);
      }),
    );
  });

  /** Marks every place of every form, then replaces each run of places that overlap. */
  function redactSlowly(text: string, secrets: readonly string[]): string {
    const joined = Array.from(text, () => false);
    const covered = Array.from(text, () => false);
    for (const form of secrets.flatMap(listSecretForms)) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        for (let index = at; index < at + form.length; index += 1) {
          covered[index] = true;
          if (index > at) joined[index] = true;
        }
      }
    }
    const parts = text.split("").map((letter, index) => {
      if (!covered[index]) return letter;
      return joined[index] ? "" : "<redacted>";
    });
    return parts.join("");
  }

  it("equals a simple search, however secrets overlap", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 40 });
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(letters, words, (text, secrets) => assert.equal(redact(text, secrets), redactSlowly(text, secrets))),
      { numRuns: 1000 },
    );
  });

  const long = 400_000;
  const heavy: [title: string, text: string, secrets: string[]][] = [
    [
      "a state with 2,000 secrets",
      `{"outputs":"${"abcdefgh ".repeat(long / 9)}"}`,
      Array.from({ length: 2000 }, (_, at) => `secret-${at}-${"x".repeat(30)}`),
    ],
    ["secrets that begin alike", "a".repeat(long), Array.from({ length: 50 }, (_, at) => `${"a".repeat(100 + at)}b`)],
    ["a word without an end", "a".repeat(long), []],
    ["schemes without an end", "a://".repeat(long / 4), []],
    ["a login without an end", `mongodb://${"a".repeat(long)}`, []],
    ["one word for a token after another", "bearer ".repeat(long / 7), []],
    ["a password and nothing but spaces", `password${" ".repeat(long)}`, []],
    ["names of passwords without an end", "password".repeat(long / 8), []],
  ];
  for (const [title, text, secrets] of heavy) {
    it(`${title}: 400 kB take no longer than their length asks for`, () => {
      const begun = process.cpuUsage();
      redact(text, secrets);
      const { user, system } = process.cpuUsage(begun);
      // About 0.1 s on one core; a quadratic one takes more than a minute.
      assert.ok((user + system) / 1e6 < 5, `${(user + system) / 1e6} s of the processor`);
    });
  }

  it("goes through lists, objects and their keys, and leaves numbers", () => {
    assert.deepEqual(redactObserved({ s3cret: [1, null, true, { a: "s3cret" }] }, ["s3cret"]), {
      "<redacted>": [1, null, true, { a: "<redacted>" }],
    });
  });
});
