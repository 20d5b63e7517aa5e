import * as z from "zod";
import { changes } from "../../planning/version/version.js";

/** Format of timed hops in the environment of a Command and in a recording. */
export const measuredHops = z.array(z.object({ change: z.enum(changes), minutes: z.number().nonnegative() }));
