import type { Plan } from "../plan/types.js";

/** Renders the plan as JSON that conforms to data/schemas/plan.schema.json. */
export function renderJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
