import assert from "node:assert/strict";
import { readClusterAddress } from "../../../lib/site/kubernetes/cluster-address.js";
import { cleanUp, fileWith, kubeconfigFor } from "../servers.js";

describe("where a kubeconfig leads", () => {
  after(cleanUp);

  const cases: [
    title: string,
    read: () => ReturnType<typeof readClusterAddress>,
    server: string | null,
    context: string | null,
  ][] = [
    [
      "its current context",
      () => readClusterAddress({ kubeconfig: kubeconfigFor("https://k8s.example:6443/x"), context: null }, {}),
      "https://k8s.example:6443",
      "test",
    ],
    [
      "a context that is named",
      () => readClusterAddress({ kubeconfig: kubeconfigFor("https://a.example", ["a", "b"]), context: "b" }, {}),
      "https://a.example",
      "b",
    ],
    [
      "the file of KUBECONFIG",
      () => readClusterAddress({ kubeconfig: null, context: null }, { KUBECONFIG: kubeconfigFor("https://a.example") }),
      "https://a.example",
      "test",
    ],
    [
      "a context that is not there",
      () => readClusterAddress({ kubeconfig: kubeconfigFor("https://a.example"), context: "c" }, {}),
      null,
      null,
    ],
    ["no file", () => readClusterAddress({ kubeconfig: "/nowhere/config", context: null }, {}), null, null],
    [
      "a file that is none",
      () => readClusterAddress({ kubeconfig: fileWith("config", "hello"), context: null }, {}),
      null,
      null,
    ],
    [
      "the pod's own service account",
      () =>
        readClusterAddress(
          { kubeconfig: null, context: null },
          { HOME: "/nowhere", KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443" },
        ),
      "https://10.0.0.1:6443",
      null,
    ],
  ];
  for (const [title, read, server, context] of cases) {
    it(title, () => assert.deepEqual(read(), { server, context }));
  }
});
