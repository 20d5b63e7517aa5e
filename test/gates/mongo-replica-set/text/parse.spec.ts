import assert from "node:assert/strict";
import fc from "fast-check";
import { formatEnvelope } from "../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved, type Saved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Status } from "../../../../lib/gates/mongo-replica-set/reply/status.js";
import type { Outcome } from "../../../../lib/gates/verdict/types.js";
import { ago, asked, forms, healthyEnvelope, healthyStatus, type Json } from "../../../fixtures/mongo/replica-set.js";

const measure = { expectedMembers: 3, maxLagSeconds: 10 };
const nonce = "0123456789abcdef";

function outcomeOf(text: string): Outcome {
  return judgeSaved(parseSaved(text, asked), measure).outcome;
}

function firstCode(text: string): string | undefined {
  return judgeSaved(parseSaved(text, asked), measure).reasons[0]?.code;
}

/** What must be as it was for a garbled document to pass. */
function essence({ ok, date, members }: Status): unknown {
  const each = members?.map(({ id, state, health, self, lastHeartbeatRecv, configVersion }) => [
    id,
    state,
    health,
    self,
    lastHeartbeatRecv,
    configVersion,
  ]);
  return [ok, date, each];
}

function essencesOf(saved: Saved): unknown {
  assert.ok(saved.kind === "answers");
  return saved.answers.map(({ views }) => essence(views[0]!.status));
}

/** `rs.conf()` of the healthy set. */
function configOf(): Json {
  return healthyEnvelope().config["config"] as Json;
}

const legacyText = forms["legacy shell text"]!(healthyStatus());
const relaxed = forms["relaxed EJSON"]!(healthyStatus());
const inspectText = forms["mongosh text"]!(healthyStatus());
const banner =
  'MongoDB shell version v4.4.3\nconnecting to: mongodb://127.0.0.1:27017/\nImplicit session: session { "id" : UUID("fcf16368-ad95-4a7c-b1d0-bcf3741fbcbb") }\nMongoDB server version: 4.4.3\n';

const accepted: Record<string, string> = {
  "behind a shell's banner": `${banner}${legacyText}\n`,
  "behind a warning on stdout": `Warning: Could not access file: EACCES: permission denied, mkdir '/.mongodb'\n${relaxed}\n`,
  "behind a prompt and before the next": `rs0 [direct: primary] admin> ${relaxed}\nrs0 [direct: primary] admin> `,
  "behind the old shell's prompt and command": `rs0:PRIMARY> rs.status()\n${legacyText}\nrs0:PRIMARY> `,
  "on the line of its command": `    rs.status() ${legacyText} \n`,
  "as a constant of a script": `const primary = ${legacyText};\n`,
  "as a module": `module.exports = ${inspectText};\n`,
  "in a docker-compose log": legacyText.replace(/^/gm, "mongo1_1  | "),
  "with carriage returns": legacyText.replaceAll("\n", "\r\n"),
  "with a terminal's colours": inspectText.replace("'rs0'", "\u001b[32m'rs0'\u001b[39m"),
  "with trailing commas": legacyText.replace(/\n(\t*)([\]}])/g, ",\n$1$2"),
  "after other documents": `${banner}{ "acknowledged" : true }\nrs0:PRIMARY> rs.conf()\n${forms["legacy shell text"]!(configOf())}\n${legacyText}\n`,
  "with a byte order mark": `\ufeff${relaxed}`,
  "with a byte order mark and carriage returns": `\ufeff${inspectText.replaceAll("\n", "\r\n")}`,
  "with a last carriage return alone": `${relaxed}\r`,
  "behind a prompt that redraws its line": `\u001b[1G\u001b[0Jrs0 [direct: primary] test> \u001b[31G${inspectText}\n\u001b[1G\u001b[0J`,
  "behind what kubectl says of the container": `Defaulted container "mongo" out of: mongo, exporter\n${relaxed}\n`,
  "behind the banner and warnings of mongosh": `Current Mongosh Log ID:\t65f1\nConnecting to:\t\tmongodb://<credentials>@127.0.0.1:27017/?directConnection=true\n------\n   The server generated these startup warnings when booting\n   2026-03-01T00:00:00.000+00:00: Access control is not enabled\n------\n\nEnterprise rs0 [direct: primary] test> rs.status()\n${inspectText}\nEnterprise rs0 [direct: primary] test> exit\n`,
  "between lines of the server's own log": `{"t":{"$date":"2026-03-02T10:00:00.000+00:00"},"s":"I","msg":"x","attr":{"ok":1}}\n${relaxed}\n{"t":{"$date":"2026-03-02T10:00:01.000+00:00"},"msg":"y"}\n`,
  "in a fence of Markdown": `\`\`\`json\n${relaxed}\n\`\`\`\n`,
  "with numbers wrapped by the old shell": legacyText.replace(/"state" : (\d)/g, '"state" : NumberInt("$1")'),
  "with doubles of canonical EJSON": relaxed.replace(/"state":(\d)/g, '"state":{"$numberDouble":"$1.0"}'),
  "with halves of a long": relaxed.replace(/"state":(\d)/g, '"state":{"low":$1,"high":0,"unsigned":false}'),
  "with dates in milliseconds": relaxed.replace(/\{"\$date":"([^"]+)"\}/g, (_all, at: string) => `{"$date":{"$numberLong":"${Date.parse(at)}"}}`), // prettier-ignore
  "with timestamps by two numbers": inspectText.replace(/Timestamp\(\{ t: (\d+), i: (\d+) \}\)/g, "Timestamp($1, $2)"),
  "with timestamps of 64 bits": relaxed.replace(/\{"\$timestamp":\{"t":(\d+),"i":(\d+)\}\}/g, (_all, t: string, i: string) => `{"$timestamp":"${(BigInt(t) << 32n) + BigInt(i)}"}`), // prettier-ignore
};

