import type { Engine, EngineWork } from '../../shared/destinations/engine.ts';
import type { Exchange } from '../../shared/destinations/send-context.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';

/** How one event fares: an outcome now or later. */
export type Fate = (event: JsonObject, work: EngineWork) => SendOutcome | Promise<SendOutcome>;

/** An engine that sends nothing: each event is a call of its own that ends as told. Counts what is under way. */
export function fakeEngine(fate: Fate = () => ({ outcome: 'delivered', status: 200 }), exchange?: Exchange) {
  const works: EngineWork[] = [];
  const sent: string[] = [];
  let underWay = 0;
  let underWayMax = 0;
  const engine: Engine = {
    callsOf: async (work) => {
      works.push(work);
      return work.events.map((event, index) => ({
        events: [index],
        run: async () => {
          sent.push(event['messageId'] as string);
          underWay += 1;
          underWayMax = Math.max(underWayMax, underWay);
          const outcome = await fate(event, work);
          underWay -= 1;
          return [{ outcome, exchanges: exchange === undefined ? [] : [exchange] }];
        },
      }));
    },
  };
  return { engine, works, sent, underWay: () => underWay, underWayMax: () => underWayMax };
}
