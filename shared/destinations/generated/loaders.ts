// Written by `node cli/generate-catalog.ts` from library-rows.ts. Each import becomes a chunk that is read when it is first needed.

/** The code of each destination of the library, by slug. */
export const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  webhook: () => import('@segment/action-destinations/dist/destinations/webhook/index.js'),
  slack: () => import('@segment/action-destinations/dist/destinations/slack/index.js'),
  amplitude: () => import('@segment/action-destinations/dist/destinations/amplitude/index.js'),
  mixpanel: () => import('@segment/action-destinations/dist/destinations/mixpanel/index.js'),
  'google-analytics-4': () => import('@segment/action-destinations/dist/destinations/google-analytics-4/index.js'),
  customerio: () => import('@segment/action-destinations/dist/destinations/customerio/index.js'),
};
