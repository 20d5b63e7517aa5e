import { randomBytes } from "node:crypto";
import { SiteError } from "../../../base/errors/site-error.js";
import { getErrorMessage } from "../../../base/errors/errors.js";
import { type ExecResult, type Pod } from "../../../site/types.js";
import { type GateInput } from "../../verdict/types.js";
import { rejectOnAbort } from "../../../base/time/abortable.js";
import { type Answer, type MongoProbe } from "./answers.js";
import { probeExternal } from "./external-probe.js";
import { type Finding } from "../finding.js";
import { parseAnswer } from "../text/parse.js";
import { buildProbeCommand, probeLimitSeconds } from "./probe-script.js";

/** Seconds after which this process abandons an exec; the limit within the container is shorter. */
const execSeconds = probeLimitSeconds + 10;
const selector = "role=mongo";
const tlsSecret = "mongo-tls";

/** Asks every member of the site's MongoDB, wherever it is. @throws only when `signal` is aborted */
export function probeMongo(input: GateInput, signal: AbortSignal): Promise<MongoProbe> {
  return input.settings.mongo.external ? probeExternal(input, signal) : probeInCluster(input, signal);
}

/** Reads what the cluster says of MongoDB and asks every running member. */
async function probeInCluster(input: GateInput, signal: AbortSignal): Promise<MongoProbe> {
  const { kubernetes } = input.site;
  const { namespace, statefulSet: name } = input.settings.mongo;
  const findings: Finding[] = [];
  const read = <T>(what: string, permission: string, promise: Promise<T>): Promise<T | null> =>
    rejectOnAbort(promise, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      findings.push(createUnreadFinding(what, permission, namespace, error));
      return null;
    });
  const [tls, workloads, pods, claims, budgets] = await Promise.all([
    read(
      `whether Secret ${tlsSecret} exists`,
      `get on Secret ${tlsSecret}`,
      kubernetes.secretExists(namespace, tlsSecret),
    ),
    read(`StatefulSet ${name}`, "list on statefulsets", kubernetes.workloads([namespace])),
    read("MongoDB's pods", "list on pods", kubernetes.pods(namespace, selector)),
    read("MongoDB's volumes", "list on persistentvolumeclaims", kubernetes.persistentVolumeClaims(namespace)),
    read("MongoDB's disruption budget", "list on poddisruptionbudgets", kubernetes.podDisruptionBudgets(namespace)),
  ]);
  const members = (pods ?? [])
    .filter((pod) => pod.ownerName === name)
    .sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
  const running = members.filter((pod) => isRunning(pod, input.settings.mongo.container));
  const now = await rejectOnAbort(input.clock.now(), signal);
  const asked = await Promise.all(
    running.map((pod) => read(`${pod.name}'s answer`, "create on pods/exec", ask(input, pod.name, now, signal))),
  );
  const statefulSet = workloads?.find((workload) => workload.kind === "StatefulSet" && workload.name === name);
  return {
    expectedMembers: statefulSet?.desired ?? null,
    expectedSet: null,
    surroundings: {
      edition: tls === null ? null : tls ? "vertex" : "palette",
      statefulSet: workloads === null ? null : statefulSet,
      pods: pods === null ? null : members,
      claims,
      budgets,
    },
    answers: asked.flatMap((answer) => answer ?? []),
    findings,
  };
}

/** Whether the container runs, so that it can be asked. */
export function isRunning(pod: Pod, container: string): boolean {
  const found = pod.containers.find((each) => each.name === container);
  return pod.phase === "Running" && found !== undefined && found.waiting === null && found.terminated === null;
}

async function ask(input: GateInput, pod: string, now: Date, signal: AbortSignal): Promise<Answer> {
  const { namespace, container } = input.settings.mongo;
  const nonce = randomBytes(12).toString("hex");
  const options = { timeoutSeconds: execSeconds, signal };
  const result = await input.site.kubernetes.exec(namespace, pod, container, buildProbeCommand(nonce), options);
  const parsed = parseAnswer(result.stdout, nonce, now);
  return {
    pod,
    parsed: parsed.kind === "unreadable" ? { ...parsed, why: parsed.why + describeCommandEnd(result) } : parsed,
  };
}

/** Describes how a command without an answer ended: exit code and last line of stderr, without any address or login. */
function describeCommandEnd({ exitCode, stderr }: ExecResult): string {
  const limit = exitCode === 124 || exitCode === 137 ? `, the limit of ${probeLimitSeconds} s` : "";
  const code = exitCode === null ? "" : `; the command ended with ${exitCode}${limit}`;
  const last = stderr.trim().split(/\r?\n/).at(-1) ?? "";
  const said = last.replace(/mongodb(\+srv)?:\/\/\S*/g, "mongodb://<redacted>").slice(0, 200);
  return said === "" ? code : `${code}; it said: ${said}`;
}

function createUnreadFinding(what: string, permission: string, namespace: string, error: unknown): Finding {
  const base = { rule: null, member: null };
  const kind = error instanceof SiteError ? error.kind : "malformed";
  const said = getErrorMessage(error);
  switch (kind) {
    case "network":
    case "server":
    case "throttled":
      return {
        ...base,
        code: "SITE_UNREACHABLE",
        outcome: "wait",
        message: `Could not read ${what} in ${namespace} (${said}), expected an answer: it is asked again.`,
      };
    case "unauthorized":
    case "forbidden":
      return {
        ...base,
        code: "SITE_FORBIDDEN",
        outcome: "unknown",
        message: `May not read ${what} in ${namespace} (${said}): grant ${permission} to the gate's role.`,
      };
    case "not-found":
    case "malformed":
    case "untrusted":
      return {
        ...base,
        code: "SITE_UNREADABLE",
        outcome: "unknown",
        message: `Could not read ${what} in ${namespace} (${said}), expected an answer: check namespace and names in palette:mongo.`,
      };
  }
}
