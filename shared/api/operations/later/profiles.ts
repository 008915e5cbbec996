import * as z from 'zod';
import { operation } from '../../operation.ts';
import { freeMap } from '../../shape.ts';
import { limitQuery, Profile } from './later-shapes.ts';

const OF_PROFILES = {
  tag: 'Profiles',
  stability: 'own',
  effect: 'later',
  access: { right: 'space.read', of: 'workspace' },
} as const;
/** As the original's Profile API pages: forward only. */
const cursor = () => z.strictObject({ next: z.string().nullable(), hasMore: z.boolean(), limit: z.int() });
const walk = () => z.strictObject({ limit: limitQuery(), next: z.string().max(1_024).optional() });

/** The explorer of profiles and live counts of what is computed from them: built with profiles (A23, A24 of the page map). */
export const profilesOperations = {
  listProfiles: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/profiles',
    summary: 'Comes with profiles: finds profiles by one of their ids, or by a trait.',
    query: () =>
      z.strictObject({
        q: z.string().max(256).optional(),
        limit: limitQuery(),
        next: z.string().max(1_024).optional(),
      }),
    answer: () => z.strictObject({ profiles: z.array(Profile()), cursor: cursor() }),
  }),
  listProfileTraits: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/profiles/{profileId}/traits',
    summary: 'Comes with profiles: what is known of a profile, and since when.',
    query: walk,
    answer: () =>
      z.strictObject({
        traits: z.array(
          z.strictObject({ name: z.string(), value: z.unknown(), source: z.string(), updatedAt: z.iso.datetime() }),
        ),
        cursor: cursor(),
      }),
  }),
  listProfileEvents: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/profiles/{profileId}/events',
    summary: 'Comes with profiles: events of a profile, newest first.',
    query: walk,
    answer: () =>
      z.strictObject({
        events: z.array(
          z.strictObject({
            messageId: z.string(),
            type: z.string(),
            event: z.string().nullable(),
            at: z.iso.datetime(),
            payload: freeMap(),
          }),
        ),
        cursor: cursor(),
      }),
  }),
  listProfileExternalIds: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/profiles/{profileId}/external-ids',
    summary: 'Comes with profiles: ids of a profile, and which source gave each.',
    query: walk,
    answer: () =>
      z.strictObject({
        externalIds: z.array(
          z.strictObject({ type: z.string(), id: z.string(), sourceId: z.string(), createdAt: z.iso.datetime() }),
        ),
        cursor: cursor(),
      }),
  }),
  listProfileLinks: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/profiles/{profileId}/links',
    summary: 'Comes with profiles: accounts that a person belongs to, or people of an account.',
    query: walk,
    answer: () =>
      z.strictObject({
        links: z.array(z.strictObject({ collection: z.string(), profile: Profile() })),
        cursor: cursor(),
      }),
  }),
  getSpaceCounts: operation({
    ...OF_PROFILES,
    method: 'GET',
    path: '/app-api/spaces/{spaceId}/counts',
    summary: 'Comes with profiles: how many there are of each audience and trait, as of now.',
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        profiles: z.int(),
        counts: z.array(
          z.strictObject({ kind: z.enum(['AUDIENCE', 'COMPUTED_TRAIT']), id: z.string(), count: z.int() }),
        ),
      }),
  }),
};
