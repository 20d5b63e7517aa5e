import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createAuthenticator } from "../../../lib/site/kubernetes/authenticator.js";
import { resolveClusterAccess, type ClusterAccess } from "../../../lib/site/kubernetes/access.js";
import { findKubeconfig } from "../../../lib/site/kubernetes/kubeconfig.js";
import { makeAuthority } from "../../support/certificates.js";

/** Kubeconfigs as managed clusters, plugins and people write them. */
describe("kubeconfigs from the field", () => {
  const { pem } = makeAuthority("the cluster's");
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-field-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(name: string, text: string, mode = 0o644): string {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  }
  /** A kubeconfig as YAML, with more lines for its user and cluster. */
  const yaml = (user: string[], cluster: string[] = []): string =>
    [
      "apiVersion: v1",
      "kind: Config",
      "current-context: x",
      "contexts: [{ name: x, context: { cluster: c, user: u, namespace: hubble-system } }]",
      "clusters:",
      "  - name: c",
      "    cluster:",
      "      server: https://api.example:6443",
      ...cluster.map((line) => `      ${line}`),
      "users:",
      "  - name: u",
      "    user:",
      ...user.map((line) => `      ${line}`),
      "",
    ].join("\n");
  const exec = (...lines: string[]): string[] => ["exec:", ...lines.map((line) => `  ${line}`)];
  const plugin = (...lines: string[]): string[] =>
    exec("apiVersion: client.authentication.k8s.io/v1", "interactiveMode: IfAvailable", ...lines);

  function resolve(text: string, environment: NodeJS.ProcessEnv = {}): ClusterAccess {
    const file = put("kc/config", text);
    const access = resolveClusterAccess(findKubeconfig({ kubeconfig: file, context: null }, environment), environment);
    assert.ok(access !== null);
    return access;
  }
  async function authorize(access: ClusterAccess): Promise<string | undefined> {
    const options: { headers?: Record<string, string> } = {};
    await createAuthenticator(access).applyAuthentication({ name: "u" }, options);
    return options.headers?.["Authorization"];
  }
  const answering = (body: string): string => `#!/bin/sh\n${body}\n`;
  const token = (text: string): string =>
    answering(`echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${text}"}}'`); // prettier-ignore

  it("kind 13: a projected token is read through its link", async () => {
    put("kc/..2026/token", "projected\n");
    symlinkSync("..2026/token", join(folder, "kc", "token"));
    assert.equal(await authorize(resolve(yaml(["tokenFile: token"]))), "Bearer projected");
  });
  it("kind 13: a token file with the line end of Windows", async () => {
    put("kc/token", "windows\r\n");
    assert.equal(await authorize(resolve(yaml(["tokenFile: ./token"]))), "Bearer windows");
  });
  it("kind 13: a token file counts before an empty token", async () => {
    put("kc/token", "file");
    assert.equal(await authorize(resolve(yaml(['token: ""', "tokenFile: token"]))), "Bearer file");
  });

  const refused: [title: string, text: () => string, code: string, says: RegExp][] = [
    ["an empty token file", () => (put("kc/token", ""), yaml(["tokenFile: token"])), "KUBECONFIG_UNREADABLE", /tokenFile names .*token, which is empty/], // prettier-ignore
    ["a proxy without a scheme", () => yaml(["token: t"], ["proxy-url: proxy.corp:3128"]), "KUBECONFIG_UNREADABLE", /clusters\."c"\.proxy-url is no proxy's address; expected http:\/\/, https:\/\/ or socks5:/], // prettier-ignore
    ["a proxy of another kind", () => yaml(["token: t"], ["proxy-url: ftp://proxy.corp"]), "KUBECONFIG_UNREADABLE", /proxy-url is no proxy's address/], // prettier-ignore
    ["a plugin that needs a person", () => (put("kc/p", token("t"), 0o755), yaml(exec("apiVersion: client.authentication.k8s.io/v1", "interactiveMode: Always", "command: ./p"))), "KUBECONFIG_PLUGIN", /interactiveMode is Always; a gate has no terminal/], // prettier-ignore
    ["groups that are not sent", () => yaml(["token: t", "as: ops", "as-groups: [system:masters]"]), "KUBECONFIG_UNREADABLE", /impersonates with groups/], // prettier-ignore
    ["a certificate authority that is a key", () => (put("kc/ca.crt", "-----BEGIN PRIVATE KEY-----\n"), yaml(["token: t"], ["certificate-authority: ca.crt"])), "KUBECONFIG_UNREADABLE", /holds no certificate/], // prettier-ignore
    ["the plugin of a machine that was left", () => yaml(plugin("command: aws-iam-authenticator", "args: [token, -i, prod]", "installHint: see the vendor")), "KUBECONFIG_PLUGIN", /aws-iam-authenticator, which is no program on this machine/], // prettier-ignore
  ];
  for (const [title, text, code, says] of refused)
    it(`kind 14: ${title} is refused at once, with exit 2`, () =>
      assert.throws(() => resolve(text()), { code, exitCode: 2, message: says }));

  it("kind 14: negative twin: proxies of each kind, and impersonation by name alone", () => {
    for (const proxy of ["http://p:1", "https://p:1", "socks5://p:1"])
      assert.equal(resolve(yaml(["token: t", "as: ops"], [`proxy-url: ${proxy}`])).cluster.proxyUrl, proxy);
  });

  it("kind 16: variables of the entry reach the plugin, and count before the environment's", async () => {
    put("kc/bin/p", answering('echo "{\\"status\\":{\\"token\\":\\"$MARK-$1\\"}}"'), 0o755);
    const text = yaml(plugin("command: bin/p", "args: [get-token]", "env: [{ name: MARK, value: own }]"));
    assert.equal(await authorize(resolve(text, { ...process.env, MARK: "outer" })), "Bearer own-get-token");
  });
  it("kind 16: a plugin above the kubeconfig's folder, of v1beta1 without interactiveMode", async () => {
    put("tools/p", token("above"), 0o755);
    const text = yaml(exec("apiVersion: client.authentication.k8s.io/v1beta1", "command: ../tools/p", "env: null"));
    assert.equal(await authorize(resolve(text, process.env)), "Bearer above");
  });
  const told: [title: string, cluster: string[], expected: (info: Record<string, unknown>) => void][] = [
    [
      "server, authority from its file, name and configuration",
      ["certificate-authority: ca.crt", "tls-server-name: kube.internal", "extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: prod } }]"], // prettier-ignore
      (info) =>
        assert.deepEqual(info, {
          server: "https://api.example:6443",
          "tls-server-name": "kube.internal",
          "certificate-authority-data": Buffer.from(pem).toString("base64"),
          config: { audience: "prod" },
        }),
    ],
    [
      "the proxy, and that nothing is verified",
      ["insecure-skip-tls-verify: true", "proxy-url: socks5://p:1080"],
      (info) =>
        assert.deepEqual(info, {
          server: "https://api.example:6443",
          "insecure-skip-tls-verify": true,
          "proxy-url": "socks5://p:1080",
          config: null,
        }),
    ],
  ];
  for (const [title, cluster, check] of told)
    it(`kind 16: a plugin that asks for the cluster is told of it: ${title}`, async () => {
      put("kc/ca.crt", pem);
      put("kc/p", answering('printf %s "$KUBERNETES_EXEC_INFO" > "$1"; echo \'{"status":{"token":"t"}}\''), 0o755);
      const kept = join(folder, "info");
      await authorize(resolve(yaml(plugin("command: ./p", `args: [${kept}]`, "provideClusterInfo: true"), cluster), process.env)); // prettier-ignore
      check((JSON.parse(readFileSync(kept, "utf8")) as { spec: { cluster: Record<string, unknown> } }).spec.cluster);
    });
  it("kind 16: negative twin: a plugin that does not ask is not told", () => {
    put("kc/p", token("t"), 0o755);
    assert.equal(resolve(yaml(plugin("command: ./p"))).plugin?.clusterInfo, null);
  });

  const proxies: [environment: NodeJS.ProcessEnv, expected: string | undefined][] = [
    [{ https_proxy: "proxy.corp:3128" }, "http://proxy.corp:3128/"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: ".example" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "api.example:443" }, "http://p:1/"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: " api.example:6443 , x" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", no_proxy: "*.example" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "pi.example" }, "http://p:1/"],
    [{ HTTP_PROXY: "http://p:1" }, undefined],
  ];
  for (const [environment, expected] of proxies)
    it(`kind 17: ${JSON.stringify(environment)}`, () =>
      assert.equal(resolve(yaml(["token: t"]), environment).cluster.proxyUrl, expected));
  it("kind 17: a proxy in the kubeconfig counts whatever NO_PROXY says", () => {
    const text = yaml(["token: t"], ["proxy-url: socks5://p:1080"]);
    assert.equal(resolve(text, { HTTPS_PROXY: "http://q:1", NO_PROXY: "*" }).cluster.proxyUrl, "socks5://p:1080");
  });

  it("trust: without an authority of its own, a cluster is trusted as the files of the environment say", () => {
    const file = put("corporate.pem", pem);
    const authorityOf = (environment: NodeJS.ProcessEnv, cluster: string[] = []): string =>
      Buffer.from(resolve(yaml(["token: t"], cluster), environment).cluster.caData ?? "", "base64").toString();
    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) assert.ok(authorityOf({ [name]: file }).includes(pem));
    assert.ok(!authorityOf({}).includes(pem));
    assert.ok(!authorityOf({ SSL_CERT_FILE: join(folder, "none") }).includes(pem));
    const own = `certificate-authority-data: ${Buffer.from(makeAuthority("own").pem).toString("base64")}`;
    assert.ok(!authorityOf({ SSL_CERT_FILE: file }, [own]).includes(pem));
  });

  const lists: [title: string, parts: string[], expected: string][] = [
    ["an entry without content before one with", ["users: [{ name: u, user: null }]", yaml(["token: second"])], "none"],
    ["a user's file that comes last", [yaml(["token: first"]), "users: [{ name: u, user: { token: second } }]"], "first"], // prettier-ignore
    ["comments alone before it", ["# nothing here\n", yaml(["token: only"])], "only"],
  ];
  for (const [title, parts, expected] of lists)
    it(`kind 15: ${title}`, () => {
      const files = parts.map((text, index) => put(`list/${index}`, text));
      const environment = { KUBECONFIG: ["/nowhere/config", ...files].join(":") };
      const location = findKubeconfig({ kubeconfig: null, context: null }, environment);
      assert.equal(resolveClusterAccess(location, environment)?.user.token ?? "none", expected);
    });
});
