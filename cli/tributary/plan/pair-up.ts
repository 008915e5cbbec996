import { isSame } from '../files/canonical.ts';
import type { Known } from '../workspace/known.ts';

export type Pairs<T, K extends Known<T>> = {
  pairs: { file: T; known: K }[];
  onlyFiles: T[];
  onlyKnown: K[];
};

/**
 * Says what of the files is what of the workspace: by name. Several of one name are told apart by what they say, so that what is alike is never taken
 * for a change; of the rest the first goes with the first.
 */
export function pairUp<T, K extends Known<T>>(
  files: readonly T[],
  known: readonly K[],
  nameOf: (file: T) => string,
): Pairs<T, K> {
  const result: Pairs<T, K> = { pairs: [], onlyFiles: [], onlyKnown: [] };
  const byName = new Map<string, { files: T[]; known: K[] }>();
  const group = (name: string) => {
    const found = byName.get(name) ?? { files: [], known: [] };
    byName.set(name, found);
    return found;
  };
  for (const file of files) group(nameOf(file)).files.push(file);
  for (const one of known) group(nameOf(one.file)).known.push(one);
  for (const named of byName.values()) {
    const left = [...named.known];
    const unlike: T[] = [];
    for (const file of named.files) {
      const at = left.findIndex((one) => isSame(one.file, file));
      const [found] = at < 0 ? [] : left.splice(at, 1);
      if (found === undefined) unlike.push(file);
      else result.pairs.push({ file, known: found });
    }
    for (const file of unlike) {
      const found = left.shift();
      if (found === undefined) result.onlyFiles.push(file);
      else result.pairs.push({ file, known: found });
    }
    result.onlyKnown.push(...left);
  }
  return result;
}
