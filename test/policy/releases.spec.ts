import assert from "node:assert/strict";
import { type GateName } from "../../lib/planning/rules/types.js";
import { type DeclaredStack, readDeclaredStack, type Violation } from "../../lib/policy/declared-stack.js";
import {
  checkGateDestinations,
  checkGatedReleases,
  checkProtectedReleases,
  listRequiredGates,
} from "../../lib/policy/gated-release.js";
import { gate, goodHop, installation, release, shown, stackWith } from "./stacks.js";

function reported(violations: Violation[]): string[] {
  return violations.map(({ urn, message }) => `${urn}: ${message}`);
}

const needed: GateName[] = ["mongo-replica-set", "rollout"];
const without = "this hop needs it, and no Command of the stack runs it.";

const gated: [title: string, stack: DeclaredStack, violations: string[]][] = [
  ["a gate at any distance counts", stackWith(), []],
  [
    "a release that waits for nothing",
    stackWith([release("cert-manager", [])]),
    ["cert-manager", "hubble"].map(
      (name) =>
        `urn::${name}: Release ${name} would move without waiting for gate-mongo-replica-set, gate-pcg-catch-up, gate-rollout. Let it depend on it, or on what does.`,
    ),
  ],
  [
    "the last release no longer waits for the one before",
    stackWith([release("hubble", ["gate-mongo-replica-set"])]),
    [
      "urn::hubble: Release hubble would move without waiting for gate-pcg-catch-up, gate-rollout. Let it depend on it, or on what does.",
    ],
  ],
  [
    "a gate that the hop needs is not declared",
    stackWith([], ["gate-mongo-replica-set"]),
    [
      `urn::cert-manager: Release cert-manager would move without mongo-replica-set: ${without}`,
      `urn::hubble: Release hubble would move without mongo-replica-set: ${without}`,
    ],
  ],
  [
    "a Command with a gate's name that runs something else is no gate",
    stackWith([gate("mongo-replica-set", { create: "exec true" })]),
    [
      `urn::cert-manager: Release cert-manager would move without mongo-replica-set: ${without}`,
      `urn::hubble: Release hubble would move without mongo-replica-set: ${without}`,
    ],
  ],
  [
    "a check after the hop is no gate before it",
    stackWith([gate("rollout", { phase: "after" })], ["gate-rollout", "gate-pcg-catch-up"]),
    [
      `urn::cert-manager: Release cert-manager would move without rollout: ${without}`,
      `urn::hubble: Release hubble would move without rollout: ${without}`,
    ],
  ],
  ["a circle ends", stackWith([gate("pcg-catch-up", { after: ["gate-rollout", "gate-pcg-catch-up"] })]), []],
  ["no release, no gates", readDeclaredStack([installation()]), []],
];

describe("policy: no release without its gates", () => {
  for (const [title, stack, violations] of gated) {
    it(title, () => assert.deepEqual(reported(checkGatedReleases(stack, needed)), violations));
  }

  it("the gates needed are those that data/ demands for the hop", () => {
    const required = (over: Record<string, unknown>, pcgs: boolean): GateName[] =>
      listRequiredGates(readDeclaredStack([installation(over)]), pcgs);
    const always = ["helm-release", "rollout", "mongo-replica-set", "kubernetes-version"];
    const ofGateways = ["pcg-catch-up", "pcg-readiness"];
    const among = (gates: GateName[], wanted: string[]): string[] =>
      wanted.filter((name) => gates.some((g) => g === name));
    assert.deepEqual(among(required({}, false), [...always, ...ofGateways, "mongo-fcv"]), always);
    assert.deepEqual(among(required({}, true), [...always, ...ofGateways]), [...always, ...ofGateways]);
    assert.deepEqual(among(required({ from: "4.6.36", to: "4.6.41" }, true), [...always, ...ofGateways]), always);
    assert.ok(required({}, true).includes("values"));
    assert.ok(required({ from: "4.7.27", to: "4.8.8" }, false).includes("mongo-fcv"));
    assert.deepEqual(required({ from: undefined }, true), []);
  });
});

const destinations: [title: string, stack: DeclaredStack, violations: string[]][] = [
  ["all judge for hubble's version", stackWith(), []],
  [
    "a gate that judges for another",
    stackWith([gate("mongo-replica-set", { to: "4.6.41" })]),
    [
      "urn::gate-mongo-replica-set: gate-mongo-replica-set judges for 4.6.41 (environment.TO), but the version of hubble is 4.7.20.",
    ],
  ],
  [
    "a check after that judges for another",
    stackWith([gate("rollout", { phase: "after", to: "4.6.41" })]),
    ["urn::check-rollout: check-rollout judges for 4.6.41 (environment.TO), but the version of hubble is 4.7.20."],
  ],
  [
    "a gate whose destination cannot be read",
    stackWith([shown("command:local:Command", "gate-rollout", { props: gateWithout("TO") })]),
    [
      "urn::gate-rollout: gate-rollout judges for what cannot be read (environment.TO), but the version of hubble is 4.7.20.",
    ],
  ],
  [
    "hubble moves to another version than the installation says",
    stackWith([installation({ to: "4.7.3" })]),
    ["urn::palette: The installation's destination is 4.7.3, but hubble moves to 4.7.20."],
  ],
  [
    "hubble's version cannot be read",
    stackWith([release("hubble", ["cert-manager"], { props: unreadable() })]),
    [
      "urn::palette: The installation's destination is 4.7.20, but hubble moves to what cannot be read.",
      "urn::hubble: The version of hubble cannot be read, so no gate can be held to it. What cannot be judged is refused.",
    ],
  ],
  [
    "where nothing moves, the installation's version counts",
    stackWith([gate("rollout", { to: "4.6.41" })], ["hubble", "cert-manager"]),
    [
      "urn::gate-rollout: gate-rollout judges for 4.6.41 (environment.TO), but the version of the installation is 4.7.20.",
    ],
  ],
];

function gateWithout(key: string): Record<string, unknown> {
  const { create, environment } = gate("rollout").props as { create: string; environment: Record<string, string> };
  return { create, environment: Object.fromEntries(Object.entries(environment).filter(([name]) => name !== key)) };
}

/** As a preview shows what it cannot know yet. */
function unreadable(): Record<string, unknown> {
  return Object.defineProperty({}, "version", {
    get: () => {
      throw new Error("can't be known during preview");
    },
  });
}

describe("policy: gates judge for hubble's version", () => {
  for (const [title, stack, violations] of destinations) {
    it(title, () => assert.deepEqual(reported(checkGateDestinations(stack)), violations));
  }
});

describe("policy: releases are protected", () => {
  it("one that is not is named, one that is passes", () => {
    const resources = [...goodHop(), release("image-swap", [], { opts: { protect: false } })];
    assert.deepEqual(reported(checkProtectedReleases(readDeclaredStack(resources).releases)), [
      "urn::image-swap: Release image-swap is not protected: a later update could uninstall it. Set protect: true.",
    ]);
    assert.deepEqual(checkProtectedReleases(readDeclaredStack(goodHop()).releases), []);
  });
});
