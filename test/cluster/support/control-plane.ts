import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient, type Access } from "./api-client.js";
import { atExit } from "./at-exit.js";
import { type ClusterUnderTest } from "./cluster-under-test.js";
import { makeCredentials, writeKubeconfig, type Credentials } from "./credentials.js";
import { kwokConfig, type ExecTarget } from "./kwok-config.js";
import { freePorts, startProgram, until, type Running } from "./processes.js";
import { type SlowRelay, startSlowRelay } from "./slow-relay.js";
import { type Tools } from "./tool-names.js";

export interface ControlPlaneOptions {
  tools: Tools;
  /** Containers that exec reaches. */
  execTargets?: ExecTarget[];
  /** Lets `etcd.delay` slow the store down. */
  slowEtcd?: boolean;
  /** `node-3` gets a kwok of its own, which can be ended. */
  nodeApart?: boolean;
  /** A node that gives no sign of life is lost after this long. */
  nodeGraceSeconds?: number;
}

/** A whole control plane on loopback with three nodes of kwok's. */
export interface ControlPlane extends ClusterUnderTest {
  startedInMs: number;
  /** Null unless asked for. */
  etcd: SlowRelay | null;
  /** Ends the API server and what lives on it at once, and starts them again, the server on the same port. */
  restartApiServer(downMs?: number): Promise<void>;
  /** `node-3` gives no more signs of life; only where it was asked to live apart. */
  loseNode(): Promise<void>;
  returnNode(): void;
}

export const nodeNames = ["node-1", "node-2", "node-3"];
const managed = "kwok.x-k8s.io/node";

