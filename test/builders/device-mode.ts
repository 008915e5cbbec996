import type { Places } from '../../functions/cdn/source-settings.ts';
import { Filter } from '../../shared/domain/filter.ts';
import type { ConnectedDestination } from '../../shared/domain/workspace.ts';
import { aDestination, aMapping } from './workspace-things.ts';

export const PLACES: Places = {
  trackingUrl: 'https://t.example.com',
  cdnUrl: 'https://cdn.example.com',
  deviceScripts: { 'braze-web': '/next-integrations/actions/braze-web/abc.js' },
};

export const aFilter = (over: Record<string, unknown> = {}): Filter =>
  Filter.parse({
    id: 'flt_1',
    workspaceId: 'ws_1',
    destinationId: 'dst_braze',
    title: 'A filter',
    if: 'event = "Secret"',
    actions: [{ type: 'DROP' }],
    enabled: true,
    version: 1,
    createdAt: '2026-11-24T10:00:00.000Z',
    updatedAt: '2026-11-24T10:00:00.000Z',
    ...over,
  });

/** Braze on the device, with one mapping that is on and one that is off. */
export function deviceTarget(over: Record<string, unknown> = {}, filters?: readonly Filter[]): ConnectedDestination {
  const destination = aDestination({ id: 'dst_braze', type: 'braze-web', connectionMode: 'device', ...over });
  const of = { destinationId: destination.id, action: 'trackEvent', fields: { eventName: { '@path': '$.event' } } };
  return {
    destination,
    mappings: [aMapping({ id: 'map_braze_on', ...of }), aMapping({ id: 'map_braze_off', enabled: false, ...of })],
    ...(filters !== undefined && { filters }),
  };
}
