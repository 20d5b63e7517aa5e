import { createHash } from "node:crypto";
import { RefusedError } from "../errors.js";
import { toProfile, type ProfileAnswer } from "./palette-answers.js";
import { offeredProfiles } from "./palette-api.js";
import { openTenant, type TenantConnection } from "./palette-connection.js";
import { paletteRequest, type PaletteConnection } from "./palette-http.js";
import type { ClusterProfile } from "./types.js";

/** Profile updates as they are offered, and a digest of all that confirming them would send. */
export interface Offer {
  profiles: ClusterProfile[];
  digest: string;
  /** Names of packs with manifests: their content is not told, so that confirming by API might lose it. */
  withManifests: string[];
}

/**
 * What acts may write through one tenant's key. An interface of its own: what a gate gets (`TenantApi`) cannot write.
 * Every method throws SiteError as the reading client does.
 */
export interface TenantWrites {
  tenant: string;
  /** Switches platform updates of one cluster: that cluster's own switch, never the tenant's or a project's. */
  switchClusterUpdates(clusterUid: string, to: "lock" | "unlock"): Promise<void>;
  /** The pending profile updates of a cluster. */
  offer(clusterUid: string): Promise<Offer>;
  /**
   * Confirms the pending profile updates of a cluster, if they still are what `digest` says. The call stands in the vendor's
   * description, but nothing public says that it is what "Confirm updates" does: UNVERIFIED.
   * @throws RefusedError `PCG_OFFER_CHANGED`.
   */
  confirmProfileUpdates(clusterUid: string, digest: string): Promise<void>;
}

/** @throws InvalidInputError `API_URL_INVALID`, `CA_FILE_UNREADABLE`. */
export function connectTenantWrites(connection: TenantConnection): TenantWrites {
  const palette = openTenant(connection);
  return {
    tenant: connection.tenant,
    switchClusterUpdates: (uid, to) => switchClusterUpdates(palette, uid, to),
    offer: async (uid) => toOffer(await offeredProfiles(palette, uid)),
    confirmProfileUpdates: (uid, digest) => confirmProfileUpdates(palette, uid, digest),
  };
}

async function switchClusterUpdates(
  palette: PaletteConnection,
  clusterUid: string,
  to: "lock" | "unlock",
): Promise<void> {
  const path = `/v1/spectroclusters/${encodeURIComponent(clusterUid)}/upgrade/settings`;
  // A switch is set to the same place however often it is asked.
  await paletteRequest(palette, { method: "POST", path, body: { spectroComponents: to }, repeatable: true });
}

async function confirmProfileUpdates(palette: PaletteConnection, clusterUid: string, digest: string): Promise<void> {
  const profiles = await offeredProfiles(palette, clusterUid);
  const now = toOffer(profiles).digest;
  if (now !== digest) throw offerChanged(palette.tenant, clusterUid);
  const path = `/v1/spectroclusters/${encodeURIComponent(clusterUid)}/packRefs`;
  await paletteRequest(palette, { method: "PATCH", path, body: confirmationOf(profiles), repeatable: false });
}

function toOffer(profiles: ProfileAnswer[]): Offer {
  const digest = createHash("sha256")
    .update(JSON.stringify(confirmationOf(profiles)))
    .digest("hex");
  const packs = profiles.flatMap((profile) => profile.packs ?? []);
  const withManifests = packs.filter(({ manifests }) => (manifests ?? []).length > 0).map(({ name }) => name);
  return { profiles: profiles.map(toProfile).sort(byName), digest, withManifests: withManifests.sort() };
}

/** The body by which all that is offered is taken as it is offered. */
function confirmationOf(profiles: ProfileAnswer[]): unknown {
  return {
    profiles: [...profiles].sort(byName).map(({ uid, packs }) => ({
      uid,
      packs: (packs ?? []).map(({ packUid, name, layer, tag, version, type, registryUid, values }) => ({
        uid: packUid,
        name,
        layer,
        tag: tag || version,
        type,
        registryUid,
        values,
      })),
    })),
    spcApplySettings: { actionType: "DownloadAndInstall" },
  };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function offerChanged(tenant: string, clusterUid: string): RefusedError {
  return new RefusedError(
    "PCG_OFFER_CHANGED",
    `Tenant ${tenant}: the profile updates offered for cluster ${clusterUid} are not those that were shown any more; nothing was confirmed.`,
    { next: "Run the act again and look at what it shows now." },
  );
}
