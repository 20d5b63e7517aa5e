/** Reads what is offered as the program does, in a process of its own so that its memory is measured alone. */
import { PaletteError } from "../../lib/base/errors/errors.js";
import { systemClock } from "../../lib/base/time/clock.js";
import { openChartSource } from "../../lib/site/charts/open-chart-source.js";
import { rowOf } from "../../test/site/charts/fixtures.js";
import { chartVersion } from "./hostile-archives.js";

export interface ReadRequest {
  projectDir: string;
  offers: { what: string; location: string; role: "hubble" | "cert-manager" }[];
}

export interface ReadResult {
  taken: string[];
  refused: number;
  crashes: string[];
  /** The most that the process held, in MiB. */
  memory: number;
}

async function readOffers({ projectDir, offers }: ReadRequest): Promise<ReadResult> {
  const result: ReadResult = { taken: [], refused: 0, crashes: [], memory: 0 };
  for (const { what, location, role } of offers) {
    const access = { user: "", password: "", caFile: null, clock: systemClock, environment: { HOME: "/nowhere" } };
    try {
      const source = openChartSource({ ...access, location, pins: null, projectDir });
      await source.find(chartVersion, rowOf(role));
      result.taken.push(what);
    } catch (error) {
      if (error instanceof PaletteError) result.refused += 1;
      else result.crashes.push(`${what}: ${String(error)}`);
    }
  }
  return { ...result, memory: process.resourceUsage().maxRSS / 1024 };
}

process.once("message", (request: ReadRequest) => {
  void readOffers(request).then((result) => process.send!(result, () => process.exit(0)));
});
