import { type HostileRequest, sent } from './hostile-request.ts';

const batchOf = (events: string): string => `{"batch":[${events}]}`;

/** Small, seeded, enough for picking bytes (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Good bodies with some of their bytes replaced, doubled, cut or taken out. The same for the same seed. */
export function mutatedBodies(writeKey: string, count: number, seed: number): HostileRequest[] {
  const random = seeded(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const good = Buffer.from(
    batchOf(
      [
        '{"type":"track","event":"E","userId":"u","properties":{"a":[1,{"b":"\\u00e9\u20ac"}]},"context":{"ip":"1.2.3.4"}}',
        '{"type":"identify","userId":"u","traits":{"email":"a@b.c"},"timestamp":"2026-11-24T10:00:00.000Z"}',
        '{"type":"group","anonymousId":"a","groupId":"g","integrations":{"All":false}}',
      ].join(),
    ),
  );
  return Array.from({ length: count }, (_, number) => {
    let bytes = Buffer.from(good);
    for (let change = 0; change <= below(4); change += 1) {
      const at = below(bytes.length);
      const piece = bytes.subarray(at, at + 1 + below(12));
      const kind = below(4);
      if (kind === 0) bytes[at] = below(256);
      else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
      else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + piece.length)]);
      else bytes = Buffer.from(bytes.subarray(0, Math.max(1, bytes.length - below(40))));
    }
    return sent('mutations', `mutation ${number} of seed ${seed}`, { writeKey, path: '/v1/batch', body: bytes });
  });
}
