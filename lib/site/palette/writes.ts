import { createHash } from "node:crypto";
import { RefusedError } from "../../base/errors/errors.js";
import { toProfile, type ProfileAnswer } from "./answers.js";
import { fetchOfferedProfiles } from "./api.js";
import { openTenant, type TenantConnection } from "./connection.js";
import { sendPaletteRequest, type PaletteConnection } from "./http.js";
import type { ClusterProfile } from "../types.js";

/** Profile updates as they are offered, and a digest of all that confirming them would send. */
export interface Offer {
  profiles: ClusterProfile[];
  digest: string;
  /** Names of packs with manifests: the API does not return their content, so confirming by API might lose it. */
  withManifests: string[];
}

/**
 * What acts may write with one tenant's key. A separate interface, because the client that gates get (`TenantApi`)
 * cannot write.
 * Every method throws SiteError as the reading client does.
 */
export interface TenantWrites {
  tenant: string;
  /**
   * Locks or unlocks platform updates of one cluster, by that cluster's own switch, never the tenant's or a project's.
   */
  setClusterUpdates(clusterUid: string, to: "lock" | "unlock"): Promise<void>;
  /** The pending profile updates of a cluster. */
  getOffer(clusterUid: string): Promise<Offer>;
  /**
   * Confirms the pending profile updates of a cluster, if they still match `digest`. The call is in the vendor's API
   * description, but no public source says that it is what "Confirm updates" does: UNVERIFIED.
   * @throws RefusedError `PCG_OFFER_CHANGED`.
   */
  confirmProfileUpdates(clusterUid: string, digest: string): Promise<void>;
}

/** Creates the writing client of one tenant. @throws InvalidInputError `API_URL_INVALID`, `CA_FILE_UNREADABLE`. */
export function connectTenantWrites(connection: TenantConnection): TenantWrites {
  const palette = openTenant(connection);
  return {
    tenant: connection.tenant,
    setClusterUpdates: (uid, to) => setClusterUpdates(palette, uid, to),
    getOffer: async (uid) => toOffer(await fetchOfferedProfiles(palette, uid)),
    confirmProfileUpdates: (uid, digest) => confirmProfileUpdates(palette, uid, digest),
  };
}

async function setClusterUpdates(palette: PaletteConnection, clusterUid: string, to: "lock" | "unlock"): Promise<void> {
  const path = `/v1/spectroclusters/${encodeURIComponent(clusterUid)}/upgrade/settings`;
  // Setting the switch is idempotent.
  await sendPaletteRequest(palette, { method: "POST", path, body: { spectroComponents: to }, repeatable: true });
}

async function confirmProfileUpdates(palette: PaletteConnection, clusterUid: string, digest: string): Promise<void> {
  const profiles = await fetchOfferedProfiles(palette, clusterUid);
  const currentDigest = toOffer(profiles).digest;
  if (currentDigest !== digest) throw createOfferChangedError(palette.tenant, clusterUid);
  const path = `/v1/spectroclusters/${encodeURIComponent(clusterUid)}/packRefs`;
  await sendPaletteRequest(palette, { method: "PATCH", path, body: toConfirmation(profiles), repeatable: false });
}

function toOffer(profiles: ProfileAnswer[]): Offer {
  const digest = createHash("sha256")
    .update(JSON.stringify(toConfirmation(profiles)))
    .digest("hex");
  const packs = profiles.flatMap((profile) => profile.packs ?? []);
  const withManifests = packs.filter(({ manifests }) => (manifests ?? []).length > 0).map(({ name }) => name);
  return { profiles: profiles.map(toProfile).sort(compareByName), digest, withManifests: withManifests.sort() };
}

/** Creates the request body that confirms all offered updates unchanged. */
function toConfirmation(profiles: ProfileAnswer[]): unknown {
  return {
    profiles: [...profiles].sort(compareByName).map(({ uid, packs }) => ({
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

function compareByName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function createOfferChangedError(tenant: string, clusterUid: string): RefusedError {
  return new RefusedError(
    "PCG_OFFER_CHANGED",
    `Tenant ${tenant}: the profile updates offered for cluster ${clusterUid} are not those that were shown any more; nothing was confirmed.`,
    { next: "Run the act again and look at what it shows now." },
  );
}
