import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts in the place of a rig's program one that declares the same, but breaks what the policy pack demands: another live
 * version, a release without `protect`, one that waits for nothing, a gate for another version, a gate that runs nothing.
 */
export function breakProgram(projectDir: string): void {
  writeFileSync(join(projectDir, "package.json"), JSON.stringify({ name: "program", main: "broken.js" }));
  writeFileSync(join(projectDir, "broken.js"), source);
}

const source = `
const pulumi = require("@pulumi/pulumi");

const told = pulumi.ComponentResource.prototype.registerOutputs;
pulumi.ComponentResource.prototype.registerOutputs = function (outputs) {
  return told.call(this, outputs && outputs.from ? { ...outputs, from: "4.6.43" } : outputs);
};

pulumi.runtime.registerStackTransformation(({ name, type, props, opts }) => {
  if (type === "kubernetes:helm.sh/v3:Release" && name === "hubble") {
    return { props, opts: { ...opts, protect: false, dependsOn: [] } };
  }
  if (name === "gate-rollout") return { props: { ...props, environment: { ...props.environment, TO: "4.6.41" } }, opts };
  if (name === "gate-mongo-replica-set") return { props: { ...props, create: "exec true" }, opts };
  return undefined;
});

module.exports = require("./dist/index.js");
`;
