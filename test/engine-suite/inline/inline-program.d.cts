export interface InlineRun {
  /** Folder whose `index.js` exports the program as a function. */
  programDirectory: string;
  project: string;
  stack: string;
  organization: string;
  parallelism: number;
  /** Addresses (`host:port`) of the engine's services. */
  monitor: string;
  engine: string;
  dryRun: boolean;
  /** By `<namespace>:<key>`. */
  config: Record<string, string>;
  secretKeys: string[];
}

/** Runs a program; resolves to the exit code that its process would have had. One run at a time. */
export function runInline(run: InlineRun): Promise<number>;
