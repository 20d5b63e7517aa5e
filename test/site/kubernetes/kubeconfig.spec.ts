import assert from "node:assert/strict";
import { dirname } from "node:path";
import { findKubeconfig } from "../../../lib/site/kubernetes/kubeconfig.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { cleanUp, fileWith, kubeconfigFor } from "../servers.js";

function refusal(call: () => unknown): InvalidInputError {
  try {
    call();
  } catch (thrown) {
    assert.ok(thrown instanceof InvalidInputError, String(thrown));
    return thrown;
  }
  return assert.fail("it was taken");
}

describe("the kubeconfig", () => {
  afterEach(cleanUp);

  it("the configured one comes before KUBECONFIG, and that before the default place", () => {
    const [a, b] = [kubeconfigFor("https://a"), kubeconfigFor("https://b")];
    assert.deepEqual(findKubeconfig({ kubeconfig: a, context: null }, { KUBECONFIG: b }).files, [a]);
    assert.deepEqual(findKubeconfig({ kubeconfig: null, context: null }, { KUBECONFIG: `${a}:${b}` }).files, [a, b]);
  });

  it("in a pod its service account is used, but never instead of a file that was named", () => {
    const environment = { HOME: dirname(fileWith("x", "")), KUBERNETES_SERVICE_HOST: "10.0.0.1" };
    assert.deepEqual(findKubeconfig({ kubeconfig: null, context: null }, environment), { files: [], context: null });
    assert.equal(
      refusal(() => findKubeconfig({ kubeconfig: "/nowhere/config", context: null }, environment)).code,
      "KUBECONFIG_UNREADABLE",
    );
  });

  it("none at all is refused, instead of asking localhost", () => {
    const error = refusal(() => findKubeconfig({ kubeconfig: null, context: null }, { HOME: "/nowhere" }));
    assert.equal(error.code, "KUBECONFIG_UNREADABLE");
    assert.equal(error.message, "There is no kubeconfig: none is set and /nowhere/.kube/config does not exist.");
  });

  const unreadable: [title: string, make: () => string, says: RegExp][] = [
    ["a file that is not there", () => "/nowhere/config", /^The kubeconfig \/nowhere\/config cannot be used: ENOENT/],
    ["a folder", () => dirname(fileWith("x", "")), /cannot be used: EISDIR/],
    ["no YAML", () => fileWith("k", "a: b\n  token: [planted-token"), /it is not YAML \(line \d\)\.$/],
    ["an empty file", () => fileWith("k", ""), /it holds no clusters and contexts\.$/],
    [
      "YAML of another kind",
      () => fileWith("k", "apiVersion: v1\nkind: Pod\n"),
      /it holds no clusters and contexts\.$/,
    ],
  ];
  for (const [title, make, says] of unreadable) {
    it(`${title} is refused by name, with the next step and without what it holds`, () => {
      const error = refusal(() => findKubeconfig({ kubeconfig: make(), context: null }, {}));
      assert.equal(error.code, "KUBECONFIG_UNREADABLE");
      assert.match(error.message, says);
      assert.match(error.next ?? "", /palette:kubernetes.kubeconfig/);
      assert.ok(!`${error.message}${String(error.cause)}`.includes("planted-token"));
    });
  }

  it("a context that is not there is refused with those that are", () => {
    const kubeconfig = kubeconfigFor("https://a", ["staging", "prod"]);
    const error = refusal(() => findKubeconfig({ kubeconfig, context: "production" }, {}));
    assert.equal(error.code, "KUBECONFIG_CONTEXT");
    assert.match(error.message, /holds no context "production"; it holds: prod, staging\.$/);
    assert.equal(findKubeconfig({ kubeconfig, context: "prod" }, {}).context, "prod");
  });

  it("a file without a current context is refused unless one is set", () => {
    const file = fileWith("k", "clusters: []\ncontexts: [{name: only}]\n");
    assert.match(
      refusal(() => findKubeconfig({ kubeconfig: file, context: null }, {})).message,
      /names no current context/,
    );
    assert.equal(findKubeconfig({ kubeconfig: file, context: "only" }, {}).context, "only");
  });
});
