import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolveClusterAccess, type ClusterAccess } from "../../../lib/site/kubernetes/access.js";
import { findKubeconfig } from "../../../lib/site/kubernetes/kubeconfig.js";

describe("a list of files in KUBECONFIG, as kubectl merges it", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-lists-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(name: string, text: string): string {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
  const clusters = (server = "https://a.example"): object[] => [{ name: "c", cluster: { server } }];
  const contexts = [{ name: "x", context: { cluster: "c", user: "u" } }];
  const users = (user: object): object[] => [{ name: "u", user }];
  const part = (content: object): string => JSON.stringify({ apiVersion: "v1", kind: "Config", ...content });
  const whole = (token: string, server?: string, current = "x"): string =>
    part({ clusters: clusters(server), contexts, users: users({ token }), "current-context": current });

  function resolveAll(files: string[]): ClusterAccess {
    const environment = { KUBECONFIG: files.join(":") };
    const access = resolveClusterAccess(findKubeconfig({ kubeconfig: null, context: null }, environment), environment);
    assert.ok(access !== null);
    return access;
  }

  const lists: [title: string, files: () => string[], expected: [server: string, token: string]][] = [
    [
      "clusters, users and contexts in files of their own",
      () => [
        put("a", part({ clusters: clusters() })),
        put("b", part({ users: users({ token: "t1" }) })),
        put("c", part({ contexts, "current-context": "x" })),
      ],
      ["https://a.example", "t1"],
    ],
    [
      "the first of equal names, and the first current context",
      () => [put("a", whole("first")), put("b", whole("second", "https://b.example", "y"))],
      ["https://a.example", "first"],
    ],
    [
      "a current context from a later file, where the first has none",
      () => [
        put("a", part({ clusters: clusters(), "current-context": "" })),
        put("b", whole("t", "https://b.example")),
      ],
      ["https://a.example", "t"],
    ],
    [
      "absent and empty files left out, one named twice read once",
      () => {
        const a = put("a", whole("t1"));
        return [join(folder, "absent"), put("empty", ""), put("spaces", "\n"), a, a, join(folder, "none")];
      },
      ["https://a.example", "t1"],
    ],
  ];
  for (const [title, files, expected] of lists) {
    it(title, () => {
      const { cluster, user } = resolveAll(files());
      assert.deepEqual([cluster.server, user.token], expected);
    });
  }

  it("a relative path begins at the file that holds it", () => {
    const token = put("two/tok", "t");
    const files = [
      put("one/config", part({ clusters: clusters(), contexts, "current-context": "x" })),
      put("two/config", part({ users: users({ tokenFile: "tok" }) })),
    ];
    assert.equal(resolveAll(files).tokenFile, token);
  });

  it("a single file that is absent is refused, and so is a list of nothing", () => {
    for (const list of ["/nowhere/config", "/nowhere/a:/nowhere/b"]) {
      assert.throws(() => findKubeconfig({ kubeconfig: null, context: null }, { KUBECONFIG: list }), {
        code: "KUBECONFIG_UNREADABLE",
      });
    }
  });

  const proxies: [title: string, cluster: object, environment: Record<string, string>, expected: string | undefined][] =
    [
      ["of the environment", {}, { HTTPS_PROXY: "http://proxy:3128" }, "http://proxy:3128/"],
      [
        "of the file before that",
        { "proxy-url": "socks5://p:1080" },
        { HTTPS_PROXY: "http://proxy" },
        "socks5://p:1080",
      ],
      ["none where NO_PROXY names the server", {}, { HTTPS_PROXY: "http://proxy", NO_PROXY: ".example" }, undefined],
    ];
  for (const [title, cluster, environment, expected] of proxies) {
    it(`proxy ${title}`, () => {
      const content = { clusters: [{ name: "c", cluster: { server: "https://a.example", ...cluster } }], contexts };
      const kubeconfig = put("a", part({ ...content, users: users({}), "current-context": "x" }));
      const location = findKubeconfig({ kubeconfig, context: null }, environment);
      assert.equal(resolveClusterAccess(location, environment)?.cluster.proxyUrl, expected);
    });
  }
});
