import { expect, test } from "bun:test";
import { findFreeSubnet } from "../../scripts/private-network.ts";

test.each([
  { taken: [], free: "10.213.0.0/24" },
  { taken: ["10.213.0.7"], free: "10.213.1.0/24" },
  { taken: ["10.213.0.0/25", "10.213.1.128/25"], free: "10.213.2.0/24" },
  { taken: ["10.0.0.0/8"], free: "172.29.0.0/24" },
  { taken: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], free: undefined },
])("beside $taken, $free is free", ({ taken, free }) => {
  if (free === undefined) expect(() => findFreeSubnet(taken)).toThrow("is taken");
  else expect(findFreeSubnet(taken)).toBe(free);
});
