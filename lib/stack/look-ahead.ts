import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lookAtGates } from "./look.js";
import { type PreviewReport } from "./preview-report.js";
import { promotedInto } from "./promoted.js";
import { refuseForeignRehearsal } from "./read-settings.js";
import { parseRecorded } from "./recorded.js";
import { parseSettings, type RawConfig } from "./settings.js";
import { openUpdate, prepareUpdate } from "./update.js";

export interface LookAheadQuestion {
  stack: string;
  projectDir: string;
  /** The stack's configuration, decrypted. */
  config: RawConfig;
  /** The stack's last outputs. */
  outputs: Record<string, unknown>;
  /** Reads the last outputs of another stack: the stage before, where one is promoted from. */
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
  environment: NodeJS.ProcessEnv;
}

/**
 * `preview --gates-only`: decides the step and judges its gates, read-only and once, without an engine and without charts;
 * nothing is declared. Works days ahead of the update.
 *
 * @throws PaletteError what the program itself refuses with.
 */
export async function lookAhead(question: LookAheadQuestion): Promise<PreviewReport> {
  const { stack, projectDir, config, outputs, environment } = question;
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  const settings = parseSettings(config, existsSync(file) ? readFileSync(file, "utf8") : null);
  refuseForeignRehearsal(settings, environment);
  const update = await openUpdate({
    settings,
    recorded: parseRecorded(outputs),
    projectDir,
    isPreview: true,
    environment,
  });
  const prepared = await prepareUpdate(update);
  const { recorded } = update;
  const { readOutputsOf } = question;
  const promoted = await promotedInto({ settings, recorded, step: prepared.step, readOutputsOf });
  const report = await lookAtGates(stack, update, prepared, { releases: [], promoted });
  // What is approved stands on the charts too, which nobody looked at here.
  return { ...report, approval: null };
}
