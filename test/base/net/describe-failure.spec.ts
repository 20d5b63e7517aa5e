import assert from "node:assert/strict";
import { describeConnectionFailure } from "../../../lib/base/net/describe-failure.js";
import { findTrustFault } from "../../../lib/base/net/tls-trust.js";

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const hint = "; if the root CA is installed locally, try running Node.js with --use-system-ca";

const cases: [title: string, thrown: unknown, text: string, fault: ReturnType<typeof findTrustFault>][] = [
  [
    "an unknown issuer, in the text of Node 20",
    withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    "unable to verify the first certificate",
    "issuer",
  ],
  [
    "an unknown issuer, in the text of Node 24",
    withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE", `unable to verify the first certificate${hint}`),
    "unable to verify the first certificate",
    "issuer",
  ],
  [
    "an unknown issuer below the error of a client",
    new Error("request failed", { cause: withCode("SELF_SIGNED_CERT_IN_CHAIN", `self-signed${hint}`) }),
    "self-signed certificate in certificate chain",
    "issuer",
  ],
  ["an expired certificate", withCode("CERT_HAS_EXPIRED", "expired"), "certificate has expired", "itself"],
  [
    "a certificate of another host: Node's text, which names it",
    withCode("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames: Host: a."),
    "Hostname/IP does not match certificate's altnames: Host: a",
    "itself",
  ],
  ["a refused connection", withCode("ECONNREFUSED", "connect ECONNREFUSED ::1:1"), "connect ECONNREFUSED ::1:1", null],
  [
    "every address refused",
    new AggregateError([withCode("ECONNREFUSED", "connect ECONNREFUSED ::1:1")], ""),
    "connect ECONNREFUSED ::1:1",
    null,
  ],
  ["a proxy that refuses", new Error("Bad response: 407"), "the proxy answered 407", null],
  ["a time limit", new DOMException("x", "TimeoutError"), "no answer within the time limit", null],
  ["no error at all", "text", "text", null],
];

describe("why a server could not be reached", () => {
  for (const [title, thrown, text, fault] of cases)
    it(title, () => {
      assert.equal(describeConnectionFailure(thrown), text);
      assert.equal(findTrustFault(thrown), fault);
    });
});
