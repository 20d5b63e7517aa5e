import { isVersion, type Version } from "../../version/version.js";
import { advance, clearFaults, createModel, orderFaults } from "../site/create.js";
import { type SiteModel, type SiteTime } from "../site/model.js";
import { readState, writeState } from "../site/state-file.js";
import { type FaultName, type FaultSpec, type SimulatedSiteOptions } from "../types.js";
import { versionLabel } from "./chart-objects.js";
import { PacedTime } from "./paced-time.js";
import { type Upstream } from "./upstream.js";

export interface GatewayOptions extends Pick<SimulatedSiteOptions, "edition" | "pcgs"> {
  version: Version;
  stateFile: string | null;
  /** How many times faster than the vendor's gateways these live. */
  pace: number;
}

/** The workload by which a hop shows. */
export const managementPath = "/apis/apps/v1/namespaces/hubble-system/deployments/mgmt";

/** The gateways of a rehearsal on a real cluster: simulated, but what Palette is at is read from the cluster. */
export class GatewayModel {
  readonly time: PacedTime;
  #model: SiteModel;

  constructor(
    private readonly options: GatewayOptions,
    private readonly upstream: Pick<Upstream, "json">,
  ) {
    const now = Date.now();
    this.#model = readState(options.stateFile) ?? createModel(options, now);
    this.time = new PacedTime({ model: this.#model.now, real: now }, options.pace);
    this.#save(this.#model);
  }

  /** The model at this moment, after a look at what the cluster runs. */
  async current(): Promise<{ model: SiteModel; now: SiteTime }> {
    const found = await this.upstream.json<{ metadata: { labels?: Record<string, string> } }>(managementPath);
    const running = found?.metadata.labels?.[versionLabel];
    const now = this.time.modelNow();
    const model = this.#model;
    if (running !== undefined && isVersion(running) && running !== model.installed) {
      const hops = [...model.hops, { from: model.installed, to: running, at: now }];
      this.#save({ ...model, installed: running, hops });
    }
    this.#save(advance(this.#model, now));
    return { model: this.#model, now };
  }

  /** The model as if no hop had touched MongoDB, and at the real time: its members restart on the cluster, not in it. */
  quiet(): { model: SiteModel; now: SiteTime } {
    const now = Date.now();
    return { model: { ...this.#model, startVersion: this.#model.installed, hops: [], createdAt: now }, now };
  }

  order(change: { add?: FaultSpec[]; clear?: FaultName[] }): void {
    const now = this.time.modelNow();
    this.#save(orderFaults(clearFaults(this.#model, change.clear ?? [], now), change.add ?? [], now));
  }

  /** What an act has changed by the Palette API. */
  keep(model: SiteModel): void {
    this.#save(model);
  }

  get model(): SiteModel {
    return this.#model;
  }

  #save(model: SiteModel): void {
    this.#model = { ...model, now: this.time.modelNow() };
    writeState(this.options.stateFile, this.#model);
  }
}
