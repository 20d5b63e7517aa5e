import assert from "node:assert/strict";
import { handImported, refuseDropped } from "../../lib/stack/hand-imported.js";

const question = { stack: "organization/palette/prod", projectDir: ".", environment: {} };

function exported(...resources: { urn: string; type: string; id?: string }[]): string {
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
    assert.deepEqual(await handImported({ ...question, run }), [{ resource: "my-palette", id: "default/hubble" }]);
    assert.deepEqual(asked, ["pulumi stack export --stack organization/palette/prod --non-interactive"]);
  });

  const none: [string, { ok: boolean; stdout: string } | null][] = [
    ["a stack that holds nothing", { ok: true, stdout: exported(stack) }],
    ["a stack without a deployment", { ok: true, stdout: "{}" }],
    ["no command line, hence no real engine", null],
  ];
  for (const [title, answer] of none) {
    it(`${title}: none`, async () =>
      assert.deepEqual(await handImported({ ...question, run: () => Promise.resolve(answer) }), []));
  }

  it("one that is no release of this Palette is never dropped", () => {
    const held = [{ resource: "grafana", id: "monitoring/grafana" }];
    assert.throws(() => refuseDropped(held, [{ namespace: "default", name: "hubble" }]), {
      code: "RELEASE_DROPPED",
      message:
        "This stack holds monitoring/grafana (resource grafana), imported by hand, which is no release of this Palette: it would be uninstalled.",
    });
    refuseDropped(held, [{ namespace: "monitoring", name: "grafana" }]);
  });

  const unread: [string, { ok: boolean; stdout: string }][] = [
    ["a passphrase is missing", { ok: false, stdout: "" }],
    ["no JSON", { ok: true, stdout: "error: x" }],
  ];
  for (const [title, answer] of unread) {
    it(`${title}: refused, never taken for none`, async () => {
      await assert.rejects(handImported({ ...question, run: () => Promise.resolve(answer) }), { code: "STATE_UNREAD" });
    });
  }
});
