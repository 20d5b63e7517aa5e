import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findInstallation } from "../../lib/site/installation.js";
import { resolveClusterAccess } from "../../lib/site/kubernetes/access.js";
import { connectKubernetes } from "../../lib/site/kubernetes/client.js";
import { findKubeconfig } from "../../lib/site/kubernetes/kubeconfig.js";
import { createAuthenticator } from "../../lib/site/kubernetes/authenticator.js";
import { sharedFile } from "../planning/matrix/shared-folder.js";
import { answering, cleanUp, kubeconfigFor, serve } from "./servers.js";

describe("field cases: Helm's records and kubeconfigs", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-field-"))));
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cleanUp();
  });
  /** Runs a test on a case's own copy of its files. */
  const given = (name: string, title: string, test: (dir: string) => Promise<void> | void): void => {
    const found = sharedFile("data", "field-cases", ...name.split("/"));
    if ("missing" in found) return void it.skip(`${name} (${found.missing})`);
    it(`${name}: ${title}`, () => {
      cpSync(dirname(found.file), folder, { recursive: true });
      return test(folder);
    });
  };

  const histories: [name: string, state: string, code: string | null][] = [
    ["02-helm-record-of-another-namespace", "unknown", "NO_INSTALLATION"],
    ["03-helm-rolled-back-by-hand", "unknown", "DOWNGRADED"],
    ["04-helm-stale-deployed", "unknown", "HISTORY_CONTRADICTS"],
    ["06-foreign-cert-manager", "installed", null],
  ];
  for (const [name, state, code] of histories)
    given(`${name}/scenario.json`, code ?? state, async (dir) => {
      const { secrets } = JSON.parse(readFileSync(join(dir, "scenario.json"), "utf8")) as { secrets: unknown[] };
      const url = await serve(answering(200, { kind: "SecretList", apiVersion: "v1", metadata: {}, items: secrets }));
      const site = connectKubernetes({ kubeconfig: kubeconfigFor(url), context: null, environment: {} });
      const installation = findInstallation(await site.helmRevisions(), "default");
      const found = installation.state === "installed" ? null : installation.error.code;
      assert.deepEqual([installation.state === "installed" ? "installed" : "unknown", found], [state, code]);
    });

  const resolve = (
    environment: NodeJS.ProcessEnv,
    kubeconfig: string | null = null,
  ): ReturnType<typeof resolveClusterAccess> =>
    resolveClusterAccess(findKubeconfig({ kubeconfig, context: null }, environment), environment);

  for (const kind of ["absolute", "relative"])
    given(`13-kubeconfig-tokenfile/${kind}.kubeconfig`, "the token is sent", async (dir) => {
      const file = join(dir, `${kind}.kubeconfig`);
      const named = kind === "absolute" ? "kc/tok" : "tok";
      mkdirSync(join(dir, "kc"));
      writeFileSync(join(dir, named), "file-token\n");
      const access = resolve({}, file)!;
      const options: { headers?: Record<string, string> } = {};
      await createAuthenticator(access).applyAuthentication({ name: "u" }, options);
      assert.equal(options.headers?.["Authorization"], "Bearer file-token");
    });

  for (const [file, code, says] of [
    [
      "ca-file-missing",
      "KUBECONFIG_UNREADABLE",
      /certificate-authority names \/nope\/ca\.crt, which cannot be read: ENOENT/,
    ],
    ["kubectl-proxy-http", "KUBECONFIG_UNREADABLE", /server is http:\/\/127\.0\.0\.1:18201; expected https/],
    ["plugin-fails", "KUBECONFIG_PLUGIN", /plugin-that-fails\.sh, which is no program on this machine/],
  ] as const)
    given(`14-kubeconfig-waits-an-hour/${file}.kubeconfig`, `${code} at once, exit 2`, (dir) =>
      assert.throws(() => resolve({}, join(dir, `${file}.kubeconfig`)), { code, exitCode: 2, message: says }),
    );

  const lists: [title: string, files: string[], server: string, token: string][] = [
    ["the first of equal names wins", ["one-a", "one-b"], "https://127.0.0.1:18202", "ta"],
    [
      "absent files are skipped",
      ["absent", "part-clusters", "absent", "part-contexts", "part-users"],
      "https://127.0.0.1:18202",
      "t1",
    ],
    ["the other order, the other entries", ["one-b", "one-a"], "https://127.0.0.1:1", "tb"],
    ["parts are joined", ["part-clusters", "part-contexts", "part-users"], "https://127.0.0.1:18202", "t1"],
  ];
  for (const [title, files, server, token] of lists)
    given("15-kubeconfig-list/one-a", title, (dir) => {
      const access = resolve({ KUBECONFIG: files.map((name) => join(dir, name)).join(":") })!;
      assert.deepEqual([access.cluster.server, access.user.token], [server, token]);
    });

  given("16-kubeconfig-exec-relative/exec-relative.kubeconfig", "begins at the kubeconfig's folder", (dir) => {
    chmodSync(join(dir, "plugin.sh"), 0o755);
    const { plugin } = resolve({}, join(dir, "exec-relative.kubeconfig"))!;
    assert.equal(plugin?.command, join(dir, "plugin.sh"));
  });

  given("17-environment-proxy/k01.kubeconfig", "HTTPS_PROXY is heeded, NO_PROXY before it", (dir) => {
    const file = join(dir, "k01.kubeconfig");
    const proxy = { HTTPS_PROXY: "http://127.0.0.1:3128" };
    assert.equal(resolve(proxy, file)!.cluster.proxyUrl, "http://127.0.0.1:3128/");
    assert.equal(resolve({ ...proxy, NO_PROXY: "127.0.0.0/8" }, file)!.cluster.proxyUrl, undefined);
    assert.equal(resolve({}, file)!.cluster.proxyUrl, undefined);
  });
});
