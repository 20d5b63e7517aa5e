import assert from "node:assert/strict";
import vm from "node:vm";
import { EJSON, Timestamp } from "bson";
import {
  formatEndSentinel,
  extractEnvelope,
  formatEnvelope,
  findNonce,
  formatStartSentinel,
} from "../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { parseAnswer } from "../../../../lib/gates/mongo-replica-set/text/parse.js";
import { buildProbeScript, buildProbeCommand } from "../../../../lib/gates/mongo-replica-set/probe/probe-script.js";
import { asked, forms, healthyEnvelope, type Json } from "../../../fixtures/mongo/replica-set.js";

const nonce = "a1b2c3d4e5f6";
const password = "p/w@d:%'\"$x";
const envelope = healthyEnvelope();
const replies: Record<string, unknown> = {
  hello: envelope.hello,
  replSetGetStatus: envelope.status,
  replSetGetConfig: envelope.config,
  getParameter: envelope.fcv,
  serverStatus: {
    oplog: {
      earliestOptime: new Timestamp({ t: 1_772_000_000, i: 1 }),
      latestOptime: new Timestamp({ t: 1_772_007_200, i: 2 }),
    },
    storageEngine: { name: "wiredTiger", backupCursorOpen: true },
    ok: 1,
  },
  currentOp: { inprog: [{ appName: "mongodump" }, { appName: "mongodump" }], ok: 1 },
  buildInfo: { version: "7.0.12", gitVersion: "abc", ok: 1 },
};

interface Shell {
  environment: Record<string, string>;
  files?: string[];
  connect?: (uri: string) => void;
  answer?: (command: string) => unknown;
}

/** Runs the script where only what a shell has is there; gives what it printed. */
function run(kind: "mongosh" | "mongo", { environment, files = [], connect, answer }: Shell): string {
  const printed: string[] = [];
  const admin = {
    auth: (login: { user: string; pwd: string }): boolean =>
      login.user === environment["MONGO_INITDB_ROOT_USERNAME"] &&
      login.pwd === environment["MONGO_INITDB_ROOT_PASSWORD"],
    adminCommand: (command: Json): unknown => answer?.(Object.keys(command)[0]!) ?? replies[Object.keys(command)[0]!],
  };
  const both = {
    print: (line: string) => printed.push(line),
    Mongo: function (uri: string) {
      connect?.(uri);
      return { getDB: (name: string) => (name === "admin" ? admin : undefined) };
    },
  };
  const fs = { existsSync: (path: string) => files.includes(path), readFileSync: () => `${password}\n` };
  const mongosh = { process: { env: environment }, EJSON, require: (name: string) => (name === "fs" ? fs : undefined) };
  const environ = Object.entries(environment).map(([name, value]) => `${name}=${value}\u0000`);
  const mongo = {
    cat: (path: string) => (path === "/proc/self/environ" ? environ.join("") : ""),
    tojson: forms["legacy shell text"]!,
  };
  vm.runInNewContext(buildProbeScript(nonce), { ...both, ...(kind === "mongosh" ? mongosh : mongo) });
  return `${printed.join("\n")}\n`;
}

const palette = { HOSTNAME: "mongo-1", MONGO_INITDB_ROOT_USERNAME: "root", MONGO_INITDB_ROOT_PASSWORD: password };
const vertex = { HOSTNAME: "mongo-1", MONGODB_INITDB_ROOT_USERNAME: "root", MONGODB_INITDB_ROOT_PASSWORD: password };
const tls = ["/var/mongodb/tls/ca.crt", "/var/mongodb/tls/tls-combined.pem"];

function uriOf(shell: Shell): URL {
  let seen = "";
  run("mongosh", { ...shell, connect: (uri) => (seen = uri) });
  return new URL(seen);
}