/** Starts etcd, API server, controllers, scheduler and kwok; ready when all nodes are. What fails is torn down again. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const parts = new Parts(options);
  try {
    return await parts.start();
  } catch (thrown) {
    await parts.stop();
    throw thrown;
  }
}

const stopOrder = ["kwok-apart", "kwok", "kube-scheduler", "kube-controller-manager", "kube-apiserver"] as const;
type Part = (typeof stopOrder)[number] | "etcd";

class Parts {
  readonly #folder = mkdtempSync(join(tmpdir(), "palette-cluster-"));
  readonly #credentials: Credentials = makeCredentials(this.#folder);
  readonly #running = new Map<Part, Running>();
  #relay: SlowRelay | null = null;
  #ports: number[] = [];
  readonly #isPutAway: () => void;

  constructor(private readonly options: ControlPlaneOptions) {
    this.#isPutAway = atExit(() => this.#removeFolder());
  }

  async start(): Promise<ControlPlane> {
    const before = performance.now();
    this.#ports = await freePorts(5);
    const [, , apiPort = 0] = this.#ports;
    await this.#startEtcd();
    this.#startApiServer();
    const ca = await until("the API server's certificate", () => Promise.resolve(this.#certificate()), {
      watched: this.#watched(),
    });
    const access: Access = { server: `https://127.0.0.1:${apiPort}`, ca, token: this.#credentials.tokens.admin };
    const api = new ApiClient(access);
    await this.#ready(api);
    this.#startControllers(access);
    await Promise.all(nodeNames.map((name) => api.create("/api/v1/nodes", node(name, this.#managerOf(name)))));
    await until("all nodes ready", () => allReady(api), { watched: this.#watched() });
    const kubeconfig = writeKubeconfig(join(this.#folder, "kubeconfig"), access);
    return {
      api,
      access,
      kubeconfig,
      folder: this.#folder,
      image: null,
      startedInMs: performance.now() - before,
      etcd: this.#relay,
      restartApiServer: (downMs = 0) => this.#restartApiServer(api, access, downMs),
      loseNode: () => this.#running.get("kwok-apart")!.kill(),
      returnNode: () => this.#startKwok("kwok-apart", access),
      stop: () => this.stop(),
    };
  }

  /** Clients first, the store last. */
  async stop(): Promise<void> {
    await this.#endClients();
    await this.#relay?.stop();
    await this.#running.get("etcd")?.kill();
    this.#removeFolder();
    this.#isPutAway();
  }

  /** All but the store. */
  async #endClients(): Promise<void> {
    for (const name of stopOrder) {
      await this.#running.get(name)?.kill();
      this.#running.delete(name);
    }
  }

  #removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #startEtcd(): Promise<void> {
    const [client = 0, peer = 0] = this.#ports;
    const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    this.#startPart("etcd", [
      `--data-dir=${join(this.#folder, "etcd")}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    if (this.options.slowEtcd === true) this.#relay = await startSlowRelay(client);
  }

  #startApiServer(): void {
    const [etcd = 0, , port = 0] = this.#ports;
    const { tokensFile, serviceAccountKey } = this.#credentials;
    this.#startPart("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${this.#relay?.port ?? etcd}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(this.#folder, "certificates")}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${serviceAccountKey}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      `--token-auth-file=${tokensFile}`,
      "--authorization-mode=RBAC",
      "--disable-admission-plugins=ServiceAccount",
      "--kubelet-preferred-address-types=InternalIP",
      "--default-not-ready-toleration-seconds=2",
      "--default-unreachable-toleration-seconds=2",
    ]);
  }

  #startControllers(access: Access): void {
    const { tokens, serviceAccountKey } = this.#credentials;
    const config = (user: keyof typeof tokens): string =>
      writeKubeconfig(join(this.#folder, `${user}.kubeconfig`), { ...access, token: tokens[user] });
    this.#startPart("kube-controller-manager", [
      `--kubeconfig=${config("kube-controller-manager")}`,
      `--service-account-private-key-file=${serviceAccountKey}`,
      "--leader-elect=false",
      "--secure-port=0",
      `--node-monitor-grace-period=${this.#grace()}s`,
      "--node-monitor-period=1s",
    ]);
    this.#startPart("kube-scheduler", [
      `--kubeconfig=${config("kube-scheduler")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]);
    this.#startKwok("kwok", access);
    if (this.options.nodeApart === true) this.#startKwok("kwok-apart", access);
  }

  #startKwok(name: "kwok" | "kwok-apart", access: Access): void {
    const [, , , first = 0, second = 0] = this.#ports;
    const port = name === "kwok" ? first : second;
    const config = join(this.#folder, "kwok.yaml");
    const logs = join(this.#folder, "container.log");
    appendFileSync(logs, "");
    writeFileSync(config, kwokConfig(this.options.execTargets ?? [], logs, this.#grace() / 4));
    const kubeconfig = writeKubeconfig(join(this.#folder, "kwok.kubeconfig"), {
      ...access,
      token: this.#credentials.tokens.kwok,
    });
    this.#startPart(name, [
      `--kubeconfig=${kubeconfig}`,
      `--config=${config}`,
      "--manage-all-nodes=false",
      `--manage-nodes-with-annotation-selector=${managed}=${name}`,
      "--node-ip=127.0.0.1",
      `--node-port=${port}`,
      `--server-address=127.0.0.1:${port}`,
      `--tls-cert-file=${join(this.#folder, "certificates", "apiserver.crt")}`,
      `--tls-private-key-file=${join(this.#folder, "certificates", "apiserver.key")}`,
      "--node-lease-duration-seconds=0",
    ]);
  }

  #managerOf(node: string): "kwok" | "kwok-apart" {
    return this.options.nodeApart === true && node === nodeNames.at(-1) ? "kwok-apart" : "kwok";
  }

  #grace(): number {
    return this.options.nodeGraceSeconds ?? 40;
  }

  #startPart(name: Part, args: string[]): void {
    const logFile = join(this.#folder, `${name}.log`);
    const program = this.options.tools[name === "kwok-apart" ? "kwok" : name];
    this.#running.set(name, startProgram({ name, program, arguments: args, logFile }));
  }

  async #restartApiServer(api: ApiClient, access: Access, downMs: number): Promise<void> {
    // Its clients begin anew with it. A kubelet would see to that: the scheduler ends itself where it finds that it missed a pod's
    // move to another node, and kwok 0.8 does not try again what failed meanwhile.
    await this.#endClients();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    this.#startApiServer();
    await this.#ready(api);
    this.#startControllers(access);
  }

  async #ready(api: ApiClient): Promise<void> {
    await until("the API server ready", () => api.text("/readyz"), { seconds: 120, watched: this.#watched() });
  }

  #watched(): Running[] {
    return [...this.#running.values()];
  }

  #certificate(): string | null {
    try {
      const text = readFileSync(join(this.#folder, "certificates", "apiserver.crt"), "utf8");
      return text.includes("END CERTIFICATE") ? text : null;
    } catch {
      return null;
    }
  }
}

function node(name: string, manager: string): unknown {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { [managed]: manager },
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
    },
  };
}

interface NodeObject {
  spec: { taints?: unknown[] };
  status: { conditions?: { type: string; status: string }[] };
}

async function allReady(api: ApiClient): Promise<true | null> {
  const { items } = await api.get<{ items: NodeObject[] }>("/api/v1/nodes");
  const ready = items.filter(
    ({ spec, status }) =>
      (spec.taints ?? []).length === 0 &&
      status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true,
  );
  return ready.length === nodeNames.length ? true : null;
}
