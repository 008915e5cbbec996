import * as z from 'zod';

/** Of a seed's text only this: whether two set up the same workspace. */
const OfWorkspace = z.object({ workspace: z.object({ slug: z.string() }) });

export type ChosenSeed = {
  text: string;
  /** Whether the demo's own sources are in it. */
  isDemo: boolean;
  /** The workspace of the last start is set up again, so that its API token is still the right one. */
  isSameWorkspace: boolean;
};

/**
 * What a start sets up: the file that it was given, else what the last start in this directory set up, else the demo. `kept`: the seed that the last
 * one left, undefined where that was the demo's.
 */
export function chosenSeed({
  given,
  kept,
  demo,
}: {
  given: string | undefined;
  kept: string | undefined;
  demo: string;
}): ChosenSeed {
  const text = given ?? kept ?? demo;
  const before = slugOf(kept ?? demo);
  return { text, isDemo: slugOf(text) === slugOf(demo), isSameWorkspace: slugOf(text) === before };
}

/** Undefined where it cannot be read; what is wrong with a seed is said where it is applied. */
function slugOf(text: string): string | undefined {
  try {
    return OfWorkspace.parse(JSON.parse(text)).workspace.slug;
  } catch {
    return undefined;
  }
}
