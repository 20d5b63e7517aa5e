"use strict";
// A hop in small: a gate, two steps that depend on it, a check after, all in a component.
const pulumi = require("@pulumi/pulumi");
const { local } = require("@pulumi/command");

class Hop extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    super("test:index:Hop", name, args, opts);
  }
}

module.exports = async () => {
  const config = new pulumi.Config();
  const to = config.require("to");
  const hop = new Hop("hop", { to });
  const gate = new local.Command("gate", { create: "printf 'gate %s' $TO", environment: { TO: to } }, { parent: hop });
  const first = new local.Command(
    "first",
    { create: "printf 'first %s' $TO", update: "printf 'again %s' $TO", environment: { TO: to } },
    { parent: hop, dependsOn: gate },
  );
  const check = new local.Command(
    "check",
    { create: "cat", stdin: pulumi.interpolate`${first.stdout} checked` },
    { parent: hop, dependsOn: first },
  );
  hop.registerOutputs({ to });
  return { to, checked: check.stdout };
};
