import { expect, test } from "bun:test";
import { createBatch } from "../../../src/engine/batch.ts";

test("what is asked for at the same time is asked together, each once", async () => {
  const asked: string[][] = [];
  const ask = createBatch(async (keys) => {
    asked.push(keys);
    return keys.map((key) => key.toUpperCase());
  });
  expect(await Promise.all([ask("a"), ask("b"), ask("a")])).toEqual(["A", "B", "A"]);
  expect(await ask("a")).toBe("A");
  expect(asked).toEqual([["a", "b"], ["a"]]);
});

test("a failure is everybody's, and the next query is made again", async () => {
  let isBroken = true;
  const ask = createBatch(async (keys) => {
    if (isBroken) throw new Error("no answer");
    return keys;
  });
  const answers = await Promise.allSettled([ask("a"), ask("b")]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isBroken = false;
  expect(await ask("a")).toBe("a");
});
