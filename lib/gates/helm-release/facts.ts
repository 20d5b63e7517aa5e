import { type Version } from "../../planning/version/version.js";
import { type Installed } from "../../site/installation.js";
import { type SettledRevision } from "../verdict/types.js";
import { type MovingRelease } from "./foreign.js";
import { type RunningObjects } from "./stuck.js";

/** What the rules of this gate read. */
export interface HelmReleaseFacts {
  installed: Installed;
  /** What runs of each stuck revision, by release: decides which remedy is named. */
  runningByRelease: Readonly<Record<string, RunningObjects>>;
  /** The revisions recorded when the installed version was settled. */
  settledRevisions: readonly SettledRevision[];
  to: Version;
  /**
   * Chart versions that `to` brings, by chart name. Helm's record of a failed upgrade lacks this program's marker, so
   * only its chart version identifies the hop. Charts that could not be read are left out.
   */
  hopChartVersions: Readonly<Record<string, string>>;
  /** Releases that the destination's charts would downgrade, or that are not the vendor's. */
  movingReleases: readonly MovingRelease[];
  now: Date;
  releaseTimeoutSeconds: number;
}
