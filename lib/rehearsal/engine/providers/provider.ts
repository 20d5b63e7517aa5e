import type { Properties } from "../values.js";

/** What a provider is told about the run it works in. */
export interface ProviderContext {
  urn: string;
  name: string;
  type: string;
  signal: AbortSignal;
  /** The program's working directory. */
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Inputs of the explicit provider resource; empty for the default provider. */
  configuration: Properties;
  /** Progress of what runs; the engine redacts it. */
  log: (line: string) => void;
}

export interface Diff {
  /** Dotted paths of the inputs that differ, sorted. */
  paths: string[];
  /** Those of them that need another object. */
  replace: string[];
}

/** Inputs and outputs are without secret marks, except where said; what was secret in old ones is the word `[secret]`. */
export interface ResourceProvider {
  /** Judges inputs, in previews too, and may fill in what they leave open. Failures name the property. */
  check?(
    inputs: Properties,
    context: ProviderContext,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  /** Which of the differing paths need a replacement; default: none. */
  replaces?(paths: readonly string[]): string[];
  /** Outputs that are known in a preview of a create or update; default: none. */
  plannedOutputs?(inputs: Properties): Properties;
  /** The id a preview tells for what would be created; default: unknown. */
  plannedId?(context: ProviderContext): string;
  create(inputs: Properties, context: ProviderContext): Promise<{ id: string; outputs: Properties }>;
  update(
    id: string,
    olds: StoredProperties,
    inputs: Properties,
    context: ProviderContext,
  ): Promise<{ outputs: Properties }>;
  delete(id: string, olds: StoredProperties, context: ProviderContext): Promise<void>;
  /** What is there under an id, for an import; null when nothing is. Returned secrets carry their marks. */
  read?(id: string, context: ProviderContext): Promise<{ inputs: Properties; outputs: Properties } | null>;
}

export interface StoredProperties {
  inputs: Properties;
  outputs: Properties;
}

/** An operation that failed but left something behind: the outputs are kept, and the next run tries again even without a diff. */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
    this.name = "PartialFailure";
  }
}
