import { stringify } from "yaml";
import { stuckAnnotation } from "../../../packages/rehearsal/lib/cluster/chart-objects.js";

/** What a container waits for that never runs, as a workload's pods are told by a value of the stand-in chart. */
export const stuckReasons = ["CrashLoopBackOff", "ImagePullBackOff"];

/** A container whose commands run here, as a local process. */
export interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
  environment: Record<string, string>;
}

const api = "kwok.x-k8s.io/v1alpha1";
const wholeStatus = "{{ $now := Now }}\n";

/** The configuration of kwok: how nodes and pods come to life, what exec reaches, and one log file for every container. */
export function kwokConfig(targets: readonly ExecTarget[], logsFile: string, heartbeatSeconds: number): string {
  const execs = targets.map(({ namespace, pod, container, environment }) => ({
    apiVersion: api,
    kind: "Exec",
    metadata: { name: pod, namespace },
    spec: { execs: [{ containers: [container], local: { envs: envsOf(environment) } }] },
  }));
  const logs = { apiVersion: api, kind: "ClusterLogs", metadata: { name: "all" }, spec: { logs: [{ logsFile }] } };
  const nodes = [nodeReady(), nodeHeartbeat(heartbeatSeconds)];
  const pods = [podReady(), podRevived(), podStuck(), podCompleted(), podDeleted()];
  return [...nodes, ...pods, ...execs, logs].map((document) => stringify(document)).join("---\n");
}

function envsOf(environment: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}

interface Rule {
  key: string;
  operator: string;
  values?: string[];
}

function stage(name: string, kind: "Node" | "Pod", rules: Rule[], next: Record<string, unknown>, delayMs = 0): unknown {
  return {
    apiVersion: api,
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: { matchExpressions: rules },
      ...(delayMs === 0 ? {} : { delay: { durationMilliseconds: delayMs } }),
      next,
    },
  };
}

const notDeleted: Rule = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const pending: Rule = { key: ".status.phase", operator: "In", values: ["Pending"] };
const readiness = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const stuck = `.metadata.annotations["${stuckAnnotation}"]`;

function nodeReady(): unknown {
  const statusTemplate = `${wholeStatus}conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
daemonEndpoints:
  kubeletEndpoint:
    Port: {{ NodePort }}
allocatable: { cpu: "64", memory: 256Gi, pods: "500" }
capacity: { cpu: "64", memory: 256Gi, pods: "500" }
phase: Running
`;
  return stage("node-ready", "Node", [{ key: readiness, operator: "NotIn", values: ["True"] }], { statusTemplate });
}

/**
 * In the node's status, not by kwok's leases: a kwok that has just taken a lease over can still hold it for another's, passes the
 * pods that are there over and does not look at them again.
 */
function nodeHeartbeat(seconds: number): unknown {
  const statusTemplate = `${wholeStatus}conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
{{ end }}
`;
  const ready: Rule = { key: readiness, operator: "In", values: ["True"] };
  return stage("node-heartbeat", "Node", [ready], { statusTemplate }, seconds * 1000);
}

function podReady(): unknown {
  const statusTemplate = `${wholeStatus}phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- type: {{ $type | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
`;
  return stage(
    "pod-ready",
    "Pod",
    [notDeleted, pending, { key: stuck, operator: "NotIn", values: stuckReasons }],
    { statusTemplate },
    300,
  );
}

/** Its node was lost and is back: a kubelet says so of every pod it finds running. */
function podRevived(): unknown {
  const statusTemplate = `${wholeStatus}conditions:
{{ range $type := list "ContainersReady" "Ready" }}
- type: {{ $type | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;
  const running: Rule = { key: ".status.phase", operator: "In", values: ["Running"] };
  const unready: Rule = { key: readiness, operator: "In", values: ["False"] };
  const free: Rule = { key: stuck, operator: "NotIn", values: stuckReasons };
  return stage("pod-revived", "Pod", [notDeleted, running, unready, free], { statusTemplate }, 300);
}

function podStuck(): unknown {
  const statusTemplate = `${wholeStatus}phase: Running
startTime: {{ $now | Quote }}
conditions:
- type: Ready
  status: "False"
  lastTransitionTime: {{ $now | Quote }}
containerStatuses:
{{ $reason := index .metadata.annotations "${stuckAnnotation}" }}
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 4
  state:
    waiting:
      reason: {{ $reason | Quote }}
      message: ordered by the test
{{ end }}
`;
  return stage("pod-stuck", "Pod", [notDeleted, pending, { key: stuck, operator: "In", values: stuckReasons }], {
    statusTemplate,
  });
}

function podCompleted(): unknown {
  const statusTemplate = `${wholeStatus}phase: Succeeded
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
`;
  const ofJob: Rule = { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] };
  const running: Rule = { key: ".status.phase", operator: "In", values: ["Running"] };
  return stage("pod-completed", "Pod", [notDeleted, running, ofJob], { statusTemplate });
}

function podDeleted(): unknown {
  return stage("pod-deleted", "Pod", [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], { delete: true });
}
