/** What the table of rooms forbids: the order of its rows, in the words of imports. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { listLayers } from "../../scripts/circles.ts";

const layers = new Map(
  listLayers(join(import.meta.dir, "../..")).map(({ path, later }) => [path, later]),
);

test("a room knows those before it", () => {
  const later = layers.get("src/engine");
  expect(later).toContain("../session/**");
  expect(later).toContain("../main.ts");
  expect(later).not.toContain("../lib/**");
});

test("a folder of a room knows the folders before it and what lies beside them", () => {
  const later = layers.get("src/images/archive");
  expect(later).toContain("../../plan/**");
  expect(later).toContain("../transfer/*.ts");
  expect(later).not.toContain("../../engine/**");
});

test("what lies beside the folders of a room is below them, but for what puts them together", () => {
  expect(layers.get("src/config")).toContain("./formats/*.ts");
  expect(layers.get("src/config")).toContain("./load-config.ts");
  expect(layers.get("src/config/formats")).toContain("../load-config.ts");
  expect(layers.get("src/config/load-config.ts")).not.toContain("./formats/*.ts");
});
