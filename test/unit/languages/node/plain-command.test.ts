import { expect, test } from "bun:test";
import { node } from "../../../../src/languages/node/node.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

test.each<[string, string | undefined]>([
  ["npm start", "node s.js"],
  ["npm run web", "node w.js --port $PORT"],
  ["ruby app.rb", undefined],
  ["python manage.py runserver", undefined],
  ["node s.js", undefined],
])("%s", (line, expected) => {
  const scripts = { start: "node s.js", web: "node w.js --port $PORT" };
  const dependencies = { ruby: "1" };
  const tree = memoryTree({
    "package.json": JSON.stringify({ scripts, dependencies }),
    "s.js": "",
    "w.js": "",
  });
  expect(node.plainCommand?.(tree, line)?.line).toBe(expected);
});
