/** Control sequences of a terminal: operating system commands, device strings, colours and cursor, character sets. */
const sequences = [
  /\u001b\][^\u0007\u001b\n]{0,500}(?:\u0007|\u001b\\)/g,
  /\u001b[PX^_][^\u001b\n]{0,500}\u001b\\/g,
  /(?:\u001b\[|\u009b)[0-?]{0,40}[ -/]{0,4}[@-~]/g,
  /\u001b[ -/]{1,2}[0-~]/g,
  /\u001b[0-Z\\^-~]/g,
];
const silent = /[\u0007\u000e\u000f\u200b\ufeff]/g;

/**
 * Removes what a terminal shows as no text (script(1), `kubectl exec -t`, prompts that redraw their line), and takes
 * every carriage return for the end of a line, so that nothing that was overwritten on the screen is lost.
 */
export function removeTerminalCodes(text: string): string {
  const shown = sequences.reduce((rest, sequence) => rest.replace(sequence, ""), text).replace(silent, "");
  return applyBackspaces(shown.replaceAll("\r\r\n", "\n").replace(/\r\n?/g, "\n"));
}

/** A backspace takes back the character before it, never a line end. */
function applyBackspaces(text: string): string {
  if (!text.includes("\b")) return text;
  const out: string[] = [];
  for (const character of text) {
    if (character !== "\b") out.push(character);
    else if (out.length > 0 && out.at(-1) !== "\n") out.pop();
  }
  return out.join("");
}
