/** A decision of the plan, and the file and line that made it. */

export interface Decision {
  what: string;
  because: string;
  file?: string;
  line?: number;
}

/** The file of the configuration and the line of a key of it. */
export type PlaceOf = (
  path: readonly (string | number)[],
) => { file: string; line: number } | undefined;

export type Decide = (what: string, because: string, path?: readonly (string | number)[]) => void;
