import { type SiteError } from "../../base/errors/site-error.js";
import { createNote, type Finding, toErrorFinding } from "../verdict/findings.js";

/** The lookup of one image in the registry, and its result. */
export interface ImageLookup {
  image: string;
  /** Objects that name it. */
  objects: readonly string[];
  /** Where the image was looked up, `host/repository:tag`. */
  location: string;
  answer: "there" | "missing" | SiteError;
}

/** Checks that every image is present; names each missing one and where it was expected. Pure. */
export function judgeImages(lookups: readonly ImageLookup[], registry: string): Finding[] {
  const missing = lookups.filter(({ answer }) => answer === "missing").map(createMissingImageFinding);
  const unread = lookups.flatMap(({ answer, image, location }) =>
    typeof answer === "string"
      ? []
      : [toErrorFinding(answer, image, `Whether ${location} is there could not be asked`)],
  );
  if (lookups.length === 0) {
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
    ...(all ? [createNote(`All ${lookups.length} images of the next version are in ${registry}.`)] : []),
  ];
}

function createMissingImageFinding({ image, objects, location }: ImageLookup): Finding {
  const who = objects.slice(0, 3).join(", ") + (objects.length > 3 ? ` and ${objects.length - 3} more` : "");
  return {
    outcome: "fail",
    code: "IMAGE_MISSING",
    member: image,
    message: `${location} is not in the registry, and ${who} needs it. Upload the next version's images (the vendor's airgap binary of that release) and run this again.`,
  };
}
