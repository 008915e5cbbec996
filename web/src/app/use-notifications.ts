import { useCall } from '../api/calls.ts';

/** Alerts are decided every minute. */
const POLL_MS = 30_000;
const SHOWN = 20;

/** The newest notifications and how many are unread: for the bell and its list. */
export const useNotifications = () =>
  useCall('listNotifications', { query: { pagination: { count: SHOWN } } }, { everyMs: POLL_MS });