const refused: Record<string, [string, string]> = {
  "no text": ["", "NO_DOCUMENT"],
  "a banner alone": [banner, "NO_DOCUMENT"],
  "the document twice": [`${relaxed}\n${relaxed}\n`, "SEVERAL_DOCUMENTS"],
  "two documents on a line": [`${relaxed} ${relaxed}`, "UNREADABLE"],
  "text glued to its end": [`${relaxed} trailing`, "UNREADABLE"],
  "a broken document before it": [`{ "set" : "rs0",\n${relaxed}\n`, "UNREADABLE"],
  "a line end within a word": [legacyText.replace("NumberLong", "Numb\nerLong"), "UNREADABLE"],
  "a line end within a text": [legacyText.replace("PRIMARY", "PRI\nMARY"), "UNREADABLE"],
  "an ellipsis": [inspectText.replace(/optime: \{[^}]*\}[^}]*\}/, "optime: [Object]"), "UNREADABLE"],
  "a prefix on each of its lines": [legacyText.replace(/^/gm, "> "), "UNREADABLE"],
  "a decimal where a count is": [relaxed.replace('"health":1', '"health":{"$numberDecimal":"1"}'), "UNREADABLE"],
  "half a member's state": [relaxed.replace('"state":2', '"state":{"low":2,"high":0}'), "UNREADABLE"],
  "a date without its zone": [legacyText.replace(".000Z", ".000"), "UNREADABLE"],
  "dates in seconds": [relaxed.replace(/\{"\$date":"([^"]+)"\}/g, (_all, at: string) => `{"$date":${Date.parse(at) / 1000}}`), "UNREADABLE"], // prettier-ignore
  "two bytes for each of its letters": [Buffer.from(relaxed, "utf16le").toString("utf8"), "UNREADABLE"],
  "the document as a text of JSON": [JSON.stringify(relaxed), "NO_DOCUMENT"],
  "an error after it": [`${relaxed}\n{ "ok" : 0, "errmsg" : "x", "code" : 13 }\n`, "ANSWER_FAILED"],
  "an error before it": [
    `{ "ok" : 0, "errmsg" : "requires authentication", "code" : 13 }\n${legacyText}\n`,
    "ANSWER_FAILED",
  ],
  "seconds taken for milliseconds": [relaxed.replaceAll('"2026-03-02T09:59:59Z"', "1772445599"), "UNREADABLE"],
  "a date as a bare number": [relaxed.replace('{"$date":"2026-03-02T10:00:00Z"}', "1772445600000"), "UNREADABLE"],
  "a date far ahead": [relaxed.replaceAll("2026-03-02T09:59:59Z", "2026-03-05T09:59:59Z"), "UNREADABLE"],
  "a state as text": [relaxed.replace('"state":2', '"state":"2"'), "UNREADABLE"],
  "health as a truth value": [relaxed.replace('"health":1', '"health":true'), "UNREADABLE"],
  "a key twice": [relaxed.replace('"health":1', '"health":0,"health":1'), "UNREADABLE"],
  "a list of members without states": [
    '[\n  { name: "a:1", optimeDate: ISODate("2026-03-02T10:00:00Z") }\n]',
    "NO_DOCUMENT",
  ],
  printSecondaryReplicationInfo: [
    "source: mongo-1:27017\n{\n  syncedTo: 'Mon Mar 02 2026',\n  replLag: '0 secs (0 hrs) behind the primary '\n}\n---\n",
    "NO_DOCUMENT",
  ],
  "an error on stderr": ["MongoServerError[NotYetInitialized]: no replset config has been received\n", "NO_DOCUMENT"],
  "an operator's status": [
    "status:\n  replset:\n  - name: a:1\n    state: 1\n    stateStr: PRIMARY\n    health: 1\n",
    "NO_DOCUMENT",
  ],
  "an answer without its end": [
    formatEnvelope(healthyEnvelope(), nonce).replace(`@@MGATE1-${nonce}-END@@`, ""),
    "NO_DOCUMENT",
  ],
  "an answer with two starts": [`@@MGATE1-${nonce}@@\n${formatEnvelope(healthyEnvelope(), nonce)}`, "NO_DOCUMENT"],
  "answers of two calls": [
    formatEnvelope(healthyEnvelope(), nonce) + formatEnvelope(healthyEnvelope(), "fedcba9876543210"),
    "SEVERAL_DOCUMENTS",
  ],
  "an envelope of another version": [formatEnvelope({ ...healthyEnvelope(), v: 2 as 1 }, nonce), "UNREADABLE"],
};

