import assert from "node:assert/strict";
import { findUnquotedVersions } from "../../lib/settings/unquoted-versions.js";
import { parseSettings } from "../../lib/settings/settings.js";

const path = "Pulumi.dev.yaml";
const plain = (key: string, written: string, number: string): string =>
  `palette:${key}: found ${written} without quotes, which YAML reads as the number ${number}; write "${written}".`;
const elsewhere = (text: string, file = path): string =>
  `palette:target: found ${text}, which may be the number that is left of ${text}0, and ${file} does not hold it as text; write the whole version, or write it there in quotes.`;

/** Whatever the file says, the engine hands over a number as its shortest text. */
const cases: [title: string, target: string, file: string | null, faults: string[]][] = [
  ["a plain key", "4.1", "config:\n  palette:target: 4.10\n", [plain("target", "4.10", "4.1")]],
  ["a key without its namespace", "4.1", "config: { target: 4.10 }\n", [plain("target", "4.10", "4.1")]],
  ["an alias", "4.1", "x: &t 4.10\nconfig:\n  palette:target: *t\n", [plain("target", "4.10", "4.1")]],
  [
    "an alias of config itself",
    "4.1",
    "x: &c { palette:target: 4.10 }\nconfig: *c\n",
    [plain("target", "4.10", "4.1")],
  ],
  ["a merge key", "4.1", "x: &c { palette:target: 4.10 }\nconfig:\n  <<: *c\n", [plain("target", "4.10", "4.1")]],
  [
    "the first of several merged maps that has the key",
    "4.1",
    "a: &a { other: 1 }\nb: &b { palette:target: 4.10 }\nc: &c { palette:target: 4.20 }\nconfig:\n  <<: [*a, *b, *c]\n",
    [plain("target", "4.10", "4.1")],
  ],
  [
    "a merge key in a merged map",
    "4.1",
    "a: &a { palette:target: 4.10 }\nb: &b\n  <<: *a\nconfig:\n  <<: *b\n",
    [plain("target", "4.10", "4.1")],
  ],
  [
    "groups, lists and aliases in lists",
    "4.7.20",
    "x: &v 4.60\nconfig:\n  palette:route: { via: [*v, 4.6], avoid: [4.50] }\n  palette:installedVersion: { expected: 4.70 }\n",
    [
      plain("route.via", "4.60", "4.6"),
      plain("route.via", "4.6", "4.6"),
      plain("route.avoid", "4.50", "4.5"),
      plain("installedVersion.expected", "4.70", "4.7"),
    ],
  ],
  ["an environment, in no file at all", "4.1", null, [elsewhere("4.1", "the stack's configuration file")]],
  [
    "an environment beside the stack's file",
    "4.1",
    "environment: [prod]\nconfig:\n  palette:matrix: m\n",
    [elsewhere("4.1")],
  ],
  ["an environment under a file that says otherwise", "4.1", 'config:\n  palette:target: "4.7"\n', [elsewhere("4.1")]],
  ["a whole number", "4", null, [elsewhere("4", "the stack's configuration file")]],
];

const passing: [title: string, target: string, file: string | null][] = [
  ["in quotes", "4.1", 'config:\n  palette:target: "4.1"\n'],
  ["in quotes behind an alias", "4.1", "x: &t '4.1'\nconfig:\n  palette:target: *t\n"],
  ["in quotes, merged", "4.1", 'x: &c { palette:target: "4.1" }\nconfig:\n  <<: *c\n'],
  [
    "the map's own key before a merged one",
    "4.7",
    'x: &c { palette:target: 4.10 }\nconfig:\n  <<: *c\n  palette:target: "4.7"\n',
  ],
  ["a whole version from elsewhere", "4.10.3", null],
  ["a text that no number leaves", "4.10", null],
];

describe("versions that were read as numbers", () => {
  for (const [title, target, file, faults] of cases)
    it(`${title}: ${faults.length === 1 ? "a fault" : `${faults.length} faults`}`, () => {
      const stackFile = file === null ? null : { path, text: file };
      assert.deepEqual(findUnquotedVersions({ "palette:target": target }, stackFile), faults);
    });

  for (const [title, target, file] of passing)
    it(`negative twin: ${title}`, () => {
      const stackFile = file === null ? null : { path, text: file };
      assert.deepEqual(findUnquotedVersions({ "palette:target": target }, stackFile), []);
    });

  const good = { "palette:matrix": "palette-kubernetes-4.7.20", "palette:clusterIdentifier": "palette-dev" };

  it("settings with one are refused, exit 2; a number in a group, from whatever file, by its type", () => {
    assert.throws(() => parseSettings({ ...good, "palette:target": "4.1" }, null), {
      code: "SETTINGS_INVALID",
      exitCode: 2,
      message: `The stack's configuration is not valid:\n  - ${elsewhere("4.1", "the stack's configuration file")}`,
    });
    const group = { ...good, "palette:target": "4.7.20", "palette:installedVersion": '{"expected":4.1}' };
    assert.throws(() => parseSettings(group, null), {
      code: "SETTINGS_INVALID",
      message: /\n {2}- palette:installedVersion\.expected: found 4\.1; write a text\.$/,
    });
  });

  it("negative twin: a quoted 4.10 is what it says", () => {
    const file = { path, text: 'config:\n  palette:target: "4.10"\n' };
    assert.equal(parseSettings({ ...good, "palette:target": "4.10" }, file).target, "4.10");
  });
});
