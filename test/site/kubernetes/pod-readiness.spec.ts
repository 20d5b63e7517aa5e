import assert from "node:assert/strict";
import type { V1PodCondition } from "@kubernetes/client-node";
import { toPod } from "../../../lib/site/kubernetes/objects.js";

const since = (conditions: V1PodCondition[] | undefined): string | null =>
  toPod({ metadata: { name: "p" }, status: conditions === undefined ? {} : { conditions } }).unreadySince;
const at = new Date("2026-01-31T08:00:00Z");

describe("since when a pod is not ready", () => {
  const table: [title: string, conditions: V1PodCondition[] | undefined, expected: string | null][] = [
    ["ready", [{ type: "Ready", status: "True", lastTransitionTime: at }], null],
    ["not ready", [{ type: "Ready", status: "False", lastTransitionTime: at }], at.toISOString()],
    ["its node is not heard of", [{ type: "Ready", status: "Unknown", lastTransitionTime: at }], at.toISOString()],
    ["not ready, without a time", [{ type: "Ready", status: "False" }], null],
    ["only its containers are told of", [{ type: "ContainersReady", status: "False", lastTransitionTime: at }], null],
    ["nothing is told", undefined, null],
  ];
  for (const [title, conditions, expected] of table) it(title, () => assert.equal(since(conditions), expected));
});
