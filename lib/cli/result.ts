/** Result of a command: text for stdout and the exit code (design 8). */
export interface CommandResult {
  text: string;
  exitCode: number;
}
