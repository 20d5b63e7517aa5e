import assert from "node:assert/strict";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import type { OwnRow } from "../../lib/planning/plan/types.js";
import { checkSupportedHops } from "../../lib/policy/supported-hop.js";
import type { DeclaredStack } from "../../lib/policy/declared-stack.js";
import { installation, stackWith } from "./stacks.js";

const own = (from: string, to: string): OwnRow => ({
  from,
  to,
  approvedBy: "ana",
  link: "https://example.com/1",
  because: "tried",
});
const seed = "palette-kubernetes-4.7.20";

const cases: [title: string, stack: DeclaredStack, ownRows: OwnRow[], messages: string[]][] = [
  ["a supported row", stackWith(), [], []],
  ["no hop: the destination is what is installed", stackWith([installation({ from: "4.7.20" })]), [], []],
  [
    "a pair without a row",
    stackWith([installation({ from: "4.6.43" })]),
    [],
    [
      `The hop 4.6.43 -> 4.7.20 is no supported row of ${seed}. See the route there is: palette-upgrade plan --from 4.6.43 --to 4.7.20 --matrix ${seed}.`,
    ],
  ],
  ["a row of the site's own", stackWith([installation({ from: "4.6.43" })]), [own("4.6.43", "4.7.20")], []],
  [
    "a row of the site's own for another pair",
    stackWith([installation({ from: "4.6.43" })]),
    [own("4.6.42", "4.7.20")],
    [
      `The hop 4.6.43 -> 4.7.20 is no supported row of ${seed}, and none of palette:route.extraRows. See the route there is: palette-upgrade plan --from 4.6.43 --to 4.7.20 --matrix ${seed}.`,
    ],
  ],
  [
    "a row of the site's own cannot overrule a refusal of the vendor's",
    stackWith([installation({ from: "4.1.12", to: "4.3.6" })]),
    [own("4.1.12", "4.3.6")],
    [
      `The hop 4.1.12 -> 4.3.6 cannot be judged: extraRows[0]: the own row 4.1.12 -> 4.3.6 contradicts the row 4.1.x -> 4.3.6 (line 267) of ${seed}, which the page refuses.`,
    ],
  ],
  [
    "a way back",
    stackWith([installation({ from: "4.7.20", to: "4.6.41" })]),
    [],
    [
      `The hop 4.7.20 -> 4.6.41 is no supported row of ${seed}. See the route there is: palette-upgrade plan --from 4.7.20 --to 4.6.41 --matrix ${seed}.`,
    ],
  ],
  [
    "another edition's matrix",
    stackWith([installation({ edition: "vertex" })]),
    [],
    [`The hop 4.6.41 -> 4.7.20 of vertex is judged by ${seed}, a matrix of palette. Pin one of vertex.`],
  ],
  [
    "a matrix that is not shipped",
    stackWith([installation({ matrix: "palette-kubernetes-4.7.99" })]),
    [],
    [`The hop 4.6.41 -> 4.7.20 cannot be judged: There is no shipped matrix "palette-kubernetes-4.7.99".`],
  ],
  [
    "no exact release",
    stackWith([installation({ to: "4.7" })]),
    [],
    ["The hop 4.6.41 -> 4.7 is not one between two exact releases."],
  ],
  [
    "an installation that does not report",
    stackWith([installation({ from: undefined, matrix: 1 })]),
    [],
    [
      "The hop cannot be judged: the PaletteInstallation does not report its from and matrix. What cannot be judged is refused.",
    ],
  ],
  [
    "releases outside of an installation",
    stackWith([], ["palette"]),
    [],
    [
      "The stack declares 2 Helm releases, but no PaletteInstallation that says which hop they take. Declare them by PaletteInstallation.",
    ],
  ],
  ["a stack without either", stackWith([], ["palette", "hubble", "cert-manager"]), [], []],
];

describe("policy: a hop is a supported row", () => {
  for (const [title, stack, ownRows, messages] of cases) {
    it(title, () => {
      const found = checkSupportedHops(stack, { getMatrix: loadMatrix, ownRows });
      assert.deepEqual(
        found.map(({ message }) => message),
        messages,
      );
    });
  }
});
