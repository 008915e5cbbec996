import * as z from 'zod';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { CliError } from '../cli-error.ts';

/** As a SealedValue, of any length. */
const KeptSeed = z.object({ sealed: z.string() });
/** It is of no workspace and of no destination; bound to these names it opens as nothing else. */
const CONTEXT = { workspaceId: 'start', destinationId: 'seed-file', field: 'text' };

/** A seed's text as a start leaves it for the next one: secrets of destinations are in it, which lie in no file as they are. */
export const sealedSeed = async (sealer: Sealer, text: string): Promise<string> =>
  JSON.stringify(await sealer.seal(text, CONTEXT));

/** The text again. Throws CliError where the file is damaged, or the key is not the one that sealed it. */
export async function openedSeed(sealer: Sealer, kept: string): Promise<string> {
  try {
    return await sealer.open(KeptSeed.parse(JSON.parse(kept)), CONTEXT);
  } catch (cause) {
    throw new CliError(
      'What the last start set up cannot be read any more: name its seed file with --seed, or forget all of it with --fresh.',
      {
        cause,
      },
    );
  }
}
