import type * as core from '@segment/actions-core';

/**
 * The library's core, for what is more than a type. Not to be imported at the top of a file: plain Node, which reads definitions for the
 * catalog, cannot load it. As a chunk of deliver's bundle it comes under `default`.
 */
export async function loadCore(): Promise<typeof core> {
  const loaded: typeof core & { default?: typeof core } = await import('@segment/actions-core');
  return loaded.default ?? loaded;
}
