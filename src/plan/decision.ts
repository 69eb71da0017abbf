/** A decision of the plan, and the file and line that made it. */

export interface Decision {
  what: string;
  because: string;
  file?: string;
  line?: number;
}

export type Decide = (what: string, because: string, path?: readonly (string | number)[]) => void;
