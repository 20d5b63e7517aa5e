import assert from "node:assert/strict";
import { checkClusterIdentity } from "../../../lib/gates/cluster-identity/identity.js";
import { read, toErrorFinding } from "../../../lib/gates/verdict/findings.js";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import { answering, cleanUp, kubeconfigFor, serve } from "../../site/servers.js";

describe("what a client's error is to a gate", () => {
  afterEach(cleanUp);

  const kinds: [kind: SiteError["kind"], code: string, transient: boolean][] = [
    ["network", "SITE_UNREACHABLE", true],
    ["server", "SITE_ERROR", true],
    ["throttled", "SITE_THROTTLED", true],
    ["untrusted", "SITE_UNTRUSTED", false],
    ["unauthorized", "UNAUTHORIZED", false],
    ["forbidden", "FORBIDDEN", false],
    ["not-found", "NOT_FOUND", false],
    ["malformed", "ANSWER_MALFORMED", false],
  ];
  for (const [kind, code, transient] of kinds)
    it(`${kind}: unknown, ${code}, ${transient ? "asked again" : "at once"}`, () =>
      assert.deepEqual(toErrorFinding(new SiteError(kind, "It is so."), "m", "It could not be read"), {
        outcome: "unknown",
        code,
        member: "m",
        message: "It could not be read: It is so.",
        transient,
      }));

  it("anything else is the gate's own fault", () =>
    assert.deepEqual(toErrorFinding(new TypeError("x is no function"), null, "It could not be read"), {
      outcome: "unknown",
      code: "GATE_ERROR",
      member: null,
      message: "It could not be read: x is no function",
    }));

  const status = { kind: "Status", message: 'namespaces "kube-system" not found' };
  const answers: [title: string, code: number, body: unknown, type: string, expected: string, says: RegExp][] = [
    [
      "a cluster's own 404",
      404,
      status,
      "application/json",
      "NOT_FOUND",
      /answered 404: namespaces "kube-system" not found\.$/,
    ],
    ["a proxy's 404", 404, "<html>", "text/html", "ANSWER_MALFORMED", /answered 404, not as a Kubernetes API does\.$/],
    ["a login page", 200, "<html>", "text/html", "ANSWER_MALFORMED", /has no UID\.$/],
    ["an object without a UID", 200, { kind: "Namespace" }, "application/json", "ANSWER_MALFORMED", /has no UID\.$/],
  ];
  for (const [title, code, body, type, expected, says] of answers)
    it(`${title} in the place of namespace kube-system: ${expected}`, async () => {
      const url = await serve(answering(code, body, { "content-type": type }));
      const site = connectKubernetes({ kubeconfig: kubeconfigFor(url), context: null, environment: {} });
      const [finding, ...others] = await checkClusterIdentity(site, "uid-1");
      assert.deepEqual([finding?.outcome, finding?.code, finding?.transient, others], ["unknown", expected, false, []]);
      assert.match(finding!.message, says);
    });

  for (const code of ["KUBECONFIG_PLUGIN", "KUBECONFIG_UNTRUSTED", "API_UNTRUSTED", "PROXY_INVALID"])
    it(`${code} ends the gate itself, exit 2: no waiting mends it`, async () => {
      const error = new InvalidInputError(code, "It is so.");
      await assert.rejects(
        read(() => Promise.reject(error)),
        (thrown: unknown) => thrown === error && error.exitCode === 2,
      );
    });

  it("negative twin: another fault of an input is a reading of its own object", async () => {
    const error = new InvalidInputError("CHART_MISSING", "It is so.");
    assert.deepEqual(await read(() => Promise.reject(error)), { ok: false, error });
  });
});
