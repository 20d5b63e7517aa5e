import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { type SiteError } from "../../../lib/base/errors/site-error.js";
import { sendHttpRequest } from "../../../lib/base/net/http.js";
import { createSiteClock } from "../../../lib/program/rehearsal/site-clock.js";

const body = '{"now":"2026-11-29T00:00:00Z"}';
const whole = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const half = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n{`;

/** What a server does with a request: answers it, closes the connection without a word, or in the middle of the answer. */
type Deed = "answer" | "close" | "cut";

describe("a kept connection", () => {
  let server: Server | undefined;
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server?.close();
  });

  /** A server that does `deeds[n]` with the n-th request of each connection; `seen` gets `CONNECTION METHOD PATH`. */
  async function serve(deeds: readonly Deed[]): Promise<{ url: string; seen: string[] }> {
    const seen: string[] = [];
    server = createServer((socket) => {
      sockets.add(socket);
      const connection = sockets.size;
      const left = [...deeds];
      socket.on("data", (text) => {
        seen.push(`${connection} ${text.toString().split(" HTTP/")[0]}`);
        const deed = left.shift();
        if (deed === "answer") socket.write(whole);
        else if (deed === "cut") socket.write(half, () => socket.destroy());
        else socket.destroy();
      });
    });
    sockets.clear();
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  const send = (url: string, method: string): Promise<string> =>
    sendHttpRequest({ url, method, maxBytes: 100, environment: {} }).then(
      ({ status }) => String(status),
      (error: unknown) => (error as SiteError).message,
    );

  const cases: [title: string, deeds: Deed[], methods: string[], ends: string[], seen: string[]][] = [
    [
      "that the server closes when it is used again: a GET is sent on another one",
      ["answer", "close"],
      ["GET", "GET"],
      ["200", "200"],
      ["1 GET /", "1 GET /", "2 GET /"],
    ],
    [
      "negative twin: a POST, which may have been executed, is sent once",
      ["answer", "close"],
      ["GET", "POST"],
      ["200", "URL/ could not be reached: socket hang up."],
      ["1 GET /", "1 POST /"],
    ],
    [
      "negative twin: a new connection that is closed is not tried again",
      ["close"],
      ["GET"],
      ["URL/ could not be reached: socket hang up."],
      ["1 GET /"],
    ],
    [
      "negative twin: an answer that is cut off is not asked for again",
      ["answer", "cut"],
      ["GET", "GET"],
      ["200", "URL/ could not be reached: aborted."],
      ["1 GET /", "1 GET /"],
    ],
  ];
  for (const [title, deeds, methods, ends, wanted] of cases) {
    it(title, async () => {
      const { url, seen } = await serve(deeds);
      const got: string[] = [];
      for (const method of methods) got.push((await send(url, method)).replace(url, "URL"));
      assert.deepEqual([got, seen], [ends, wanted]);
    });
  }

  it("is never used by a rehearsal's clock, whose sleep must not be asked for twice", async () => {
    const { url, seen } = await serve(["answer", "close"]);
    const clock = createSiteClock(url);
    await clock.sleep(1);
    await clock.sleep(1);
    assert.equal((await clock.now()).toISOString(), "2026-11-29T00:00:00.000Z");
    assert.deepEqual(seen, ["1 POST /sleep", "2 POST /sleep", "3 GET /clock"]);
  });
});
