import type { ProgramStarter } from "../../../packages/rehearsal/lib/engine/program.js";
import { runInline } from "./inline-program.cjs";

/** Runs the embedded engine's program in this process, which saves the start of one for each run. */
export const startInline: ProgramStarter = ({ project, stack, organization, dryRun, monitor, engine, config }) => {
  const ended = runInline({
    programDirectory: project.programDirectory,
    project: project.name,
    stack,
    organization,
    parallelism: 16,
    monitor,
    engine,
    dryRun,
    config: Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
    secretKeys: Object.keys(config).filter((key) => config[key]!.secret),
  });
  return { ended, stop: async () => void (await ended) };
};
