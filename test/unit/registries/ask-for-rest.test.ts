import { describe, expect, test } from "bun:test";
import { createMissingInputs } from "../../../src/agent/proxy/missing-inputs.ts";
import { run } from "../../../src/protocol/command.ts";
import { askForRest } from "../../../src/registries/registries.ts";
import { memoryTree } from "../agent/memory-tree.ts";

const REQUIREMENTS = `# what it needs
flask==2.0 \\
  --hash=sha256:00
--index-url https://index.example/
-r other.txt
requests[socks] ; python_version < "4"  # for proxies
`;

const PIP = ["/nua/venv/bin/python", "-m", "pip", "install", "--no-compile"];
const TRY = [...PIP.slice(0, 4), "--dry-run", "--no-compile"];

describe("what asks for the rest", () => {
  test("asks pip for one requirement after the other", () => {
    const tree = memoryTree({ "/nua/build/requirements.txt": REQUIREMENTS });
    const words = ["--constraint", "c.txt", "--requirement", "requirements.txt", "./a.whl"];
    const command = run([...PIP, ...words], { cwd: "/nua/build", user: "nua", from: "x" });
    expect(askForRest(command, (path) => tree.read(path))).toEqual(
      ["flask==2.0", 'requests[socks] ; python_version < "4"', "./a.whl"].map((requirement) => ({
        ...command,
        argv: [...TRY, "--constraint", "c.txt", requirement],
        timeout: 120,
      })),
    );
  });

  test("runs Cargo, Deno and managers of npm's packages again, and nothing else", () => {
    for (const name of ["npm", "yarn", "pnpm", "bun", "cargo", "deno"]) {
      const command = run([name, "install"]);
      expect(askForRest(command, () => undefined)).toEqual([command]);
    }
    expect(askForRest(run(["make", "install"]), () => undefined)).toEqual([]);
  });

  test.each([
    [[0], 0],
    [[1, 1], 1],
    [[1, 3, 4, 4], 3],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 8],
  ])("where %p are missing has %p rounds", async (counts, rounds) => {
    const missing = { method: "GET", url: "", client: "", wantedBy: "" } as const;
    const left = [...counts];
    const route = { missing: async () => Array.from({ length: left.shift() ?? 0 }, () => missing) };
    let count = 0;
    await createMissingInputs(route, () => {}).askForRest([run(["npm", "ci"])], async () => {
      count += 1;
    });
    expect(count).toBe(rounds);
  });
});
