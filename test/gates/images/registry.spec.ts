import assert from "node:assert/strict";
import { openRegistry } from "../../../lib/site/registry/client.js";
import { createImagesGate } from "../../../lib/gates/images/gate.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import type { Gate, GateInput, GateReport, Verdict } from "../../../lib/gates/verdict/types.js";
import { cleanUp, fileWith } from "../../site/servers.js";
import { makeAuthority, type ServerCertificate } from "../../support/certificates.js";
import { registryStandIn, type RegistryStandIn } from "../../site/charts/registry-stand-in.js";
import { at, FakeClock, inputFor, neverAborted, settingsFor, siteFacts } from "../fake-site.js";
import { installationWith, pod, rendererOf } from "./installation.js";

const password = "pl4nted-password";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const web = "us-docker.pkg.dev/palette/web:4.7.20";
const api = "us-docker.pkg.dev/palette/api:4.7.20";
const authority = makeAuthority("the registry's own");
const another = makeAuthority("another");
const loopback = authority.issue(["127.0.0.1"]);
const auths = ["none", "basic", "bearer"] as const;

interface Asked {
  auth?: (typeof auths)[number];
  tls?: ServerCertificate;
  /** What the registry has. */
  there?: string[];
  images?: string[];
  /** Of `config.ociImageRegistry`, beside endpoint and path. */
  section?: Record<string, string>;
  caFile?: string;
  faults?: number[];
}

