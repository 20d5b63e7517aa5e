import { type Plan } from "../planning/plan/types.js";
import { renderHtml } from "./html.js";
import { markdownLimit, renderMarkdown } from "./markdown.js";
import { renderMermaid } from "./mermaid.js";
import { renderText, type TextOptions } from "./text.js";

export const planFormats = ["text", "json", "markdown", "mermaid", "html"] as const;
export type PlanFormat = (typeof planFormats)[number];

/** Renders a plan in a format. Colour and width apply to text only. */
export function renderPlan(plan: Plan, format: PlanFormat, options: TextOptions = { colour: false }): string {
  switch (format) {
    case "text":
      return renderText(plan, options);
    case "json":
      return renderJson(plan);
    case "markdown":
      return renderMarkdown(plan, markdownLimit, options.tool);
    case "mermaid":
      return renderMermaid(plan);
    case "html":
      return renderHtml(plan, options.tool);
  }
}

/** Returns the exit code for a plan: 0, 3 if refused, 4 for warnings with `warningsAsExitCode`. */
export function getPlanExitCode(plan: Plan, warningsAsExitCode = false): 0 | 3 | 4 {
  if (plan.outcome === "refused") return 3;
  return warningsAsExitCode && plan.warnings.length > 0 ? 4 : 0;
}

/** Renders the plan as JSON that conforms to data/schemas/plan.schema.json. */
export function renderJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
