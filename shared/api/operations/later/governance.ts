import * as z from 'zod';
import { operation } from '../../operation.ts';
import { freeMap, queryList } from '../../shape.ts';
import { PaginationOutput, RuleInputV1 } from '../../shapes.ts';
import { pageQuery, rangeQuery } from '../range-shapes.ts';
import {
  Colour,
  InboxField,
  InventoryField,
  Matcher,
  MatcherInput,
  PrivacyControl,
  Violation,
  ViolationGroup,
} from './later-shapes.ts';

const success = () => z.strictObject({ status: z.literal('SUCCESS') });
/** Owners alone open the privacy pages (features 6.1). */
const OWNERS = { right: 'workspace.edit', of: 'workspace' } as const;
const OF_GOVERNANCE = { stability: 'own', effect: 'later' } as const;

/** Privacy, and what tracking plans come to: built with governance (A17 to A22 of the page map). */
export const governanceOperations = {
  listPrivacyInbox: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/inbox',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: fields seen in the last seven days that nobody has classified.',
    query: () =>
      z.strictObject({
        colour: Colour().optional(),
        sourceIds: queryList(z.string()).optional(),
        q: z.string().max(256).optional(),
        ...pageQuery(),
      }),
    answer: () => z.strictObject({ fields: z.array(InboxField()), pagination: PaginationOutput() }),
  }),
  createPrivacyClassifications: operation({
    ...OF_GOVERNANCE,
    method: 'POST',
    path: '/app-api/privacy/classifications',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: classifies fields, or says what that would mean.',
    body: () =>
      z.strictObject({
        classifications: z
          .array(z.strictObject({ field: z.string().max(512), colour: Colour() }))
          .min(1)
          .max(1_000),
        dryRun: z.boolean(),
      }),
    answer: () =>
      z.strictObject({
        fields: z.array(
          z.strictObject({ field: z.string(), colour: Colour(), sources: z.int(), blocked: z.boolean() }),
        ),
      }),
  }),
  listPrivacyInventory: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/inventory',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: fields that somebody has classified.',
    query: () =>
      z.strictObject({ colour: Colour().optional(), sourceIds: queryList(z.string()).optional(), ...pageQuery() }),
    answer: () => z.strictObject({ fields: z.array(InventoryField()), pagination: PaginationOutput() }),
  }),
  getPrivacyInventoryField: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/inventory/{field}',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: where a field comes from, where it goes, and who can see it.',
    answer: () =>
      z.strictObject({
        field: InventoryField(),
        events: z.array(z.strictObject({ sourceId: z.string(), event: z.string(), count: z.int() })),
        readers: z.array(z.strictObject({ id: z.string(), name: z.string(), email: z.string() })),
      }),
  }),
  getPrivacyInventoryCsv: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/inventory.csv',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: the whole inventory as a file.',
    contentType: 'text/csv; charset=utf-8',
    answer: () => z.unknown(),
  }),
  listPrivacyMatchers: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/matchers',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: what finds personal data by name or by value.',
    answer: () => z.strictObject({ matchers: z.array(Matcher()) }),
  }),
  createPrivacyMatcher: operation({
    ...OF_GOVERNANCE,
    method: 'POST',
    path: '/app-api/privacy/matchers',
    tag: 'Privacy',
    access: OWNERS,
    status: 201,
    summary: 'Comes with governance: adds a matcher.',
    body: MatcherInput,
    answer: () => z.strictObject({ matcher: Matcher() }),
  }),
  updatePrivacyMatcher: operation({
    ...OF_GOVERNANCE,
    method: 'PATCH',
    path: '/app-api/privacy/matchers/{matcherId}',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: changes the fields that are sent.',
    body: () => MatcherInput().partial(),
    answer: () => z.strictObject({ matcher: Matcher() }),
  }),
  deletePrivacyMatcher: operation({
    ...OF_GOVERNANCE,
    method: 'DELETE',
    path: '/app-api/privacy/matchers/{matcherId}',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: deletes a matcher.',
    answer: success,
  }),
  testPrivacyMatcher: operation({
    ...OF_GOVERNANCE,
    method: 'POST',
    path: '/app-api/privacy/matchers/test',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: which fields of a JSON a matcher would find.',
    body: () => z.strictObject({ matcher: MatcherInput(), payload: freeMap() }),
    answer: () => z.strictObject({ fields: z.array(z.strictObject({ field: z.string(), score: z.number() })) }),
  }),
  getPrivacyControls: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/privacy/controls',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: what happens to classified fields, by source.',
    answer: () => z.strictObject({ controls: z.array(PrivacyControl()) }),
  }),
  replacePrivacyControls: operation({
    ...OF_GOVERNANCE,
    method: 'PUT',
    path: '/app-api/privacy/controls',
    tag: 'Privacy',
    access: OWNERS,
    summary: 'Comes with governance: puts these controls in the place of all, or says what they would have done.',
    body: () => z.strictObject({ controls: z.array(PrivacyControl()).max(1_000), dryRun: z.boolean() }),
    answer: () =>
      z.strictObject({
        controls: z.array(PrivacyControl()),
        impact: z.array(z.strictObject({ sourceId: z.string(), field: z.string(), events: z.int() })),
      }),
  }),
  listTrackingPlanViolations: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/tracking-plans/{trackingPlanId}/violations',
    tag: 'Violations',
    access: { right: 'tracking-plan.read', of: 'workspace' },
    summary: 'Comes with governance: events that broke the plan, by name.',
    query: () =>
      z.strictObject({
        sourceId: z.string().optional(),
        type: ViolationGroup().shape.type.optional(),
        ...rangeQuery(),
        ...pageQuery(),
      }),
    answer: () => z.strictObject({ violations: z.array(ViolationGroup()), pagination: PaginationOutput() }),
  }),
  getTrackingPlanViolation: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/tracking-plans/{trackingPlanId}/violations/{event}',
    tag: 'Violations',
    access: { right: 'tracking-plan.read', of: 'workspace' },
    summary: 'Comes with governance: what was wrong with one event, with samples.',
    query: () =>
      z.strictObject({ sourceId: z.string().optional(), appVersion: z.string().max(64).optional(), ...rangeQuery() }),
    answer: () => z.strictObject({ event: ViolationGroup(), violations: z.array(Violation()) }),
  }),
  clearTrackingPlanViolations: operation({
    ...OF_GOVERNANCE,
    method: 'DELETE',
    path: '/app-api/tracking-plans/{trackingPlanId}/violations',
    tag: 'Violations',
    access: { right: 'tracking-plan.edit', of: 'workspace' },
    summary: 'Comes with governance: forgets violations, of one event or of all.',
    query: () => z.strictObject({ event: z.string().max(512).optional() }),
    answer: success,
  }),
  inferTrackingPlanRules: operation({
    ...OF_GOVERNANCE,
    method: 'POST',
    path: '/app-api/tracking-plans/{trackingPlanId}/infer',
    tag: 'Violations',
    access: { right: 'tracking-plan.edit', of: 'workspace' },
    summary: 'Comes with governance: rules that the events of a source would fit.',
    body: () => z.strictObject({ sourceId: z.string(), ...rangeQuery() }),
    answer: () => z.strictObject({ rules: z.array(RuleInputV1()), events: z.int() }),
  }),
  validateWithTrackingPlan: operation({
    ...OF_GOVERNANCE,
    method: 'POST',
    path: '/app-api/tracking-plans/{trackingPlanId}/validate',
    tag: 'Violations',
    access: { right: 'tracking-plan.read', of: 'workspace' },
    summary: 'Comes with governance: what the plan would say of an event.',
    body: () => z.strictObject({ event: freeMap() }),
    answer: () =>
      z.strictObject({
        verdict: z.enum(['ALLOWED', 'BLOCKED', 'OMITTED']),
        violations: z.array(Violation()),
        event: freeMap().nullable(),
      }),
  }),
  listTrackingPlanVersions: operation({
    ...OF_GOVERNANCE,
    method: 'GET',
    path: '/app-api/tracking-plans/{trackingPlanId}/versions',
    tag: 'Violations',
    access: { right: 'tracking-plan.read', of: 'workspace' },
    summary: 'Comes with governance: what the plan was, and who changed it.',
    query: () => z.strictObject(pageQuery()),
    answer: () =>
      z.strictObject({
        versions: z.array(
          z.strictObject({
            version: z.int(),
            at: z.iso.datetime(),
            by: z.string(),
            added: z.int(),
            changed: z.int(),
            removed: z.int(),
          }),
        ),
        pagination: PaginationOutput(),
      }),
  }),
};
