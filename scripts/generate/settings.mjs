// Pulumi.yaml's config section and the schema of stack files, from the schema of the settings.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createStackSchema, renderProject } from "../../lib/settings/generated.js";

export function generateSettings(root) {
  return [
    { file: "Pulumi.yaml", text: renderProject(readFileSync(join(root, "Pulumi.yaml"), "utf8")) },
    { file: "data/schemas/stack.schema.json", text: JSON.stringify(createStackSchema()) },
  ];
}
