import assert from "node:assert/strict";
import { isPlugin } from "../engine-suite/driver/processes.js";
import { listEngines } from "../engine-suite/support/engines.js";

describe("the engines of the suites", () => {
  for (const { asked, engines } of [
    { asked: undefined, engines: ["embedded", "pulumi"] },
    { asked: "embedded", engines: ["embedded"] },
    { asked: "pulumi", engines: ["pulumi"] },
  ])
    it(`PALETTE_ENGINES ${asked ?? "unset"} asks for ${engines.join(" and ")}`, () => {
      assert.deepEqual(listEngines({ PALETTE_ENGINES: asked }), engines);
    });

  for (const { command, plugin } of [
    { command: ["/opt/pulumi-language-nodejs", "127.0.0.1:1"], plugin: true },
    {
      command: ["node", "/checkout/dist/engine-tools/pulumi-resource-command/pulumi-resource-command.cjs"],
      plugin: true,
    },
    { command: ["/opt/pulumi", "up"], plugin: false },
    {
      command: ["node", "/checkout/node_modules/@pulumi/pulumi/cmd/run", "--monitor", "pulumi-language-nodejs"],
      plugin: false,
    },
  ])
    it(`${command[0]} ${command[1]} is ${plugin ? "a" : "no"} plugin`, () => {
      assert.equal(isPlugin({ pid: 1, parent: 1, command }), plugin);
    });

  for (const asked of ["real", ""])
    it(`PALETTE_ENGINES "${asked}" is refused: a suite without tests would pass`, () => {
      assert.throws(() => listEngines({ PALETTE_ENGINES: asked }), {
        message: `PALETTE_ENGINES is "${asked}", expected embedded or pulumi, or unset for both`,
      });
    });
});
