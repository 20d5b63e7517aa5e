import { listReleaseRows } from "../../site/charts/check-charts.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { type Installed } from "../../site/installation.js";
import { readInstalled } from "../verdict/installed.js";
import { type Gate, type GateInput, type Observed } from "../verdict/types.js";
import { createNote, createVerdict, type Finding } from "../verdict/findings.js";
import { judgeValues, type ReleaseValues } from "./judge.js";
import { type MovedRelease, readReleaseValues } from "./read-release.js";
import { judgeReplacedValues } from "./replaced.js";

/**
 * Before a hop, for every release of the set: finds values that the next charts would not use as intended, and stored
 * ones that the hop would drop. Reports key paths only.
 */
export const valuesGate: Gate = {
  name: "values",
  timing: { deadlineSeconds: 300, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  async sample(input, signal) {
    const installation = await readInstalled(input, signal);
    if (installation.state !== "installed") return createVerdict("values", [installation.finding], null);
    const { hubble } = installation;
    const judged = await Promise.all(
      listMovedReleases(installation, input).map(async (release) => {
        const reading = await readReleaseValues(release, hubble.deployed, input, signal);
        return reading.ok
          ? {
              name: reading.values.name,
              findings: judgeRelease(reading.values, reading.replaced),
              observed: toObserved(reading.values),
            }
          : { ...reading, observed: null };
      }),
    );
    return createVerdict(
      "values",
      judged.flatMap(({ findings }) => findings),
      { releases: Object.fromEntries(judged.map(({ name, observed }) => [name, observed])) },
    );
  },
};

/** Lists every release of the next version at this site, those that the hop adds included. */
function listMovedReleases({ releases }: Installed, { edge, settings }: GateInput): MovedRelease[] {
  const rows = listReleaseRows(edge.to, {
    facts: toGateSiteFacts(settings),
    installed: releases.map(({ role }) => role),
    kind: { edition: settings.edition, method: "kubernetes" },
  });
  return rows.map((row) => ({ row, deployed: releases.find(({ role }) => role === row.role)?.deployed ?? null }));
}

function judgeRelease(values: ReleaseValues, replaced: Parameters<typeof judgeReplacedValues>[0] | null): Finding[] {
  return [
    ...judgeValues(values),
    ...(replaced === null ? [] : judgeReplacedValues(replaced)),
    ...checkMissingFile(values),
    ...checkMissingDefaults(values),
  ];
}

/** Remarks that stored values are kept because the archive has no values file: Helm keeps them where it gets none. */
function checkMissingFile({ name, absentFile, stored, to }: ReleaseValues): Finding[] {
  if (absentFile === null || Object.keys(stored).length === 0) return [];
  return [
    createNote(
      `Release "${name}": the archive of ${to} has no ${absentFile}, so the stored values are kept, as Helm keeps them where it gets none.`,
    ),
  ];
}

/** Remarks on charts without values.yaml: then there was nothing to compare. */
function checkMissingDefaults({ name, stored, archive, oldChart, newChart }: ReleaseValues): Finding[] {
  if (oldChart === null || archive !== null || Object.keys(stored).length === 0) return [];
  const none = [oldChart, newChart].every(({ defaults }) => Object.keys(defaults).length === 0);
  if (!none) return [];
  return [
    createNote(
      `Release "${name}": neither the installed chart nor the next one brings defaults; there was nothing to compare the stored values with.`,
    ),
  ];
}

function toObserved({ newVersion, stored, overridden, archive }: ReleaseValues): Observed {
  return {
    nextChart: newVersion,
    takes: archive === null ? "stored values" : "the archive's values",
    storedKeys: Object.keys(stored).length,
    overriddenKeys: overridden.length,
  };
}
