/** Of things in their order so many as there is room for, taking turns between their owners: of each the first ones, in the order that they had. */
export function fairShare<T>(things: readonly T[], ownerOf: (thing: T) => string, room: number): T[] {
  if (things.length <= room) return [...things];
  const turns = new Map<string, number>();
  const ranked = things.map((thing) => {
    const turn = turns.get(ownerOf(thing)) ?? 0;
    turns.set(ownerOf(thing), turn + 1);
    return { thing, turn };
  });
  // Sorting keeps the order of what is equal.
  return ranked
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, room)
    .map(({ thing }) => thing);
}
