import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { Output } from "../../../lib/base/process/output.js";

function open(): { stream: PassThrough; output: Output; written: () => string } {
  const stream = new PassThrough();
  let written = "";
  stream.on("data", (chunk: Buffer) => (written += chunk.toString()));
  return { stream, output: new Output(stream as unknown as NodeJS.WriteStream), written: () => written };
}

describe("the one writer", () => {
  it("escapes what it writes and what it draws", () => {
    const { output, written } = open();
    output.write("::error::\u001b[2K\n");
    const area = output.openArea((stream) =>
      Object.assign((text: string) => void stream.write(text), { clear: () => 1 }),
    );
    area.draw("##[error]\u009b\n");
    assert.equal(written(), "\\u003a:error::\\u001b[2K\n\\u0023#[error]\\u009b\n");
  });

  it("a reader that is gone ends nothing: it is reported, and no more is written", () => {
    const { stream, output, written } = open();
    let lost = 0;
    const stop = output.onLost(() => (lost += 1));
    output.write("a");
    stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    output.write("b");
    assert.deepEqual([written(), lost], ["a", 1]);
    stop();
    stream.emit("error", Object.assign(new Error("write EIO"), { code: "EIO" }));
    assert.equal(lost, 1);
  });
});
