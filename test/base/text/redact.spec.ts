import fc from "fast-check";
import assert from "node:assert/strict";
import { redact } from "../../../lib/base/text/redact.js";
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

  it("goes through lists, objects and their keys, and leaves numbers", () => {
    assert.deepEqual(redactObserved({ s3cret: [1, null, true, { a: "s3cret" }] }, ["s3cret"]), {
      "<redacted>": [1, null, true, { a: "<redacted>" }],
    });
  });
});
