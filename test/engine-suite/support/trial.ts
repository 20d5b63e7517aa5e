import type { Operation } from "../../../lib/engine/engine.js";

/** One run of a program on either engine. */
export interface Turn {
  what: "preview" | "up";
  config: Record<string, string>;
  secrets?: Record<string, string>;
  environment?: Record<string, string>;
}

/** What one run did, in the same words for both engines. */
export interface Observed {
  ok: boolean;
  /** By URN: operation, outcome and differing inputs of each step, in order. */
  steps: Record<string, string[]>;
  /** URNs in the order in which steps began (`>`) and ended (`<`). */
  order: string[];
  failed: string[];
  /** Error diagnostics, sorted. */
  errors: string[];
  /** What hooks and Commands wrote. */
  log: string[];
  /** Sorted by URN, secrets as `[secret]`, without ids and times. */
  state: ObservedResource[];
  outputs: Record<string, unknown>;
}

export interface ObservedResource {
  urn: string;
  inputs: unknown;
  outputs: unknown;
  protect: boolean;
  retainOnDelete: boolean;
  dependencies: string[];
  initErrors: number;
}

/** An engine that runs one program over and over on one state. */
export interface Trial {
  run(turn: Turn): Promise<Observed>;
  dispose(): void;
}

export const secretWord = "[secret]";

export function stepText(operation: Operation, outcome: string, diffKeys: readonly string[]): string {
  return [operation, outcome, ...diffKeys].join(" ");
}

/**
 * Steps that began although a resource they depend on had not ended: must be empty on every engine. Deletes have the
 * opposite order; of a replaced resource the first step is the one that counts.
 */
export function brokenOrder(observed: Observed): string[] {
  const isDeleted = (urn: string): boolean => observed.steps[urn]?.[0]?.startsWith("delete ") ?? false;
  const first = new Map([...observed.order.entries()].reverse().map(([index, entry]) => [entry, index]));
  return observed.state.flatMap(({ urn, dependencies }) =>
    dependencies
      .filter((dependency) => !isDeleted(urn) && !isDeleted(dependency))
      .filter((dependency) => {
        const begun = first.get(`> ${urn}`);
        const done = first.get(`< ${dependency}`);
        return begun !== undefined && done !== undefined && done > begun;
      })
      .map((dependency) => `${urn} before ${dependency}`),
  );
}
