import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { credentials, status, type ServiceError } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
  GetRequiredPackagesRequest,
  ProgramInfo,
  RunPluginRequest,
  RunRequest,
  type GetRequiredPackagesResponse,
  type RunPluginResponse,
  type RunResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { isAlive } from "../engine-suite/driver/processes.js";
import { startPlugin, type RunningPlugin } from "./support/start-plugin.js";

interface Started {
  arguments: string[];
  cwd: string;
  config: string;
  secretKeys: string;
  typescript?: string;
}

/** In the place of the SDK: notes how it was started, and ends with the code that the configuration asks for. */
const program = `
const { writeFileSync } = require("node:fs");
const { PULUMI_CONFIG: config, PULUMI_CONFIG_SECRET_KEYS: secretKeys, PULUMI_NODEJS_TYPESCRIPT: typescript } = process.env;
writeFileSync("started.json", JSON.stringify({ arguments: process.argv.slice(2), cwd: process.cwd(), config, secretKeys, typescript }));
process.exit(Number(JSON.parse(config)["palette:config:code"]));
`;
const pack = `
process.stdout.write(process.argv.slice(2).join(" ") + "\\n");
process.stderr.write(process.env.OF_THE_ENGINE + "\\n");
if (process.env.ENDS === "yes") process.exitCode = 7;
else { process.stdout.write(process.pid + "\\n"); setInterval(() => undefined, 1000); }
`;

describe("the language host of the tests", function () {
  this.timeout(60_000);
  let folder: string;
  let plugin: RunningPlugin;
  let client: LanguageRuntimeClient;
  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "palette-language-")));
    for (const [name, text] of Object.entries({ run: program, "run-policy-pack": pack })) {
      const place = join(folder, "node_modules/@pulumi/pulumi/cmd", name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "index.js"), text);
    }
    plugin = await startPlugin("language-host");
    client = new LanguageRuntimeClient(plugin.address, credentials.createInsecure());
  });
  after(() => {
    client?.close();
    plugin?.stop();
    rmSync(folder, { recursive: true });
  });

  function createInfo(options: Record<string, boolean> = {}): ProgramInfo {
    const info = new ProgramInfo().setRootDirectory(folder).setProgramDirectory(folder).setEntryPoint(".");
    return info.setOptions(Struct.fromJavaScript(options));
  }
  function run(code: number, { dryRun = false, typescript = true } = {}): Promise<RunResponse> {
    const call = promisify<RunRequest, RunResponse>(client.run.bind(client));
    const request = new RunRequest()
      .setProject("palette")
      .setStack("dev")
      .setOrganization("organization")
      .setPwd(folder)
      .setInfo(createInfo({ typescript }))
      .setDryrun(dryRun)
      .setParallel(3)
      .setMonitorAddress("127.0.0.1:2")
      .setConfigsecretkeysList(["palette:token"]);
    request.getConfigMap().set("palette:code", String(code)).set("palette:token", "correct-horse");
    return call(request);
  }
  const readStarted = (): Started => JSON.parse(readFileSync(join(folder, "started.json"), "utf8")) as Started;

  for (const { title, code, bail, error } of [
    { title: "success", code: 0, bail: false, error: "" },
    { title: "an error that the SDK has shown", code: 32, bail: true, error: "" },
    { title: "another failure", code: 3, bail: false, error: "Program exited with non-zero exit code: 3" },
  ])
    it(`runs a program: ${title}`, async () => {
      const response = await run(code);
      assert.deepEqual([response.getBail(), response.getError()], [bail, error]);
    });

  it("starts it as Pulumi's own does: addresses, stack and configuration", async () => {
    await run(0, { dryRun: true, typescript: false });
    const started = readStarted();
    assert.deepEqual(started, {
      arguments: [
        ...["--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1", "--organization", "organization"],
        ...["--project", "palette", "--root-directory", folder, "--stack", "dev", "--pwd", folder],
        ...["--dry-run", "--parallel", "3", "."],
      ],
      cwd: folder,
      config: JSON.stringify({ "palette:config:code": "0", "palette:config:token": "correct-horse" }),
      secretKeys: JSON.stringify(["palette:token"]),
    });
    await run(0);
    const update = readStarted();
    assert.ok(!update.arguments.includes("--dry-run"));
    assert.equal(update.typescript, "true");
  });

  it("requires no plugin to be fetched", async () => {
    const call = promisify<GetRequiredPackagesRequest, GetRequiredPackagesResponse>(
      client.getRequiredPackages.bind(client),
    );
    assert.deepEqual((await call(new GetRequiredPackagesRequest())).getPackagesList(), []);
  });

  function createPluginRequest(kind: string, ends: "yes" | "no"): RunPluginRequest {
    const request = new RunPluginRequest().setKind(kind).setPwd(folder).setInfo(createInfo());
    return request.setArgsList(["127.0.0.1:1"]).setEnvList(["OF_THE_ENGINE=a=b", `ENDS=${ends}`]);
  }
  const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

  it("runs a policy pack with the engine's arguments and environment, and returns its output and exit code", async () => {
    const seen = { stdout: "", stderr: "", code: -1 };
    const call = client.runPlugin(createPluginRequest("analyzer", "yes"));
    for await (const response of call as AsyncIterable<RunPluginResponse>) {
      seen.stdout += toText(response.getStdout_asU8());
      seen.stderr += toText(response.getStderr_asU8());
      if (response.hasExitcode()) seen.code = response.getExitcode();
    }
    assert.deepEqual(seen, { stdout: `127.0.0.1:1 ${folder}\n`, stderr: "a=b\n", code: 7 });
  });

  it("ends a policy pack when the engine ends the call", async () => {
    const call = client.runPlugin(createPluginRequest("analyzer", "no"));
    call.on("error", () => undefined);
    let stdout = "";
    await new Promise<void>((resolve) => {
      call.on("data", (response: RunPluginResponse) => {
        stdout += toText(response.getStdout_asU8());
        if (/\n\d+\n/.test(stdout)) resolve();
      });
    });
    const pid = Number(stdout.split("\n")[1]);
    assert.ok(isAlive(pid));
    call.cancel();
    for (let tries = 0; isAlive(pid); tries += 1) {
      assert.ok(tries < 100, "the policy pack still runs");
      await sleep(50);
    }
  });

  it("refuses another kind of plugin", async () => {
    const call = client.runPlugin(createPluginRequest("resource", "yes"));
    const error = await new Promise<ServiceError>((resolve) => call.once("error", resolve));
    assert.equal(error.code, status.UNIMPLEMENTED);
    assert.equal(error.details, "plugins of kind resource are not run here");
  });
});
