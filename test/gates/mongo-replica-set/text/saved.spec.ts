import assert from "node:assert/strict";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../../../lib/gates/verdict/types.js";
import { asked, ago, type Json } from "../../../fixtures/mongo/replica-set.js";
import { configuration, failing, healthy, hello, oneLine, printed, unaccounted } from "../../../fixtures/mongo/transcripts.js"; // prettier-ignore

function judge(text: string, expectedMembers = 3): Verdict {
  return judgeSaved(parseSaved(text, asked), { expectedMembers, maxLagSeconds: 10 });
}

function say({ reasons }: Verdict): string[] {
  return reasons.filter(({ code }) => code !== "NOTE").map(({ code, member }) => `${code} ${member ?? ""}`.trim());
}

/** Where the last `health: 1` of a text stands. */
const lastHealth = /("?health"?: ?)1(?![\s\S]*health)/;

describe("a saved text with several answers", () => {
  for (const [what, text] of Object.entries(healthy)) {
    it(`passes with ${what}`, () => {
      const verdict = judge(text);
      assert.deepEqual([verdict.outcome, say(verdict)], ["pass", []]);
    });
    it(`does not pass with ${what} and one member down in the last answer`, () => {
      const broken = text.replace(lastHealth, "$10");
      assert.notEqual(broken, text);
      assert.equal(judge(broken).outcome, "wait");
    });
  }

  it("names the members that answered", () => {
    assert.deepEqual((judge(healthy["a loop over pods"]!).observed as Json)["askedMembers"], [
      "mongo-0",
      "mongo-1",
      "mongo-2",
    ]);
  });

  it("a remark tells what of a Markdown page was not judged", () => {
    assert.deepEqual(
      judge(healthy["a Markdown page"]!).reasons.map(({ message }) => message),
      ["2 lines outside the code blocks of the text were not judged."],
    );
  });

  it("a remark tells of a command that asked nothing of the set and failed before an answer", () => {
    assert.deepEqual(
      judge(healthy["a login that failed and then did not"]!).reasons.map(({ message }) => message),
      [
        '1 command failed that asked nothing of the set, before an answer (line 2: "MongoServerError: Authentication failed.").',
      ],
    );
  });

  const disagreeing: [string, string, string[]][] = [
    ["of another set", `${oneLine(0)}\n${oneLine(1, (s) => (s["set"] = "rs1"))}`, ["SET_NAME"]],
    ["that follow different primaries", `${oneLine(0)}\n${oneLine(1, follow)}`, ["PRIMARY_DISAGREEMENT"]],
    ["of another term", `${oneLine(0)}\n${oneLine(1, (s) => (s["term"] = 4))}`, ["TERM_DISAGREEMENT"]],
    ["of two primaries", `${oneLine(0)}\n${oneLine(1, (s) => [(s["myState"] = 1), promote(s)])}`, ["TWO_PRIMARIES", "PRIMARY_DISAGREEMENT"]], // prettier-ignore
    ["of different hours", `${oneLine(0)}\n${oneLine(1, later)}`, ["ANSWERS_APART"]],
    ["of which a secondary's says that it is behind", `${oneLine(0)}\n${oneLine(1, late)}`, ["LAG mongo-1"]],
    ["of which a secondary's is too stale", `${oneLine(0)}\n${oneLine(1, (s) => (s["tooStale"] = true))}`, ["TOO_STALE mongo-1"]], // prettier-ignore
    ["of which a secondary's commit point stands", `${oneLine(0)}\n${oneLine(1, stalled)}`, ["MAJORITY_LAG mongo-1"]],
  ];
  for (const [what, text, said] of disagreeing) {
    it(`does not pass with answers ${what}`, () => {
      const verdict = judge(text);
      assert.notEqual(verdict.outcome, "pass");
      assert.deepEqual(say(verdict), said);
    });
  }

  const twice: [string, string, string][] = [
    ["one member twice", `${printed()}\n${printed()}\n`, "the text holds more than one answer of mongo-0.mongo.hubble-system.svc.cluster.local:27017"], // prettier-ignore
    ["one that does not say whose it is", `${oneLine(1)}\n${oneLine(0, (s) => delete s.members[0]!["self"])}\n`, "the text holds 2 documents, and one does not say whose it is"], // prettier-ignore
    ["more than a set can have", Array.from({ length: 101 }, () => oneLine()).join("\n"), "the text holds 101 answers, expected at most 100"], // prettier-ignore
  ];
  for (const [what, text, why] of twice) {
    it(`is refused with ${what}`, () => {
      const { outcome, reasons } = judge(text);
      assert.deepEqual(
        [outcome, reasons.map(({ message }) => message)],
        ["unknown", [`The text is not one whole reply of MongoDB (${why}), expected exactly one: ask again and keep all of it. (rule G01)`]], // prettier-ignore
      );
    });
  }
});

