/** Pure: the places and keys of an app's configuration that planning asks for again and again. */
import { BUILD } from "../protocol/layout.ts";
import type { Origin } from "../protocol/planned-action.ts";
import type { PlanInput } from "./plan-input.ts";
import type { RequestedWork } from "./requested-work.ts";

export function itemsOf({ pipInstall: items }: RequestedWork): string[] {
  return items.map(({ item }) => item);
}

/** Relative to /nua/build; "." is all of it. */
export function sourceDir({ source }: RequestedWork): string {
  return source.dir.replace(/^\.?\/*|\/+$/g, "") || ".";
}

/** Folder of the app's source in the image. */
export function sourceFolder(work: RequestedWork): string {
  const dir = sourceDir(work);
  return dir === "." ? BUILD : `${BUILD}/${dir}`;
}

/** A key of the nua-config, such as `build.build[1]`, with its place. */
export function originOf({ placeOf }: Pick<PlanInput, "placeOf">, key: string): Origin {
  const path = [...key.matchAll(/[^.[\]]+/g)].map(([part]) =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
  return { what: key, ...placeOf(path) };
}
