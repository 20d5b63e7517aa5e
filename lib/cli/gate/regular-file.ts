import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Reads a whole regular file. Anything else (a FIFO, a device, a directory) is refused without waiting for its bytes.
 * @throws Error that says what the file is, or how large
 */
export function readRegularFile(file: string, maximumBytes: number): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error("it is no regular file; save the answer to a file first");
    if (stat.size > maximumBytes)
      throw new Error(`it has ${stat.size} bytes, expected at most ${maximumBytes} (${maximumBytes / 1024 ** 2} MiB)`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
