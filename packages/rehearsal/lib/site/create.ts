import { randomBytes, randomUUID } from "node:crypto";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import type { FaultName, FaultSpec, SimulatedSiteOptions } from "../types.js";
import { isDue, createInjectedFault } from "./faults.js";
import type { InjectedFault, PcgSeed, SiteModel, SiteTime } from "./model.js";
import { addFaultyRevision, addInitialReleases, removeFaultyRevision } from "./helm/releases.js";
import { createSecret } from "./kubernetes/secret-store.js";

const defaultPcgs: NonNullable<SimulatedSiteOptions["pcgs"]> = [
  { tenant: "acme", name: "pcg-vsphere", selfHosted: false },
  { tenant: "acme", name: "pcg-existing", selfHosted: true },
  { tenant: "globex", name: "pcg-maas", selfHosted: false },
];

export type ModelOptions = Pick<SimulatedSiteOptions, "version" | "edition" | "pcgs" | "releases" | "empty">;

/** Creates the model of a new, healthy site. */
export function createModel(options: ModelOptions, now: SiteTime): SiteModel {
  const pcgs = (options.pcgs ?? defaultPcgs).map(createPcgSeed);
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
    apiKeys: Object.fromEntries(
      [...new Set(pcgs.map(({ tenant }) => tenant))].map((tenant) => [tenant, createApiKey()]),
    ),
    faults: [],
  };
  if (options.empty === true) return { ...bare, empty: true };
  const model = addInitialReleases(bare, options.releases ?? []);
  return options.edition === "vertex" ? addMongoTlsSecret(model, now) : model;
}

/**
 * Injects faults; due ones start at once, already injected ones continue. @throws InvalidInputError `FAULT_VERSION`.
 */
export function injectFaults(model: SiteModel, faults: readonly FaultSpec[], now: SiteTime): SiteModel {
  const known = new Set(model.faults.filter(({ until }) => until === null).map(formatFaultKey));
  const ordered = faults.map(createInjectedFault).filter((fault) => !known.has(formatFaultKey(fault)));
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

/** Ends faults and removes the revisions they left behind. */
export function clearFaults(model: SiteModel, names: readonly FaultName[], now: SiteTime): SiteModel {
  const ending = model.faults.filter((fault) => names.includes(fault.name) && fault.until === null);
  const faults = model.faults.map((fault) => (ending.includes(fault) ? { ...fault, until: now } : fault));
  return ending.filter(({ since }) => since !== null).reduce(removeFaultyRevision, { ...model, faults });
}

/**
 * Returns the model at a later time: faults whose version is reached start. Returns the same object if nothing changed.
 */
export function advance(model: SiteModel, now: SiteTime): SiteModel {
  const due = model.faults.filter((fault) => isDue(fault, model.installed));
  if (due.length === 0) return model;
  const faults = model.faults.map((fault): InjectedFault => (due.includes(fault) ? { ...fault, since: now } : fault));
  return due.reduce((result, fault) => addFaultyRevision(result, fault, now), { ...model, faults });
}

/** Returns a key that identifies an injected fault. */
function formatFaultKey({ name, at, version, count, target }: InjectedFault): string {
  return JSON.stringify([name, at, version, count, target]);
}

const needsVersion = new Set<FaultName>(["release-failed", "release-pending-young", "release-pending-old"]);

function createPcgSeed(pcg: { tenant: string; name: string; selfHosted: boolean }, index: number): PcgSeed {
  return { ...pcg, uid: createHexId(), clusterUid: createHexId(), phaseSeconds: (137 + 291 * index) % 900 };
}

function addMongoTlsSecret(model: SiteModel, now: SiteTime): SiteModel {
  const input = {
    type: "kubernetes.io/tls",
    metadata: { name: "mongo-tls" },
    stringData: { "tls.crt": "made up", "tls.key": "made up" },
  };
  const result = createSecret(model, "hubble-system", input, now);
  return "model" in result ? result.model : model;
}

function createApiKey(): string {
  return `rehearsal-${randomBytes(18).toString("hex")}`;
}

/** Ids of Palette's objects are 24 hexadecimal digits. */
function createHexId(): string {
  return randomBytes(12).toString("hex");
}
