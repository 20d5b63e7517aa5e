// Builds with Go what the longer suites need and nobody gave: `npm run build:programs`. CI starts it beside the
// shorter suites. What cannot be had is named, and its suites skip; a build that fails ends with an error.
import { findTools } from "../cluster/support/find-tools.js";
import { toolNames } from "../cluster/support/tool-names.js";
import { findEngineTools } from "../engine-tools/find-engine-tools.js";
import { putPulumiOnPath } from "./pulumi-folders.js";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

putPulumiOnPath(process.env);
for (const found of [findEngineTools(process.env, say), findTools(toolNames, process.env, say)])
  if (!found.ok) say(found.why);
