/** Node 20 and browsers of its day have no Map.groupBy yet; whoever checks a bundle should not need the newest. */
export function bringGroupBy(): void {
  if (typeof Map.groupBy === 'function') return;
  Object.assign(Map, { groupBy });
}

function groupBy<Key, Item>(items: Iterable<Item>, keyOf: (item: Item, index: number) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
    index += 1;
  }
  return groups;
}
