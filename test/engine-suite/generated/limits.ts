import type { Episode, Slot, Spec } from "./slots.js";

/** What episodes leave out, by name: each names why, and the ADR where the embedded engine differs on purpose. */
interface Limit {
  name: string;
  why: string;
  apply(spec: Spec, slot: Slot): Spec;
}

export const limits: readonly Limit[] = [
  {
    name: "a secret of a resource with ignoreChanges",
    why: "ADR 5 and 7: of an old secret only the digest is stored, so it cannot be kept in place of a new one",
    apply: (spec, slot) =>
      slot.spec.ignoreChanges === null && (slot.change.ignoreChanges ?? null) === null
        ? spec
        : { ...spec, secret: false },
  },
  {
    name: "a secret of a Command with a delete command",
    why: "ADR 5 and 7: of an old secret only the digest is stored, so it cannot be given to the command",
    apply: (spec) => (spec.deletes || spec.fails === "delete" ? { ...spec, secret: false } : spec),
  },
  {
    name: "a secret of a component that changes",
    why: "the test reads from Pulumi's events what differs in a component, and there both secrets are hidden",
    apply: (spec, { group, change }) => (group && change.to !== undefined ? { ...spec, secret: false } : spec),
  },
];

/** ADR 5 and 7: a secret output of a resource that stays as it is, is unknown to the program. */
export function mayBeRead({ secretOutput }: Spec): boolean {
  return !secretOutput;
}

export function applyLimits(episode: Episode): Episode {
  return { ...episode, slots: episode.slots.map(limitSlot) };
}

function limitSlot(slot: Slot): Slot {
  const apply = (spec: Spec): Spec => limits.reduce((result, limit) => limit.apply(result, slot), spec);
  return { ...slot, spec: apply(slot.spec), change: apply({ ...slot.spec, ...slot.change }) };
}

/** True where a run may fail: such a program is declared one by one, so that the outcome does not depend on chance. */
export function canFail({ slots, throwsBefore }: Episode): boolean {
  if (throwsBefore !== null) return true;
  return slots.some((slot) =>
    [slot.spec, { ...slot.spec, ...slot.change }].some(
      (spec) => spec.fails !== null || spec.protect === true || spec.hooks.length > 0,
    ),
  );
}
