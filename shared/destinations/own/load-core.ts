type Core = typeof import('@segment/actions-core');

/**
 * The library's core, for what is more than a type. Not to be imported at the top of a file: plain Node, which reads definitions for the
 * catalog, cannot load it. As a chunk of deliver's bundle it comes under `default`.
 */
export async function loadCore(): Promise<Core> {
  const loaded: Core & { default?: Core } = await import('@segment/actions-core');
  return loaded.default ?? loaded;
}
