import assert from "node:assert/strict";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { formatMemberUri, getOption, parseMongoUri, listSecrets } from "../../../lib/base/net/mongo-uri.js";
import { listSecretTexts } from "../../../lib/settings/gate-secrets.js";

describe("a connection string", () => {
  const hosts: [string, string[]][] = [
    ["mongodb://b.example,a.example:27018/admin", ["a.example:27018", "b.example:27017"]],
    ["mongodb://u:p@a.example/?replicaSet=rs0", ["a.example:27017"]],
    ["mongodb://a.example,a.example:27017", ["a.example:27017"]],
    ["mongodb://[::1]:27017,10.0.0.1", ["10.0.0.1:27017", "[::1]:27017"]],
    ["mongodb+srv://u:p@cluster0.example.net/db", ["cluster0.example.net"]],
  ];
  for (const [text, expected] of hosts) {
    it(`${text} names ${expected.join(" and ")}`, () => assert.deepEqual(parseMongoUri(text).hosts, expected));
  }

  const members: [string, string, string][] = [
    [
      "mongodb://root:p%40ss@a,b,c/app?replicaSet=rs0&authSource=admin&readPreference=nearest&tls=true",
      "mongodb://root:p%40ss@b:27017/app?authSource=admin&tls=true&directConnection=true",
      "[]",
    ],
    ["mongodb://a", "mongodb://b:27017/?directConnection=true", "[]"],
    [
      "mongodb+srv://u:p@c.example.net/?retryWrites=true&appName=theirs",
      "mongodb://u:p@b:27017/?authSource=admin&retryWrites=true&tls=true&directConnection=true",
      '[["authSource","admin"],["replicaSet","atlas-1"]]',
    ],
    [
      "mongodb+srv://u:p@c.example.net/?ssl=false&authSource=own",
      "mongodb://u:p@b:27017/?ssl=false&authSource=own&directConnection=true",
      '[["authSource","admin"]]',
    ],
  ];
  for (const [text, expected, added] of members) {
    it(`of one member keeps what is not about the set: ${text}`, () => {
      assert.equal(formatMemberUri(parseMongoUri(text), "b:27017", JSON.parse(added) as [string, string][]), expected);
    });
  }

  const refused: [string, string][] = [
    ["", "it is empty"],
    ["postgres://u:hunter2@h/db", "it is no connection string (mongodb:// or mongodb+srv://, a password URL-encoded)"],
    ["mongodb://u:hun@ter2@h/db", "it is no connection string (mongodb:// or mongodb+srv://, a password URL-encoded)"],
    ["mongodb://u:hunter2@h:port/db", "one of its hosts cannot be read"],
    ["mongodb+srv://u:hunter2@a,b/", "with mongodb+srv it names one host and no port"],
    ["mongodb+srv://u:hunter2@a:27017/", "with mongodb+srv it names one host and no port"],
    [
      "mongodb://u:hunter2@h/?loadBalanced=true",
      "it leads to a load balancer (loadBalanced=true), behind which no member can be asked by itself",
    ],
  ];
  for (const [text, fault] of refused) {
    it(`is refused and not shown: ${fault}${text === "" ? "" : ` (${text.slice(0, 14)}…)`}`, () => {
      assert.throws(
        () => parseMongoUri(text),
        (error) =>
          error instanceof InvalidInputError &&
          error.code === "MONGO_URI_INVALID" &&
          error.message === `The connection string of the external MongoDB: ${fault}.` &&
          error.next ===
            "Set palette:secrets.mongoUri as a secret; to run a gate by hand, put it into the environment as PALETTE_MONGO_URI." && // prettier-ignore
          !`${error.stack}${error.next}`.includes("hunter2"),
      );
    });
  }

  it("gives options whatever their case, and what of it is secret", () => {
    const uri = parseMongoUri("mongodb://u:p%2Fw@h/?ReplicaSet=rs%2D0");
    assert.deepEqual([getOption(uri, "replicaSet"), getOption(uri, "tls")], ["rs-0", null]);
    assert.deepEqual([listSecrets(uri), listSecrets(parseMongoUri("mongodb://h"))], [["p%2Fw", "p/w"], []]);
  });

  it("adds its password, written and decoded, to what is taken out of every text, well formed or not", () => {
    const texts = (mongoUri: string): string[] => listSecretTexts({ apiKeys: [], mongoUri, chartsPassword: "" });
    assert.deepEqual(texts("mongodb://u:p%2Fw@h"), ["mongodb://u:p%2Fw@h", "p%2Fw", "p/w"]);
    assert.deepEqual(texts("mongodb://u:p@ss@h"), ["mongodb://u:p@ss@h", "p@ss"]);
    assert.deepEqual(texts(""), []);
  });
});
