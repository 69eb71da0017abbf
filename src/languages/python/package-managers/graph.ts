/** Pure: which packages of a lock an app leads to, and under which markers. */
import {
  allOf,
  anyOf,
  decide,
  formatMarker,
  type Marker,
  type MarkerEnvironment,
} from "../manifests/markers.ts";

export interface GraphNode {
  name: string;
  edges: readonly Edge[];
  /** By extra. */
  extras: Readonly<Record<string, readonly Edge[]>>;
}

export interface Edge {
  name: string;
  extras: readonly string[];
  marker: Marker;
  /** Among the versions of the package in the lock, which are meant. */
  accepts(node: GraphNode): boolean;
}

/** Each package that is reached with the marker that holds when it is. */
export function reach<N extends GraphNode>(
  nodes: readonly N[],
  roots: readonly Edge[],
  environment: MarkerEnvironment,
): Map<N, Marker> {
  const byName = Map.groupBy(nodes, ({ name }) => name);
  const found = new Map<string, { node: N; markers: Marker[] }>();
  const queue = roots.map((edge) => ({ edge, marker: true as Marker }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { edge } = next;
    const marker = decide(allOf([next.marker, edge.marker]), environment);
    if (marker === false) continue;
    for (const node of (byName.get(edge.name) ?? []).filter((one) => edge.accepts(one))) {
      for (const part of ["", ...edge.extras]) {
        const key = `${nodes.indexOf(node)} ${part}`;
        const entry = found.get(key) ?? { node, markers: [] };
        found.set(key, entry);
        if (isKnown(entry.markers, marker)) continue;
        // Beyond that, it is simply installed: no lock of a real app has so many.
        const isTooMany = entry.markers.length >= MOST_MARKERS;
        entry.markers.push(isTooMany ? true : marker);
        const edges = part === "" ? node.edges : (node.extras[part] ?? []);
        queue.push(...edges.map((one) => ({ edge: one, marker: isTooMany ? true : marker })));
      }
    }
  }
  const all = new Map<N, Marker>();
  for (const { node, markers } of found.values()) {
    all.set(node, anyOf([all.get(node) ?? false, ...markers]));
  }
  return all;
}

// --- internal ---

const MOST_MARKERS = 12;

function isKnown(markers: readonly Marker[], marker: Marker): boolean {
  const text = formatMarker(marker);
  return markers.some((one) => one === true || formatMarker(one) === text);
}
