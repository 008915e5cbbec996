import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What keeps the orders of a shop from its tool. */
export const CAUSES = ['filtered', 'refused', 'unmapped'] as const;
export type Cause = (typeof CAUSES)[number];

/** The write key of the shop whose orders end so. */
export const keyOf = (cause: Cause): string => `writekeyofshop${cause}`.padEnd(32, '0');
export const shopOf = (cause: Cause): string => `Shop ${cause}`;
export const toolOf = (cause: Cause): string => `Tool ${cause}`;

const ORDERS = 'type = "track" and event = "Order Completed"';

/** Three shops with a tool each, which gets no order: for a filter, for a key that it refuses (`/refused` answers so), for want of a mapping. */
export function aJourneySeed(directory: string, toolUrl: string): string {
  const file = join(directory, 'journey-seed.json');
  const filters = [{ title: 'No orders', if: "event = 'Order Completed'", actions: [{ type: 'DROP' }] }];
  const seed = {
    workspace: { slug: 'test', name: 'Test' },
    sources: CAUSES.map((cause) => ({ slug: cause, name: shopOf(cause), kind: 'server', writeKeys: [keyOf(cause)] })),
    destinations: CAUSES.map((cause) => ({
      source: cause,
      name: toolOf(cause),
      type: 'webhook',
      mappings: [
        {
          name: 'Orders',
          action: 'send',
          trigger: cause === 'unmapped' ? 'type = "identify"' : ORDERS,
          fields: { url: `${toolUrl}/${cause}`, method: 'POST', data: { '@path': '$.' } },
        },
      ],
      ...(cause === 'filtered' && { filters }),
    })),
  };
  writeFileSync(file, JSON.stringify(seed));
  return file;
}
