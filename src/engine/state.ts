/** The state of an engine: storage driver, folder, clock. */

/** Undefined is what the engine does not tell. */
export interface EngineState {
  /** The storage driver, such as "overlay2". */
  driver: string | undefined;
  /** The folder of images and containers, on the engine's machine. */
  root: string | undefined;
  /** Its clock. */
  time: Date | undefined;
}
