import { createBackupGate } from "../backup/gate.js";
import { createOwnCheckGate } from "../own-check/gate.js";
import { createPromotionGate, readDestinationDigests } from "../promotion/gate.js";
import { type Gate } from "../verdict/types.js";
import { type Clock } from "../../base/time/clock.js";
import { runLocal, type RunLocal } from "../../base/process/local-command.js";
import { type MongoSite } from "../../site/mongo/types.js";
import { type KubernetesSite, type Site, type TenantApi } from "../../site/types.js";
import { type AnswerSource } from "./cassette.js";

/** Which parts a site has. */
export interface SiteShape {
  tenants: string[];
  mongo: boolean;
}

/** Returns the shape of a live site. */
export function getSiteShape({ tenants, mongo }: Site): SiteShape {
  return { tenants: tenants.map(({ tenant }) => tenant), mongo: (mongo ?? null) !== null };
}

/** Creates a site whose every call goes through `source`; `live` is null when a record is replayed. */
export function createRecordedSite({ tenants, mongo }: SiteShape, source: AnswerSource, live: Site | null): Site {
  return {
    kubernetes: createRecordedProxy<KubernetesSite>("kubernetes", source, live?.kubernetes ?? null),
    tenants: tenants.map((tenant, index) =>
      createRecordedProxy<TenantApi>(`tenant ${tenant}`, source, live?.tenants[index] ?? null, { tenant }),
    ),
    mongo: mongo ? createRecordedProxy<MongoSite>("mongo", source, live?.mongo ?? null) : null,
    ...(live?.charts === undefined ? {} : { charts: live.charts }),
    getGatewayCluster: (pcg) => createRecordedGateway(pcg, source, live),
    fetchIngressAnswer: (...given) =>
      source.ask("ingressAnswer", given, () => requireLive(live).fetchIngressAnswer(...given)),
  };
}

/**
 * The settings in the record tell whether there is such a cluster; an error of opening it appears in its first call.
 */
function createRecordedGateway(pcg: string, source: AnswerSource, live: Site | null): KubernetesSite | null {
  if (live !== null && (live.getGatewayCluster?.(pcg) ?? null) === null) return null;
  return createRecordedProxy<KubernetesSite>(`gateway ${pcg}`, source, live?.getGatewayCluster?.(pcg) ?? null);
}

/** Creates a clock whose time goes through `source`; a replay does not sleep. */
export function createRecordedClock(source: AnswerSource, live: Clock | null): Clock {
  return {
    now: async () =>
      new Date(await source.ask("clock.now", [], async () => (await requireLive(live).now()).toISOString())),
    sleep: (seconds, signal) => (live === null ? Promise.resolve() : live.sleep(seconds, signal)),
  };
}

/** Creates the gate so that its calls to this machine (local commands, chart digests) go through `source` as well. */
export function createRecordedGate(gate: Gate, source: AnswerSource): Gate {
  const run: RunLocal = (command) =>
    source.ask("command", [command.argv, command.environment], () => runLocal(command));
  switch (gate.name) {
    case "backup":
      return createBackupGate(run);
    case "own-check":
      return createOwnCheckGate(run);
    case "promotion":
      return createPromotionGate((input) =>
        source.ask("chartDigests", [input.edge.to], () => readDestinationDigests(input)),
      );
    default:
      return gate;
  }
}

function createRecordedProxy<T extends object>(
  name: string,
  source: AnswerSource,
  live: T | null,
  ownProperties: Record<string, unknown> = {},
): T {
  return new Proxy({} as T, {
    get: (_, key) => {
      // The proxy answers to every name, but must not be taken for a promise.
      if (typeof key !== "string" || key === "then") return undefined;
      if (key in ownProperties) return ownProperties[key];
      return (...given: unknown[]) =>
        source.ask(`${name}.${key}`, given, () => {
          const method = requireLive(live)[key as keyof T] as (...all: unknown[]) => unknown;
          return method.apply(live, given);
        });
    },
  });
}

function requireLive<T>(live: T | null): T {
  if (live === null) throw new Error("there is no site behind a record");
  return live;
}
