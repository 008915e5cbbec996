import * as z from 'zod';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { Alert, AlertChange, AlertInput, Notification } from './alert-shapes.ts';
import { pageQuery } from './range-shapes.ts';

/** Of one caller, or address, and environment of the API. */
const CHANGES_PER_MINUTE_MAX = 60;
const TESTS_PER_MINUTE_MAX = 10;

const success = () => z.strictObject({ status: z.literal('SUCCESS') });

/** Who is told of what. */
export const appAlertsOperations = {
  listAlerts: operation({
    method: 'GET',
    path: '/app-api/alerts',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Alerts that the caller has made, owners see all; and those that exist without being made.',
    query: () => z.strictObject(pageQuery()),
    answer: () => z.strictObject({ alerts: z.array(Alert()), pagination: PaginationOutput() }),
  }),
  createAlert: operation({
    method: 'POST',
    path: '/app-api/alerts',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    perMinuteMax: CHANGES_PER_MINUTE_MAX,
    summary: 'Tells people when something happens, or when a number leaves its bounds.',
    status: 201,
    body: AlertInput,
    answer: () => z.strictObject({ alert: Alert() }),
  }),
  getAlert: operation({
    method: 'GET',
    path: '/app-api/alerts/{alertId}',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'One alert.',
    answer: () => z.strictObject({ alert: Alert() }),
  }),
  updateAlert: operation({
    method: 'PATCH',
    path: '/app-api/alerts/{alertId}',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    perMinuteMax: CHANGES_PER_MINUTE_MAX,
    summary: 'Changes the fields that are sent.',
    body: AlertChange,
    answer: () => z.strictObject({ alert: Alert() }),
  }),
  deleteAlert: operation({
    method: 'DELETE',
    path: '/app-api/alerts/{alertId}',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Deletes an alert.',
    answer: success,
  }),
  testAlert: operation({
    method: 'POST',
    path: '/app-api/alerts/{alertId}/test',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    perMinuteMax: TESTS_PER_MINUTE_MAX,
    summary: 'Sends a message through each channel of an alert.',
    answer: () =>
      z.strictObject({
        channels: z.array(z.strictObject({ type: z.string(), sent: z.boolean(), message: z.string() })),
      }),
  }),
  listNotifications: operation({
    method: 'GET',
    path: '/app-api/notifications',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'What happened that the caller wants to hear of, newest first.',
    query: () => z.strictObject({ unread: z.enum(['true', 'false']).optional(), ...pageQuery() }),
    answer: () =>
      z.strictObject({
        notifications: z.array(Notification()),
        /** Among the newest that are looked at, which `unreadIsMore` says are not all. */
        unread: z.int(),
        unreadIsMore: z.boolean(),
        pagination: PaginationOutput(),
      }),
  }),
  markNotificationsRead: operation({
    method: 'POST',
    path: '/app-api/notifications/read',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Marks notifications as read; all of them where none are named.',
    body: () => z.strictObject({ ids: z.array(z.string().max(64)).max(1_000).optional() }),
    bodyOptional: true,
    answer: success,
  }),
};
