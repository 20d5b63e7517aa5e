import { readFileSync } from "node:fs";
import { z } from "zod";
import { InvalidInputError, messageOf } from "../errors.js";
import { systemClock, type Clock } from "./clock.js";
import { paletteGet, type PaletteConnection } from "./palette-http.js";
import { requestBudget, type RequestBudget } from "./request-budget.js";
import { SiteError, type ClusterEvent, type Overlord, type TenantApi } from "./types.js";

export { requestBudget } from "./request-budget.js";

export interface TenantConnection {
  /** e.g. `https://palette.example.com`. */
  baseUrl: string;
  tenant: string;
  /** Secret: sent as header ApiKey, never part of any message. */
  apiKey: string;
  /** PEM file of a private certificate authority; null: system trust. */
  caFile: string | null;
  /** Time for pauses and time limits. Default: the machine's. */
  clock?: Clock;
  /** Shared by the tenants of one installation. */
  budget?: RequestBudget;
  /** Limit of one request. Default 15. */
  timeoutSeconds?: number;
}

const overlordSchema = z.object({
  metadata: z.object({ uid: z.string(), name: z.string() }),
  spec: z.object({
    isSelfHosted: z.boolean().default(false),
    isSystem: z.boolean().default(false),
    spectroClusterUid: z.string().default(""),
  }),
  status: z.object({
    state: z.string().default(""),
    notifications: z.object({ isAvailable: z.boolean().default(false) }).nullish(),
    health: z
      .object({
        state: z.string().default(""),
        agentVersion: z.string().default(""),
        lastHeartBeatTimestamp: z.string().nullish(),
      })
      .nullish(),
  }),
});
const listMetaSchema = z.object({ continue: z.string().nullish() }).nullish();
const overlordsSchema = z.object({ items: z.array(overlordSchema).nullish(), listmeta: listMetaSchema });
const clusterSchema = z.object({
  metadata: z.object({ uid: z.string(), annotations: z.record(z.string(), z.string()).nullish() }),
});
const profileUpdatesSchema = z.object({ profiles: z.array(z.object({ name: z.string() })).nullish() });
const upgradeSettingsSchema = z.object({ spectroComponents: z.enum(["lock", "unlock", ""]).nullish() });
const eventsSchema = z.object({
  items: z
    .array(
      z.object({
        message: z.string().default(""),
        reason: z.string().default(""),
        metadata: z.object({ creationTimestamp: z.string() }),
      }),
    )
    .nullish(),
});

/**
 * One tenant of a Palette API, read-only. Every method throws SiteError: `unauthorized` and `forbidden` name the
 * tenant, `throttled`, `server` and `network` come after bounded retries, `malformed` for an answer of another shape.
 * @throws InvalidInputError `API_URL_INVALID`, `CA_FILE_UNREADABLE`.
 */
export function connectTenant(connection: TenantConnection): TenantApi {
  const clock = connection.clock ?? systemClock;
  const palette: PaletteConnection = {
    baseUrl: checkedUrl(connection.baseUrl),
    tenant: connection.tenant,
    apiKey: connection.apiKey,
    ca: readCa(connection.caFile),
    clock,
    budget: connection.budget ?? requestBudget(clock),
    timeoutSeconds: connection.timeoutSeconds ?? 15,
  };
  return {
    tenant: connection.tenant,
    overlords: () => overlords(palette),
    pendingProfileUpdates: (uid) => pendingProfileUpdates(palette, uid),
    clusterEvents: (uid) => clusterEvents(palette, uid),
    platformUpdatesPaused: () => platformUpdatesPaused(palette),
    clusterUpdatesPaused: (uid) => clusterUpdatesPaused(palette, uid),
  };
}

