import type { Plan } from "../plan/types.js";

/** The plan as JSON, the contract of data/schemas/plan.schema.json. */
export function renderJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
