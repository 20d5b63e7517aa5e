/** A small, sound matrix file as data; every call gives a fresh one to spoil. */
export function smallMatrix(): Record<string, unknown> & { rows: unknown[]; source: Record<string, unknown> } {
  return {
    schemaVersion: 1,
    id: "palette-kubernetes-4.7.20",
    edition: "palette",
    method: "kubernetes",
    source: { repository: "owner/name", path: "docs/upgrade.md", commit: "0123456789012345678901234567890123456789" },
    readOn: "2026-11-21",
    columns: ["from", "to", "mark", "section", "line"],
    rows: [
      ["4.7.3", "4.7.20", "supported", "4.7.x", 5],
      ["4.6.41", "4.7.3", "supported", "4.7.x", 6],
      ["4.1.x", "4.3.6", "unsupported", "", 9],
    ],
  };
}

/** What spoils a small matrix, and the fault that names it. */
export const spoilt: { what: string; spoil: (matrix: ReturnType<typeof smallMatrix>) => void; fault: string }[] = [
  { what: "a key missing", spoil: (m) => delete m["edition"], fault: "edition: missing" },
  { what: "an unknown key", spoil: (m) => (m["extra"] = 1), fault: "extra: not a known key" },
  {
    what: "another schema version",
    spoil: (m) => (m["schemaVersion"] = 2),
    fault: "schemaVersion: found 2, expected 1",
  },
  {
    what: "an unknown edition",
    spoil: (m) => (m["edition"] = "pallet"),
    fault: 'edition: found "pallet", expected palette, vertex',
  },
  {
    what: "an unknown method",
    spoil: (m) => (m["method"] = null),
    fault: "method: found null, expected kubernetes, vmware, appliance",
  },
  {
    what: "an id of another form",
    spoil: (m) => (m["id"] = "mine"),
    fault: 'id: found "mine", expected an id such as palette-kubernetes-4.7.20',
  },
  {
    what: "a day of another form",
    spoil: (m) => (m["readOn"] = "21.11.2026"),
    fault: 'readOn: found "21.11.2026", expected a day, YYYY-MM-DD',
  },
  {
    what: "no source commit",
    spoil: (m) => (m.source["commit"] = ""),
    fault: 'source.commit: found "", expected a text that is not empty',
  },
  {
    what: "a source that is a text",
    spoil: (m) => (m.source = "x" as never),
    fault: 'source: found "x", expected an object',
  },
  {
    what: "columns in another order",
    spoil: (m) => (m["columns"] = ["to", "from", "mark", "section", "line"]),
    fault: 'columns: expected ["from", "to", "mark", "section", "line"]',
  },
  { what: "no rows", spoil: (m) => (m.rows = []), fault: "rows: expected a list of at least one row" },
  {
    what: "rows that are no list",
    spoil: (m) => (m.rows = {} as never),
    fault: "rows: expected a list of at least one row",
  },
  {
    what: "a row that is an object",
    spoil: (m) => (m.rows[1] = { from: "4.6.41" }),
    fault: 'rows[1]: found {"from":"4.6.41"}, expected [from, to, mark, section, line]',
  },
  {
    what: "a row too short",
    spoil: (m) => (m.rows[0] = ["4.7.3", "4.7.20", "supported"]),
    fault: 'rows[0]: found ["4.7.3","4.7.20","supported"], expected [from, to, mark, section, line]',
  },
  {
    what: "a number for a release",
    spoil: (m) => (m.rows[0] = [4.7, "4.7.20", "supported", "", null]),
    fault: "rows[0][0]: found 4.7, expected a release such as 4.6.41 or a minor such as 4.1.x",
  },
  {
    what: "a placeholder",
    spoil: (m) => (m.rows[0] = ["4.7.3", "4.7.a", "supported", "", null]),
    fault: 'rows[0][1]: found "4.7.a", expected a release such as 4.6.41 or a minor such as 4.1.x',
  },
  {
    what: "an unknown mark",
    spoil: (m) => (m.rows[2] = ["4.1.x", "4.3.6", "maybe", "", 9]),
    fault: 'rows[2][2]: found "maybe", expected supported, unsupported, conditional',
  },
  {
    what: "a section that is no text",
    spoil: (m) => (m.rows[2] = ["4.1.x", "4.3.6", "supported", 4.1, 9]),
    fault: "rows[2][3]: found 4.1, expected a text",
  },
  {
    what: "line 0",
    spoil: (m) => (m.rows[2] = ["4.1.x", "4.3.6", "supported", "", 0]),
    fault: "rows[2][4]: found 0, expected a line number or null",
  },
];
