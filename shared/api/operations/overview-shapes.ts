import * as z from 'zod';
import { shape } from '../shape.ts';

/** Things of one page of a table. */
export const STATS_MAX = 200;

/** Steps of a series of the overview: an hour of minutes, and the present one. */
export const OVERVIEW_STEPS_MAX = 61;

/** Times that the overview looks back over; one hour where nothing is said. 24 hours and more begin with a whole hour. */
export const OverviewRange = shape('OverviewRange', () => z.enum(['10m', '1h', '24h', '7d', '14d']));
