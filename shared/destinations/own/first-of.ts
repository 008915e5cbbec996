import type { Json } from '../../domain/json.ts';

/** A mapping's value: the first of these paths where the event has something (null is nothing), else `otherwise`. */
export const firstOf = (paths: readonly [string, ...string[]], otherwise?: Json): Json => {
  const [path, next, ...rest] = paths;
  const here: Json = { '@path': path };
  const last = next === undefined ? otherwise : firstOf([next, ...rest], otherwise);
  // oxlint-disable-next-line unicorn/no-thenable -- the mapping kit's word
  return last === undefined ? here : { '@if': { exists: here, then: here, else: last } };
};
