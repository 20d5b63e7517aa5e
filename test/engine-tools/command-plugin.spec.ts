import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  PropertyDiff,
  UpdateRequest,
  type CheckResponse,
  type CreateResponse,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { toSecret } from "../../packages/rehearsal/lib/engine/values/values.js";
import { startPlugin, type RunningPlugin } from "./support/start-plugin.js";

const urn = "urn:pulumi:dev::palette::command:local:Command::gate";
type Inputs = Record<string, JavaScriptValue>;

describe("the command plugin of the tests", function () {
  this.timeout(60_000);
  let plugin: RunningPlugin;
  let client: ResourceProviderClient;
  before(async () => {
    plugin = await startPlugin("command-plugin");
    client = new ResourceProviderClient(plugin.address, credentials.createInsecure());
  });
  after(() => {
    client?.close();
    plugin?.stop();
  });

  const toStruct = (inputs: Inputs): Struct => Struct.fromJavaScript(inputs);
  function check(inputs: Inputs): Promise<CheckResponse> {
    const call = promisify<CheckRequest, CheckResponse>(client.check.bind(client));
    return call(new CheckRequest().setUrn(urn).setNews(toStruct(inputs)));
  }
  function diff(olds: Inputs, news: Inputs): Promise<DiffResponse> {
    const call = promisify<DiffRequest, DiffResponse>(client.diff.bind(client));
    return call(new DiffRequest().setUrn(urn).setOldInputs(toStruct(olds)).setNews(toStruct(news)));
  }
  function create(inputs: Inputs, preview = false): Promise<CreateResponse> {
    const call = promisify<CreateRequest, CreateResponse>(client.create.bind(client));
    return call(new CreateRequest().setUrn(urn).setProperties(toStruct(inputs)).setPreview(preview));
  }
  function update(olds: Inputs, news: Inputs): Promise<UpdateResponse> {
    const call = promisify<UpdateRequest, UpdateResponse>(client.update.bind(client));
    const request = new UpdateRequest().setId("gate1").setUrn(urn).setNews(toStruct(news));
    return call(request.setOldInputs(toStruct(olds)).setOlds(toStruct({ ...olds, stdout: "before" })));
  }

  it("checks inputs: they come back; assets are refused by name", async () => {
    const fine = await check({ create: "true", environment: { TO: "4.7.20" } });
    assert.deepEqual(fine.getInputs()!.toJavaScript(), { create: "true", environment: { TO: "4.7.20" } });
    assert.deepEqual(fine.getFailuresList(), []);
    const [failure, ...others] = (await check({ create: "true", assetPaths: ["*"] })).getFailuresList();
    assert.deepEqual(
      [failure!.getProperty(), failure!.getReason(), others.length],
      ["assetPaths", "the embedded engine collects no assets", 0],
    );
  });

  const { UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
  for (const { title, olds, news, keys, replaces, kinds } of [
    { title: "equal inputs", olds: { create: "a" }, news: { create: "a" }, keys: [], replaces: [], kinds: {} },
    {
      title: "a variable",
      olds: { environment: { TO: "4.6.41" } },
      news: { environment: { TO: "4.7.20" } },
      keys: ["environment"],
      replaces: [],
      kinds: { "environment.TO": UPDATE },
    },
    {
      title: "a secret, as a whole",
      olds: { environment: toSecret({ TO: "4.6.41" }) },
      news: { environment: toSecret({ TO: "4.7.20" }) },
      keys: ["environment"],
      replaces: [],
      kinds: { environment: UPDATE },
    },
    {
      title: "a trigger",
      olds: { triggers: ["a"] },
      news: { triggers: ["b"] },
      keys: ["triggers"],
      replaces: ["triggers"],
      kinds: { "triggers[0]": UPDATE_REPLACE },
    },
  ] satisfies {
    title: string;
    olds: Inputs;
    news: Inputs;
    keys: string[];
    replaces: string[];
    kinds: Record<string, number>;
  }[])
    it(`compares inputs: ${title}`, async () => {
      const response = await diff(olds, news);
      const changes = keys.length === 0 ? DiffResponse.DiffChanges.DIFF_NONE : DiffResponse.DiffChanges.DIFF_SOME;
      assert.equal(response.getChanges(), changes);
      assert.deepEqual(response.getDiffsList(), keys);
      assert.deepEqual(response.getReplacesList(), replaces);
      const found = response.getDetaileddiffMap().toArray() as [string, unknown][];
      const detailed = response.getDetaileddiffMap();
      assert.deepEqual(Object.fromEntries(found.map(([path]) => [path, detailed.get(path)!.getKind()])), kinds);
    });

  it("runs create with its environment, and returns what it wrote", async () => {
    const response = await create({ create: "echo to $TO; echo aside >&2", environment: { TO: "4.7.20" } });
    assert.match(response.getId(), /^gate[0-9a-f]{8}$/);
    const { stdout, stderr } = response.getProperties()!.toJavaScript();
    assert.deepEqual([stdout, stderr], ["to 4.7.20", "aside"]);
  });

  it("reveals secrets to the command, and returns them as secrets", async () => {
    const environment = { TO: toSecret("4.7.20") };
    const outputs = (await create({ create: "echo to $TO", environment })).getProperties()!.toJavaScript();
    assert.deepEqual([outputs.stdout, outputs.environment], ["to 4.7.20", environment]);
  });

  it("in a preview runs nothing, and knows the id and the inputs", async () => {
    const response = await create({ create: "exit 3" }, true);
    assert.match(response.getId(), /^gate[0-9a-f]{8}$/);
    assert.deepEqual(response.getProperties()!.toJavaScript(), { create: "exit 3" });
  });

  it("a command that fails is an error with its status and output", async () => {
    await assert.rejects(create({ create: "echo too late; exit 3" }), ({ details }: ServiceError) => {
      assert.equal(details, 'exit status 3: running "echo too late; exit 3":\ntoo late\n');
      return true;
    });
  });

  for (const { title, news, stdout } of [
    { title: "update where there is one", news: { create: "echo made", update: "echo changed" }, stdout: "changed" },
    { title: "create where there is none", news: { create: "echo made" }, stdout: "made" },
    {
      title: "the former output in its environment",
      news: { create: "echo was $PULUMI_COMMAND_STDOUT" },
      stdout: "was before",
    },
  ] satisfies { title: string; news: Inputs; stdout: string }[])
    it(`updates by ${title}`, async () => {
      const response = await update({ create: "true" }, news);
      assert.equal(response.getProperties()!.toJavaScript().stdout, stdout);
    });

  it("deletes by its command, if it has one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "palette-command-"));
    try {
      const file = join(folder, "deleted");
      const call = promisify<DeleteRequest, Empty>(client.delete.bind(client));
      const request = (inputs: Inputs): DeleteRequest =>
        new DeleteRequest().setUrn(urn).setId("gate1").setOldInputs(toStruct(inputs)).setProperties(toStruct(inputs));
      await call(request({ create: "true" }));
      assert.throws(() => readFileSync(file), { code: "ENOENT" });
      await call(request({ create: "true", delete: `echo gone > ${file}` }));
      assert.equal(readFileSync(file, "utf8"), "gone\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("cancelled, it kills what runs", async () => {
    const started = performance.now();
    const running = create({ create: "sleep 60" });
    const refused = assert.rejects(running, ({ details }: ServiceError) => /^signal: killed: running /.test(details));
    setTimeout(() => client.cancel(new Empty(), () => undefined), 300);
    await refused;
    assert.ok(performance.now() - started < 30_000);
  });

  it("attached to the next engine, it runs again what a cancel would have ended", async () => {
    client.cancel(new Empty(), () => undefined);
    await promisify<PluginAttach, Empty>(client.attach.bind(client))(new PluginAttach().setAddress("127.0.0.1:1"));
    assert.equal((await create({ create: "echo on" })).getProperties()!.toJavaScript().stdout, "on");
  });
});
