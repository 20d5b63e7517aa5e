/**
 * Base class of every error this project throws on purpose. `code` is stable (messages may be improved, codes are never
 * renamed), `exitCode` is the exit code of the command line (design 8), `next` says what to do about it.
 */
export class PaletteError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly next: string | undefined;

  constructor(code: string, exitCode: number, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
    this.next = options.next;
  }
}

/** Usage, configuration or data that is not valid: exit 2. */
export class InvalidInputError extends PaletteError {
  constructor(code: string, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(code, 2, message, options);
  }
}

/** Refused: no route, a gate failed or is unknown, an act is not acknowledged: exit 3. */
export class RefusedError extends PaletteError {
  constructor(code: string, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(code, 3, message, options);
  }
}

/** Not now, but resumable: waiting for a person, a window, DNS, promotion, somebody else's upgrade: exit 5. */
export class NotNowError extends PaletteError {
  constructor(code: string, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(code, 5, message, options);
  }
}

/** Returns the message of any thrown value. */
export function getErrorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
