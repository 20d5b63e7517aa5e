import { toShown } from "../text/shown.js";

/** An area of a terminal that is drawn again in its place. */
export interface LiveArea {
  draw: (text: string) => void;
  clear: () => void;
}

/**
 * The one way to a terminal or log (a lint rule forbids all others): every text passes `toShown`. A reader that is gone,
 * as with `| head` or a closed terminal, ends nothing; it is reported to `onLost`.
 */
export class Output {
  #isLost = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on("error", () => {
      this.#isLost = true;
      for (const listener of this.#listeners) listener();
    });
  }

  get isTerminal(): boolean {
    return this.stream.isTTY;
  }

  /** Characters per line; undefined where it is no terminal. */
  get columns(): number | undefined {
    return this.stream.columns;
  }

  write(text: string): void {
    if (!this.#isLost) this.stream.write(toShown(text));
  }

  /** Calls `listener` when nobody reads any more; returns a function that ends this. */
  onLost(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Opens a live area; `create` makes it on the stream itself. */
  openArea(create: (stream: NodeJS.WriteStream) => ((text: string) => void) & { clear: () => void }): LiveArea {
    const area = create(this.stream);
    return {
      draw: (text) => {
        if (!this.#isLost) area(toShown(text));
      },
      clear: () => {
        if (!this.#isLost) area.clear();
      },
    };
  }
}

export const stdout = new Output(process.stdout);
export const stderr = new Output(process.stderr);
