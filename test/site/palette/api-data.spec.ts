import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import {
  clusterSchema,
  eventsSchema,
  notificationsSchema,
  overlordsSchema,
  profileUpdatesSchema,
  upgradeSettingsSchema,
} from "../../../lib/site/palette/answers.js";
import { connectTenantWrites } from "../../../lib/site/palette/writes.js";
import { fakeClock } from "../fake-clock.js";
import { answering, cleanUp, serve } from "../servers.js";
import { apiKey, tenantAt } from "./tenants.js";

interface Part {
  name: string;
  verified: boolean;
  valuesUsed?: string[];
}
interface Row {
  id: string;
  method: string;
  path: string;
  use: "read" | "write";
  query: Part[];
  answer: Part[];
  body: Part[];
}

const { rows } = JSON.parse(readFileSync(join(findPackageRoot(), "data", "palette-api.json"), "utf8")) as {
  rows: Row[];
};
const byId = new Map(rows.map((row) => [row.id, row]));

/** Names of all leaves of a JSON schema, as the table writes them. */
function leavesOf(schema: unknown): string[] {
  const { anyOf, type, items, properties } = schema as {
    anyOf?: unknown[];
    type?: string;
    items?: unknown;
    properties?: Record<string, unknown>;
  };
  if (anyOf !== undefined) return anyOf.flatMap(leavesOf);
  if (type === "array") return leavesOf(items).map((leaf) => `[]${leaf === "" ? "" : `.${leaf}`}`);
  if (properties === undefined) return type === "null" ? [] : [""];
  return Object.entries(properties).flatMap(([name, inner]) =>
    leavesOf(inner).map((leaf) => (leaf === "" || leaf.startsWith("[]") ? `${name}${leaf}` : `${name}.${leaf}`)),
  );
}

/** Names of all leaves of a value. */
function leavesOfValue(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOfValue).map((leaf) => `[]${leaf === "" ? "" : `.${leaf}`}`);
  if (value === null || typeof value !== "object") return [""];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOfValue(inner).map((leaf) => (leaf === "" || leaf.startsWith("[]") ? `${name}${leaf}` : `${name}.${leaf}`)),
  );
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** The row that a request belongs to; an exact path outweighs one with a variable. */
function rowOf(method: string, path: string): Row | undefined {
  const fitting = rows.filter(
    (row) => row.method === method && new RegExp(`^${row.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
  return fitting.find((row) => row.path === path) ?? fitting[0];
}

interface Seen {
  row: Row | undefined;
  line: string;
  query: string[];
  body: string[];
}

/** Every request that all methods of both clients send. */
async function allRequests(): Promise<Seen[]> {
  const seen: Seen[] = [];
  const offered = {
    uid: "p",
    name: "infra",
    profileVersion: "2",
    packs: [{ name: "k", layer: "k8s", tag: "1", packUid: "u", registryUid: "r", type: "spectro", values: "v" }],
  };
  const answers: Record<string, unknown> = {
    gateways: {
      items: [{ metadata: { uid: "o", name: "g" }, spec: { spectroClusterUid: "c" }, status: {} }],
      listmeta: { continue: "next" },
    },
    cluster: { metadata: { uid: "c" } },
    "profile-updates": { profiles: [offered] },
    events: { items: [{ metadata: { creationTimestamp: "2026-01-02T00:00:00Z" } }], listmeta: { continue: "next" } },
  };
  const url = await serve((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = new URL(request.url ?? "", "http://x");
      const row = rowOf(request.method ?? "", asked.pathname);
      const text = Buffer.concat(chunks).toString();
      const query = [...asked.searchParams.keys()];
      const body = text === "" ? [] : leavesOfValue(JSON.parse(text) as unknown);
      seen.push({ row, line: `${request.method} ${asked.pathname}`, query, body });
      const page = query.includes("continue") ? {} : (answers[row?.id ?? ""] ?? {});
      answering(200, page)(request, response);
    });
  });
  const reads = tenantAt(url);
  await reads.overlords();
  await reads.pendingProfileUpdates("c");
  await reads.offeredProfiles("c");
  await reads.appliedProfiles("c");
  await reads.profileNotifications("c");
  await reads.clusterEvents("c", new Date("2026-01-01T00:00:00Z"));
  await reads.platformUpdatesPaused();
  await reads.clusterUpdatesPaused("c");
  const called = seen.length;
  const writes = connectTenantWrites({ baseUrl: url, tenant: "acme", apiKey, caFile: null, clock: fakeClock() });
  await writes.setClusterUpdates("c", "unlock");
  await writes.confirmProfileUpdates("c", (await writes.getOffer("c")).digest);
  assert.ok(
    seen.slice(0, called).every(({ row }) => row?.use === "read"),
    "the reading client has written",
  );
  assert.equal(Object.keys(reads).length, 9, "a method of the reading client is not called here");
  assert.equal(Object.keys(writes).length, 4, "a method of the writing client is not called here");
  return seen;
}

describe("data/palette-api.json and the clients of the Palette API", () => {
  afterEach(cleanUp);

  it("the clients ask for nothing outside the table, and for all that stands in it", async () => {
    const seen = await allRequests();
    assert.deepEqual(
      seen.filter(({ row }) => row === undefined).map(({ line }) => line),
      [],
    );
    assert.deepEqual(sorted(seen.map(({ row }) => row!.id)), sorted(rows.map(({ id }) => id)));
    for (const row of rows) {
      const mine = seen.filter((request) => request.row === row);
      assert.deepEqual(
        sorted(mine.flatMap(({ query }) => query)),
        sorted(row.query.map(({ name }) => name)),
        `${row.id}: query`,
      );
      assert.deepEqual(
        sorted(mine.flatMap(({ body }) => body)),
        sorted(row.body.map(({ name }) => name)),
        `${row.id}: body`,
      );
    }
  });

  it("negative twin: a path that is not in the table belongs to no row", () => {
    assert.equal(rowOf("GET", "/v1/spectroclusters/c/kubeconfig"), undefined);
    assert.equal(rowOf("DELETE", "/v1/overlords"), undefined);
    assert.equal(rowOf("GET", "/v1/spectroclusters/upgrade/settings")?.id, "tenant-pause");
  });

  const schemas: [id: string, schema: z.ZodType][] = [
    ["gateways", overlordsSchema],
    ["cluster", clusterSchema],
    ["profile-updates", profileUpdatesSchema],
    ["tenant-pause", upgradeSettingsSchema],
    ["events", eventsSchema],
    ["notifications", notificationsSchema],
  ];
  for (const [id, schema] of schemas) {
    it(`${id}: the fields that are read are those of the table`, () => {
      const read = leavesOf(z.toJSONSchema(schema, { io: "input" }));
      assert.deepEqual(sorted(read), sorted(byId.get(id)!.answer.map(({ name }) => name)));
    });
  }

  it("what the public description does not have is known by name", () => {
    const missing = rows.flatMap((row) =>
      [...row.query, ...row.answer, ...row.body]
        .filter(({ verified }) => !verified)
        .map(({ name }) => `${row.id} ${name}`),
    );
    assert.deepEqual(missing, ["gateways continue", "gateways listmeta.continue"]);
  });
});
