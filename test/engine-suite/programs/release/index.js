"use strict";
// Declares the Helm releases that configuration names, on the cluster of a kubeconfig.
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/kubernetes/provider");
const { Release } = require("@pulumi/kubernetes/helm/v3/release");

module.exports = async () => {
  const config = new pulumi.Config();
  const provider = new Provider("cluster", {
    clusterIdentifier: "rehearsal",
    kubeconfig: config.require("kubeconfig"),
  });
  const guard = new pulumi.ResourceHook("guard", ({ name, oldInputs, newInputs }) => {
    fs.appendFileSync(config.require("log"), `guard ${name} ${oldInputs?.version} -> ${newInputs.version}\n`);
  });
  for (const { name, chart, values, adopt, ...more } of config.requireObject("releases")) {
    const args = { name, namespace: "default", chart, skipAwait: true, maxHistory: 10, ...more };
    new Release(name, values ? { ...args, values: pulumi.secret(values) } : args, {
      provider,
      hideDiffs: ["values"],
      additionalSecretOutputs: ["values"],
      retainOnDelete: true,
      ...(adopt ? { import: `default/${name}` } : {}),
      hooks: { beforeCreate: [guard], beforeUpdate: [guard] },
    });
  }
};