describe("a saved text with an answer that failed", () => {
  for (const [what, [text, quoted]] of Object.entries(failing)) {
    it(`never passes: ${what}`, () => {
      const verdict = judge(text);
      assert.equal(verdict.outcome, "unknown");
      assert.deepEqual(say(verdict).slice(0, 1), ["ANSWER_FAILED"]);
      assert.ok(verdict.reasons[0]?.message.includes(`: "${quoted}`), verdict.reasons[0]?.message);
    });
  }
});

describe("a saved text with a line that is not accounted for", () => {
  for (const [what, [text, quoted]] of Object.entries(unaccounted)) {
    it(`never passes: ${what}`, () => {
      const verdict = judge(text);
      assert.deepEqual([verdict.outcome, say(verdict)], ["unknown", ["LINE_UNKNOWN"]]);
      assert.ok(verdict.reasons[0]?.message.includes(quoted), verdict.reasons[0]?.message);
    });
  }

  it("quotes three lines, at most 120 characters of each", () => {
    const text = `${"x y ".repeat(40)}\nsecond of them\nthird of them\nfourth of them\n${printed()}`;
    assert.equal(
      judge(text).reasons[0]?.message,
      `The text holds 4 lines that cannot be accounted for (line 1: "${"x y ".repeat(30)}…"; line 2: "second of them"; line 3: "third of them"; and 1 more), expected rs.status() and what the shell prints around it: leave out what is no answer, or ask again. (rule G01)`,
    );
  });

  it("is a remark where the answer does not pass anyway", () => {
    const verdict = judge(`odd line\n${printed(0, (s) => (s.members[1]!["health"] = 0))}`);
    const remark = verdict.reasons.at(-1)!;
    assert.deepEqual([verdict.outcome, say(verdict), remark.code], ["wait", ["MEMBER_HEALTH mongo-1"], "NOTE"]);
    assert.match(remark.message, /^The text holds 1 line that cannot be accounted for \(line 1: "odd line"\)/);
  });
});

