/** A limit of the settings: durations in seconds. */
export interface Limit {
  /** Null where each gate has its own. */
  standard: number | null;
  least: number;
  most: number;
  /** Which way proves less than the default; null where neither does. */
  looser: "more" | "less" | null;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const samples = { least: 1, most: 20, looser: "less" } as const;
const interval = { least: 0.1, most: 15 * minute, looser: null } as const;
const deadline = { least: 1, most: day, looser: "more" } as const;

/**
 * Every limit by group and key of the settings. A bound keeps a value from meaning "no limit"; between the bounds a
 * value that is looser than the default is shown by every preview and kept in the journal.
 */
export const limits = {
  helm: { timeout: { standard: hour, least: 10, most: day, looser: "more" } },
  pcg: {
    deadline: { standard: hour, ...deadline },
    interval: { standard: minute, ...interval },
    samples: { standard: 1, ...samples },
  },
  mongo: {
    // 90 s is MongoDB's own smallest maxStalenessSeconds: no driver calls a member stale before that.
    maxLag: { standard: 10, least: 1, most: 90, looser: "more" },
    deadline: { standard: 15 * minute, ...deadline },
    interval: { standard: 10, ...interval },
    downtime: { standard: hour, least: 5 * minute, most: 30 * day, looser: "less" },
    samples: { standard: 3, ...samples },
  },
  rollout: {
    deadline: { standard: 30 * minute, ...deadline },
    interval: { standard: 10, ...interval },
    samples: { standard: 2, ...samples },
  },
  gates: {
    deadline: { standard: null, ...deadline },
    interval: { standard: null, ...interval },
    samples: { standard: null, ...samples },
  },
  backup: {
    maxAge: { standard: day, least: minute, most: 7 * day, looser: "more" },
    timeout: { standard: 2 * minute, least: 1, most: hour, looser: null },
  },
  promotion: {
    hold: { standard: day, least: 0, most: 90 * day, looser: "less" },
    maxAge: { standard: 7 * day, least: minute, most: 90 * day, looser: "more" },
  },
} as const satisfies Record<string, Record<string, Limit>>;

/** How long a check of the installation's own may take. */
export const checkTimeout = { least: 1, most: hour } as const;
