import { expect, test } from "bun:test";
import { Candidate } from "../../../../src/images/transfer/candidate.ts";

const TAG = "nua-app:1.0";

/** An engine that knows images and their tags, as far as a candidate asks. */
function createEngine(images: Record<string, string[]>, interrupt = new AbortController()) {
  const find = (reference: string) =>
    Object.keys(images).find((id) => id === reference || images[id]!.includes(reference));
  const untag = (tag: string) => {
    for (const id of Object.keys(images)) images[id] = images[id]!.filter((one) => one !== tag);
  };
  const warnings: string[] = [];
  const engine = {
    findImage: async (reference: string) => {
      const id = find(reference);
      return id === undefined ? undefined : { id, tags: images[id] };
    },
    tag: async (id: string, tag: string) => {
      untag(tag);
      images[id]!.push(tag);
    },
    removeImage: async (...references: string[]) => {
      for (const reference of references) {
        const id = find(reference);
        if (id === undefined) continue;
        if (id !== reference) untag(reference);
        if (id === reference || images[id]!.length === 0) delete images[id];
      }
    },
  };
  const report = { warn: (text: string) => warnings.push(text) };
  const { signal } = interrupt;
  return { images, warnings, session: { engine: async () => engine, report, signal } as never };
}

const facts = (id: string) => ({ id }) as never;

test("an image that is accepted takes the place of the one before", async () => {
  const { images, warnings, session } = createEngine({ old: [TAG], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    images.new!.push(candidate.tag);
    await candidate.accept(facts("new"), facts("old"));
    expect(images).toMatchObject({ new: [candidate.tag, TAG], old: [] });
  }
  expect({ images, warnings }).toEqual({ images: { new: [TAG] }, warnings: [] });
});

test("an image that is not accepted is removed, and the one before keeps its tag", async () => {
  const { images, session } = createEngine({ old: [TAG], built: [], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    images.new!.push(candidate.tag);
    candidate.supersede(facts("built"));
  }
  expect(images).toEqual({ old: [TAG] });
});

test("one that has the tag already keeps it, unless it is refused", async () => {
  const { images, session } = createEngine({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    images.same!.push(candidate.tag);
    await candidate.accept(facts("same"), facts("same"));
  }
  expect(images).toEqual({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    images.same!.push(candidate.tag);
  }
  expect(images).toEqual({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    images.same!.push(candidate.tag);
    await candidate.refuse(facts("same"));
  }
  expect(images).toEqual({});
});

test("names that somebody else has given stay", async () => {
  const { images, session } = createEngine({ old: [TAG, "backup:1"], built: ["mine:1"], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    images.new!.push(candidate.tag);
    candidate.supersede(facts("built"));
    await candidate.accept(facts("new"), facts("old"));
  }
  expect(images).toEqual({ old: ["backup:1"], built: ["mine:1"], new: [TAG] });
});

test("that something else has taken the tag is told, and its image stays", async () => {
  const { images, warnings, session } = createEngine({ other: [], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    images.new!.push(candidate.tag);
    const engine = await (session as { engine(): Promise<{ tag: unknown }> }).engine();
    const { tag } = engine as { tag(id: string, tag: string): Promise<void> };
    engine.tag = (id: string, name: string) => tag(name === TAG ? "other" : id, name);
    await candidate.accept(facts("new"), undefined);
  }
  expect(images).toEqual({ other: [TAG], new: [] });
  expect(warnings).toEqual([
    `${TAG} is the tag of another image by now: something else has taken it`,
  ]);
});

test("what an engine names after it was interrupted is removed as well", async () => {
  const interrupt = new AbortController();
  const { images, session } = createEngine({ old: [TAG] }, interrupt);
  {
    await using candidate = new Candidate(TAG, session);
    interrupt.abort();
    setTimeout(() => {
      images.late = [candidate.tag];
    }, 100);
  }
  expect(images).toEqual({ old: [TAG] });
});
