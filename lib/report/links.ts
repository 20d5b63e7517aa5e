/** A piece of a text: a link to a page, or what stands around it. */
export interface TextPart {
  text: string;
  isLink: boolean;
}

const pageLink = /(https:\/\/github\.com\/[\w./%~-]*[\w%~-])/;

/** Splits a citation at its links to pages, as linkSource writes them; each renderer marks them in its own way. */
export function splitLinks(text: string): TextPart[] {
  return text
    .split(pageLink)
    .map((part, index) => ({ text: part, isLink: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
