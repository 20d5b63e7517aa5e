import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPaletteBudget } from "../../../lib/site/palette/api.js";
import { shareAnswers, type Asked } from "../../../lib/site/palette/shared-answers.js";
import type { TenantApi } from "../../../lib/site/types.js";
import { at, FakeClock, overlord, tenantApi } from "../../gates/fake-site.js";
import { fakeClock } from "../fake-clock.js";

describe("answers of Palette that the gates of a run share", () => {
  let folder: string;
  let clock: FakeClock;
  let asked: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "palette-answers-"));
    clock = new FakeClock();
    asked = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The client of one gate's process. */
  function client(change: Partial<Asked> = {}): TenantApi {
    const api: TenantApi = {
      ...tenantApi({ tenant: "a", overlords: () => [overlord()] }),
      overlords: () => {
        asked.push("overlords");
        return Promise.resolve([overlord({ name: `pcg-${asked.length}` })]);
      },
      clusterUpdatesPaused: (uid) => {
        asked.push(uid);
        return Promise.resolve(null);
      },
    };
    const host = "https://palette.example";
    return shareAnswers(api, { folder, host, tenant: "a", apiKey: "pl4nted-key", clock, ...change });
  }
  const names = async (api: TenantApi): Promise<string[]> => (await api.overlords()).map(({ name }) => name);

  it("one look serves all of them, also those that ask at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => names(client())));
    assert.deepEqual([asked, new Set(all.flat())], [["overlords"], new Set(["pcg-1"])]);
  });

  it("each call and each cluster is a look of its own; null is an answer", async () => {
    for (const api of [client(), client()])
      assert.deepEqual([await api.clusterUpdatesPaused("c-1"), await api.clusterUpdatesPaused("c-2")], [null, null]);
    assert.deepEqual(asked, ["c-1", "c-2"]);
  });

  const others: [title: string, change: () => Partial<Asked>][] = [
    ["another host", () => ({ host: "https://other.example" })],
    ["another tenant", () => ({ tenant: "b" })],
    ["another key", () => ({ apiKey: "another" })],
    ["another run", () => ({ folder: join(folder, "another") })],
    ["a clock that is further by more than ten seconds", () => ({ clock: new FakeClock(at(11 / 60)) })],
    ["a clock that is behind", () => ({ clock: new FakeClock(at(-1)) })],
  ];
  for (const [title, change] of others)
    it(`never serves ${title}`, async () => {
      await names(client());
      assert.deepEqual(await names(client(change())), ["pcg-2"]);
    });

  it("negative twin: ten seconds are young enough", async () => {
    await names(client());
    assert.deepEqual(await names(client({ clock: new FakeClock(at(10 / 60)) })), ["pcg-1"]);
  });

  it("two samples of one gate are two looks, however soon", async () => {
    const gate = client();
    assert.deepEqual([await names(gate), await names(gate), await names(client())], [["pcg-1"], ["pcg-2"], ["pcg-2"]]);
  });

  it("files are their user's alone, and hold neither the key nor anything of it", async () => {
    await names(client());
    const [file = "", ...more] = readdirSync(folder);
    assert.deepEqual([more, statSync(join(folder, file)).mode & 0o777], [[], 0o600]);
    assert.doesNotMatch(`${file} ${readFileSync(join(folder, file), "utf8")}`, /pl4nted/);
  });

  const broken: [title: string, spoil: (file: string) => void][] = [
    ["cut off", (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 50))],
    [
      "of another shape",
      (file) => writeFileSync(file, readFileSync(file, "utf8").replace('"paused":false', '"paused":"no"')),
    ],
    [
      "of another tenant",
      (file) => writeFileSync(file, readFileSync(file, "utf8").replace('"tenant":"a"', '"tenant":"b"')),
    ],
    ["that others may write", (file) => chmodSync(file, 0o622)],
  ];
  for (const [title, spoil] of broken)
    it(`an entry ${title} is none`, async () => {
      await names(client());
      spoil(join(folder, readdirSync(folder)[0]!));
      assert.deepEqual(await names(client()), ["pcg-2"]);
    });

  it("a request that fails is nobody else's answer", async () => {
    const failing = shareAnswers(
      { ...tenantApi({ tenant: "a", overlords: () => [] }), overlords: () => Promise.reject(new Error("gone")) },
      { folder, host: "https://palette.example", tenant: "a", apiKey: "pl4nted-key", clock },
    );
    await assert.rejects(failing.overlords(), /gone/);
    assert.deepEqual(await names(client()), ["pcg-1"]);
  });
});

describe("the budget of an installation", () => {
  it("is counted by the API's own limits: clusters apart from gateways", async () => {
    const clock = fakeClock();
    const budget = createPaletteBudget(clock);
    await Promise.all(Array.from({ length: 200 }, () => budget.take("/v1/spectroclusters/c-1")));
    await Promise.all(Array.from({ length: 20 }, () => budget.take("/v1/overlords")));
    assert.deepEqual(clock.slept, []);
    await budget.take("/v1/overlords");
    assert.equal(clock.slept.length, 1);
  });

  it("is one for all processes of a run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "palette-budget-"));
    const slept: number[] = [];
    const clock = {
      now: () => Promise.resolve(new Date(at(0))),
      sleep: (seconds: number) => Promise.resolve(void slept.push(seconds)),
    };
    const processes = Array.from({ length: 30 }, () => createPaletteBudget(clock, folder));
    await Promise.all(processes.map((budget) => budget.take("/v1/overlords")));
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(
      slept.sort((a, b) => a - b).map((seconds) => Number(seconds.toFixed(3))),
      [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25],
    );
  });
});
