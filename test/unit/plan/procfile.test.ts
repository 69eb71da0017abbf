import { expect, test } from "bun:test";
import { chooseProcess } from "../../../src/plan/procfile.ts";

interface Row {
  name: string;
  text: string;
  /** What is started; null: nothing. */
  starts: string | null;
  warnings?: string[];
}

const rows: Row[] = [
  { name: "nothing", text: "", starts: null },
  { name: "web alone", text: "web: gunicorn app:app\n", starts: "web: gunicorn app:app" },
  {
    name: "web beside others, whose names are told",
    text: "release: ./migrate\nworker: celery -A x\nweb: node a.js --port=$PORT",
    starts: "web: node a.js --port=$PORT",
    warnings: ["Procfile:1, 2: release, worker are not started, only web"],
  },
  {
    name: "the only one there is",
    text: "# a bot\n\nworker: python bot.py\r\n",
    starts: "worker: python bot.py",
  },
  {
    name: "the only one that stays",
    text: "release: ./migrate\nbot: python bot.py",
    starts: "bot: python bot.py",
    warnings: ["Procfile:1: release is not started, only bot"],
  },
  {
    name: "none of several",
    text: "a: x\nb: y",
    starts: null,
    warnings: ["Procfile:1, 2: there is no web, so that none of a, b is started"],
  },
  {
    name: "what only runs once",
    text: "release: x",
    starts: null,
    warnings: ["Procfile:1: there is no web, so that none of release is started"],
  },
  {
    name: "lines that are none",
    text: "web node a.js\nweb: node b.js\nweb: node c.js\nx:\n",
    starts: "web: node b.js",
    warnings: [
      'Procfile:1: "web node a.js" is no NAME: COMMAND',
      "Procfile:3: web is there already, in line 2",
      'Procfile:4: "x:" is no NAME: COMMAND',
    ],
  },
  {
    name: "a file that is none",
    text: "x\n".repeat(100_000),
    starts: null,
    warnings: [
      ...[1, 2, 3, 4, 5].map((line) => `Procfile:${line}: "x" is no NAME: COMMAND`),
      "Procfile: 99995 more lines",
    ],
  },
];

test.each(rows)("$name", ({ text, starts, warnings = [] }) => {
  const { process, warnings: told } = chooseProcess(text);
  expect(process && `${process.name}: ${process.command}`).toBe(starts);
  expect(told).toEqual(warnings);
});
