import { runLocal, type RunLocal } from "../site/local-command.js";
import type { Clock } from "../site/clock.js";
import type { MongoSite } from "../site/mongo-types.js";
import type { KubernetesSite, Site, TenantApi } from "../site/types.js";
import { createBackupGate } from "../gates/backup/gate.js";
import { createOwnCheckGate } from "../gates/own-check/gate.js";
import { chartDigestsOf } from "../gates/promotion/chart-digests.js";
import { createPromotionGate } from "../gates/promotion/gate.js";
import type { Gate } from "../gates/types.js";
import type { Tape } from "./tape.js";

/** What of a site is there at all. */
export interface SiteShape {
  tenants: string[];
  mongo: boolean;
}

/** The shape of a live site. */
export function shapeOf({ tenants, mongo }: Site): SiteShape {
  return { tenants: tenants.map(({ tenant }) => tenant), mongo: (mongo ?? null) !== null };
}

/** A site whose every answer goes over the tape; `live` is null where there is only the tape. */
export function tapedSite({ tenants, mongo }: SiteShape, tape: Tape, live: Site | null): Site {
  return {
    kubernetes: taped<KubernetesSite>("kubernetes", tape, live?.kubernetes ?? null),
    tenants: tenants.map((tenant, index) =>
      taped<TenantApi>(`tenant ${tenant}`, tape, live?.tenants[index] ?? null, { tenant }),
    ),
    mongo: mongo ? taped<MongoSite>("mongo", tape, live?.mongo ?? null) : null,
    ...(live?.charts === undefined ? {} : { charts: live.charts }),
    gatewayCluster: (pcg) => tapedGateway(pcg, tape, live),
    ingressAnswer: (...given) => tape.ask("ingressAnswer", given, () => present(live).ingressAnswer(...given)),
  };
}

/** Whether there is such a cluster is told by the settings, which are in the record; a fault of opening it, by its first answer. */
function tapedGateway(pcg: string, tape: Tape, live: Site | null): KubernetesSite | null {
  if (live !== null && (live.gatewayCluster?.(pcg) ?? null) === null) return null;
  return taped<KubernetesSite>(`gateway ${pcg}`, tape, live?.gatewayCluster?.(pcg) ?? null);
}

/** Time over the tape; a replay waits for nothing. */
export function tapedClock(tape: Tape, live: Clock | null): Clock {
  return {
    now: async () => new Date(await tape.ask("clock.now", [], async () => (await present(live).now()).toISOString())),
    sleep: (seconds, signal) => (live === null ? Promise.resolve() : live.sleep(seconds, signal)),
  };
}

/** The gate with what it asks of this machine on the tape as well: commands of the installation, and its charts. */
export function tapedGate(gate: Gate, tape: Tape): Gate {
  const run: RunLocal = (command) => tape.ask("command", [command.argv, command.environment], () => runLocal(command));
  switch (gate.name) {
    case "backup":
      return createBackupGate(run);
    case "own-check":
      return createOwnCheckGate(run);
    case "promotion":
      return createPromotionGate((input) => tape.ask("chartDigests", [input.edge.to], () => chartDigestsOf(input)));
    default:
      return gate;
  }
}

function taped<T extends object>(name: string, tape: Tape, live: T | null, own: Record<string, unknown> = {}): T {
  return new Proxy({} as T, {
    get: (_, key) => {
      // Not a promise, though it answers to every name.
      if (typeof key !== "string" || key === "then") return undefined;
      if (key in own) return own[key];
      return (...given: unknown[]) =>
        tape.ask(`${name}.${key}`, given, () => {
          const method = present(live)[key as keyof T] as (...all: unknown[]) => unknown;
          return method.apply(live, given);
        });
    },
  });
}

function present<T>(live: T | null): T {
  if (live === null) throw new Error("there is no site behind a record");
  return live;
}
