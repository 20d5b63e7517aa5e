/** Removes every `character` at the end of a text, in time in proportion to it. Pure. */
export function trimEndCharacter(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

/** Removes every `character` at both ends of a text, in time in proportion to it. Pure. */
export function trimCharacter(text: string, character: string): string {
  let start = 0;
  while (start < text.length && text[start] === character) start += 1;
  return trimEndCharacter(text.slice(start), character);
}
