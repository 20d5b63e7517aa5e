import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type Registry, type RegistryAccess } from "../../../lib/site/registry/client.js";
import { InvalidInputError, RefusedError } from "../../../lib/base/errors/errors.js";
import { createImagesGate } from "../../../lib/gates/images/gate.js";
import {
  createHelmRenderer,
  type Renderer,
  RenderError,
  type RenderRequest,
} from "../../../lib/gates/images/render.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { temporaryProject } from "../../site/charts/fixtures.js";
import { inputFor, settingsFor } from "../fake-site.js";
import { installationWith, pod, rendererOf } from "./installation.js";

const stored = {
  config: {
    ociImageRegistry: {
      endpoint: "harbor.example.com",
      baseContentPath: "base",
      username: "robot",
      password: Buffer.from("pl4nted-password").toString("base64"),
      mirrorRegistries: "gcr.io::mirror.example.com/gcr",
    },
  },
};
interface World {
  values?: Record<string, unknown>;
  /** `host/repository:reference` that are there, or a fault of the registry. */
  there?: string[] | SiteError;
  manifests?: string;
  check?: () => Promise<string>;
  render?: () => Promise<string>;
  overridden?: string[];
}

async function look(
  world: World,
): Promise<{ verdict: Verdict; access: [string, RegistryAccess][]; rendered: RenderRequest[] }> {
  const access: [string, RegistryAccess][] = [];
  const plain = rendererOf(world.manifests ?? pod("us-docker.pkg.dev/palette/web:4.7.20"));
  const renderer: Renderer = {
    check: () => world.check?.() ?? plain.check(),
    render: (request) => world.render?.() ?? plain.render(request),
  };
  const openRegistry = (host: string, own: RegistryAccess): Registry => {
    access.push([host, own]);
    const has = (repository: string, reference: string): Promise<boolean> =>
      world.there instanceof SiteError
        ? Promise.reject(world.there)
        : Promise.resolve((world.there ?? []).includes(`${host}/${repository}:${reference}`));
    return { host, hasManifest: has } as Registry;
  };
  const site = installationWith(world.values ?? stored);
  const settings = settingsFor({ overriddenKeys: { hubble: world.overridden ?? [] } });
  const gate = createImagesGate({ renderer, openRegistry });
  const verdict = await gate.sample(inputFor({ site, settings }), new AbortController().signal);
  assert.doesNotMatch(JSON.stringify(verdict), /pl4nted/);
  return { verdict, access, rendered: plain.asked };
}

const codes = ({ outcome, reasons }: Verdict): string[] => [outcome, ...reasons.map(({ code }) => code)];
const web = "harbor.example.com/base/us-docker.pkg.dev/palette/web:4.7.20";

