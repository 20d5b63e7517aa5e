import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { type ClusterContents } from "../../packages/rehearsal/lib/cluster/throwaway.js";
import { planToolBuild } from "./support/build-tools.js";
import { findTools } from "./support/find-tools.js";
import { givenKubeconfig, refuseInhabited } from "./support/given-cluster.js";

const names = ["etcd", "kubectl"] as const;
const noGo =
  "The cluster suite is skipped: etcd is neither in PALETTE_CLUSTER_BIN or KUBEBUILDER_ASSETS nor on PATH, and Go is not " +
  "on PATH, so nothing can be built. Install Go 1.21 or later, or give the programs.";

describe("the programs of a control plane", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-tools-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A folder that holds programs of these names. */
  function programs(below: string, ...held: string[]): string {
    const place = join(folder, below);
    mkdirSync(place, { recursive: true });
    for (const name of held) {
      writeFileSync(join(place, name), "#!/bin/sh\n");
      chmodSync(join(place, name), 0o755);
    }
    return place;
  }
  function environment(more: Record<string, string>): NodeJS.ProcessEnv {
    return { PATH: programs("path"), XDG_CACHE_HOME: join(folder, "cache"), ...more };
  }
  const found = (env: NodeJS.ProcessEnv): Record<string, string> => {
    const answer = findTools(names, env, assert.fail);
    assert.ok(answer.ok, answer.ok ? "" : answer.why);
    return answer.tools;
  };

  it("are taken from PATH", () => {
    const path = programs("path", ...names);
    assert.deepEqual(found(environment({})), { etcd: join(path, "etcd"), kubectl: join(path, "kubectl") });
  });

  it("are taken from envtest's assets before PATH, the rest from PATH", () => {
    const [assets, path] = [programs("assets", "etcd"), programs("path", ...names)];
    const expected = { etcd: join(assets, "etcd"), kubectl: join(path, "kubectl") };
    assert.deepEqual(found(environment({ KUBEBUILDER_ASSETS: assets })), expected);
  });

  it("that were built before come last", () => {
    const env = environment({ PATH: [programs("one", "kubectl"), programs("path")].join(delimiter) });
    const { folder: built } = planToolBuild(env);
    mkdirSync(built, { recursive: true });
    for (const name of names) writeFileSync(join(built, name), "");
    assert.deepEqual(found(env), { etcd: join(built, "etcd"), kubectl: join(folder, "one", "kubectl") });
  });

  it("a file that cannot be run is none of them", () => {
    programs("path", ...names);
    chmodSync(join(folder, "path", "etcd"), 0o644);
    assert.deepEqual(findTools(names, environment({}), assert.fail), { ok: false, why: noGo });
  });

  it("without Go and without them the whole suite is skipped, says why once, and is no failure", () => {
    const path = programs("path", "kubectl");
    const mocha = join(findPackageRoot(), "node_modules", "mocha", "bin", "mocha.js");
    const setup = join(__dirname, "support", "global-setup.ts");
    const specs = ["control-plane", "seven-hops"].map((name) => join(__dirname, `${name}.spec.ts`));
    const given = ["KUBECONFIG", "KUBEBUILDER_ASSETS", "PALETTE_CLUSTER_BIN"];
    const rest = Object.entries(process.env).filter(([name]) => !given.includes(name));
    const env = { ...Object.fromEntries(rest), PATH: path, XDG_CACHE_HOME: join(folder, "cache") };
    const options = ["--no-config", "--require", "tsx", "--require", setup, "--exit"];
    const done = spawnSync(process.execPath, [mocha, ...options, ...specs], {
      cwd: findPackageRoot(),
      env,
      encoding: "utf8",
    });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    const why = /The cluster suite is skipped: .* (is|are) neither in .* Go is not on PATH, so nothing can be built\./g;
    assert.equal(done.stdout.match(why)?.length, 1, done.stdout);
    assert.match(done.stdout, /0 passing[^]*\d+ pending/);
  });
});

describe("a cluster given by KUBECONFIG", () => {
  const empty: ClusterContents = {
    releases: [],
    namespaces: ["default", "kube-system", "local-path-storage"].map((name) => ({ name, isStub: false })),
    customResources: [],
  };

  it("is the first file that is named", () => {
    assert.equal(givenKubeconfig({ KUBECONFIG: ["", "/a", "/b"].join(delimiter) }), "/a");
    assert.equal(givenKubeconfig({ KUBECONFIG: "" }), null);
    assert.equal(givenKubeconfig({}), null);
  });

  const taken: [string, ClusterContents][] = [
    ["a new one", empty],
    [
      "one with what an interrupted run left",
      { ...empty, namespaces: [{ name: "palette-upgrade-test", isStub: true }] },
    ],
  ];
  for (const [what, contents] of taken) it(`takes ${what}`, () => refuseInhabited(contents));

  const refused: [string, ClusterContents, string][] = [
    [
      "one that somebody lives in",
      { ...empty, namespaces: [...empty.namespaces, { name: "shop", isStub: false }] },
      "KUBECONFIG names a cluster with a namespace shop, which no new cluster has; the suites would fill it with stand-ins.",
    ],
    [
      "one with a real Palette",
      {
        ...empty,
        releases: [
          {
            name: "hubble",
            namespace: "default",
            chart: "spectro-mgmt-plane",
            chartVersion: "4.6.41",
            isStub: false,
          },
        ],
      },
      'The cluster holds Helm release "hubble" of chart spectro-mgmt-plane 4.6.41 in namespace default, which is no stand-in of a rehearsal.',
    ],
  ];
  for (const [what, contents, message] of refused) {
    it(`refuses ${what}`, () =>
      assert.throws(() => refuseInhabited(contents), { code: "CLUSTER_NOT_THROWAWAY", message }));
  }
});
