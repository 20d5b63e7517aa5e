import { randomUUID } from "node:crypto";
import type { ResourceProvider } from "./provider.js";

/** Provider resources (`pulumi:providers:…`) only hold configuration. A changed cluster identity would replace all they manage. */
export const configurationProvider: ResourceProvider = {
  selectReplacePaths: (paths) => paths.filter((path) => path === "clusterIdentifier"),
  planOutputs: (inputs) => inputs,
  create: (inputs) => Promise.resolve({ id: randomUUID(), outputs: inputs }),
  update: (_id, _olds, inputs) => Promise.resolve({ outputs: inputs }),
  delete: () => Promise.resolve(),
};
