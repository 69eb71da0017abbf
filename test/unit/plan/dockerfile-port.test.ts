import { expect, test } from "bun:test";
import { portOfDockerfile } from "../../../src/plan/dockerfile-port.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

test.each<[string, string, [number, number] | null]>([
  ["a port", "FROM a\nEXPOSE 9001\n", [9001, 2]],
  ["with its protocol", "FROM a\nexpose 9001/tcp\n", [9001, 2]],
  ["a variable", "FROM a\nENV HOME=/ APP_PORT=8080 B=1\nEXPOSE $" + "{APP_PORT}/tcp\n", [8080, 3]],
  ["an old form", "FROM a\nENV APP_PORT 8080\nEXPOSE $APP_PORT\n", [8080, 3]],
  ["of several lines", "FROM a\nENV A=1 \\\n  APP_PORT=8080\nEXPOSE $APP_PORT\n", [8080, 4]],
  ["of an earlier stage", "FROM a AS b\nEXPOSE 1\nFROM c\nEXPOSE 3000", [3000, 4]],
  ["only of an earlier stage", "FROM a AS b\nEXPOSE 1\nFROM c\n", null],
  ["the same twice", "FROM a\nEXPOSE 80\nEXPOSE 80/tcp", [80, 2]],
  ["several", "FROM a\nEXPOSE 80 443\n", null],
  ["another protocol", "FROM a\nEXPOSE 53/udp\n", null],
  ["a range", "FROM a\nEXPOSE 80-90\n", null],
  ["none that there is", "FROM a\nEXPOSE 70000\n", null],
  ["a variable without a value", "FROM a\nARG P\nEXPOSE $P\n", null],
  ["a comment", "FROM a\n# EXPOSE 80\n", null],
])("%s", (_, text, expected) => {
  const found = portOfDockerfile(memoryTree({ Dockerfile: text }));
  expect(found && [found.port, found.from.line]).toEqual(expected as [number, number]);
});

test("no Dockerfile", () => {
  expect(portOfDockerfile(memoryTree({}))).toBeNull();
});