async function overlords(palette: PaletteConnection): Promise<Overlord[]> {
  const found: z.infer<typeof overlordSchema>[] = [];
  let token = "";
  do {
    const query = token === "" ? "" : `?continue=${encodeURIComponent(token)}`;
    const page = await read(palette, `/v1/overlords${query}`, overlordsSchema);
    found.push(...(page.items ?? []));
    token = page.listmeta?.continue ?? "";
  } while (token !== "");
  const listed = await Promise.all(found.map((overlord) => toOverlord(palette, overlord)));
  return listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function toOverlord(palette: PaletteConnection, overlord: z.infer<typeof overlordSchema>): Promise<Overlord> {
  const { metadata, spec, status } = overlord;
  return {
    uid: metadata.uid,
    name: metadata.name,
    isSelfHosted: spec.isSelfHosted,
    isSystem: spec.isSystem,
    spectroClusterUid: spec.spectroClusterUid,
    state: status.state,
    health: status.health?.state ?? "",
    agentVersion: status.health?.agentVersion ?? "",
    lastHeartbeat: heartbeatOf(status.health?.lastHeartBeatTimestamp),
    updateAvailable: status.notifications?.isAvailable ?? false,
    paused: spec.isSystem || spec.spectroClusterUid === "" ? false : await isLocked(palette, spec.spectroClusterUid),
  };
}

/** The API writes Go's zero time for "never". */
function heartbeatOf(timestamp: string | null | undefined): string | null {
  const time = Date.parse(timestamp ?? "");
  return Number.isNaN(time) || time <= 0 ? null : new Date(time).toISOString();
}

async function isLocked(palette: PaletteConnection, clusterUid: string): Promise<boolean> {
  const cluster = await read(palette, clusterPath(clusterUid), clusterSchema);
  return cluster.metadata.annotations?.["spectroComponentsUpgradeForbidden"] === "true";
}

async function pendingProfileUpdates(palette: PaletteConnection, clusterUid: string): Promise<string[]> {
  const updates = await read(palette, `${clusterPath(clusterUid)}/profileUpdates`, profileUpdatesSchema);
  return (updates.profiles ?? []).map((profile) => profile.name).sort();
}

async function clusterEvents(palette: PaletteConnection, clusterUid: string): Promise<ClusterEvent[]> {
  const uid = encodeURIComponent(clusterUid);
  const query = "limit=50&orderBy=metadata.creationTimestamp%3D-1";
  const events = await read(palette, `/v1/events/components/spectrocluster/${uid}?${query}`, eventsSchema);
  return (events.items ?? [])
    .map(({ message, reason, metadata }) => ({ message, reason, at: metadata.creationTimestamp }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

async function platformUpdatesPaused(palette: PaletteConnection): Promise<boolean> {
  const settings = await read(palette, "/v1/spectroclusters/upgrade/settings", upgradeSettingsSchema);
  return settings.spectroComponents === "lock";
}

/**
 * The public API has one switch for both kinds of pause: the tenant's settings and the cluster's annotation. A cluster
 * that this key may not read, or that is not there, is null: not known.
 */
async function clusterUpdatesPaused(palette: PaletteConnection, clusterUid: string): Promise<boolean | null> {
  try {
    return await isLocked(palette, clusterUid);
  } catch (thrown) {
    if (thrown instanceof SiteError && (thrown.kind === "not-found" || thrown.kind === "forbidden")) return null;
    throw thrown;
  }
}

async function read<T>(palette: PaletteConnection, path: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await paletteGet(palette, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? "" : ` at ${issue.path.join(".")}: ${issue.message}`;
  throw new SiteError(
    "malformed",
    `Tenant ${palette.tenant}: the answer of ${path.split("?")[0]} has another shape${where}.`,
  );
}

function clusterPath(clusterUid: string): string {
  return `/v1/spectroclusters/${encodeURIComponent(clusterUid)}`;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const loopback = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url !== null && (url.protocol === "https:" || (url.protocol === "http:" && loopback))) return url.origin;
  const found = url === null ? "no URL" : `${url.protocol}//${url.host}`;
  throw new InvalidInputError(
    "API_URL_INVALID",
    `The Palette API's URL is ${found}; an API key is only sent over https.`,
    {
      next: "Set palette:apiUrl to https://<host of the Palette API>.",
    },
  );
}

function readCa(file: string | null): string | undefined {
  if (file === null) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new InvalidInputError("CA_FILE_UNREADABLE", `The CA file ${file} cannot be read: ${messageOf(cause)}`, {
      next: "Name a readable PEM file in palette:apiCaFile, or leave the key out to use the system's trust.",
      cause,
    });
  }
}