describe("rs.conf() and db.hello() in a saved text", () => {
  type Config = Json & { members: Json[] };
  const contradicting: [string, string, string[]][] = [
    ["a fourth member", configuration((c: Config) => c.members.push({ ...c.members[0], _id: 3, host: "mongo-3:27017" })), ["MEMBER_MISSING mongo-3:27017"]], // prettier-ignore
    ["a member less", configuration((c: Config) => c.members.pop()), ["MEMBER_UNEXPECTED mongo-2"]],
    ["another set", configuration((c: Config) => (c["_id"] = "rs1")), ["SET_NAME"]],
    ["an arbiter", configuration((c: Config) => (c.members[2]!["arbiterOnly"] = true)), ["MEMBER_STATE mongo-2"]],
    ["a member without vote", configuration((c: Config) => (c.members[2]!["votes"] = 0)), ["CONFIG_VOTES"]],
    ["a primary of priority 0", configuration((c: Config) => (c.members[0]!["priority"] = 0)), ["CONFIG_PRIORITY mongo-0"]], // prettier-ignore
    ["another version", configuration((c: Config) => (c["version"] = 6)), ["CONFIG_VERSION mongo-0", "CONFIG_VERSION mongo-1", "CONFIG_VERSION mongo-2"]], // prettier-ignore
    ["another primary in hello", hello(0, { primary: "mongo-1:27017" }), ["PRIMARY_DISAGREEMENT mongo-0"]],
    ["another set in hello", hello(0, { setName: "rs1" }), ["SET_NAME"]],
    ["no writes in hello", hello(0, { isWritablePrimary: false }), ["PRIMARY_NOT_WRITABLE mongo-0"]],
  ];
  for (const [what, document, said] of contradicting) {
    for (const [where, text] of [
      ["before the status", `${document}\n${printed()}`],
      ["after it", `${printed()}\n${document}`],
    ] as const) {
      it(`contradict it, ${where}: ${what}`, () => {
        const verdict = judge(text);
        assert.notEqual(verdict.outcome, "pass");
        assert.deepEqual(say(verdict), said);
      });
    }
  }

  it("a delayed member is allowed its delay", () => {
    const slow = printed(0, (s) =>
      Object.assign(s.members[2]!, { optime: undefined, optimeDate: ago(3500), lastAppliedWallTime: ago(3500) }),
    );
    const delayed = (seconds: number): string =>
      configuration((c: Config) => (c.members[2]!["secondaryDelaySecs"] = seconds));
    assert.equal(judge(`${delayed(3600)}\n${slow}`).outcome, "pass");
    assert.deepEqual(say(judge(`${delayed(60)}\n${slow}`)), ["LAG mongo-2"]);
  });

  it("are judged each where there are several", () => {
    assert.equal(judge(`${configuration()}\n${configuration()}\n${printed()}`).outcome, "pass");
    const other = configuration((c: Config) => (c["version"] = 6));
    assert.equal(judge(`${configuration()}\n${other}\n${printed()}`).outcome, "wait");
    assert.equal(judge(`${other}\n${configuration()}\n${printed()}`).outcome, "wait");
  });

  it("hello of another member says nothing of this one's writes", () => {
    assert.equal(judge(`${printed()}\n${hello(1)}`).outcome, "pass");
  });
});

describe("a saved text without a whole status", () => {
  const projections: Record<string, string> = {
    "the vendor's three fields": "{\n   host: 'mongo-1.mongo:27017',\n   state: 'PRIMARY',\n   health: 1\n}\n{\n   host: 'mongo-0.mongo:27017',\n   state: 'SECONDARY',\n   health: 1\n}\n", // prettier-ignore
    "a list of names and states": "[\n  { name: 'mongo-0:27017', stateStr: 'PRIMARY' },\n  { name: 'mongo-1:27017', stateStr: 'SECONDARY' }\n]\n", // prettier-ignore
    "lines of names and states": "mongo-0.mongo:27017 PRIMARY\nmongo-1.mongo:27017 SECONDARY\nmongo-2.mongo:27017 SECONDARY\n", // prettier-ignore
    "the replication info": "source: mongo-1:27017\n\tsyncedTo: Fri Jan 13 2023 13:16:48 GMT+0000 (UTC)\n\t0 secs (0 hrs) behind the primary\n", // prettier-ignore
    "states alone": "rs0 [direct: primary] test> rs.status().members.forEach(m => print(m.stateStr))\nPRIMARY\nSECONDARY\nSECONDARY\n", // prettier-ignore
  };
  for (const [what, text] of Object.entries(projections)) {
    it(`says of ${what} what they do not prove, and what to save`, () => {
      const { outcome, reasons } = judge(text);
      assert.equal(outcome, "unknown");
      assert.equal(
        reasons[0]?.message,
        "The text is not one whole reply of MongoDB (extracts of rs.status(), such as name, state and health, prove no sync; save all of it instead, e.g. mongosh --quiet --eval 'EJSON.stringify(rs.status())'), expected exactly one: ask again and keep all of it. (rule G01)",
      );
    });
  }

  it("quotes the failure where there is nothing else", () => {
    assert.match(
      judge("MongoServerError[NotYetInitialized]: no replset config has been received\n").reasons[0]!.message,
      /\(the text holds no reply of MongoDB; line 1: "MongoServerError\[NotYetInitialized\]: no replset config has been received"\)/,
    );
  });

  it("is judged by the reply that failed, whatever stands around it", () => {
    const failed = "{ ok: 0, errmsg: 'no replset config', code: 94, codeName: 'NotYetInitialized' }";
    for (const text of [failed, `odd line\n${failed}`, `${failed}\n{ ok: 1 }`, `{ ok: 1 }\n${failed}`, `{\n${failed}`])
      assert.deepEqual(say(judge(text)), ["COMMAND_FAILED", "MEMBERS_MISSING"], text);
  });
});