describe("the probe's script", () => {
  for (const kind of ["mongosh", "mongo"] as const) {
    it(`prints one envelope that can be read, in ${kind}`, () => {
      const parsed = parseAnswer(run(kind, { environment: palette }), nonce, asked);
      assert.ok(parsed.kind === "view", JSON.stringify(parsed));
      assert.equal(parsed.view.status.members?.length, 3);
      assert.equal(parsed.view.config?.version, 5);
      assert.equal(parsed.view.hello?.setName, "rs0");
      assert.equal(parsed.view.fcv?.version, "7.0");
      assert.equal(parsed.view.binary, "7.0.12");
      assert.deepEqual([parsed.view.oplog?.reachSeconds, parsed.view.oplog?.backupCursorOpen], [7200, true]);
      assert.deepEqual([parsed.view.work?.applications, parsed.view.work?.fsyncLock], [["mongodump"], false]);
    });

    it(`tells an error in place of what failed, without the login, in ${kind}`, () => {
      const fail = (): never => {
        throw Object.assign(
          new Error(
            `no route to mongodb://root:${encodeURIComponent(password)}@mongo-1:27017/admin, password ${password}`,
          ),
          { code: 6, codeName: "HostUnreachable" },
        );
      };
      const text = run(kind, {
        environment: palette,
        answer: (command) => (command === "replSetGetStatus" ? fail() : undefined),
      });
      const parsed = parseAnswer(text, nonce, asked);
      assert.ok(parsed.kind === "view");
      assert.deepEqual(
        [parsed.view.status.ok, parsed.view.status.code, parsed.view.status.codeName],
        [0, 6, "HostUnreachable"],
      );
      assert.equal(parsed.view.hello?.ok, 1);
      assert.ok(!text.includes(password) && !text.includes(encodeURIComponent(password)) && !text.includes("root:"));
    });

    it(`tells the same error of all where no connection comes about, in ${kind}`, () => {
      const text = run(kind, {
        environment: palette,
        connect: () => {
          throw Object.assign(new Error("connect ECONNREFUSED"), { name: "MongoNetworkError" });
        },
      });
      const parsed = parseAnswer(text, nonce, asked);
      assert.ok(parsed.kind === "view");
      assert.deepEqual(
        [parsed.view.status.ok, parsed.view.status.codeName, parsed.view.fcv?.ok],
        [0, "MongoNetworkError", 0],
      );
    });
  }

  it("asks isMaster where a server knows no hello", () => {
    const asks: string[] = [];
    run("mongo", {
      environment: palette,
      answer: (command) => {
        asks.push(command);
        return command === "hello"
          ? { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: "no such command" }
          : undefined;
      },
    });
    assert.deepEqual(asks.slice(0, 2), ["hello", "isMaster"]);
  });

  it("connects to its own member with the login of its environment, Palette's or VerteX's names", () => {
    for (const environment of [palette, vertex]) {
      const uri = uriOf({ environment });
      assert.deepEqual([uri.host, uri.username, decodeURIComponent(uri.password)], ["mongo-1:27017", "root", password]);
      assert.equal(uri.searchParams.get("directConnection"), "true");
      assert.equal(uri.searchParams.get("serverSelectionTimeoutMS"), "5000");
      assert.equal(uri.searchParams.has("tls"), false);
    }
    const fromFile = uriOf({
      environment: {
        HOSTNAME: "mongo-1",
        MONGO_INITDB_ROOT_USERNAME: "root",
        MONGO_INITDB_ROOT_PASSWORD_FILE: "/run/password",
      },
      files: ["/run/password"],
    });
    assert.equal(decodeURIComponent(fromFile.password), password);
  });

  it("uses TLS by the files in the container", () => {
    const uri = uriOf({ environment: vertex, files: tls });
    assert.deepEqual(
      [uri.searchParams.get("tls"), uri.searchParams.get("tlsCAFile"), uri.searchParams.get("tlsCertificateKeyFile")],
      ["true", ...tls],
    );
  });

  it("is an argument that holds no secret and no whole sentinel, so that an echo of it is no answer", () => {
    const command = buildProbeCommand(nonce);
    assert.deepEqual([command[0], command[1], command.length], ["sh", "-c", 5]);
    assert.match(command[2]!, /timeout -k 5 20 mongosh --quiet --norc --nodb --eval "\$1"/);
    assert.match(command[2]!, /timeout -k 5 20 mongo --quiet --norc --nodb "\$@" --eval "\$script"/);
    assert.equal(extractEnvelope(command.join("\n"), nonce).ok, false);
    assert.ok(!command.join("\n").includes(formatStartSentinel(nonce)));
    assert.equal(findNonce(command), nonce);
    assert.equal(findNonce(["sh", "-c", "true"]), null);
  });

  it("takes no nonce that could be code", () => assert.throws(() => buildProbeScript('x"; quit();'), RangeError));
});

describe("an envelope", () => {
  const text = formatEnvelope(healthyEnvelope(), nonce);

  const refused: Record<string, [string, string]> = {
    "of another call": [formatEnvelope(healthyEnvelope(), "ffffffffffff"), "the answer holds no document of this call"],
    "without its end": [
      text.replace(formatEndSentinel(nonce), ""),
      "the answer holds 1 starts and 0 ends of a document, expected one each",
    ],
    twice: [text + text, "the answer holds 2 starts and 2 ends of a document, expected one each"],
    "turned round": [
      `${formatEndSentinel(nonce)}\n{}\n${formatStartSentinel(nonce)}\n`,
      "the answer's end stands before its start",
    ],
    "glued to other text": [
      text.replace(formatStartSentinel(nonce), `warning${formatStartSentinel(nonce)}`),
      "the answer's start or end does not stand on a line of its own",
    ],
  };
  for (const [what, [stdout, why]] of Object.entries(refused)) {
    it(`is refused ${what}`, () => assert.deepEqual(extractEnvelope(stdout, nonce), { ok: false, why }));
  }

  it("is found among other lines", () => {
    const found = extractEnvelope(`Warning: EACCES\r\n${text.replaceAll("\n", "\r\n")}bye\n`, nonce);
    assert.ok(found.ok);
    assert.equal((EJSON.parse(found.text) as Json)["v"], 1);
  });
});