describe("gate images and a registry", () => {
  let registry: RegistryStandIn;
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));
  afterEach(async () => {
    await registry.close();
    await cleanUp();
  });

  async function asked({
    auth = "none",
    tls,
    there = [web],
    images = [web],
    ...more
  }: Asked): Promise<[Gate, GateInput]> {
    registry = await registryStandIn({ auth, password, tls });
    registry.faults.push(...(more.faults ?? []));
    for (const image of there) {
      const [repository = "", tag = ""] = image.split(":");
      registry.push(`base/${repository}`, tag, Buffer.from("an image's"));
    }
    const credentials = auth === "none" ? {} : { username: "robot", password: base64(password) };
    const section = { endpoint: registry.host, baseContentPath: "base", ...credentials, ...more.section };
    const site = installationWith({ config: { ociImageRegistry: section } });
    const settings = settingsFor({ site: { ...siteFacts, imageRegistryCaFile: more.caFile ?? null } });
    const gate = createImagesGate({ renderer: rendererOf(images.map(pod).join("")), openRegistry });
    return [gate, inputFor({ site, settings, clock })];
  }

  async function look(world: Asked): Promise<Verdict> {
    const [gate, input] = await asked(world);
    const verdict = await gate.sample(input, neverAborted);
    noneOfIt(verdict);
    return verdict;
  }

  function noneOfIt(reported: Verdict | GateReport): void {
    assert.doesNotMatch(
      JSON.stringify(reported),
      new RegExp(`pl4nted|${base64(password)}|${base64(`robot:${password}`)}`),
    );
  }

  const codes = ({ outcome, reasons }: Verdict | GateReport): string[] => [outcome, ...reasons.map(({ code }) => code)];
  const where = (): string[] => [...new Set(registry.seen.map((seen) => seen.where))];

  for (const auth of auths) {
    for (const tls of [undefined, loopback]) {
      it(`${auth}${tls ? " over TLS" : ""}: what is there passes, what is not is named`, async () => {
        const ca = tls === undefined ? {} : { caFile: fileWith("ca.pem", authority.pem) };
        const verdict = await look({ auth, ...(tls ? { tls } : {}), ...ca, images: [web, api] });
        const { host } = registry;
        assert.deepEqual(codes(verdict), ["fail", "IMAGE_MISSING"]);
        assert.equal(verdict.reasons[0]!.member, api);
        assert.ok(verdict.reasons[0]!.message.startsWith(`${host}/base/${api} is not in the registry`));
        assert.deepEqual(verdict.observed, { registry: host, images: 2, missing: [`${host}/base/${api}`] });
        await registry.close();
        const good = await look({ auth, ...(tls ? { tls } : {}), ...ca, images: [web, api], there: [web, api] });
        assert.deepEqual(codes(good), ["pass", "NOTE"]);
        assert.deepEqual(where(), auth === "bearer" ? ["registry", "token"] : ["registry"]);
      });
    }
  }

  it("images are only looked at: HEAD of manifests, GET of the manifest where HEAD proves nothing, and no layer", async () => {
    await look({ images: [web, api] });
    assert.deepEqual(registry.requests.sort(), [
      "GET /v2/base/us-docker.pkg.dev/palette/api/manifests/4.7.20",
      "HEAD /v2/base/us-docker.pkg.dev/palette/api/manifests/4.7.20",
      "HEAD /v2/base/us-docker.pkg.dev/palette/web/manifests/4.7.20",
    ]);
  });

  for (const auth of ["basic", "bearer"] as const) {
    it(`${auth}: a wrong password is no missing image`, async () => {
      const verdict = await look({ auth, section: { password: base64("pl4nted-too") } });
      assert.deepEqual([codes(verdict), verdict.transient], [["unknown", "UNAUTHORIZED"], undefined]);
      assert.match(verdict.reasons[0]!.message, /does not accept the credentials \(as user "robot"\)\.$/);
    });

    it(`${auth}: no password where one is asked for`, async () => {
      const verdict = await look({ auth, section: { username: "", password: "" } });
      assert.deepEqual(codes(verdict), ["unknown", "UNAUTHORIZED"]);
      assert.match(verdict.reasons[0]!.message, /\(without a user\)\.$/);
    });
  }

  it("403 is a right that is missing", async () => {
    const verdict = await look({ faults: [403] });
    assert.deepEqual([codes(verdict), verdict.transient], [["unknown", "FORBIDDEN"], undefined]);
    assert.match(verdict.reasons[0]!.message, /may not be read without a user \(403\)\.$/);
  });

  it("429 is waited out as long as the registry asks for", async () => {
    assert.deepEqual(codes(await look({ faults: [429] })), ["pass", "NOTE"]);
    assert.equal((await clock.now()).getTime() - Date.parse(at(0)), 2000);
  });

  for (const [status, code] of [
    [429, "SITE_THROTTLED"],
    [503, "SITE_ERROR"],
  ] as const) {
    it(`${status} that stays: the next look asks again, and passes`, async () => {
      const faults = [status, status, status, status];
      const verdict = await look({ faults });
      assert.deepEqual([codes(verdict), verdict.transient], [["unknown", code], true]);
      await registry.close();
      const [gate, input] = await asked({ faults });
      const report = await runGate(gate, input, { secrets: [password] });
      noneOfIt(report);
      assert.deepEqual([codes(report), report.samples], [["pass", "NOTE"], 2]);
    });
  }

  const cas: [string, Pick<Asked, "section"> & { pem?: string }][] = [
    ["of palette:site.imageRegistryCaFile", { pem: authority.pem }],
    ["of the stored values, in base64", { section: { caCert: base64(authority.pem) } }],
    ["of the stored values, as it is", { section: { caCert: authority.pem } }],
    [
      "of palette:site.imageRegistryCaFile before that of the values",
      { pem: authority.pem, section: { caCert: another.pem } },
    ],
  ];
  for (const [title, { pem, section = {} }] of cas) {
    it(`trusts the private CA ${title}`, async () => {
      const caFile = pem === undefined ? {} : { caFile: fileWith("ca.pem", pem) };
      assert.deepEqual(codes(await look({ tls: loopback, auth: "bearer", section, ...caFile })), ["pass", "NOTE"]);
    });
  }

  it("the wrong CA file is no missing image: the key is named, and nothing is asked", async () => {
    const verdict = await look({ tls: loopback, auth: "basic", caFile: fileWith("ca.pem", another.pem) });
    assert.deepEqual([codes(verdict), verdict.transient], [["unknown", "SITE_UNTRUSTED"], undefined]);
    const { host } = registry;
    assert.equal(
      verdict.reasons[0]!.message,
      `Whether ${host}/base/${web} is there could not be asked: ` +
        `https://${host}/v2/base/us-docker.pkg.dev/palette/web/manifests/4.7.20 could not be reached: unable to verify the first certificate. ` +
        `The file that palette:site.imageRegistryCaFile names does not hold the CA of ${host}.`,
    );
    assert.deepEqual(registry.requests, []);
  });

  it("the wrong CA in the stored values: the key that can name another is told", async () => {
    const verdict = await look({ tls: loopback, section: { caCert: another.pem } });
    assert.deepEqual(codes(verdict), ["unknown", "SITE_UNTRUSTED"]);
    assert.match(verdict.reasons[0]!.message, /palette:site.imageRegistryCaFile can name another\.$/);
  });

  it("a CA file without a certificate is told with its key", async () => {
    const verdict = await look({ tls: loopback, caFile: fileWith("ca.pem", "none") });
    assert.deepEqual(codes(verdict), ["unknown", "CA_FILE_UNREADABLE"]);
    assert.match(verdict.reasons[0]!.message, /holds no certificate \(PEM\)\..*palette:site.imageRegistryCaFile/);
  });

  it("a mirror elsewhere never sees the registry's password", async () => {
    const mirror = await registryStandIn();
    try {
      mirror.push("gcr/x/y", "1", Buffer.from("an image's"));
      const section = { mirrorRegistries: `gcr.io::${mirror.host}/gcr` };
      assert.deepEqual(codes(await look({ auth: "basic", section, images: [web, "gcr.io/x/y:1"] })), ["pass", "NOTE"]);
      assert.deepEqual(mirror.seen, [{ where: "registry", authorization: undefined }]);
    } finally {
      await mirror.close();
    }
  });
});
