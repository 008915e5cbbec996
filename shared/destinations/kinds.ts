import { EVENT_TYPES } from '../domain/event.ts';
import type { DestinationKind } from './destination-definition.ts';
import { findDeviceMode } from './device-modes.ts';
import generated from './generated/kinds.json' with { type: 'json' };
import { INBOX } from './inbox-definition.ts';

/** One type of destination in `generated/kinds.json`: its names, and its event types as indexes into EVENT_TYPES unless it takes all. */
export type PackedKind = { names: readonly string[]; types?: readonly number[] };

const packed = new Map<string, PackedKind>(Object.entries(generated as Record<string, PackedKind>));

/** What route asks of a type of destination, without the weight of its fields and presets, and without a way to its code. */
export function findKind(slug: string): DestinationKind | undefined {
  if (slug === INBOX.slug) return INBOX;
  const mode = findDeviceMode(slug);
  if (mode !== undefined) return { ...mode, isDeviceOnly: true };
  const kind = packed.get(slug);
  return kind && { slug, integrationNames: kind.names, supportedTypes: typesOf(kind) };
}

const typesOf = ({ types }: PackedKind): DestinationKind['supportedTypes'] =>
  types === undefined ? EVENT_TYPES : EVENT_TYPES.filter((_, index) => types.includes(index));