describe("timestamps by two numbers", () => {
  const written = (order: (t: number, i: number) => string, secondsAgo = 1): string =>
    printed(0, (s) => {
      for (const member of s.members) delete member["lastAppliedWallTime"];
      if (secondsAgo === 1) return;
      const at = ago(secondsAgo);
      Object.assign(s.members[2]!, { optimeDate: at, optime: { ts: { T: at.getTime() / 1000, I: 1 }, t: 3 } });
    })
      .replace(/Timestamp\(\{ t: (\d+), i: (\d+) \}\)/g, (_all, t: string, i: string) => order(Number(t), Number(i)))
      .replace(/\{\s+T: (\d+),\s+I: (\d+)\s+\}/g, (_all, t: string, i: string) => order(Number(t), Number(i)));
  const orders: [string, (t: number, i: number) => string][] = [
    ["seconds first", (t, i) => `Timestamp(${t}, ${i})`],
    ["ordinal first", (t, i) => `Timestamp(${i}, ${t})`],
    ["ordinal 0 first", (t) => `Timestamp(0, ${t})`],
    ["a large ordinal first", (t) => `Timestamp(53211, ${t})`],
  ];
  for (const [what, order] of orders) {
    it(`are read with ${what}: healthy passes, 300 s behind is behind`, () => {
      assert.deepEqual(say(judge(written(order))), []);
      assert.deepEqual(say(judge(written(order, 300))), ["LAG mongo-2"]);
    });
  }
});

function promote({ members }: Json & { members: Json[] }): void {
  Object.assign(members[0]!, { state: 2, stateStr: "SECONDARY" });
  Object.assign(members[1]!, { state: 1, stateStr: "PRIMARY", electionDate: ago(100) });
}

/** mongo-1 follows mongo-2. */
function follow({ members }: Json & { members: Json[] }): void {
  Object.assign(members[0]!, { state: 2, stateStr: "SECONDARY" });
  Object.assign(members[2]!, { state: 1, stateStr: "PRIMARY", electionDate: ago(100) });
}

/** Everything an hour ago. */
function later(status: Json & { members: Json[] }): void {
  const shift = (document: Json): void => {
    for (const [key, value] of Object.entries(document))
      if (value instanceof Date) document[key] = new Date(value.getTime() - 901_000);
      else if (Array.isArray(value)) value.forEach((each) => shift(each as Json));
  };
  shift(status);
  for (const member of status.members) delete member["optime"];
  shift(status["optimes"] as Json);
}

/** Its own optime 40 s back, and the others' as usual. */
function late({ members }: Json & { members: Json[] }): void {
  const at = ago(40);
  for (const member of members)
    Object.assign(member, { optimeDate: at, lastAppliedWallTime: at, optime: { ts: { T: at.getTime() / 1000, I: 1 }, t: 3 } }); // prettier-ignore
}

function stalled(status: Json): void {
  Object.assign(status["optimes"] as Json, { lastCommittedWallTime: ago(3700) });
}
