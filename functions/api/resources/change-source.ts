import type * as z from 'zod';
import type { SourceSettingsInput } from '../../../shared/api/own-shapes.ts';
import { Source, type WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { isAddressOrBlock } from '../../../shared/http/address-block.ts';
import type { ApiRequest } from '../http/request.ts';
import { refuseForAuditTrail } from './audit-source.ts';
import { changed, differs, faulty, taken, tellVersion } from './faults.ts';
import { sourceIn } from './find-things.ts';

export type SourceInput = {
  name?: string | undefined;
  slug?: string | undefined;
  enabled?: boolean | undefined;
  settings?: z.output<ReturnType<typeof SourceSettingsInput>> | undefined;
};

/**
 * Changes the members of a source that are given, decided again where somebody else was quicker. A setting that is null goes back to its default. What
 * changes nothing writes nothing. A source's type never changes (A14): there is no member for it.
 */
export async function changeSource(
  request: ApiRequest,
  id: string | undefined,
  { name, slug, enabled, settings = {} }: SourceInput,
): Promise<Source> {
  refuseAddresses(settings);
  return await request.change(async (config) => {
    const source = sourceIn(config, id);
    request.matchVersion(source);
    if (enabled === false && source.enabled) await refuseForAuditTrail(request, source.id);
    if (slug !== undefined) refuseTakenSlug(config, slug, source.id);
    // What was switched off as unused counts anew once somebody switches it on (A16).
    const { unusedSince: _since, ...rest } = source;
    const begun = enabled === true && !source.enabled ? rest : source;
    const given = { ...settings, name, slug, enabled };
    const members = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const next = changed(Source, begun, withDefaults(members), request);
    if (!differs(source, next)) return { changes: [], value: source };
    tellVersion(request, next.version + 1);
    return { changes: [{ kind: 'source', verb: 'save', thing: next }], value: { ...next, version: next.version + 1 } };
  });
}

/** The schema's own default stands in for what is left out. */
export const withDefaults = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).map(([key, value]) => [key, value === null ? undefined : value]));

export function refuseTakenSlug(config: WorkspaceConfig, slug: string, except?: string): void {
  if (config.sources.some((source) => source.slug === slug && source.id !== except)) {
    throw taken('slug', `Another source of the workspace has the slug ${slug}.`);
  }
}

/** Throws ApiFault 422 for what ingest could not read: such an entry would let nobody in (T1). */
export function refuseAddresses({ allowedIps, allowedOrigins }: NonNullable<SourceInput['settings']>): void {
  const faults = [
    ...(allowedIps ?? []).flatMap((text, index) =>
      isAddressOrBlock(text)
        ? []
        : [{ field: `settings.allowedIps.${index}`, message: 'must be an address, or a block such as 10.0.0.0/8' }],
    ),
    ...(allowedOrigins ?? []).flatMap((text, index) =>
      ORIGIN.test(text)
        ? []
        : [
            {
              field: `settings.allowedOrigins.${index}`,
              message:
                'must be a host such as shop.example.com or *.example.com, or an origin such as https://shop.example.com',
            },
          ],
    ),
  ];
  if (faults.length > 0) throw faulty(faults);
}

/** As ingest reads an entry: a host, `*.` before it for those below, a port, a scheme. */
const ORIGIN = /^(?:https?:\/\/)?(?:\*\.)?(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
