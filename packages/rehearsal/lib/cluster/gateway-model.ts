import { isVersion, type Version } from "../../../../lib/planning/version/version.js";
import { advance, clearFaults, createModel, injectFaults } from "../site/create.js";
import { type SiteModel, type SiteTime } from "../site/model.js";
import { readState, writeState } from "../site/state-file.js";
import { type FaultName, type FaultSpec, type SimulatedSiteOptions } from "../types.js";
import { versionLabel } from "./chart-objects.js";
import { PacedTime } from "./paced-time.js";
import { type Upstream } from "./upstream.js";

interface GatewayOptions extends Pick<SimulatedSiteOptions, "edition" | "pcgs"> {
  version: Version;
  stateFile: string | null;
  /** How many times faster these gateways run than the vendor's. */
  pace: number;
}

/** API path of the workload whose version shows that a hop was made. */
export const managementPath = "/apis/apps/v1/namespaces/hubble-system/deployments/mgmt";

/** The simulated gateways of a rehearsal on a real cluster; the Palette version is read from the cluster. */
export class GatewayModel {
  readonly time: PacedTime;
  #model: SiteModel;

  constructor(
    private readonly options: GatewayOptions,
    private readonly upstream: Pick<Upstream, "readJson">,
  ) {
    const now = Date.now();
    this.#model = readState(options.stateFile) ?? createModel(options, now);
    this.time = new PacedTime({ model: this.#model.now, real: now }, options.pace);
    this.#save(this.#model);
  }

  /** Reads the version that the cluster runs, then returns the updated model and its time. */
  async refreshModel(): Promise<{ model: SiteModel; now: SiteTime }> {
    const found = await this.upstream.readJson<{ metadata: { labels?: Record<string, string> } }>(managementPath);
    const running = found?.metadata.labels?.[versionLabel];
    const now = this.time.getModelTime();
    const model = this.#model;
    if (running !== undefined && isVersion(running) && running !== model.installed) {
      const hops = [...model.hops, { from: model.installed, to: running, at: now }];
      this.#save({ ...model, installed: running, hops });
    }
    this.#save(advance(this.#model, now));
    return { model: this.#model, now };
  }

  /** Returns the model without hops, at the real time: MongoDB members restart on the cluster, not in the model. */
  getModelWithoutHops(): { model: SiteModel; now: SiteTime } {
    const now = Date.now();
    return { model: { ...this.#model, startVersion: this.#model.installed, hops: [], createdAt: now }, now };
  }

  changeFaults(change: { add?: FaultSpec[]; clear?: FaultName[] }): void {
    const now = this.time.getModelTime();
    this.#save(injectFaults(clearFaults(this.#model, change.clear ?? [], now), change.add ?? [], now));
  }

  /** Stores the model that a write through the Palette API changed. */
  replaceModel(model: SiteModel): void {
    this.#save(model);
  }

  get model(): SiteModel {
    return this.#model;
  }

  #save(model: SiteModel): void {
    this.#model = { ...model, now: this.time.getModelTime() };
    writeState(this.options.stateFile, this.#model);
  }
}
