import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

/** A relay in front of a port, which can hold everything that passes back. */
export interface SlowRelay {
  port: number;
  /** Milliseconds by which each answer is late from now on. */
  delay(milliseconds: number): void;
  stop(): Promise<void>;
}

/** Relays a free port of loopback to `target`; order is kept. */
export async function startSlowRelay(target: number): Promise<SlowRelay> {
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(target, "127.0.0.1");
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket
        .on("close", () => sockets.delete(socket))
        .on("error", () => [incoming, outgoing].forEach((end) => end.destroy()));
    }
    incoming.pipe(outgoing);
    outgoing.pipe(held(() => delayMs)).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    delay: (milliseconds) => (delayMs = milliseconds),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function held(delayMs: () => number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(() => done(null, chunk), delayMs());
    },
  });
}