describe("gate images", () => {
  it("passes when every image is in the registry", async () => {
    const { verdict, access, rendered } = await look({ there: [web] });
    assert.deepEqual(codes(verdict), ["pass", "NOTE"]);
    assert.equal(verdict.reasons[0]!.message, "All 1 images of the next version are in harbor.example.com.");
    assert.deepEqual(verdict.observed, { registry: "harbor.example.com", images: 1, missing: [] });
    assert.deepEqual(
      [access[0]![0], access[0]![1].user, access[0]![1].password],
      ["harbor.example.com", "robot", "pl4nted-password"],
    );
    assert.deepEqual(
      rendered.map(({ release, namespace, chart, kubernetesVersion }) => [
        release,
        namespace,
        chart,
        kubernetesVersion,
      ]),
      [
        ["cert-manager", "default", "charts/4.7.20/cert-manager", "v1.28.4"],
        ["hubble", "default", "charts/4.7.20/hubble", "v1.28.4"],
      ],
    );
  });

  it("names every image that is not there, and where", async () => {
    const manifests =
      pod("us-docker.pkg.dev/palette/web:4.7.20") + pod("us-docker.pkg.dev/palette/api:4.7.20") + pod("busybox:1");
    const { verdict } = await look({ manifests, there: [web] });
    assert.deepEqual(
      verdict.reasons.map(({ code, member }) => `${code} ${member}`),
      ["IMAGE_MISSING busybox:1", "IMAGE_MISSING us-docker.pkg.dev/palette/api:4.7.20"],
    );
    assert.equal(
      verdict.reasons[1]!.message,
      "harbor.example.com/base/us-docker.pkg.dev/palette/api:4.7.20 is not in the registry, and Deployment/web needs it. " +
        "Upload the next version's images (the vendor's airgap binary of that release) and run this again.",
    );
  });

  it("a mirror elsewhere is asked without the registry's credentials", async () => {
    const { access } = await look({ manifests: pod("gcr.io/x/y:1"), there: ["mirror.example.com/gcr/x/y:1"] });
    assert.deepEqual(
      access.map(([host, { user, password }]) => [host, user, password]),
      [["mirror.example.com", "", ""]],
    );
  });

  it("does not apply where no registry is named", async () => {
    assert.deepEqual(codes((await look({ values: {} })).verdict), ["pass", "NOT_APPLICABLE"]);
  });

  it("… is unknown where the stack's configuration names it, which gates cannot see", async () => {
    const { verdict } = await look({ values: {}, overridden: ["config.ociImageRegistry.endpoint"] });
    assert.deepEqual(codes(verdict), ["unknown", "REGISTRY_UNKNOWN"]);
  });

  it("tells which overrides it could not see", async () => {
    const { verdict } = await look({ there: [web], overridden: ["web.image", "mongo.replicas"] });
    assert.match(verdict.reasons.at(-1)!.message, /was not looked for: hubble: web\.image\.$/);
  });

  const faults: [string, World, string[], boolean | undefined][] = [
    [
      "a registry that throttles is asked again",
      { there: new SiteError("throttled", "429") },
      ["unknown", "SITE_THROTTLED"],
      true,
    ],
    [
      "a registry that fails is asked again",
      { there: new SiteError("server", "503") },
      ["unknown", "SITE_ERROR"],
      true,
    ],
    [
      "a registry that refuses us",
      { there: new SiteError("unauthorized", "401") },
      ["unknown", "UNAUTHORIZED"],
      undefined,
    ],
    ["charts that name no image", { manifests: "kind: Namespace\n" }, ["unknown", "NO_IMAGES"], undefined],
    [
      "no helm",
      { check: () => Promise.reject(new InvalidInputError("HELM_MISSING", "No Helm.", { next: "Install it." })) },
      ["unknown", "HELM_MISSING"],
      undefined,
    ],
    [
      "an old helm",
      { check: () => Promise.reject(new RefusedError("HELM_OLD", "Helm is 3.13.")) },
      ["fail", "HELM_OLD"],
      undefined,
    ],
    [
      "charts that cannot be rendered",
      { render: () => Promise.reject(new RenderError("helm ended with 1.")) },
      ["unknown", "RENDER_FAILED"],
      undefined,
    ],
  ];
  for (const [title, world, expected, transient] of faults) {
    it(title, async () => {
      const { verdict } = await look(world);
      assert.deepEqual([codes(verdict), verdict.transient], [expected, transient]);
    });
  }
});

describe("rendering with the helm on PATH", () => {
  const secret = "pl4nted-value";
  const request: RenderRequest = {
    release: "hubble",
    namespace: "default",
    chart: "charts/a.tgz",
    values: { password: secret },
    kubernetesVersion: "v1.31.2+k3s1",
    signal: new AbortController().signal,
  };

  async function withHelm<T>(script: string, use: (renderer: Renderer) => Promise<T>): Promise<T> {
    const project = temporaryProject();
    try {
      project.put("helm", `#!/bin/sh\nif [ "$1" = version ]; then echo v3.20.2; exit 0; fi\n${script}`);
      chmodSync(`${project.dir}/helm`, 0o755);
      return await use(
        createHelmRenderer({ PATH: `${project.dir}:${process.env.PATH}`, PALETTE_CHARTS_PASSWORD: secret }),
      );
    } finally {
      project.remove();
    }
  }

  it("values go by standard input; neither arguments nor environment hold them", async () => {
    await withHelm('echo "args: $*"; env; cat', async (renderer) => {
      assert.equal(await renderer.check(), "3.20.2");
      const reported = await renderer.render(request);
      assert.match(
        reported,
        /args: template hubble \S+charts\/a\.tgz --namespace default --is-upgrade --kube-version v1\.31\.2 --values -\n/,
      );
      assert.equal(reported.split(secret).length, 2, "once, from standard input");
      assert.doesNotMatch(reported, /PALETTE_CHARTS_PASSWORD/);
    });
  });

  it("an error names the place, and repeats nothing that Helm said of the values", async () => {
    const script = `echo "Error: execution error at (mgmt/templates/a.yaml:3:4): bad ${secret}" >&2; exit 1`;
    await withHelm(script, async (renderer) => {
      await assert.rejects(renderer.render(request), {
        name: "RenderError",
        message: "helm template charts/a.tgz ended with 1 at mgmt/templates/a.yaml:3:4.",
      });
    });
  });
});
