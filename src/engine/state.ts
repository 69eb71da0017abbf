/** What an engine works with, as `docker info` and `podman info` tell it. */
import * as v from "valibot";

/** Undefined is what the engine does not tell. */
export interface EngineState {
  /** The storage driver, such as "overlay2". */
  driver: string | undefined;
  /** The folder of images and containers, on the engine's machine. */
  root: string | undefined;
  /** Its clock. */
  time: Date | undefined;
}

const dockerSchema = v.object({
  Driver: v.optional(v.string()),
  DockerRootDir: v.optional(v.string()),
  SystemTime: v.optional(v.string()),
});

const podmanSchema = v.object({
  store: v.object({ graphDriverName: v.optional(v.string()), graphRoot: v.optional(v.string()) }),
});

/** @throws SyntaxError or ValiError for something else than what engines print */
export function parseState(json: string): EngineState {
  const told: unknown = JSON.parse(json);
  const podman = v.safeParse(podmanSchema, told);
  if (podman.success) {
    const { graphDriverName: driver, graphRoot: root } = podman.output.store;
    return { driver, root, time: undefined };
  }
  const { Driver: driver, DockerRootDir: root, SystemTime } = v.parse(dockerSchema, told);
  const time = SystemTime === undefined ? undefined : new Date(SystemTime);
  return { driver, root, time: time && Number.isNaN(time.getTime()) ? undefined : time };
}
