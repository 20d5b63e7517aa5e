import assert from "node:assert/strict";
import {
  refuseDroppedReleases,
  type DroppedReleasesInput,
} from "../../../../lib/program/step/releases/dropped-releases.js";

const hubble = { role: "hubble" as const, name: "hubble", namespace: "default", exists: true };
const swap = { role: "image-swap" as const, name: "image-swap", namespace: "default", exists: true };
const recorded = { adopted: true, appliedVersion: "4.6.41", releases: [hubble, swap] };
const never = (): Promise<never> => Promise.reject(new Error("asked"));

function question(change: Partial<DroppedReleasesInput>): DroppedReleasesInput {
  return {
    recorded,
    destination: "4.7.20",
    declared: [hubble, swap],
    listShippedRoles: () => ["hubble", "image-swap"],
    readStateReleases: never,
    ...change,
  };
}

describe("a release that the stack has adopted", () => {
  it("all of them are declared: the state is not even asked", () => refuseDroppedReleases(question({})));

  it("is no part of the destination any more: named, and how to keep it", async () => {
    const shipped: DroppedReleasesInput["listShippedRoles"] = (version) =>
      version === "4.6.41" ? ["hubble", "image-swap"] : ["hubble"];
    const inState: DroppedReleasesInput["readStateReleases"] = () =>
      Promise.resolve([{ resource: "image-swap", id: "default/image-swap", canDrop: false }]);
    await assert.rejects(
      refuseDroppedReleases(question({ declared: [hubble], listShippedRoles: shipped, readStateReleases: inState })),
      {
        code: "RELEASE_DROPPED",
        exitCode: 3,
        message:
          "This stack holds a release that this update would not declare: default/image-swap (image-swap) is no part of Palette 4.7.20 any more. Left undeclared the engine would delete it, and this tool uninstalls nothing.",
        next: /pulumi state unprotect URN\. The next update then lets it go from this stack's state; what is on the cluster stays as it is\.$/,
      },
    );
  });

  it("was uninstalled by hand: the same, in other words; where the state cannot be asked it is taken for held", async () => {
    await assert.rejects(
      refuseDroppedReleases(question({ declared: [hubble], readStateReleases: () => Promise.resolve(null) })),
      {
        code: "RELEASE_DROPPED",
        message: /: default\/image-swap \(image-swap\) is no longer installed\. /,
      },
    );
  });

  it("was taken out of the state: goes on", () =>
    refuseDroppedReleases(
      question({
        declared: [hubble],
        readStateReleases: () => Promise.resolve([{ resource: "hubble", id: "default/hubble", canDrop: false }]),
      }),
    ));

  it("its protection was taken away: it may go", () => {
    const inState: DroppedReleasesInput["readStateReleases"] = () =>
      Promise.resolve([{ resource: "image-swap", id: "default/image-swap", canDrop: true }]);
    return refuseDroppedReleases(question({ declared: [hubble], readStateReleases: inState }));
  });

  describe("uninstalled by hand, and needed by the destination", () => {
    const certManager = { role: "cert-manager" as const, name: "cm", namespace: "certs", exists: true };
    const gone = { ...certManager, name: "cert-manager", namespace: "default", exists: false };
    const change: Partial<DroppedReleasesInput> = {
      recorded: { ...recorded, releases: [certManager, hubble] },
      listShippedRoles: () => ["cert-manager", "hubble"],
    };
    const held = { resource: "cert-manager", id: "certs/cm", canDrop: false };

    for (const [title, mayGo] of [
      ["is to be put back", false],
      ["so it is where its protection was taken away: an upgrade of it fails all the same", true],
    ] as const) {
      it(title, async () => {
        const inState: DroppedReleasesInput["readStateReleases"] = () => Promise.resolve([{ ...held, canDrop: mayGo }]);
        await assert.rejects(
          refuseDroppedReleases(question({ ...change, declared: [gone, hubble], readStateReleases: inState })),
          {
            code: "RELEASE_GONE",
            exitCode: 3,
            message:
              "Palette cannot be without it, and it is no longer installed, though this stack has adopted it: certs/cm (cert-manager). Helm would refuse to upgrade it in the middle of the update.",
            next: "Find out who uninstalled it, and what went with it. Install it again as it was (the chart of 4.6.41, the same name and namespace), then run the same command again.",
          },
        );
      });
    }

    it("is not in the state: made anew", () =>
      refuseDroppedReleases(
        question({ ...change, declared: [gone, hubble], readStateReleases: () => Promise.resolve([]) }),
      ));

    it("is there under another name: what the stack holds is let go, not made twice", async () => {
      const other = { ...certManager, name: "cm-2" };
      const inState: DroppedReleasesInput["readStateReleases"] = () => Promise.resolve([held]);
      await assert.rejects(
        refuseDroppedReleases(question({ ...change, declared: [other, hubble], readStateReleases: inState })),
        {
          code: "RELEASE_DROPPED",
        },
      );
    });
  });

  const silent: [string, Partial<DroppedReleasesInput>][] = [
    ["nothing is adopted yet", { recorded: { ...recorded, adopted: false }, declared: [] }],
    [
      "the installed version never had it, so it was never declared",
      { declared: [hubble], listShippedRoles: () => ["hubble"] },
    ],
  ];
  for (const [title, change] of silent)
    it(`${title}: nothing to drop, the state is not asked`, () => refuseDroppedReleases(question(change)));
});
