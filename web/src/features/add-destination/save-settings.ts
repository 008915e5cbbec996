import { useQueryClient } from '@tanstack/react-query';
import { forget, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { patchOf } from '../../ui/schema-form/fields.ts';
import { type AppDestination, STALE_WITH_DESTINATION } from '../destinations/use-destination.ts';
import type { Adding } from './use-adding.ts';

/**
 * Saves what the form holds: makes the destination, disabled, the first time, and changes it from then on. `copyFrom`: takes over all settings of another
 * one instead, secrets included.
 */
export function useSave({ type, sourceId, name, values, destination, saved }: Adding) {
  const api = useApi();
  const queries = useQueryClient();
  const workspace = useWorkspaceSlug();
  return useWork<AppDestination, { copyFrom?: string }>({
    mutationFn: async ({ copyFrom }) => {
      let id = destination?.id;
      if (id === undefined) {
        const made = await api.call('createDestination', {
          body: {
            sourceId: sourceId ?? '',
            metadataId: type.id,
            enabled: false,
            ...(name.trim() !== '' && { name: name.trim() }),
            settings: copyFrom === undefined ? filled(patchOf(type.settings, {}, values)) : {},
          },
        });
        id = made.destination.id;
      } else if (copyFrom === undefined) {
        await api.call('updateAppDestination', {
          path: { destinationId: id },
          body: {
            ...(name.trim() !== '' && name.trim() !== destination?.name && { name: name.trim() }),
            settings: patchOf(type.settings, destination?.settings ?? {}, values),
          },
        });
      }
      const path = { destinationId: id };
      if (copyFrom !== undefined) {
        await api.call('copyDestinationSettings', { path, body: { fromDestinationId: copyFrom } });
      }
      return (await api.call('getAppDestination', { path })).destination;
    },
    onSuccess: async (now) => {
      await forget(queries, workspace, [...STALE_WITH_DESTINATION]);
      saved(now);
    },
  });
}

const filled = (patch: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));
