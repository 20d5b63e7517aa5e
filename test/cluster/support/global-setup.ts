import { findTools } from "./find-tools.js";
import { checkGivenCluster, givenKubeconfig } from "./given-cluster.js";
import { clientNames, isGiven, toolNames, type GivenTools, type Tools } from "./tool-names.js";

/** What the suites start with; kept where each of them finds it. */
let found: Tools | GivenTools | null = null;
let reason: string | null = null;

/**
 * Before the first suite: finds or builds the programs, or looks at the cluster that KUBECONFIG names. Long the first time,
 * so it says what it does. @throws RefusedError `CLUSTER_NOT_THROWAWAY`: nothing is run on a cluster that is somebody's.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`  ${line}\n`);
  const kubeconfig = givenKubeconfig(process.env);
  const answer = findTools(kubeconfig === null ? toolNames : clientNames, process.env, print);
  if (!answer.ok) return void (reason = answer.why);
  if (kubeconfig === null) return void (found = answer.tools as Tools);
  const { server } = await checkGivenCluster(kubeconfig);
  print(`On the cluster at ${server}, which KUBECONFIG names; what needs a control plane of its own is skipped.`);
  found = { ...answer.tools, kubeconfig };
}

let isReported = false;

/** The programs; where there are none the calling suite is skipped, and the reason told once. */
export function toolsOrSkip(suite: Mocha.Context): Tools | GivenTools {
  if (found !== null) return found;
  if (!isReported)
    process.stdout.write(`      ${reason ?? "the cluster suite needs --config .mocharc.cluster.json"}\n`);
  isReported = true;
  return suite.skip();
}

/** The programs for a control plane of the suite's own; skipped, saying `why`, where a cluster is given. */
export function ownToolsOrSkip(suite: Mocha.Context, why: string): Tools {
  const tools = toolsOrSkip(suite);
  if (!isGiven(tools)) return tools;
  process.stdout.write(`      skipped on a given cluster: ${why}\n`);
  return suite.skip();
}
