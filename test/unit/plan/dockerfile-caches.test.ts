import { expect, test } from "bun:test";
import { DOCKERFILES } from "../../../src/assets.ts";
import { withOwnCaches } from "../../../src/dockerfile/caches.ts";

const KEY = "0123abcd";

test("each cache of our Dockerfiles is the app's own", () => {
  for (const text of Object.values(DOCKERFILES)) {
    const ids = [...withOwnCaches(text, KEY).matchAll(/type=cache\S*/g)].map(([mount]) => mount);
    for (const mount of ids) expect(mount).toMatch(/,id=nua-[a-z-]+-0123abcd,/);
  }
});

test.each([
  ["type=cache,id=pip,target=/c", "type=cache,id=pip-0123abcd,target=/c"],
  ["id=pip,type=cache,target=/c", "id=pip-0123abcd,type=cache,target=/c"],
  ["type=cache,target=/root/.cache", "type=cache,id=/root/.cache-0123abcd,target=/root/.cache"],
  ["target=/c,type=cache", "target=/c,type=cache,id=/c-0123abcd"],
  ["type=cache,dst=/c,uid=1", "type=cache,id=/c-0123abcd,dst=/c,uid=1"],
  ["TYPE=CACHE,Id=x,Target=/c", "TYPE=CACHE,Id=x-0123abcd,Target=/c"],
  ['"type=cache","id=x","target=/a b"', '"type=cache","id=x-0123abcd","target=/a b"'],
  ["type=cache,\\\nid=x,\\\ntarget=/c", "type=cache,\\\nid=x-0123abcd,\\\ntarget=/c"],
  ["type=cache,id=$NAME,target=/c", "type=cache,id=$NAME-0123abcd,target=/c"],
  ["type=bind,source=.,target=/c", "type=bind,source=.,target=/c"],
  ["type=secret,id=cache,target=/c", "type=secret,id=cache,target=/c"],
  ["type=tmpfs,target=/type=cache", "type=tmpfs,target=/type=cache"],
])("a package's own, too: %s", (mount, own) => {
  const text = (flag: string) => `FROM x\nRUN --mount=${flag} \\\n  --network=none true\n`;
  expect(withOwnCaches(text(mount), KEY)).toBe(text(own));
});