describe("a saved document of a replica set", () => {
  for (const [name, print] of Object.entries(forms)) {
    it(`passes as ${name}`, () => assert.equal(outcomeOf(print(healthyStatus())), "pass"));
    it(`does not pass as ${name} with a member down`, () => {
      const status = healthyStatus();
      Object.assign(status.members[2]!, { health: 0, state: 8, stateStr: "(not reachable/healthy)" });
      assert.equal(outcomeOf(print(status)), "wait");
    });
  }

  for (const [where, text] of Object.entries(accepted)) {
    it(`is found ${where}`, () => assert.equal(outcomeOf(text), "pass"));
    it(`stays unhealthy ${where}`, () => {
      const broken = text.replace(/("?health"? ?: ?)1(?![\s\S]*health)/, "$10");
      assert.notEqual(broken, text);
      assert.equal(outcomeOf(broken), "wait");
    });
  }

  for (const [what, [text, code]] of Object.entries(refused)) {
    it(`is refused with ${what}`, () => {
      assert.equal(outcomeOf(text), "unknown");
      assert.equal(firstCode(text), code);
    });
  }

  it("is read from an envelope with and without sentinels", () => {
    assert.equal(outcomeOf(`${banner}${formatEnvelope(healthyEnvelope(), nonce)}bye\n`), "pass");
    const stray = judgeSaved(parseSaved(`noise\n${formatEnvelope(healthyEnvelope(), nonce)}`, asked), measure);
    assert.deepEqual(
      [stray.outcome, stray.reasons.map(({ message }) => message)],
      [
        "unknown",
        [
          'The text holds 1 line that cannot be accounted for (line 1: "noise"), expected rs.status() and what the shell prints around it: leave out what is no answer, or ask again. (rule G01)',
        ],
      ],
    );
    assert.equal(outcomeOf(forms["canonical EJSON"]!(healthyEnvelope() as unknown as Json)), "pass");
  });

  it("knows Go's forms: RFC 3339 with an offset, {T, I}, packed timestamps, dates never set", () => {
    const text = relaxed
      .replaceAll("2026-03-02T09:59:59Z", "2026-03-02T10:59:59+01:00")
      .replace(/\{"\$timestamp":\{"t":(\d+),"i":(\d+)\}\}/g, '{"T":$1,"I":$2}')
      .replace('"self":true', '"self":true,"lastHeartbeat":{"$date":"0001-01-01T00:00:00Z"}');
    assert.equal(outcomeOf(text), "pass");
    assert.equal(
      outcomeOf(relaxed.replace(/\{"\$timestamp":\{"t":1772445599,"i":1\}\}/, "7612595895684399105")),
      "pass",
    );
  });

  it("never passes when cut anywhere", () => {
    const texts = Object.values(forms).map((print) => print(healthyStatus()).trimEnd());
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.boolean(),
        (text, part, fromEnd) => {
          const at = Math.floor(part * (text.length - 1));
          assert.notEqual(outcomeOf(fromEnd ? text.slice(at + 1) : text.slice(0, at)), "pass");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("passes with a part standing twice only where no rule looks at it", () => {
    const texts = Object.values(forms).map((print) => print(healthyEnvelope() as unknown as Json));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(), (text, one, other) => {
        const [from, to] = [one % text.length, other % text.length].sort((a, b) => a - b) as [number, number];
        const garbled = text.slice(0, to) + text.slice(from);
        if (outcomeOf(garbled) !== "pass") return;
        const [seen, whole] = [parseSaved(garbled, asked), parseSaved(text, asked)];
        assert.deepEqual(essencesOf(seen), essencesOf(whole));
      }),
      { numRuns: 300 },
    );
  });

  it("never passes with a line of its members standing twice", () => {
    const lines = legacyText.split("\n");
    for (const [index, line] of lines.entries()) {
      const text = lines.toSpliced(index, 0, line).join("\n");
      assert.notEqual(outcomeOf(text), "pass", line);
    }
  });

  it("never passes with a member down, whatever noise stands around or within", () => {
    const status = healthyStatus();
    Object.assign(status.members[1]!, { health: 0, lastHeartbeatRecv: ago(30) });
    const texts = Object.values(forms).map((print) => print(status));
    const noise = fc.oneof(
      fc.string(),
      fc.constantFrom("\n", "{", "}", "[", "]", ",", '"', "'", "rs0:PRIMARY> ", relaxed.slice(0, 300), "ok: 1"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), noise, (text, at, insert) => {
        const where = at % (text.length + 1);
        assert.notEqual(outcomeOf(text.slice(0, where) + insert + text.slice(where)), "pass");
      }),
      { numRuns: 300 },
    );
  });
});
