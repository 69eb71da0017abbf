/** An image under a temporary tag: it gets its real tag when all checks have passed. */
import type { ImageFacts } from "../../engine/image-facts.ts";
import { runTag } from "../../runs/own-names.ts";
import type { Session } from "../../session/session.ts";

export class Candidate implements AsyncDisposable {
  /** What the image goes by until it is accepted. */
  readonly tag = runTag("nua-candidate");
  readonly #wanted: string;
  readonly #session: Session;
  /** Images that were made on the way to it, and the one that it replaces. */
  readonly #superseded = new Set<string>();
  #cleanup: Promise<void> | undefined;

  /** @param wanted the tag that the image gets when it is accepted */
  constructor(wanted: string, session: Session) {
    this.#wanted = wanted;
    this.#session = session;
  }

  /** Notes an image that is of no use once there is the next one. */
  supersede(image: ImageFacts): void {
    this.#superseded.add(image.id);
  }

  /**
   * Gives the image the wanted tag, and begins to remove the one that had it.
   * @throws CommandError (engine) when the engine does not do it
   */
  async accept(image: ImageFacts, before: ImageFacts | undefined): Promise<void> {
    if (before !== undefined) this.supersede(before);
    if (before?.id !== image.id) {
      await (await this.#session.engine()).tag(image.id, this.#wanted);
    }
    this.#superseded.delete(image.id);
    this.#cleanup = this.#removeSuperseded(image.id);
  }

  /**
   * Takes the wanted tag from the image where it has it already, as one that comes from a cache
   * may. It is removed with the candidate.
   */
  async refuse(image: ImageFacts): Promise<void> {
    const engine = await this.#session.engine();
    this.supersede(image);
    const tagged = await engine.findImage(this.#wanted);
    if (tagged?.id === image.id) await engine.removeImage(this.#wanted);
  }

  /** An image that was not accepted is removed; what has the wanted tag is left alone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#cleanup ??= this.#removeSuperseded(undefined);
    await this.#cleanup;
  }

  /** Whatever has a name of somebody else's stays. What is left behind is no error. */
  async #removeSuperseded(accepted: string | undefined): Promise<void> {
    const engine = await this.#session.engine();
    const find = (reference: string) => engine.findImage(reference).catch(() => undefined);
    const [tagged, ...others] = await Promise.all(
      [this.#wanted, ...this.#superseded].map((reference) => find(reference)),
    );
    if (accepted !== undefined && tagged?.id !== accepted) {
      this.#session.report.warn(
        `${this.#wanted} is the tag of another image by now: something else has taken it`,
      );
      // An image goes with its last name, and this one may still be read: it goes on without any.
      if (tagged !== undefined) await engine.tag(tagged.id, this.tag).catch(() => {});
    }
    const unnamed = others
      .filter((image) => image?.tags.every((tag) => tag === this.tag))
      .map((image) => image!.id);
    await engine.removeImage(this.tag, ...unnamed).catch(() => {});
    if (!this.#session.signal.aborted) return;
    // An engine may finish what its client was cut off from, and name the image only now.
    await Bun.sleep(AFTERMATH);
    await engine.removeImage(this.tag).catch(() => {});
  }
}

// --- internal ---

/** Milliseconds. */
const AFTERMATH = 300;
