import { randomBytes } from 'node:crypto';
import { openedSeed, sealedSeed } from '../../../../cli/start/kept-seed.ts';
import { type DataKeys, envelopeSealer } from '../../../../shared/aws/envelope-sealer.ts';

const aSealer = () => {
  const key = randomBytes(32);
  const keys: DataKeys = { generate: async () => ({ key, wrapped: 'd3JhcHBlZA' }), unwrap: async () => key };
  return envelopeSealer(keys);
};
/** Longer than any secret may be. */
const text = JSON.stringify({ settings: { sharedSecret: 'canary-shared-secret' }, long: 'ü'.repeat(50_000) });

test('the next start reads what was set up, and the file shows none of it', async () => {
  const sealer = aSealer();
  const kept = await sealedSeed(sealer, text);
  expect(kept).not.toMatch(/canary|settings/);
  await expect(openedSeed(sealer, kept)).resolves.toBe(text);
});

test('what is damaged, or was sealed with another key, is said with what to do', async () => {
  const sealer = aSealer();
  const kept = await sealedSeed(sealer, text);
  for (const [reader, damaged] of [
    [sealer, kept.slice(0, -20)],
    [sealer, '{}'],
    [aSealer(), kept],
  ] as const) {
    await expect(openedSeed(reader, damaged)).rejects.toThrow(
      /^What the last start set up cannot be read any more: .* --seed/,
    );
  }
});
