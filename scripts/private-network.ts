/** A network bridge for a private engine, which does not touch the machine's firewall rules. */
import { $ } from "zx";

export interface PrivateNetwork {
  bridge: string;
  /** In CIDR notation. */
  subnet: string;
}

/**
 * Makes a bridge in a range of addresses that no route of the machine leads to.
 * @param bridge its name, of 15 characters at most (IFNAMSIZ)
 * @throws Error when no range is free
 */
export async function createNetwork(bridge: string): Promise<PrivateNetwork> {
  const run = $({ quiet: true });
  const routes = JSON.parse((await run`ip -json -4 route show table all`).stdout) as {
    dst?: string;
  }[];
  const taken = routes.flatMap(({ dst }) => (dst === undefined || dst === "default" ? [] : [dst]));
  const subnet = findFreeSubnet(taken);
  await run`ip link add ${bridge} type bridge`;
  const network = { bridge, subnet };
  try {
    await run`ip address add ${subnet.replace(/0\/24$/, "1/24")} dev ${bridge}`;
    await run`ip link set ${bridge} up`;
    await run`sysctl -qw net.ipv4.ip_forward=1`;
    for (const { table, chain, rule } of rulesOf(network)) {
      await run`iptables --wait -t ${table} -I ${chain} ${rule}`;
    }
  } catch (error) {
    await removeNetwork(network);
    throw error;
  }
  return network;
}

/** Also what is left of one. */
export async function removeNetwork(network: PrivateNetwork): Promise<void> {
  const run = $({ quiet: true, nothrow: true });
  for (const { table, chain, rule } of rulesOf(network)) {
    await run`iptables --wait -t ${table} -D ${chain} ${rule}`;
  }
  await run`ip link delete ${network.bridge}`;
}

/**
 * The first of 10.213.0.0/24, 10.213.1.0/24, … 172.31.255.0/24 that overlaps with none of those
 * taken: addresses or ranges in CIDR notation.
 * @throws Error when there is none
 */
export function findFreeSubnet(taken: readonly string[]): string {
  const ranges = taken.map(rangeOf);
  for (const prefix of ["10.213", "172.29", "172.31"]) {
    for (let third = 0; third < 256; third += 1) {
      const subnet = `${prefix}.${third}.0/24`;
      const [first, last] = rangeOf(subnet);
      if (ranges.every(([from, to]) => to < first || from > last)) return subnet;
    }
  }
  throw new Error("every range of addresses for the tests' engine is taken");
}

// --- internal ---

function rulesOf({ bridge, subnet }: PrivateNetwork) {
  return [
    {
      table: "nat",
      chain: "POSTROUTING",
      rule: ["-s", subnet, "!", "-o", bridge, "-j", "MASQUERADE"],
    },
    { table: "filter", chain: "FORWARD", rule: ["-i", bridge, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", rule: ["-o", bridge, "-j", "ACCEPT"] },
  ];
}

/** First and last address as numbers. */
function rangeOf(cidr: string): [number, number] {
  const [address = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return [first, first + size - 1];
}
