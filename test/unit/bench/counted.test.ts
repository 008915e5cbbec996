import { countedCalls } from '../../bench/cost/counted.ts';
import { callRates, callsByService } from '../../bench/cost/measure-cost.ts';

const ROUTE = 'Tributary-local-Delivery-RouteFunctionB5414071-c2953a5e1d4d';
const INGEST = 'Tributary-local-Ingest-IngestFunctionB02ED0EB-439496c711a9';

const ENTRIES = [
  { operation: 'apigateway:Request', principal: 'Tributary local tracking', calls: 2, units: 3, bytes: 500 },
  { operation: 'apigateway:Request', principal: 'Tributary local api', calls: 9, units: 9, bytes: 900 },
  { operation: 'lambda:Invoke', principal: INGEST, calls: 2, units: 0.25, bytes: 0 },
  { operation: 'lambda:Cpu', principal: INGEST, calls: 2, units: 0.125, bytes: 0 },
  { operation: 'sqs:SendMessageBatch', principal: ROUTE, calls: 4, units: 7, bytes: 90 },
  { operation: 'dynamodb:GetItem', principal: 'operator', calls: 5, units: 5, bytes: 10 },
];

test('what functions and the tracking API used is counted; what the operator and the status page did is not', () => {
  expect(countedCalls(ENTRIES)).toEqual({
    calls: [{ by: 'route', operation: 'sqs:SendMessageBatch', calls: 4, units: 7 }],
    invocations: { ingest: 2, route: 0, deliver: 0, archive: 0 },
    cpuSeconds: { ingest: 0.125, route: 0, deliver: 0, archive: 0 },
    gbSeconds: { ingest: 0.25, route: 0, deliver: 0, archive: 0 },
    entryUnits: 3,
    entryBytes: 500,
  });
});

test('rates are for a thousand events, and sum up by service', () => {
  const nothing = { items: 0, writeUnits: 0, bytes: 0, byteDays: 0, itemDays: 0 };
  const rates = callRates({
    ...countedCalls(ENTRIES),
    requests: 2,
    events: 40,
    sends: 40,
    requestsPerSecond: undefined,
    answerBodyBytes: 0,
    toolRequests: 0,
    toolBytes: 0,
    logBytes: 0,
    logEvents: 0,
    archiveBytes: 0,
    stored: { seen: nothing, ledger: nothing },
  });
  expect(rates['route sqs:SendMessageBatch']).toEqual({ calls: 100, units: 175 });
  expect(callsByService(rates)).toEqual({ sqs: 100, lambda: 50 });
});
