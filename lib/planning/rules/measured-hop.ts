import { type Hop } from "../plan/types.js";

/** The measured duration of a completed hop, from the first release that moved to the last check. */
export interface MeasuredHop {
  change: Hop["change"];
  minutes: number;
}
