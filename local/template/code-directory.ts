import type { Assembly } from './assembly.ts';

/** Where the code of a function lies, by its `Code` in the template. Throws where it is no asset of the assembly. */
export function codeDirectory(assembly: Assembly, code: Record<string, unknown>): string {
  const found = assembly.assetPath(String(code['S3Key']));
  if (found === undefined) throw new Error('The code of a function must be an asset of the assembly.');
  return found;
}
