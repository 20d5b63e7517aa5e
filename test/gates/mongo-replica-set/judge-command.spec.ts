import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { judgeMongo, type JudgeOptions } from "../../../lib/cli/gate/judge-command.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import { asked, forms, healthyStatus } from "../../fixtures/mongo/replica-set.js";

describe("gate mongo --judge", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "judge-"));
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const full = path.join(folder, name);
    writeFileSync(full, text);
    return full;
  };
  const healthy = file("healthy.txt", forms["legacy shell text"]!(healthyStatus()));
  const judged = (options: Partial<JudgeOptions>): { verdict: Verdict; exitCode: number } => {
    const { text, exitCode } = judgeMongo({ file: healthy, output: "json", ...options }, asked);
    return { verdict: JSON.parse(text) as Verdict, exitCode };
  };

  it("ends with 0 for a healthy document", () => {
    const { verdict, exitCode } = judged({ members: "3" });
    assert.deepEqual([verdict.gate, verdict.outcome, verdict.reasons, exitCode], ["mongo-replica-set", "pass", [], 0]);
  });

  it("ends with 3 for one that is not, with code, member and message", () => {
    const { verdict, exitCode } = judged({ members: "5" });
    assert.deepEqual([verdict.outcome, exitCode], ["fail", 3]);
    assert.deepEqual(verdict.reasons, [
      {
        code: "MEMBER_COUNT",
        member: null,
        message:
          "The set has 3 members, expected 5: add the missing ones or find out why the number changed. (rule G04)",
      },
    ]);
  });

  it("takes the limit for lag", () => {
    const status = healthyStatus();
    status.members[1]!["lastAppliedWallTime"] = new Date(asked.getTime() - 4000);
    status.members[1]!["optimeDate"] = new Date(asked.getTime() - 4000);
    const lagging = file("lagging.json", forms["relaxed EJSON"]!(status));
    assert.equal(judged({ file: lagging }).exitCode, 0);
    assert.equal(judged({ file: lagging, maxLag: "2.5" }).verdict.reasons[0]?.code, "LAG");
  });

  it("finds nothing known in a file without a document", () => {
    const { verdict, exitCode } = judged({ file: file("empty.txt", "") });
    assert.deepEqual([verdict.outcome, verdict.reasons[0]?.code, exitCode], ["unknown", "NO_DOCUMENT", 3]);
  });

  it("writes text", () => {
    const { text } = judgeMongo({ file: healthy, output: "text", members: 4 }, asked);
    assert.equal(
      text,
      `mongo-replica-set: fail (${healthy})\n  MEMBER_COUNT: The set has 3 members, expected 4: add the missing ones or find out why the number changed. (rule G04)\n`,
    );
  });

  const usage: [string, Partial<JudgeOptions>, string][] = [
    ["a file that is not there", { file: path.join(folder, "none") }, "FILE_UNREADABLE"],
    ["a directory", { file: folder }, "FILE_UNREADABLE"],
    ["no number of members", { members: "three" }, "OPTION_INVALID"],
    ["half a member", { members: "2.5" }, "OPTION_INVALID"],
    ["no member", { members: "0" }, "OPTION_INVALID"],
    ["a negative lag", { maxLag: "-1" }, "OPTION_INVALID"],
    ["an empty lag", { maxLag: "" }, "OPTION_INVALID"],
    ["another form", { output: "html" }, "OUTPUT_INVALID"],
  ];
  for (const [what, options, code] of usage) {
    it(`ends with 2 for ${what}`, () => {
      assert.throws(
        () => judged(options),
        (error) =>
          error instanceof InvalidInputError && error.code === code && error.exitCode === 2 && error.next !== undefined,
      );
    });
  }

  const endless: [string, () => string][] = [
    ["a FIFO that nobody writes to", () => createFifo(path.join(folder, "fifo"))],
    ["a FIFO behind a link", () => createLink(path.join(folder, "link"), createFifo(path.join(folder, "linked")))],
    ["a device that never ends", () => "/dev/zero"],
    ["a device that is empty", () => "/dev/null"],
  ];
  for (const [what, create] of endless) {
    it(`refuses ${what} at once`, () => {
      const full = create();
      assert.throws(() => judged({ file: full }), {
        code: "FILE_UNREADABLE",
        exitCode: 2,
        message: `--judge: ${full} cannot be read: it is no regular file.`,
        next: "Name a file that --record made, or for mongo one that holds the answer to rs.status().",
      });
    }).timeout(5000);
  }

  it("refuses a file over 64 MiB without reading it, and follows a link to a file", () => {
    const large = file("large.txt", "");
    truncateSync(large, 64 * 1024 ** 2 + 1);
    assert.throws(() => judged({ file: large }), {
      message: `--judge: ${large} cannot be read: it has 67108865 bytes, expected at most 67108864 (64 MiB).`,
    });
    assert.equal(judged({ file: createLink(path.join(folder, "healthy"), healthy) }).exitCode, 0);
  });
});

function createFifo(full: string): string {
  execFileSync("mkfifo", [full]);
  return full;
}

function createLink(full: string, target: string): string {
  symlinkSync(target, full);
  return full;
}
