/** Who runs: the user of this machine and, in CI, the identity the job runs as. */
export interface Actor {
  user: string;
  host: string;
  /** e.g. "github: octo/palette, run 4711, actor ana"; null outside CI. */
  ci: string | null;
}
