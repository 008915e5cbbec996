import * as z from 'zod';
import { shape } from '../shape.ts';
import { PaginationInput } from '../shapes.ts';

/** A span of time that ends now, or from one time to another. */
export const rangeQuery = () => ({
  range: z.enum(['10m', '1h', '24h', '7d', '14d', '30d']).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
/** The same of pages that show two periods beside each other: hours of two of them are kept. */
export const twoWeeksQuery = () => ({ ...rangeQuery(), range: z.enum(['10m', '1h', '24h', '7d', '14d']).optional() });
export const pageQuery = () => ({ pagination: PaginationInput().optional() });

/** Steps of a series in one answer. */
const SERIES_STEPS_MAX = 1_440;
export const Series = shape('Series', () =>
  z.strictObject({
    stepSeconds: z.int().positive(),
    from: z.iso.datetime(),
    values: z.array(z.number()).max(SERIES_STEPS_MAX),
  }),
);
export const HealthState = shape('HealthState', () => z.enum(['HEALTHY', 'DEGRADED', 'FAILING', 'DISABLED', 'IDLE']));
