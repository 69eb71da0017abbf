import { probeBase } from "../bases/ensure-base.ts";
import { formatBytes } from "../format.ts";
import { BASE_IMAGES, baseTag, planBases } from "../plan/bases.ts";
import { NuaError } from "../shared/errors.ts";
import { ensureBases } from "../steps/ensure-bases.ts";
import {
  BASE_ARGS,
  COMMON_ARGS,
  type CommandData,
  defineCommand,
  REPRODUCIBLE_ARGS,
  SURROUNDINGS_ARGS,
} from "./command.ts";

export const basesCommand = defineCommand({
  meta: { name: "nua-build bases", description: "The base images: list them, or build them" },
  words: "list | build [NAME…]",
  args: {
    force: { type: "boolean", alias: "f", description: "Build also what is there" },
    ...REPRODUCIBLE_ARGS,
    ...BASE_ARGS,
    ...SURROUNDINGS_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    const [verb = "list", ...names] = data.words;
    if (verb === "list") return listBases(data, args.json === true);
    if (verb === "build")
      return buildBases(names, {
        data,
        force: args.force === true,
        reproducible: args.reproducible === true,
        json: args.json === true,
      });
    throw new NuaError("usage", `Run "nua-build bases ${verb}": there is no such command`, {
      hint: "use list or build",
    });
  },
});

// --- internal ---

async function listBases({ world, print }: CommandData, json: boolean): Promise<void> {
  const engine = await world.engine();
  const rows = await Promise.all(
    BASE_IMAGES.map(async (base) => {
      const tag = baseTag(base.name);
      const [state, image] = await Promise.all([probeBase(base, world), engine.findImage(tag)]);
      return { tag, state, bytes: image?.bytes ?? null };
    }),
  );
  if (json) return print(JSON.stringify({ ok: true, bases: rows }));
  const width = Math.max(...rows.map(({ tag }) => tag.length));
  for (const { tag, state, bytes } of rows) {
    print(
      `${tag.padEnd(width)}  ${state.padEnd(8)}  ${bytes === null ? "" : formatBytes(bytes)}`.trimEnd(),
    );
  }
}

async function buildBases(
  names: readonly string[],
  options: { data: CommandData; force: boolean; reproducible: boolean; json: boolean },
): Promise<void> {
  const { world, print } = options.data;
  const planned = planBases(names.length > 0 ? names : ["nua-python", "nua-builder"]);
  await ensureBases(
    planned.map(({ name }) => name),
    world,
    options,
  );
  const tags = planned.map(({ name }) => baseTag(name));
  if (options.json) return print(JSON.stringify({ ok: true, bases: tags }));
  for (const tag of tags) print(tag);
}
