import type { SiteError } from "../../site/types.js";
import { findingOfError, note, type Finding } from "../verdict.js";

/** What was found of one image. */
export interface LookedFor {
  image: string;
  /** Objects that name it. */
  objects: readonly string[];
  /** Where it was looked for, `host/repository:tag`. */
  place: string;
  answer: "there" | "missing" | SiteError;
}

/** Every image is there; each that is not is named, with where it was expected. Pure. */
export function judgeImages(looked: readonly LookedFor[], registry: string): Finding[] {
  const missing = looked.filter(({ answer }) => answer === "missing").map(missingImage);
  const unread = looked.flatMap(({ answer, image, place }) =>
    typeof answer === "string" ? [] : [findingOfError(answer, image, `Whether ${place} is there could not be asked`)],
  );
  if (looked.length === 0) {
    return [
      {
        outcome: "unknown",
        code: "NO_IMAGES",
        member: null,
        message: "The next version's charts, rendered, name no image; they are no charts of the vendor's.",
      },
    ];
  }
  const all = missing.length + unread.length === 0;
  return [
    ...missing,
    ...unread,
    ...(all ? [note(`All ${looked.length} images of the next version are in ${registry}.`)] : []),
  ];
}

function missingImage({ image, objects, place }: LookedFor): Finding {
  const who = objects.slice(0, 3).join(", ") + (objects.length > 3 ? ` and ${objects.length - 3} more` : "");
  return {
    outcome: "fail",
    code: "IMAGE_MISSING",
    member: image,
    message: `${place} is not in the registry, and ${who} needs it. Upload the next version's images (the vendor's airgap binary of that release) and run this again.`,
  };
}
