import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { connectTenantWrites, type TenantWrites } from "../../../lib/site/palette/writes.js";
import { fakeClock } from "../fake-clock.js";
import { answering, cleanUp, serve } from "../servers.js";
import { apiKey, siteErrorOf } from "./tenants.js";

interface Received {
  line: string;
  body: unknown;
}

const offered = {
  profiles: [
    {
      uid: "p1",
      name: "infra",
      profileVersion: "2.0.0",
      packs: [
        {
          name: "kubernetes",
          layer: "k8s",
          tag: "1.30.1",
          packUid: "k1",
          registryUid: "r1",
          type: "spectro",
          values: "a: 1",
        },
      ],
    },
  ],
};

/** Answers reads with `offers` (the last one again and again), writes with each status in turn. */
async function api(offers: unknown[], statuses: number[]): Promise<{ writes: TenantWrites; received: Received[] }> {
  const received: Received[] = [];
  let reads = 0;
  let written = 0;
  const url = await serve((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      if (request.method === "GET") {
        answering(200, offers[Math.min(reads++, offers.length - 1)])(request, response);
        return;
      }
      received.push({ line: `${request.method} ${request.url}`, body: JSON.parse(text) as unknown });
      assert.equal(request.headers["apikey"], apiKey);
      assert.equal(request.headers["projectuid"], undefined, "tenant scope: no project");
      assert.equal(request.headers["content-type"], "application/json");
      const status = statuses[Math.min(written++, statuses.length - 1)]!;
      response.writeHead(status).end(status === 204 ? "" : "{}");
    });
  });
  const writes = connectTenantWrites({ baseUrl: url, tenant: "acme", apiKey, caFile: null, clock: fakeClock() });
  return { writes, received };
}

describe("what acts write through the Palette API", () => {
  afterEach(cleanUp);

  for (const to of ["unlock", "lock"] as const) {
    it(`${to}s one cluster's own switch, and no other path`, async () => {
      const { writes, received } = await api([], [204]);
      await writes.setClusterUpdates("c/1", to);
      assert.deepEqual(received, [
        { line: "POST /v1/spectroclusters/c%2F1/upgrade/settings", body: { spectroComponents: to } },
      ]);
    });
  }

  const repeated: [title: string, statuses: number[], sent: number][] = [
    ["a switch is set again after 500 and 429", [500, 429, 204], 3],
    ["a switch is given up at the fourth refusal", [500], 4],
  ];
  for (const [title, statuses, sent] of repeated) {
    it(title, async () => {
      const { writes, received } = await api([], statuses);
      const done = writes.setClusterUpdates("c1", "unlock");
      if (statuses.at(-1) === 204) await done;
      else assert.equal((await siteErrorOf(done)).kind, "server");
      assert.equal(received.length, sent);
    });
  }

  it("confirms what is offered, pack by pack, without a notify parameter", async () => {
    const { writes, received } = await api([offered], [204]);
    const { digest, profiles, withManifests } = await writes.getOffer("c1");
    await writes.confirmProfileUpdates("c1", digest);
    assert.deepEqual(received, [
      {
        line: "PATCH /v1/spectroclusters/c1/packRefs",
        body: {
          profiles: [
            {
              uid: "p1",
              packs: [
                {
                  uid: "k1",
                  name: "kubernetes",
                  layer: "k8s",
                  tag: "1.30.1",
                  type: "spectro",
                  registryUid: "r1",
                  values: "a: 1",
                },
              ],
            },
          ],
          spcApplySettings: { actionType: "DownloadAndInstall" },
        },
      },
    ]);
    assert.deepEqual(withManifests, []);
    assert.ok(!JSON.stringify(profiles).includes("a: 1"), "values stay inside");
  });

  it("a confirmation is sent again after 429, which says that it was refused", async () => {
    const { writes, received } = await api([offered], [429, 204]);
    await writes.confirmProfileUpdates("c1", (await writes.getOffer("c1")).digest);
    assert.equal(received.length, 2);
  });

  it("a confirmation is never sent again after 500: it may have been carried out", async () => {
    const { writes, received } = await api([offered], [500, 204]);
    const { digest } = await writes.getOffer("c1");
    assert.equal((await siteErrorOf(writes.confirmProfileUpdates("c1", digest))).kind, "server");
    assert.equal(received.length, 1);
  });

  const others: [title: string, other: unknown][] = [
    [
      "another version",
      { profiles: [{ ...offered.profiles[0], packs: [{ name: "kubernetes", layer: "k8s", tag: "1.31.0" }] }] },
    ],
    [
      "other values",
      { profiles: [{ ...offered.profiles[0], packs: [{ ...offered.profiles[0]!.packs[0], values: "a: 2" }] }] },
    ],
    ["nothing any more", { profiles: [] }],
  ];
  for (const [title, other] of others) {
    it(`confirms nothing where the offer has become ${title}`, async () => {
      const { writes, received } = await api([offered, other], [204]);
      const { digest } = await writes.getOffer("c1");
      await assert.rejects(writes.confirmProfileUpdates("c1", digest), { code: "PCG_OFFER_CHANGED", exitCode: 3 });
      assert.deepEqual(received, []);
    });
  }

  it("names packs with manifests, whose content is not reported", async () => {
    const withManifest = {
      profiles: [
        { uid: "p1", name: "infra", packs: [{ name: "m", layer: "addon", manifests: [{ name: "x", uid: "u" }] }] },
      ],
    };
    const { writes } = await api([withManifest], [204]);
    assert.deepEqual((await writes.getOffer("c1")).withManifests, ["m"]);
  });

  it("403 names the tenant's key and the role that writes", async () => {
    const { writes } = await api([], [403]);
    const error = await siteErrorOf(writes.setClusterUpdates("c1", "unlock"));
    assert.match(
      error.message,
      /answered 403: the role of tenant acme's API key may not change this\. Its user needs the role Tenant Admin, or one with cluster\.get and cluster\.update, in tenant scope/,
    );
  });
});
