import { expect, test } from "bun:test";
import { Candidate } from "../../../../src/images/transfer/candidate.ts";
import { Recorder, recordedSession } from "../../../helpers/recorder.ts";

const TAG = "nua-app:1.0";

/** @param tags of the images that the engine has, by their ids */
function createEngine(tags: Record<string, string[]>, { signal } = new AbortController()) {
  const images = Object.entries(tags).map(([id, names]) => ({ id, tags: names }));
  const engine = new Recorder({ images });
  const { session, told } = recordedSession(engine, {}, { signal });
  return {
    ...{ engine, session, told },
    /** As a build or an archive gives it. */
    name: (id: string, tag: string) => engine.tag(id, tag),
    images: () => Object.fromEntries(engine.images.map(({ id, tags }) => [id, tags])),
  };
}

const facts = (id: string) => ({ id }) as never;

test("an image that is accepted takes the place of the one before", async () => {
  const { images, told, session, name } = createEngine({ old: [TAG], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("new", candidate.tag);
    await candidate.accept(facts("new"), facts("old"));
    expect(images()).toMatchObject({ new: [candidate.tag, TAG], old: [] });
  }
  expect({ images: images(), told }).toEqual({ images: { new: [TAG] }, told: [] });
});

test("an image that is not accepted is removed, and the one before keeps its tag", async () => {
  const { images, session, name } = createEngine({ old: [TAG], built: [], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("new", candidate.tag);
    candidate.supersede(facts("built"));
  }
  expect(images()).toEqual({ old: [TAG] });
});

test("one that has the tag already keeps it, unless it is refused", async () => {
  const { images, session, name } = createEngine({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("same", candidate.tag);
    await candidate.accept(facts("same"), facts("same"));
  }
  expect(images()).toEqual({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("same", candidate.tag);
  }
  expect(images()).toEqual({ same: [TAG] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("same", candidate.tag);
    await candidate.refuse(facts("same"));
  }
  expect(images()).toEqual({});
});

test("names that somebody else has given stay", async () => {
  const { images, session, name } = createEngine({
    old: [TAG, "backup:1"],
    built: ["mine:1"],
    new: [],
  });
  {
    await using candidate = new Candidate(TAG, session);
    await name("new", candidate.tag);
    candidate.supersede(facts("built"));
    await candidate.accept(facts("new"), facts("old"));
  }
  expect(images()).toEqual({ old: ["backup:1"], built: ["mine:1"], new: [TAG] });
});

test("that something else has taken the tag is told, and its image stays", async () => {
  const { engine, images, told, session, name } = createEngine({ other: [], new: [] });
  {
    await using candidate = new Candidate(TAG, session);
    await name("new", candidate.tag);
    const { tag } = Recorder.prototype;
    engine.tag = (id, as) => tag.call(engine, as === TAG ? "other" : id, as);
    await candidate.accept(facts("new"), undefined);
  }
  expect(images()).toEqual({ other: [TAG], new: [] });
  expect(told).toEqual([
    `warn: ${TAG} is the tag of another image by now: something else has taken it`,
  ]);
});

test("what an engine names after it was interrupted is removed as well", async () => {
  const interrupt = new AbortController();
  const { engine, images, session } = createEngine({ old: [TAG] }, interrupt);
  {
    await using candidate = new Candidate(TAG, session);
    interrupt.abort();
    setTimeout(() => engine.add({ id: "late", tags: [candidate.tag] }), 100);
  }
  expect(images()).toEqual({ old: [TAG] });
});
