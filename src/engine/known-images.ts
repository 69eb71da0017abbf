/** What an engine has said of its images counts for the steps of a build that follow at once. */
import type { ImageFacts } from "./image-facts.ts";

/** Each question starts the engine's client, and steps that follow one another have the same ones. */
export class KnownImages {
  readonly #now: () => number;
  #answers = new Map<string, { answer: Promise<ImageFacts | undefined>; until: number }>();

  /** @param now milliseconds, for tests */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param ask the engine, unless it has said so a moment ago */
  find(
    reference: string,
    ask: (reference: string) => Promise<ImageFacts | undefined>,
  ): Promise<ImageFacts | undefined> {
    const known = this.#answers.get(reference);
    if (known !== undefined && this.#now() < known.until) return known.answer;
    const answer = ask(reference);
    const entry = { answer, until: this.#now() + MOMENT };
    this.#answers.set(reference, entry);
    // The next one asks again.
    answer.catch(() => {
      if (this.#answers.get(reference) === entry) this.#answers.delete(reference);
    });
    return answer;
  }

  /** For what changes the engine's images: nothing said before its end counts after it. */
  async around<Result>(change: () => Promise<Result>): Promise<Result> {
    this.forget();
    try {
      return await change();
    } finally {
      this.forget();
    }
  }

  forget(): void {
    this.#answers = new Map();
  }
}

// --- internal ---

/** Milliseconds: others change images as well. */
const MOMENT = 1000;
