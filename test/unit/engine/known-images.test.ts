import { expect, test } from "bun:test";
import type { ImageFacts } from "../../../src/engine/image-facts.ts";
import { KnownImages } from "../../../src/engine/known-images.ts";

const image = (id: string) => ({ id }) as ImageFacts;

function start() {
  let now = 0;
  let there = image("sha256:1");
  const asked: string[] = [];
  const known = new KnownImages(() => now);
  const find = async (reference: string) =>
    (await known.find(reference, async (one) => {
      asked.push(one);
      return there;
    }))!.id;
  const become = (id: string) => {
    there = image(id);
  };
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { known, find, asked, become, wait };
}

test("what was said a moment ago is not asked again", async () => {
  const { find, asked, become, wait } = start();
  await find("a");
  become("sha256:2");
  wait(999);
  expect(await find("a")).toBe("sha256:1");
  expect(await find("b")).toBe("sha256:2");
  wait(1);
  expect(await find("a")).toBe("sha256:2");
  expect(asked).toEqual(["a", "b", "a"]);
});

test("what was said before or during a change does not count after it", async () => {
  const { known, find, become } = start();
  await find("a");
  await known.around(async () => {
    expect(await find("a")).toBe("sha256:1");
    become("sha256:2");
    expect(await find("a")).toBe("sha256:1");
  });
  expect(await find("a")).toBe("sha256:2");
  await known
    .around(async () => {
      become("sha256:3");
      throw new Error("it fails");
    })
    .catch(() => {});
  expect(await find("a")).toBe("sha256:3");
});

test("a failure is not kept", async () => {
  const known = new KnownImages(() => 0);
  const failing = known.find("a", () => Promise.reject(new Error("no answer")));
  await expect(failing).rejects.toThrow("no answer");
  expect(await known.find("a", async () => undefined)).toBeUndefined();
});
