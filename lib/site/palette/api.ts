import { type z } from "zod";
import { SiteError } from "../../base/errors/site-error.js";
import {
  clusterSchema,
  eventsSchema,
  notificationsSchema,
  type OverlordAnswer,
  overlordsSchema,
  profileUpdatesSchema,
  toProfile,
  upgradeSettingsSchema,
} from "./answers.js";
import { openTenant, type TenantConnection } from "./connection.js";
import { getFromPalette, type PaletteConnection } from "./http.js";
import {
  type AppliedProfiles,
  type ClusterEvent,
  type Overlord,
  type ProfileNotification,
  type TenantApi,
} from "../types.js";

export { openTenant, type TenantConnection } from "./connection.js";
export { createPaletteBudget } from "./palette-budget.js";

/**
 * Creates the read-only client of one tenant of a Palette API. Every method
 * throws SiteError: `unauthorized` and `forbidden` name the
 * tenant, `throttled`, `server` and `network` come after bounded retries, `malformed` for an answer of another shape.
 * @throws InvalidInputError `API_URL_INVALID`, `CA_FILE_UNREADABLE`.
 */
export function connectTenant(connection: TenantConnection): TenantApi {
  const palette = openTenant(connection);
  return {
    tenant: connection.tenant,
    overlords: () => listOverlords(palette),
    pendingProfileUpdates: async (uid) => (await fetchOfferedProfiles(palette, uid)).map(({ name }) => name).sort(),
    offeredProfiles: async (uid) => (await fetchOfferedProfiles(palette, uid)).map(toProfile),
    appliedProfiles: (uid) => getAppliedProfiles(palette, uid),
    profileNotifications: (uid) => listProfileNotifications(palette, uid),
    clusterEvents: (uid, since) => listClusterEvents(palette, uid, since ?? null),
    platformUpdatesPaused: () => hasPausedPlatformUpdates(palette),
    clusterUpdatesPaused: (uid) => hasPausedClusterUpdates(palette, uid),
  };
}

async function listOverlords(palette: PaletteConnection): Promise<Overlord[]> {
  const found: OverlordAnswer[] = [];
  let token = "";
  do {
    const query = token === "" ? "" : `?continue=${encodeURIComponent(token)}`;
    const page = await readAnswer(palette, `/v1/overlords${query}`, overlordsSchema);
    found.push(...(page.items ?? []));
    token = page.listmeta?.continue ?? "";
  } while (token !== "");
  const listed = await Promise.all(found.map((overlord) => toOverlord(palette, overlord)));
  return listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function toOverlord(palette: PaletteConnection, overlord: OverlordAnswer): Promise<Overlord> {
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
    lastHeartbeat: parseHeartbeat(status.health?.lastHeartBeatTimestamp),
    updateAvailable: status.notifications?.isAvailable ?? false,
    variablesPending: status.notifications?.isTemplateVariableResolutionPending ?? false,
    paused: spec.isSystem || spec.spectroClusterUid === "" ? false : await isLocked(palette, spec.spectroClusterUid),
  };
}

/** Parses a heartbeat time; null for "never", which the API writes as Go's zero time. */
function parseHeartbeat(timestamp: string | null | undefined): string | null {
  const time = Date.parse(timestamp ?? "");
  return Number.isNaN(time) || time <= 0 ? null : new Date(time).toISOString();
}

async function isLocked(palette: PaletteConnection, clusterUid: string): Promise<boolean> {
  const cluster = await readAnswer(palette, formatClusterPath(clusterUid), clusterSchema);
  return cluster.metadata.annotations?.["spectroComponentsUpgradeForbidden"] === "true";
}

/**
 * Fetches the offered profiles as Palette returns them, with values: for the write that confirms them, never to be
 * shown.
 */
export async function fetchOfferedProfiles(
  palette: PaletteConnection,
  clusterUid: string,
): Promise<NonNullable<z.infer<typeof profileUpdatesSchema>["profiles"]>> {
  return (
    (await readAnswer(palette, `${formatClusterPath(clusterUid)}/profileUpdates`, profileUpdatesSchema)).profiles ?? []
  );
}

