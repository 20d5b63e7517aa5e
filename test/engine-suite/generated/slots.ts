import fc from "fast-check";
import { hookKinds, type HookKind } from "../../../packages/rehearsal/lib/engine/state.js";

/** Error hooks are not generated: they may ask for a retry without end. */
type GeneratedHookKind = Exclude<HookKind, "onError">;
const generatedHookKinds = hookKinds.filter((kind): kind is GeneratedHookKind => kind !== "onError");

/** A resource in one version of a program. References are numbers of slots; what they do not reach is left out. */
export interface Spec {
  to: "1" | "2";
  secret: boolean;
  secretOutput: boolean;
  /** The Command whose output is an input. */
  reads: number | null;
  dependsOn: number[];
  parent: number | null;
  trigger: number | null;
  deletes: boolean;
  fails: "create" | "update" | "delete" | null;
  hooks: { kind: GeneratedHookKind; fails: boolean; onDryRun: boolean }[];
  protect: boolean | null;
  retainOnDelete: boolean | null;
  ignoreChanges: "environment" | "environment.TO" | null;
  replaceOnChanges: "environment" | "environment.TO" | "*" | null;
}

/** A resource through an episode: as it is in the first version, and what the second one changes of it. */
export interface Slot {
  group: boolean;
  in: "both" | "first" | "second";
  spec: Spec;
  change: Partial<Spec>;
  name: "kept" | "renamed" | "aliased";
}

export interface Episode {
  slots: Slot[];
  turns: ("preview 1" | "up 1" | "preview 2" | "up 2")[];
  /** The slot before which the second version ends with an error. */
  throwsBefore: number | null;
}

const rarely = <T>(value: fc.Arbitrary<T>, weight = 1, of = 7): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: of - weight, arbitrary: fc.constant(null) }, { weight, arbitrary: value });
const seldomTrue = fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const slotNumber = fc.nat({ max: 4 });

const fields = {
  to: fc.constantFrom("1" as const, "2" as const),
  secret: seldomTrue,
  secretOutput: seldomTrue,
  reads: rarely(slotNumber, 3),
  dependsOn: fc.uniqueArray(slotNumber, { maxLength: 2 }),
  parent: rarely(slotNumber, 1, 2),
  trigger: rarely(fc.integer({ min: 1, max: 2 }), 3),
  deletes: fc.boolean(),
  fails: rarely(fc.constantFrom("create" as const, "update" as const, "delete" as const)),
  hooks: fc.array(
    fc.record({ kind: fc.constantFrom(...generatedHookKinds), fails: seldomTrue, onDryRun: fc.boolean() }),
    {
      maxLength: 2,
    },
  ),
  protect: rarely(fc.boolean()),
  retainOnDelete: rarely(fc.boolean()),
  ignoreChanges: rarely(fc.constantFrom("environment" as const, "environment.TO" as const)),
  replaceOnChanges: rarely(fc.constantFrom("environment" as const, "environment.TO" as const, "*" as const)),
};
const spec: fc.Arbitrary<Spec> = fc.record(fields);
const change: fc.Arbitrary<Partial<Spec>> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ to: fields.to }) },
  { weight: 1, arbitrary: fc.record({ trigger: fields.trigger }) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      ...Object.entries(fields).map(([key, value]) => (value as fc.Arbitrary<unknown>).map((one) => ({ [key]: one }))),
    ),
  },
  { weight: 1, arbitrary: spec },
);

const slot: fc.Arbitrary<Slot> = fc.record({
  group: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  in: fc.oneof(
    { weight: 4, arbitrary: fc.constant("both" as const) },
    { weight: 1, arbitrary: fc.constant("first" as const) },
    { weight: 1, arbitrary: fc.constant("second" as const) },
  ),
  spec,
  change,
  name: fc.oneof(
    { weight: 6, arbitrary: fc.constant("kept" as const) },
    { weight: 1, arbitrary: fc.constantFrom("renamed" as const, "aliased" as const) },
  ),
});

export const episodes: fc.Arbitrary<Episode> = fc.record({
  slots: fc.array(slot, { minLength: 1, maxLength: 5, size: "max" }),
  turns: fc.constantFrom<Episode["turns"]>(
    ["up 1", "preview 2", "up 2"],
    ["preview 1", "up 1", "up 2"],
    ["up 1", "up 2", "up 2"],
    ["up 1", "up 2", "up 1"],
  ),
  throwsBefore: rarely(slotNumber, 1, 20),
});
