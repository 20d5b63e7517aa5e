import { randomBytes, randomUUID } from "node:crypto";
import { InvalidInputError } from "../../errors.js";
import type { FaultName, FaultSpec, SimulatedSiteOptions } from "../types.js";
import { isDue, orderedFault } from "./faults.js";
import type { OrderedFault, PcgSeed, SiteModel, SiteTime } from "./model.js";
import { withFaultyRevision, withInitialReleases, withoutFaultyRevision } from "./releases.js";
import { createSecret } from "./secret-store.js";

const defaultPcgs: NonNullable<SimulatedSiteOptions["pcgs"]> = [
  { tenant: "acme", name: "pcg-vsphere", selfHosted: false },
  { tenant: "acme", name: "pcg-existing", selfHosted: true },
  { tenant: "globex", name: "pcg-maas", selfHosted: false },
];

export type ModelOptions = Pick<SimulatedSiteOptions, "version" | "edition" | "pcgs" | "releases" | "empty">;

/** A fresh, healthy site. */
export function createModel(options: ModelOptions, now: SiteTime): SiteModel {
  const pcgs = (options.pcgs ?? defaultPcgs).map(seedOf);
  const bare: SiteModel = {
    format: 1,
    edition: options.edition,
    clusterUid: randomUUID(),
    otherClusterUid: randomUUID(),
    createdAt: now,
    now,
    startVersion: options.version,
    installed: options.version,
    hops: [],
    secrets: {},
    resourceVersion: 1000,
    pcgs,
    apiKeys: Object.fromEntries([...new Set(pcgs.map(({ tenant }) => tenant))].map((tenant) => [tenant, apiKey()])),
    faults: [],
  };
  if (options.empty === true) return { ...bare, empty: true };
  const model = withInitialReleases(bare, options.releases ?? []);
  return options.edition === "vertex" ? withMongoTls(model, now) : model;
}

/** Adds faults; those that are due begin at once, one that was ordered before goes on. @throws InvalidInputError `FAULT_VERSION`. */
export function orderFaults(model: SiteModel, faults: readonly FaultSpec[], now: SiteTime): SiteModel {
  const known = new Set(model.faults.filter(({ until }) => until === null).map(identityOf));
  const ordered = faults.map(orderedFault).filter((fault) => !known.has(identityOf(fault)));
  for (const { name, version } of ordered) {
    if (needsVersion.has(name) && version === undefined) {
      throw new InvalidInputError(
        "FAULT_VERSION",
        `The fault ${name} needs the version of the revision that it leaves behind.`,
        {
          next: `Give the version of the next hop, for example {"name": "${name}", "version": "4.2.7"}.`,
        },
      );
    }
  }
  return advance({ ...model, faults: [...model.faults, ...ordered] }, now);
}

/** Ends faults, and takes away what they left behind. */
export function clearFaults(model: SiteModel, names: readonly FaultName[], now: SiteTime): SiteModel {
  const ending = model.faults.filter((fault) => names.includes(fault.name) && fault.until === null);
  const faults = model.faults.map((fault) => (ending.includes(fault) ? { ...fault, until: now } : fault));
  return ending.filter(({ since }) => since !== null).reduce(withoutFaultyRevision, { ...model, faults });
}

/** The model at a later moment: faults begin whose version is reached. The same object where nothing changed. */
export function advance(model: SiteModel, now: SiteTime): SiteModel {
  const due = model.faults.filter((fault) => isDue(fault, model.installed));
  if (due.length === 0) return model;
  const faults = model.faults.map((fault): OrderedFault => (due.includes(fault) ? { ...fault, since: now } : fault));
  return due.reduce((result, fault) => withFaultyRevision(result, fault, now), { ...model, faults });
}

/** What tells one order from another. */
function identityOf({ name, at, version, count, target }: OrderedFault): string {
  return JSON.stringify([name, at, version, count, target]);
}

const needsVersion = new Set<FaultName>(["release-failed", "release-pending-young", "release-pending-old"]);

function seedOf(pcg: { tenant: string; name: string; selfHosted: boolean }, index: number): PcgSeed {
  return { ...pcg, uid: hexId(), clusterUid: hexId(), phaseSeconds: (137 + 291 * index) % 900 };
}

function withMongoTls(model: SiteModel, now: SiteTime): SiteModel {
  const input = {
    type: "kubernetes.io/tls",
    metadata: { name: "mongo-tls" },
    stringData: { "tls.crt": "made up", "tls.key": "made up" },
  };
  const result = createSecret(model, "hubble-system", input, now);
  return "model" in result ? result.model : model;
}

function apiKey(): string {
  return `rehearsal-${randomBytes(18).toString("hex")}`;
}

/** Ids of Palette's objects are 24 hexadecimal digits. */
function hexId(): string {
  return randomBytes(12).toString("hex");
}