async function getAppliedProfiles(palette: PaletteConnection, clusterUid: string): Promise<AppliedProfiles> {
  const cluster = await readAnswer(palette, formatClusterPath(clusterUid), clusterSchema);
  const packs = (cluster.status?.packs ?? []).map(({ name, version, condition }) => ({
    name,
    version,
    ready: condition?.status === "True" && readyConditions.has(condition.type),
  }));
  return { profiles: (cluster.spec?.clusterProfileTemplates ?? []).map(toProfile), packs };
}

/** Lists the cluster's notifications about its profile, newest first. */
async function listProfileNotifications(
  palette: PaletteConnection,
  clusterUid: string,
): Promise<ProfileNotification[]> {
  const path = `/v1/notifications/spectrocluster/${encodeURIComponent(clusterUid)}`;
  const { items } = await readAnswer(palette, `${path}?${newestFirst}`, notificationsSchema);
  return (items ?? [])
    .filter(({ action }) => profileActions.has(action?.actionType ?? ""))
    .map(({ metadata }) => ({
      at: metadata.creationTimestamp,
      changedAt: metadata.lastModifiedTimestamp ?? metadata.creationTimestamp,
    }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

const profileActions: ReadonlySet<string> = new Set(["NotifyActionClusterProfileUpdate", "NotifyActionPacksUpdate"]);
const newestFirst = "limit=50&orderBy=metadata.creationTimestamp%3D-1";
const readyConditions: ReadonlySet<string> = new Set(["Ready", "Installed"]);
/** Limit of event pages (50 events each) that are read back to the requested time. */
const mostEventPages = 40;

async function listClusterEvents(
  palette: PaletteConnection,
  clusterUid: string,
  since: Date | null,
): Promise<ClusterEvent[]> {
  const path = `/v1/events/components/spectrocluster/${encodeURIComponent(clusterUid)}`;
  const found: ClusterEvent[] = [];
  let token = "";
  for (let page = 1; ; page += 1) {
    const next = token === "" ? "" : `&continue=${encodeURIComponent(token)}`;
    const { items, listmeta } = await readAnswer(palette, `${path}?${newestFirst}${next}`, eventsSchema);
    found.push(
      ...(items ?? []).map(({ message, reason, metadata }) => ({ message, reason, at: metadata.creationTimestamp })),
    );
    token = listmeta?.continue ?? "";
    const oldest = Math.min(...found.map(({ at }) => Date.parse(at)));
    if (since === null || token === "" || oldest <= since.getTime() || page === mostEventPages) break;
  }
  return found.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

async function hasPausedPlatformUpdates(palette: PaletteConnection): Promise<boolean> {
  const settings = await readAnswer(palette, "/v1/spectroclusters/upgrade/settings", upgradeSettingsSchema);
  return settings.spectroComponents === "lock";
}

/**
 * Returns whether a cluster's updates are paused. The public API has one switch for both kinds of pause: the tenant's
 * settings and the cluster's annotation. Null (unknown) for a cluster that does not exist or that this key may not
 * read.
 */
async function hasPausedClusterUpdates(palette: PaletteConnection, clusterUid: string): Promise<boolean | null> {
  try {
    return await isLocked(palette, clusterUid);
  } catch (thrown) {
    if (thrown instanceof SiteError && (thrown.kind === "not-found" || thrown.kind === "forbidden")) return null;
    throw thrown;
  }
}

/**
 * Sends a GET and validates the answer against a schema.
 * @throws SiteError `malformed` that names the invalid field.
 */
async function readAnswer<T>(palette: PaletteConnection, path: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await getFromPalette(palette, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? "" : ` at ${issue.path.join(".")}: ${issue.message}`;
  throw new SiteError(
    "malformed",
    `Tenant ${palette.tenant}: the answer of ${path.split("?")[0]} has another shape${where}. What this tool expects stands in data/palette-api.json; see whether a newer release of it knows this Palette.`,
  );
}

function formatClusterPath(clusterUid: string): string {
  return `/v1/spectroclusters/${encodeURIComponent(clusterUid)}`;
}
