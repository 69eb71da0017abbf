/** What was decided, and the place that decided it. */

export interface Decision {
  what: string;
  because: string;
  file?: string;
  line?: number;
}

export type Decide = (what: string, because: string, path?: readonly (string | number)[]) => void;
