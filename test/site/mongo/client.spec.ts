import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { connectMongo } from "../../../lib/site/mongo/client.js";
import { makeCertificates } from "../../fixtures/mongo/wire/certificates.js";
import { startWireSet, type WireSet } from "../../fixtures/mongo/wire/replica-set.js";

const signal = new AbortController().signal;
const hello = { hello: 1 };
const status = { replSetGetStatus: 1 };

describe("the client of an external MongoDB, with the official driver", function () {
  this.timeout(20_000);
  let set: WireSet;
  beforeEach(async () => {
    set = await startWireSet({ names: "address", user: "gate", password: "planted/p@ss:w%rd" });
  });
  afterEach(() => set.close());

  const at = (index: number): string => `${set.members[index]!.host}:${set.members[index]!.port}`;
  const uriOf = (password = set.password, query = "authSource=admin&replicaSet=rs0"): string =>
    `mongodb://${set.user}:${encodeURIComponent(password)}@${at(0)},${at(1)},${at(2)}/?${query}`;
  const client = (uri = uriOf(), caFile: string | null = null): ReturnType<typeof connectMongo> =>
    connectMongo({ uri, caFile }, { connectMillis: 500 });

  it("tells the hosts and the set that the connection string names", async () => {
    assert.deepEqual(await client().seeds(), { hosts: [at(0), at(1), at(2)].sort(), setName: "rs0" });
  });

  it("asks the one member alone, in turn, and closes the connection", async () => {
    const replies = await client().ask(at(1), [hello, status], signal);
    assert.deepEqual(
      replies.map((reply) => [reply["ok"], reply["set"] ?? reply["me"]]),
      [
        [1, at(1)],
        [1, "rs0"],
      ],
    );
    assert.ok(set.members[1]!.applications.every((name) => name === "palette-gate"));
    assert.deepEqual([set.members[0]!.asked.length, set.members[2]!.asked.length], [0, 0]);
  });

  it("gives an error in a reply's place, with the server's code, and never the login", async () => {
    set.members[0]!.answers["replsetgetstatus"] = {
      ok: 0,
      code: 13,
      codeName: "Unauthorized",
      errmsg: `not authorized, said gate:${set.password}`,
    };
    const [first, second] = await client().ask(at(0), [hello, status], signal);
    assert.equal(first?.["ok"], 1);
    assert.deepEqual(second, { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized, said gate:<redacted>" }); // prettier-ignore
  });

  it("a refused login is code 18 for every command", async () => {
    const replies = await client(uriOf("planted/wrong")).ask(at(0), [hello, status], signal);
    assert.deepEqual(
      replies.map(({ ok, code, codeName }) => [ok, code, codeName]),
      [
        [0, 18, "AuthenticationFailed"],
        [0, 18, "AuthenticationFailed"],
      ],
    );
    assert.ok(!JSON.stringify(replies).includes("planted"));
  });

  it("a member that is gone is code null, in the driver's words", async () => {
    await set.members[2]!.close();
    const [reply] = await client(uriOf()).ask(at(2), [status], signal); // prettier-ignore
    assert.deepEqual([reply?.["ok"], reply?.["code"], reply?.["codeName"]], [0, null, "MongoServerSelectionError"]);
  });

  it("options that the driver refuses are an answer, not an exception", async () => {
    const [reply] = await client(uriOf(set.password, "authMechanism=NONE")).ask(at(0), [status], signal);
    assert.deepEqual([reply?.["ok"], reply?.["code"]], [0, null]);
  });

  it("ends when it is stopped, before and while it asks", async () => {
    await assert.rejects(client().ask(at(0), [hello], AbortSignal.abort(new Error("before"))), /before/);
    set.members[0]!.answers["replsetgetstatus"] = "hang";
    const stop = new AbortController();
    const pending = client().ask(at(0), [status], stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 300);
    await assert.rejects(pending, /stopped/);
  });

  it("waits for an answer as long as is asked for, and no longer", async () => {
    set.members[0]!.answers["replsetgetstatus"] = "hang";
    const [reply] = await client().ask(at(0), [status], signal, 0.3);
    assert.deepEqual([reply?.["ok"], reply?.["code"], reply?.["codeName"]], [0, null, "MongoNetworkTimeoutError"]);
  });

  it("trusts a private CA by its file, and shows its certificate", async function () {
    const certificates = makeCertificates();
    if (certificates === null) {
      process.stdout.write("      (skipped: openssl is not on PATH, so no certificate can be made)\n");
      return this.skip();
    }
    await set.close();
    set = await startWireSet({ size: 3, names: "address", tls: certificates.server });
    const key = encodeURIComponent(`${certificates.folder}/tls-combined.pem`);
    const query = `authSource=admin&tls=true&tlsAllowInvalidHostnames=true&tlsCertificateKeyFile=${key}`;
    const ca = `${certificates.folder}/ca.crt`;
    assert.equal((await client(uriOf(set.password, query), ca).ask(at(0), [hello], signal))[0]?.["ok"], 1);
    const unknown = await client(uriOf(set.password, query)).ask(at(0), [hello], signal);
    assert.deepEqual(
      [unknown[0]?.["ok"], unknown[0]?.["code"], unknown[0]?.["errmsg"]],
      [0, null, "self-signed certificate in certificate chain"],
    );
  });

  describe("by DNS record", () => {
    const srv = "mongodb+srv://u:p@c.example.net/?tls=false";
    it("takes members from SRV and what TXT may say", async () => {
      const asked: string[] = [];
      const found = connectMongo(
        { uri: srv, caFile: null },
        {
          dns: {
            srv: (name) => (asked.push(name), Promise.resolve([{ name: "b.example.net", port: 27017 }, { name: "a.example.net", port: 27018 }])), // prettier-ignore
            txt: () => Promise.resolve([["authSource=admin&", "replicaSet=atlas-1&tls=false"]]),
          },
        },
      );
      assert.deepEqual(await found.seeds(), { hosts: ["a.example.net:27018", "b.example.net:27017"], setName: "atlas-1" }); // prettier-ignore
      assert.deepEqual(asked, ["_mongodb._tcp.c.example.net"]);
    });

    it("tells that the record cannot be read, and looks again the next time", async () => {
      let samplings = 0;
      const found = connectMongo(
        { uri: srv, caFile: null },
        {
          dns: {
            srv: () => (samplings++ === 0 ? Promise.reject(new Error("queryTxt ETIMEOUT")) : Promise.resolve([{ name: "a", port: 1 }])), // prettier-ignore
            txt: () => Promise.reject(new Error("no TXT")),
          },
        },
      );
      await assert.rejects(
        found.seeds(),
        (error) =>
          error instanceof SiteError &&
          error.kind === "network" &&
          error.message === "the DNS record of c.example.net could not be read: queryTxt ETIMEOUT",
      );
      assert.deepEqual((await found.seeds()).hosts, ["a:1"]);
    });
  });
});
