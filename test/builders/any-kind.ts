import { EVENT_TYPES } from '../../shared/domain/event.ts';

/** A type of destination that takes every call and goes by the name Webhook. */
export const ANY_KIND = { supportedTypes: EVENT_TYPES, integrationNames: ['Webhook'] };
