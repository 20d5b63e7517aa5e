import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { makeAuthority, type Authority } from "../../support/certificates.js";

const authority = makeAuthority("the cluster's");
const another = makeAuthority("another");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const credential = (status: unknown): string =>
  JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status });

describe("access to a cluster, as kubectl has it", () => {
  let folder: string;
  let server: Server;
  let url: string;
  let seen: (string | undefined)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "palette-access-"));
    seen = [];
    await listen(authority, ["127.0.0.1"]);
  });
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(signer: Authority, names: string[], endsInMinutes?: number): Promise<void> {
    server = createTlsServer(signer.issue(names, endsInMinutes), (request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: "u-1" } }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  function close(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }
  function put(name: string, text: string, mode?: number): string {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (mode !== undefined) chmodSync(file, mode);
    return file;
  }
  const clusters = (more: object = {}): object[] => [
    { name: "c", cluster: { server: url, "certificate-authority-data": base64(authority.pem), ...more } },
  ];
  const contexts = [{ name: "x", context: { cluster: "c", user: "u" } }];
  const users = (user: object): object[] => [{ name: "u", user }];
  const config = (user: object, cluster: object = {}): string =>
    JSON.stringify({ clusters: clusters(cluster), contexts, users: users(user), "current-context": "x" });
  const ask = (environment: NodeJS.ProcessEnv, kubeconfig: string | null = null): Promise<string> =>
    connectKubernetes({ kubeconfig, context: null, environment, timeoutSeconds: 5 }).clusterUid();

  const tokens: [title: string, user: () => object, expected: string | undefined][] = [
    ["token", () => ({ token: "t1" }), "Bearer t1"],
    ["tokenFile beside the file", () => (put("kc/tok", "t2\n"), { tokenFile: "tok" }), "Bearer t2"],
    ["tokenFile in another folder", () => (put("secrets/tok", "t3"), { tokenFile: "../secrets/tok" }), "Bearer t3"],
    ["tokenFile, absolute", () => ({ tokenFile: put("tok", "t4") }), "Bearer t4"],
    ["tokenFile before token", () => ({ tokenFile: put("tok", "t5"), token: "t1" }), "Bearer t5"],
    ["username and password", () => ({ username: "a", password: "b" }), `Basic ${base64("a:b")}`],
    ["nothing", () => ({}), undefined],
    [
      "a plugin beside the file",
      () => (put("kc/plugin.sh", `#!/bin/sh\necho '${credential({ token: "p1" })}'`, 0o755), plugin("./plugin.sh")),
      "Bearer p1",
    ],
    [
      "a plugin above the file, with arguments and variables",
      () => {
        put("plugin.sh", `#!/bin/sh\nprintf '${credential({ token: "%s-%s" })}' "$1" "$MARK"`, 0o755);
        return plugin("../plugin.sh", { args: ["p2"], env: [{ name: "MARK", value: "m" }] });
      },
      "Bearer p2-m",
    ],
    [
      "a plugin in PATH",
      () => (
        put("bin/plugin-in-path", `#!/bin/sh\necho '${credential({ token: "p3" })}'`, 0o755),
        plugin("plugin-in-path")
      ),
      "Bearer p3",
    ],
    [
      "a plugin that is told what is asked of it",
      () => {
        put(
          "kc/p",
          `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) echo '${credential({ token: "p4" })}';; esac`,
          0o755,
        );
        return plugin("./p");
      },
      "Bearer p4",
    ],
  ];
  const plugin = (command: string, more: object = {}): object => ({
    exec: { apiVersion: "client.authentication.k8s.io/v1", command, ...more },
  });
  for (const [title, user, expected] of tokens) {
    it(`authorizes by ${title}`, async () => {
      const file = put("kc/config", config(user()));
      const environment = { PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
      assert.equal(await ask(environment, file), "u-1");
      assert.deepEqual(seen, [expected]);
    });
  }

  it("a plugin runs once for many requests", async () => {
    put("kc/p", `#!/bin/sh\necho x >> "${folder}/runs"\necho '${credential({ token: "p" })}'`, 0o755);
    const site = connectKubernetes({ kubeconfig: put("kc/config", config(plugin("./p"))), context: null });
    await Promise.all([site.clusterUid(), site.clusterUid()]);
    await site.clusterUid();
    assert.deepEqual([seen.length, (await import("node:fs")).readFileSync(`${folder}/runs`, "utf8")], [3, "x\n"]);
  });

  const faults: [title: string, make: () => string, code: string, says: RegExp][] = [
    [
      "CA file that is absent",
      () => config({}, { "certificate-authority-data": "", "certificate-authority": "/nope/ca.crt" }),
      "KUBECONFIG_UNREADABLE",
      /clusters\."c"\.certificate-authority names \/nope\/ca\.crt, which cannot be read: ENOENT/,
    ],
    [
      "CA without a certificate",
      () => config({}, { "certificate-authority-data": base64("none") }),
      "KUBECONFIG_UNREADABLE",
      /clusters\."c"\.certificate-authority-data holds no certificate \(PEM\)\.$/,
    ],
    [
      "client certificate that is absent",
      () => config({ "client-certificate": "c.pem" }),
      "KUBECONFIG_UNREADABLE",
      /users\."u"\.client-certificate names .*\/kc\/c\.pem, which cannot be read/,
    ],
    [
      "token file that is absent",
      () => config({ tokenFile: "tok" }),
      "KUBECONFIG_UNREADABLE",
      /users\."u"\.tokenFile names .*\/kc\/tok, which cannot be read: ENOENT/,
    ],
    [
      "token file that is empty",
      () => (put("kc/tok", ""), config({ tokenFile: "tok" })),
      "KUBECONFIG_UNREADABLE",
      /users\."u"\.tokenFile names .*\/kc\/tok, which is empty\.$/,
    ],
    [
      "http:// where https belongs",
      () => config({}, { server: "http://127.0.0.1:18201" }),
      "KUBECONFIG_UNREADABLE",
      /clusters\."c"\.server is http:\/\/127\.0\.0\.1:18201; expected https/,
    ],
    [
      "server that is no address",
      () => config({}, { server: "kube" }),
      "KUBECONFIG_UNREADABLE",
      /clusters\."c"\.server is no server's address/,
    ],
    [
      "provider that kubectl dropped",
      () => config({ "auth-provider": { name: "gcp" } }),
      "KUBECONFIG_UNREADABLE",
      /users\."u"\.auth-provider names "gcp", which kubectl dropped/,
    ],
    [
      "plugin that is absent",
      () => config(plugin("./p")),
      "KUBECONFIG_PLUGIN",
      /users\."u"\.exec\.command names .*\/kc\/p, which is no program on this machine\.$/,
    ],
    [
      "plugin that is not in PATH",
      () => config(plugin("no-such-plugin")),
      "KUBECONFIG_PLUGIN",
      /names no-such-plugin, which is no program/,
    ],
    [
      "plugin that may not be run",
      () => (put("kc/p", "#!/bin/sh\n", 0o644), config(plugin("./p"))),
      "KUBECONFIG_PLUGIN",
      /\/kc\/p, which is no program/,
    ],
    [
      "user that is absent",
      () => config({}).replace('"user":"u"', '"user":"other"'),
      "KUBECONFIG_CONTEXT",
      /context "x" names user "other", which no kubeconfig holds\.$/,
    ],
    [
      "cluster that is absent",
      () => config({}).replace('"cluster":"c"', '"cluster":"other"'),
      "KUBECONFIG_CONTEXT",
      /context "x" names cluster "other"/,
    ],
    [
      "entry of another form",
      () => config({ token: 7 }),
      "KUBECONFIG_UNREADABLE",
      /users\.0\.user\.token is not as kubectl writes it\.$/,
    ],
  ];
  for (const [title, make, code, says] of faults) {
    it(`${title}: refused at once with exit 2, naming file and key`, () => {
      const kubeconfig = put("kc/config", make());
      const call = (): unknown => connectKubernetes({ kubeconfig, context: null, environment: {} });
      assert.throws(call, (error: unknown) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.deepEqual([error.code, error.exitCode], [code, 2]);
        assert.ok(error.message.startsWith(`The kubeconfig ${kubeconfig}`), error.message);
        assert.match(error.message, says);
        return true;
      });
    });
  }

  const plugins: [title: string, script: string, says: RegExp][] = [
    ["fails", "echo 'log in first' >&2; exit 3", /names .*\/kc\/p, which ended with 3: log in first\.$/],
    ["fails without a word", "exit 1", /which ended with 1\.$/],
    ["answers no JSON", "echo secret-token", /which answered no ExecCredential with a token or certificate\.$/],
    ["answers nothing", "true", /which answered no ExecCredential/],
    ["answers without a token", `echo '${credential({})}'`, /which answered no ExecCredential/],
  ];
  for (const [title, script, says] of plugins) {
    it(`a plugin that ${title}: exit 2, naming file and key, at the first request`, async () => {
      put("kc/p", `#!/bin/sh\n${script}\n`, 0o755);
      const kubeconfig = put("kc/config", config(plugin("./p")));
      await assert.rejects(ask({}, kubeconfig), (error: unknown) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.deepEqual([error.code, error.exitCode], ["KUBECONFIG_PLUGIN", 2]);
        assert.match(error.message, says);
        assert.ok(error.message.startsWith(`The kubeconfig ${kubeconfig}, users."u".exec`), error.message);
        assert.ok(!error.message.includes("secret-token"));
        return true;
      });
      assert.deepEqual(seen, []);
    });
  }

  const certificates: [title: string, signer: Authority, names: string[], minutes: number, next: RegExp][] = [
    ["of another CA", another, ["127.0.0.1"], 60, /^Correct certificate-authority/],
    ["of another name", authority, ["kube.internal"], 60, /tls-server-name/],
    ["that has run out", authority, ["127.0.0.1"], -5, /one that has run out needs a new certificate/],
  ];
  for (const [title, signer, names, minutes, next] of certificates) {
    it(`a certificate ${title}: exit 2, never "could not be reached"`, async () => {
      await close();
      await listen(signer, names, minutes);
      await assert.rejects(ask({}, put("config", config({ token: "t" }))), (error: unknown) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.deepEqual([error.code, error.exitCode], ["KUBECONFIG_UNTRUSTED", 2]);
        assert.match(error.message, /: the server's certificate is not accepted: /);
        assert.match(error.next ?? "", next);
        return true;
      });
      assert.deepEqual(seen, []);
    });
  }

  it("tls-server-name is what the certificate has to be for", async () => {
    await close();
    await listen(authority, ["kube.internal"]);
    assert.equal(await ask({}, put("config", config({ token: "t" }, { "tls-server-name": "kube.internal" }))), "u-1");
  });
});
