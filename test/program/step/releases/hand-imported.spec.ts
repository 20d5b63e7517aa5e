import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseDroppedImports, exportStateReleases } from "../../../../lib/program/step/releases/hand-imported.js";

const question = { stack: "organization/palette/prod", projectDir: ".", environment: {} };

function exported(
  ...resources: { urn: string; type: string; id?: string; protect?: boolean; retainOnDelete?: boolean }[]
): string {
  return JSON.stringify({ version: 3, deployment: { resources } });
}

const stack = { urn: "urn:pulumi:prod::palette::pulumi:pulumi:Stack::palette-prod", type: "pulumi:pulumi:Stack" };
const hubble = {
  urn: "urn:pulumi:prod::palette::kubernetes:helm.sh/v3:Release::my-palette",
  type: "kubernetes:helm.sh/v3:Release",
  id: "default/hubble",
};

describe("releases imported by hand", () => {
  it("are found in the state, under the name somebody gave them; the state is asked for sealed", async () => {
    const asked: string[] = [];
    const run = (command: string, args: string[]): Promise<{ ok: boolean; stdout: string }> => {
      asked.push([command, ...args].join(" "));
      return Promise.resolve({ ok: true, stdout: exported(stack, hubble) });
    };
    assert.deepEqual(await exportStateReleases({ ...question, run }), [
      { resource: "my-palette", id: "default/hubble", canDrop: false },
    ]);
    assert.deepEqual(asked, ["pulumi stack export --stack organization/palette/prod --non-interactive"]);
  });

  it("hands the engine's command line what it needs, and nothing of the configuration that the program was given", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hand-imported-"));
    const seen = join(folder, "seen");
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\nenv > ${seen}\necho '{}'\n`, { mode: 0o755 });
    const environment = {
      PATH: `${folder}:/usr/bin:/bin`,
      PULUMI_CONFIG: '{"palette:config:mongoUri":"planted"}',
      PULUMI_CONFIG_SECRET_KEYS: '["palette:config:mongoUri"]',
      PULUMI_CONFIG_PASSPHRASE: "of the stack",
    };
    try {
      assert.deepEqual(await exportStateReleases({ ...question, environment }), []);
      const entries = readFileSync(seen, "utf8").split("\n");
      assert.deepEqual(
        entries.filter((entry) => entry.startsWith("PULUMI_")),
        ["PULUMI_CONFIG_PASSPHRASE=of the stack"],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("one may go where somebody took its protection away and it is retained, and only there", async () => {
    for (const [protect, retainOnDelete, mayGo] of [
      [false, true, true],
      [true, true, false],
      [false, false, false],
    ] as const) {
      const stdout = exported({ ...hubble, protect, retainOnDelete });
      const [found] = (await exportStateReleases({ ...question, run: () => Promise.resolve({ ok: true, stdout }) }))!;
      assert.equal(found!.canDrop, mayGo, `protect ${protect}, retainOnDelete ${retainOnDelete}`);
    }
  });

  const none: [string, { ok: boolean; stdout: string } | null, [] | null][] = [
    ["a stack that holds nothing", { ok: true, stdout: exported(stack) }, []],
    ["a stack without a deployment", { ok: true, stdout: "{}" }, []],
    ["no command line, hence no real engine", null, null],
  ];
  for (const [title, answer, expected] of none) {
    it(`${title}: none`, async () =>
      assert.deepEqual(await exportStateReleases({ ...question, run: () => Promise.resolve(answer) }), expected));
  }

  it("one that is no release of this Palette is never dropped", () => {
    const held = [{ resource: "grafana", id: "monitoring/grafana", canDrop: false }];
    assert.throws(() => refuseDroppedImports(held, [{ namespace: "default", name: "hubble" }]), {
      code: "RELEASE_DROPPED",
      message:
        "This stack holds monitoring/grafana (resource grafana), imported by hand, which is no release of this Palette: it would be uninstalled.",
    });
    refuseDroppedImports(held, [{ namespace: "monitoring", name: "grafana" }]);
  });

  const unread: [string, { ok: boolean; stdout: string }][] = [
    ["a passphrase is missing", { ok: false, stdout: "" }],
    ["no JSON", { ok: true, stdout: "error: x" }],
  ];
  for (const [title, answer] of unread) {
    it(`${title}: refused, never taken for none`, async () => {
      await assert.rejects(exportStateReleases({ ...question, run: () => Promise.resolve(answer) }), {
        code: "STATE_UNREAD",
      });
    });
  }
});
