import { maskedEvent, maskedPayload } from '../../../../shared/domain/masked-event.ts';

const DOTS = '••••••••';

test('an event keeps its form and what says nothing of a person; every other value is dots, true and false, too (M03)', () => {
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId: 'm1',
    userId: 'ada',
    name: 'Ada',
    properties: { email: 'ada@shop.test', isPregnant: true, items: [{ price: 3 }, null] },
  };
  expect(maskedEvent(event)).toEqual({
    type: 'track',
    event: 'Order Completed',
    messageId: 'm1',
    userId: DOTS,
    name: DOTS,
    properties: { email: DOTS, isPregnant: DOTS, items: [{ price: DOTS }, null] },
  });
  expect(maskedEvent({ type: 'page', name: 'Home', category: 'Shop' })).toEqual({
    type: 'page',
    name: 'Home',
    category: 'Shop',
  });
});

test('what came as an event and is none is masked whatever it is: names that are objects, texts, lists, depth', () => {
  const proto = JSON.parse('{"event":{"email":"ada"},"type":["ada"],"__proto__":{"a":"ada"}}') as never;
  expect(JSON.stringify(maskedPayload(proto))).toBe(
    `{"event":{"email":"${DOTS}"},"type":["${DOTS}"],"__proto__":{"a":"${DOTS}"}}`,
  );
  expect([maskedPayload('ada'), maskedPayload([['ada']]), maskedPayload(null)]).toEqual([DOTS, [[DOTS]], null]);
  const deep = JSON.parse(`${'['.repeat(5_000)}"ada"${']'.repeat(5_000)}`) as never;
  expect(JSON.stringify(maskedPayload(deep))).not.toContain('ada');
});
