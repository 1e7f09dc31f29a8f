/** What each file imports, by its path. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** For each file that can be reached from `start`, the file before it on a shortest way. `start` has one if it is in a circle. */
function waysFrom(start: string, graph: ImportGraph): Map<string, string> {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue)
    for (const next of graph.get(file) ?? [])
      if (!before.has(next)) {
        before.set(next, file);
        if (next !== start) queue.push(next);
      }
  return before;
}

function circleThrough(start: string, before: ReadonlyMap<string, string>): string[] {
  const circle = [start];
  do circle.unshift(before.get(circle[0])!);
  while (circle[0] !== start);
  return circle;
}

/** One line for each group of files that import each other: all its files, and one of its shortest circles. */
export function importCircles(graph: ImportGraph): string[] {
  const ways = new Map([...graph.keys()].map((file) => [file, waysFrom(file, graph)]));
  const groups = new Map<string, string[]>();
  for (const [file, before] of ways) {
    if (!before.has(file)) continue;
    const group = [...before.keys()].filter((other) => ways.get(other)?.has(file)).sort();
    groups.set(group[0], group);
  }
  return [...groups.values()].map((group) => {
    const circles = group.map((file) => circleThrough(file, ways.get(file)!));
    const [shortest] = circles.sort((a, b) => a.length - b.length);
    return `${group.length} files: ${group.join(', ')}; a shortest circle: ${shortest.join(' -> ')}`;
  });
}
