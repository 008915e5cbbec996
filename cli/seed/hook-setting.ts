import { HookSetting, SIGNATURE_SECRET_FIELD } from '../../shared/domain/source-hook.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { sealOnce } from './seal-once.ts';
import type { SeedSource } from './seed-file.ts';

/** What a seed says of a webhook source as it is kept: with its secrets sealed, those that are there already left as they are. */
export async function hookSetting(
  sealer: Sealer,
  hook: NonNullable<SeedSource['hook']>,
  owner: { workspaceId: string; sourceId: string; before: HookSetting | undefined },
): Promise<HookSetting> {
  const { signature, ...rules } = hook;
  if (signature === undefined) return HookSetting.parse(rules);
  const { secret, previousSecret, ...how } = signature;
  const context = { workspaceId: owner.workspaceId, sourceId: owner.sourceId, field: SIGNATURE_SECRET_FIELD };
  const before = owner.before?.signature?.secrets ?? [];
  const texts = [secret, ...(previousSecret === undefined ? [] : [previousSecret])];
  const secrets = await Promise.all(texts.map((text) => sealOnce(sealer, text, before, context)));
  return HookSetting.parse({ ...rules, signature: { ...how, secrets } });
}
