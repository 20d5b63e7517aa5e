import type { Properties } from "../values/values.js";

/** What a provider knows about the resource and the run. */
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
  /** Logs progress of a running operation; the engine redacts it. */
  log: (line: string) => void;
}

/** Inputs and outputs carry no secret marks, except where stated; old secret values are the text `[secret]`. */
export interface ResourceProvider {
  /** Checks inputs, in previews too, and may add defaults. Failures name the property. */
  check?(
    inputs: Properties,
    context: ProviderContext,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  /** Which of the differing paths need a replacement; default: none. */
  selectReplacePaths?(paths: readonly string[]): string[];
  /** Outputs that are known in a preview of a create or update; default: none. */
  planOutputs?(inputs: Properties): Properties;
  /** The id that a preview shows for a resource to be created; default: unknown. */
  planId?(context: ProviderContext): string;
  create(inputs: Properties, context: ProviderContext): Promise<{ id: string; outputs: Properties }>;
  update(
    id: string,
    olds: StoredProperties,
    inputs: Properties,
    context: ProviderContext,
  ): Promise<{ outputs: Properties }>;
  delete(id: string, olds: StoredProperties, context: ProviderContext): Promise<void>;
  /** Reads the resource with this id for an import; null when there is none. Returned secrets carry their marks. */
  read?(id: string, context: ProviderContext): Promise<{ inputs: Properties; outputs: Properties } | null>;
}

export interface StoredProperties {
  inputs: Properties;
  outputs: Properties;
}

/**
 * An operation that failed but created something: the outputs are stored, and the next run retries even without a diff.
 */
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
